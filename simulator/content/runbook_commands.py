"""What a runbook's step tells people to type, and what they should see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from simulator.content.clean import clean
from simulator.content.runbook_blocks import Block, Part

_PROGRAMS = """
alembic ansible ansible-playbook apt apt-get awk aws az bundle cargo cat cd chmod chown cockroach
composer consul cp crictl cron crontab curl date df dig docker docker-compose du echo env etcdctl
eval export fdisk find flux flyctl free gcloud gh git go grep gunzip gzip head helm heroku host
htop http iostat ip iptables istioctl java journalctl jq k9s kafka-topics kill killall kubectl
kubectx kubens less ln logger ls lsof make mkdir mongo mongosh mount mv mysql mysqladmin mysqldump
nc neonctl netstat nginx nmap node nomad npm npx nslookup openssl patronictl pg_dump pg_isready
pg_restore pgrep ping pip pip3 pkill pnpm podman poetry prisma promtool ps psql pytest python
python3 rabbitmqctl rails rake redis-cli restic rm rollout rsync ruby scp sed sentry-cli service
set source ss ssh stern sudo supabase supervisorctl systemctl tail tar tcpdump tee telnet
terraform time top touch traceroute tsh umount uname upstash uptime uvicorn vault velero vercel vi
vim vmstat watch wget wrangler xargs yarn yum zcat
"""
PROGRAMS = frozenset(_PROGRAMS.split())

ALONE = frozenset({"uptime", "top", "htop", "ls", "ps", "df", "free", "vmstat", "date", "psql"})
"""Programs that are a command without any argument; `node` in a sentence is not."""

_SQL = re.compile(
    r"(SELECT|INSERT INTO|UPDATE|DELETE FROM|ALTER|CREATE|DROP|TRUNCATE|VACUUM|ANALYZE|EXPLAIN|SHOW"
    r"|REINDEX|BEGIN|COMMIT|ROLLBACK|GRANT|REVOKE|WITH)\s",
)
_SHELLS = frozenset({"sh", "bash", "shell", "zsh", "shell-script", "terminal"})
_SESSIONS = frozenset({"console", "shell-session", "sh-session", "session", "shellsession"})
_SQLS = frozenset({"sql", "psql", "postgresql", "postgres", "mysql"})
_PROMPT = re.compile(
    r"[ \t]*(?:[$%❯]|\[?[\w.-]{1,40}@[\w.~:/ -]{1,60}\]?[$#%]|[\w-]{1,30}=[#>])[ \t]+(?=\S)"
)
_ROOT_PROMPT = re.compile(r"\s*[#>]\s+(?=\S)")
_ASSIGNED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=\S*\s+")
_BLOCK = re.compile(
    r"(<<-?\s{0,9}['\"]?\w|^[ \t]{0,99}(for|while|until|if|case|function)\s|\(\)\s{0,9}\{)",
    re.MULTILINE,
)
_EXPECTED = re.compile(
    r"(?i)(?:^|[\s(])(?:expected(?:\s(?:result|results|output|response|outcome))?"
    r"|you should (?:now )?see(?: something like(?: this)?)?)\s*:\s*"
)
_OTHERWISE = re.compile(
    r"(?i)\s{0,9}(if not|if (?:this|it|that) (?:fails|does not work)|otherwise|on failure|undo)\b"
)
_SAMPLE = re.compile(
    r"(?i)\boutput(?: (?:is|looks|should look|should be|will be|similar to|like)\b[^.:]{0,30})?"
    r":?\s{0,9}$"
)


def is_command(text: str) -> bool:
    """Say whether a text of one line begins like something to type."""
    text = text.strip()
    if _PROMPT.match(text) or text.startswith("./"):
        return True
    if _SQL.match(text):
        return True
    assigned = _ASSIGNED.match(text)
    words = (text[assigned.end() :] if assigned else text).split(maxsplit=1)
    if not words or words[0] not in PROGRAMS:
        return False
    return len(words) == 2 or words[0] in ALONE


def commands_of_code(block: Block) -> tuple[str, ...]:
    """Return the commands of a code block, without prompts and without the output shown."""
    lines = block.content.split("\n")
    if block.language in _SQLS:
        return _statements(lines)
    if block.language in _SHELLS:
        return _prompted(lines) or _shell(block.content)
    if block.language in _SESSIONS:
        return _prompted(lines, root=True) or _typed(lines)
    if block.language == "":
        if _SQL.match(block.content.lstrip()):
            return _statements(lines)
        return _prompted(lines) or _typed(lines)
    return ()


def _prompted(lines: list[str], root: bool = False) -> tuple[str, ...]:
    commands: list[str] = []
    taking = False
    for line in lines:
        prompt = _PROMPT.match(line) or (_ROOT_PROMPT.match(line) if root else None)
        if prompt:
            commands.append(line[prompt.end() :])
        elif taking and commands:
            commands[-1] = f"{commands[-1]}\n{line}"
        taking = (bool(prompt) or taking) and line.rstrip().endswith("\\")
    return tuple(filter(None, map(_one_line, commands)))


def _shell(text: str) -> tuple[str, ...]:
    if _BLOCK.search(text):
        return (clean(text, 4000).strip(),)
    lines = [line for line in _continued(text.split("\n")) if not line.lstrip().startswith("#")]
    return tuple(filter(None, map(_one_line, lines)))


def _typed(lines: list[str]) -> tuple[str, ...]:
    return tuple(_one_line(line) for line in _continued(lines) if is_command(line))


def _statements(lines: list[str]) -> tuple[str, ...]:
    kept = [line for line in lines if not line.lstrip().startswith("--")]
    statements: list[list[str]] = [[]]
    for line in kept:
        statements[-1].append(line.strip())
        if line.rstrip().endswith(";"):
            statements.append([])
    return tuple(filter(None, (_one_line("\n".join(lines)) for lines in statements)))


def _continued(lines: list[str]) -> list[str]:
    whole: list[str] = []
    open_ = False
    for line in lines:
        if open_:
            whole[-1] = f"{whole[-1]}\n{line}"
        else:
            whole.append(line)
        open_ = line.rstrip().endswith("\\")
    return whole


def _one_line(command: str) -> str:
    lines = [line.strip().removesuffix("\\").rstrip() for line in command.split("\n")]
    return clean(" ".join(filter(None, lines)), 4000, lines=False).strip()


def read_commands(blocks: Sequence[Block]) -> tuple[tuple[str, ...], str | None]:
    """Return the commands of a step's blocks, each once, and the expected result if stated."""
    commands: dict[str, None] = {}
    expected: str | None = None
    awaits: str | None = None  # what the next code block is, when it is no command
    for block in blocks:
        if block.kind == "code":
            if awaits == "expected":
                shown = clean(block.content, 4000).strip("\n")
                expected = f"{expected}\n{shown}" if expected else shown
            elif awaits is None:
                commands.update(dict.fromkeys(commands_of_code(block)))
            awaits = None
        elif block.kind == "paragraph" and _OTHERWISE.match(_text(block.parts)):
            awaits = "otherwise" if _text(block.parts).rstrip().endswith(":") else None
        elif block.kind != "html":
            before, after = _split_at_expected(block.parts)
            commands.update(dict.fromkeys(_inline_commands(before)))
            awaits = "sample" if _SAMPLE.search(_text(before)) else None
            if after is not None:
                told = clean(" ".join(_text(after).split()), 2000)
                expected = told.rstrip(":") if expected is None else expected
                awaits = "expected" if not told or told.endswith(":") else None
    return tuple(commands), expected or None


