"""psql: opening the database, its own commands, statements that go over several lines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import unquote

from simulator.content.terminal import Database
from simulator.world.shell.answer import Printed, ShellContext
from simulator.world.shell.canonical import Grammar, Piece
from simulator.world.shell.database.catalogue import Catalogue
from simulator.world.shell.database.describe import HELP, describe
from simulator.world.shell.database.query import Shape, run_statement
from simulator.world.shell.known_tools import PSQL
from simulator.world.shell.scene import Scene
from simulator.world.shell.sql_text import fold, statements, unfinished

_CLIENT = "16.4"
_MOST = 1_900
"""Characters that an unfinished statement may have."""

_TRY_HELP = 'psql: hint: Try "psql --help" for more information.\n'
_URL = re.compile(r"postgres(?:ql)?://(?P<user>[^:@/]*):(?P<password>[^@/]*)@")
_ASKED, _ASKING = ":?", ":??"
"""What `\\prompt` waits for: the name that the next line gives a value to, and its question."""
_PROMPT = re.compile(r"(?:'([^']*)'\s+|\"([^\"]*)\"\s+|(\S+)\s+)?([A-Za-z_]\w{0,60})")
_NO_SLOT = re.compile(r"(?i)too many|connection slots")


def run_psql(
    scene: Scene, grammar: Grammar, args: Sequence[str], given: str | None, context: ShellContext
) -> Printed:
    """Run `psql ...` from the shell: open it, or run `-c` and what a pipe gives."""
    database = scene.world.system.database
    if database is None:
        return Printed(err="psql: command not found\n", failed=True)
    _, flags = grammar.read("psql", [Piece(arg) for arg in args])
    known = set(PSQL.same_flags.values()) | {"--help", "--no-align"}
    for name, _, _ in flags:
        if name not in known:
            text = f"psql: unrecognized option '{name}'\n{_TRY_HELP}"
            return Printed(err=text, failed=True, near=True)
    names = {name for name, _, _ in flags}
    if "--help" in names:
        return Printed(PSQL.help)
    if "--version" in names:
        return Printed(f"psql (PostgreSQL) {_CLIENT}\n")
    if "--file" in names:
        return Printed(err="psql: error: files are not available here; use -c\n", failed=True)
    fault = connect_fault(scene, database, credentials(args))
    if fault:
        return Printed(err=fault, failed=True)
    shape = Shape("--expanded" in names, "--tuples-only" in names, "--no-align" not in names)
    commands = [value for name, value, _ in flags if name == "--command" and value is not None]
    if "--list" in names:
        commands.append("\\l")
    if given is not None and not commands:
        commands.append(given)
    if commands:
        return _run_all(scene, commands, shape)
    opened = replace(
        context,
        mode="psql",
        expanded=shape.expanded,
        tuples_only=shape.tuples_only,
        aligned=shape.aligned,
    )
    version = _version(database)
    client = _CLIENT if version == _CLIENT else f"{_CLIENT}, server {version}"
    hello = f'psql ({client})\nType "help" for help.\n'
    return Printed(hello, context=opened)


def run_sql(scene: Scene, text: str, context: ShellContext) -> Printed:
    """Answer SQL typed at the shell as if psql were open."""
    database = scene.world.system.database
    if database is None:
        return Printed(err="psql: command not found\n", failed=True)
    fault = connect_fault(scene, database)
    if fault:
        return Printed(err=fault, failed=True)
    done, rest = statements(text)
    return _run_statements(scene, [*done, *([rest] if rest else [])], Shape.of(context))


def run_line(scene: Scene, line: str, context: ShellContext) -> Printed:
    """Answer a line typed into an open psql."""
    database = scene.world.system.database
    if database is None:
        return Printed(context=context.shell())
    if _ASKED in dict(context.variables):
        name = dict(context.variables)[_ASKED]
        told = context.naming(_ASKED, "").naming(_ASKING, "").naming(f":{name}", line.strip())
        return Printed(context=told, said="\\prompt")
    if not context.buffer:
        word = line.strip().rstrip(";").strip().lower()
        if word in ("quit", "exit"):
            return Printed(context=context.shell(), said="\\q")
        if word == "help":
            return Printed(_HELLO)
        if line.lstrip().startswith("\\"):
            return _meta_lines(scene, line.strip(), context)
    return _statement_lines(scene, database, line, context)


def _meta_lines(scene: Scene, text: str, context: ShellContext) -> Printed:
    """A command of psql's own, and what was pasted after it."""
    first, _, rest = text.partition("\n")
    printed = _meta(scene, first.strip(), context)
    after = printed.context or context
    if not rest.strip() or after.mode != "psql":
        return printed
    more = run_line(scene, rest, after)
    return more.but(
        out=printed.out + printed.err + more.out,
        context=more.context or after,
        said=f"{printed.said} {more.said}".strip(),
    )


