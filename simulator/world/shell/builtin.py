"""What a shell answers by itself, without any tool."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from simulator.world.shell.answer import Printed
from simulator.world.shell.canonical import Grammar
from simulator.world.shell.moments import strftime
from simulator.world.shell.scene import Scene

_NAMES = (
    "vi vim nano emacs ssh scp rm mv cp mkdir touch chmod chown source alias bash sh "
    "zsh python python3 node npm pip make docker su kill top htop awk sed perl xargs tee find "
    "git less more for while until if case function"
)
_NOT_HERE = frozenset(_NAMES.split())
_SEEN_BY_SCREEN = frozenset({"clear", "history", "reset"})


def run_builtin(scene: Scene, grammar: Grammar, words: Sequence[str]) -> Printed | None:
    """Return what the shell itself answers, None when the command is not its own."""
    name = words[0]
    if name in _SEEN_BY_SCREEN:
        return Printed()
    if name == "help" or (name == "man" and len(words) < 2):
        return Printed(help_text(scene, grammar))
    if name in BUILTINS:
        return BUILTINS[name](scene, list(words[1:]))
    if name in ("which", "type", "whereis"):
        return _which(grammar, words)
    if name in _NOT_HERE and name not in grammar.tools:
        return Printed(err=f"{name}: not available here; `help` lists what is\n", failed=True)
    return None


def help_text(scene: Scene, grammar: Grammar) -> str:
    """Name the tools, and nothing of what is wrong or how to mend it."""
    titles = [(tool.id, tool.title) for tool in grammar.tools.values()]
    if "curl" not in grammar.tools and scene.world.system.endpoints:
        titles.append(("curl", "Asks a web address and shows its answer"))
    if scene.world.system.database is not None:
        titles.append(("psql", 'Speaks to the database: psql "$DATABASE_URL"'))
    width = max((len(name) for name, _ in titles), default=0)
    tools = [f"  {name:<{width}}  {title}" for name, title in titles]
    return (
        "\n".join(
            [
                "Tools on this machine:",
                *tools,
                "",
                "Each explains itself with --help. Output can be piped to grep, head, tail, sort,",
                "uniq, cut, wc and jq. Also here: date, whoami, env, echo, history, clear.",
            ]
        )
        + "\n"
    )


def _date(scene: Scene, args: list[str]) -> Printed:
    epoch = scene.now
    shown = [arg for arg in args if arg.startswith("+")]
    if shown:
        return Printed(strftime(shown[0][1:], epoch) + "\n")
    if any(arg.startswith(("-I", "--iso")) for arg in args):
        return Printed(strftime("%Y-%m-%dT%H:%M:%S+00:00", epoch) + "\n")
    return Printed(strftime("%a %b %e %H:%M:%S UTC %Y", epoch) + "\n")


def _user(scene: Scene) -> str:
    return scene.world.system.shell.partition("@")[0] or "ops"


def _whoami(scene: Scene, _: list[str]) -> Printed:
    return Printed(f"{_user(scene)}\n")


def _hostname(scene: Scene, _: list[str]) -> Printed:
    host = scene.world.system.shell.partition("@")[2]
    return Printed(f"{re.split('[: ]', host)[0] or 'laptop'}\n")


def _pwd(scene: Scene, _: list[str]) -> Printed:
    return Printed(f"/home/{_user(scene)}\n")


def _echo(_: Scene, args: list[str]) -> Printed:
    if args and args[0] == "-n":
        return Printed(" ".join(args[1:]))
    if args and args[0] == "-e":
        text = " ".join(args[1:])
        return Printed(text.replace("\\n", "\n").replace("\\t", "\t") + "\n")
    return Printed(" ".join(args) + "\n")


def _env(scene: Scene, _: list[str]) -> Printed:
    names = sorted(scene.world.system.environment)
    return Printed("".join(f"{name}=[hidden]\n" for name in names))


def _ls(_: Scene, args: list[str]) -> Printed:
    words = [arg for arg in args if not arg.startswith("-")]
    if words:
        return _no_file(f"ls: cannot access '{words[0]}'")
    return Printed()


def _cat(_: Scene, args: list[str]) -> Printed:
    words = [arg for arg in args if not arg.startswith("-")]
    return _no_file(f"cat: {words[0]}") if words else Printed()


def _cd(_: Scene, args: list[str]) -> Printed:
    return (
        _no_file(f"cd: {args[0]}") if args and args[0] not in ("~", ".", "-", "..") else Printed()
    )


def _no_file(what: str) -> Printed:
    return Printed(err=f"{what}: No such file or directory\n", failed=True)


def _sleep(_: Scene, args: list[str]) -> Printed:
    found = re.fullmatch(r"(\d{1,5})(?:\.\d+)?([smh]?)", args[0]) if args else None
    if not found:
        return Printed(err="sleep: missing operand or invalid time interval\n", failed=True)
    seconds = int(found[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[found[2]]
    return Printed(takes=min(seconds, 600))


def _exit(_: Scene, __: list[str]) -> Printed:
    return Printed("The shell stays open for the whole exercise.\n")


def _printf(_: Scene, args: list[str]) -> Printed:
    text = args[0] if args else ""
    for arg in args[1:]:
        text = text.replace("%s", arg, 1).replace("%d", arg, 1)
    return Printed(text.replace("\\n", "\n").replace("\\t", "\t"))


def _which(grammar: Grammar, words: Sequence[str]) -> Printed:
    out, missing = [], False
    for name in words[1:]:
        if name in grammar.rules:
            out.append(f"/usr/local/bin/{name}\n")
        else:
            missing = True
    return Printed("".join(out), failed=missing)


BUILTINS: dict[str, Callable[[Scene, list[str]], Printed]] = {
    "date": _date,
    "whoami": _whoami,
    "id": _whoami,
    "hostname": _hostname,
    "pwd": _pwd,
    "echo": _echo,
    "printf": _printf,
    "env": _env,
    "printenv": _env,
    "ls": _ls,
    "ll": _ls,
    "cat": _cat,
    "cd": _cd,
    "sleep": _sleep,
    "exit": _exit,
    "logout": _exit,
    "true": lambda _, __: Printed(),
    "false": lambda _, __: Printed(failed=True),
    ":": lambda _, __: Printed(),
}
"""The shell's own commands."""