def states_expected(block: Block) -> bool:
    """Say whether a paragraph only tells what the step before it should give."""
    return block.kind == "paragraph" and _EXPECTED.match(_text(block.parts)) is not None


def announces_output(block: Block) -> bool:
    """Say whether a paragraph only introduces the output of what was typed before it."""
    text = _text(block.parts)
    return block.kind == "paragraph" and len(text) < 80 and _SAMPLE.search(text) is not None


def _inline_commands(parts: Iterable[Part]) -> list[str]:
    return [
        _one_line(_without_prompt(text))
        for kind, text in parts
        if kind == "code" and is_command(text)
    ]


def _without_prompt(text: str) -> str:
    prompt = _PROMPT.match(text)
    return text[prompt.end() :] if prompt else text


def _split_at_expected(parts: Sequence[Part]) -> tuple[list[Part], list[Part] | None]:
    """Return the parts before the words that announce an expected result, and those after."""
    found = _EXPECTED.search(_text(parts))
    if found is None:
        return list(parts), None
    before: list[Part] = []
    after: list[Part] = []
    place = 0
    for kind, text in parts:
        start, place = place, place + len(text)
        if place <= found.start():
            before.append((kind, text))
        elif start >= found.end():
            after.append((kind, text))
        else:
            before.append((kind, text[: max(0, found.start() - start)]))
            after.append((kind, text[max(0, found.end() - start) :]))
    return before, after


def _text(parts: Iterable[Part]) -> str:
    return "".join(text for _, text in parts)