def _statement_lines(scene: Scene, database: Database, line: str, context: ShellContext) -> Printed:
    line = _with_variables(line, context)
    text = f"{context.buffer}\n{line}" if context.buffer else line
    shape = Shape.of(context)
    ended = re.search(r"\\(gx|g|watch(?:\s+[\d.]+)?|crosstabview)\s*\Z", text)
    if ended:
        shape = replace(shape, expanded=shape.expanded or ended[1] == "gx")
        text = text[: ended.start()] + ";"
    elif re.search(r"(?m)^\s*\\(r|c\b|reset)\s*\Z", text):
        return Printed("Query buffer reset (cleared).\n", context=replace(context, buffer=""))
    elif re.search(r"\\q\s*\Z", text):
        return Printed(context=context.shell(), said="\\q")
    done, rest = statements(text)
    if len(rest) > _MOST:
        return Printed(
            err="The statement is too long; it was dropped.\n", failed=True,
            context=replace(context, buffer=""),
        )  # fmt: skip
    kept = replace(context, buffer=rest)
    if not done:
        return Printed(context=kept)
    fault = connect_fault(scene, database)
    if fault and not _NO_SLOT.search(fault):
        lost = "server closed the connection unexpectedly\n"
        return Printed(err=lost + fault, failed=True, context=kept, said=_folded(done))
    return _run_statements(scene, done, shape, context.timing).but(context=kept)


def _with_variables(line: str, context: ShellContext) -> str:
    """Return a line with psql's variables in the place of :'name', :"name" and :name."""
    for name, value in context.variables:
        if re.fullmatch(r":[A-Za-z_]\w*", name):
            for quote in ("'", '"'):
                quoted = quote + value.replace(quote, quote * 2) + quote
                line = line.replace(f":{quote}{name[1:]}{quote}", quoted)
            line = re.sub(rf"(?<![:\w]){name}\b", value.replace("\\", r"\\"), line)
    return line


def prompt(scene_shell: str, database: Database | None, context: ShellContext) -> str:
    """Return the prompt: the shell's, or psql's with what is still open."""
    if context.mode != "psql" or database is None:
        return f"{scene_shell}:~$ "
    known = dict(context.variables)
    if _ASKED in known:
        return known.get(_ASKING, "")
    if not context.buffer:
        return f"{database.name}=> "
    return f"{database.name}{unfinished(context.buffer)}> "


def credentials(args: Sequence[str]) -> dict[str, str]:
    """Return user and password of the connection string among psql's arguments, as `args.*`."""
    for arg in args:
        found = _URL.match(arg)
        if found:
            return {"user": unquote(found["user"]), "password": unquote(found["password"])}
    return {"user": "", "password": ""}


def connect_fault(scene: Scene, database: Database, given: Mapping[str, str] | None = None) -> str:
    """Return why the database cannot be opened now, "" when it can.

    `given` has the user and the password that it is opened with, where a string says so.
    """
    for case in database.connect:
        if scene.holds(case.if_, given or {"user": "", "password": ""}):
            return scene.fill(case.text, {}).rstrip("\n") + "\n"
    return ""


def _run_all(scene: Scene, commands: Sequence[str], shape: Shape) -> Printed:
    printed: list[Printed] = []
    for command in commands:
        if command.lstrip().startswith("\\"):
            context = ShellContext("psql", expanded=shape.expanded)
            printed.append(_meta(scene, command.strip(), context).but(context=None))
        else:
            done, rest = statements(command)
            printed.append(_run_statements(scene, [*done, *([rest] if rest else [])], shape))
        if printed[-1].failed:
            break
    return _joined(printed, " ".join(p.said for p in printed if p.said))


def _run_statements(
    scene: Scene, done: Sequence[str], shape: Shape, timing: bool = False
) -> Printed:
    printed: list[Printed] = []
    for statement in done:
        if any(one.action for one in printed):
            printed.append(Printed("(the rest was not run: one change at a time)\n"))
            break
        one = run_statement(scene, statement, shape)
        if timing:
            micros = 900 + scene.chance("timing", fold(statement), scene.state.t) % 7_000
            one = one.but(out=f"{one.out}Time: {micros / 1000:.3f} ms\n")
        printed.append(one)
    return _joined(printed, _folded(done))


def _folded(done: Sequence[str]) -> str:
    return " ".join(f"{fold(statement)};" for statement in done)


def _joined(printed: Sequence[Printed], said: str) -> Printed:
    acting = next((one for one in printed if one.action), Printed())
    return Printed(
        out="\n".join(one.out + one.err for one in printed if one.out or one.err)
        if any(one.out for one in printed)
        else "",
        err="" if any(one.out for one in printed) else "".join(one.err for one in printed),
        failed=bool(printed) and printed[-1].failed,
        near=any(one.near for one in printed),
        action=acting.action,
        args=acting.args,
        takes=acting.takes,
        said=said,
    )


def _meta(scene: Scene, line: str, context: ShellContext) -> Printed:
    database = scene.world.system.database
    assert database is not None
    word, _, argument = line.partition(" ")
    said = " ".join(line.split())
    if word.startswith('\\d"'):
        word, argument = "\\d", line[2:]
    match word:
        case "\\q" | "\\quit":
            return Printed(context=context.shell(), said=said)
        case "\\x":
            on = _switched(argument, context.expanded)
            text = f"Expanded display is {'on' if on else 'off'}.\n"
            return Printed(text, context=replace(context, expanded=on), said=said)
        case "\\timing":
            on = _switched(argument, context.timing)
            text = f"Timing is {'on' if on else 'off'}.\n"
            return Printed(text, context=replace(context, timing=on), said=said)
        case "\\t":
            on = _switched(argument, context.tuples_only)
            text = f"Tuples only is {'on' if on else 'off'}.\n"
            return Printed(text, context=replace(context, tuples_only=on), said=said)
        case "\\a":
            text = f"Output format is {'unaligned' if context.aligned else 'aligned'}.\n"
            return Printed(text, context=replace(context, aligned=not context.aligned), said=said)
        case "\\?" | "\\h" | "\\help":
            return Printed(HELP, said=said)
        case "\\c" | "\\connect":
            text = (
                f'You are now connected to database "{database.name}" as user "{database.user}".\n'
            )
            return Printed(text, said=said)
        case "\\echo":
            return Printed(f"{argument}\n", said=said)
        case "\\!" | "\\copy" | "\\i" | "\\o" | "\\e" | "\\w" | "\\s" | "\\cd":
            return Printed(err=f"{word}: not available here\n", failed=True, said=said)
        case "\\prompt":
            wanted = _PROMPT.fullmatch(argument.strip())
            if wanted is None:
                text = "\\prompt: missing required argument\n"
                return Printed(err=text, failed=True, near=True, said=said)
            asking = (wanted[1] or wanted[2] or wanted[3] or "").strip("'\"")
            asked = context.naming(_ASKED, wanted[4]).naming(_ASKING, asking)
            return Printed(context=asked, said=said)
        case "\\set" if re.match(r"[A-Za-z_]\w*\s", argument):
            name, _, value = argument.strip().partition(" ")
            return Printed(context=context.naming(f":{name}", value.strip(" '")), said=said)
        case "\\pset" | "\\set" | "\\unset" | "\\encoding" | "\\g" | "\\r" | "\\p":
            return Printed(said=said)
    fault = connect_fault(scene, database)
    if fault and not _NO_SLOT.search(fault):
        return Printed(err=fault, failed=True, said=said)
    found = describe(Catalogue(scene, database, line), word, argument)
    if found is not None:
        return found.but(said=said)
    text = f"invalid command {word}\nTry \\? for help.\n"
    return Printed(err=text, failed=True, near=True, said=said)


def _switched(argument: str, now: bool) -> bool:
    return {"on": True, "off": False}.get(argument.strip().lower(), not now)


def _version(database: Database) -> str:
    found = re.search(r"\d+(\.\d+)*", database.version)
    return found[0] if found else database.version


_HELLO = """You are using psql, the command-line interface to PostgreSQL.
Type:  \\? for help with psql commands
       \\g or terminate with semicolon to execute query
       \\q to quit
"""
