"""The simulated shell: a typed line in, what it prints and does out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from simulator.world.shell.answer import Answered, Printed, ShellContext, plain
from simulator.world.shell.builtin import run_builtin
from simulator.world.shell.canonical import Call, Grammar, canonical
from simulator.world.shell.curl import run_curl
from simulator.world.shell.filters import FILTERS, NOT_HERE, run_filter
from simulator.world.shell.naming import run_naming
from simulator.world.shell.pattern import Pattern, calls_of, match_calls, matches, queries, ready
from simulator.world.shell.psql import prompt, run_line, run_psql, run_sql
from simulator.world.shell.scene import Scene
from simulator.world.shell.sql_text import blank, is_sql, looks_like_sql, mentions
from simulator.world.shell.tool_call import ToolBook, nearest
from simulator.world.shell.words import Pipeline, Stage, WordsError, each_pipeline

if TYPE_CHECKING:
    from simulator.world.production import World
    from simulator.world.scope import Outside
    from simulator.world.state import WorldState

_LONGEST_OUTPUT = 190_000
_MOST_COMMANDS = 20
_DEEPEST = 2


class Shell:
    """The shell of one world. It changes nothing: what a line does, its caller carries out."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.grammar = Grammar(world.system.tools)
        self.book = ToolBook(self.grammar)
        self._patterns: dict[str, Pattern | str] = {}
        self._last: tuple[str, list[Call]] = "", []

    def prompt(self, context: ShellContext) -> str:
        """Return the prompt that waits for the next line."""
        return prompt(self.world.system.shell, self.world.system.database, context)

    def canonical(self, line: str) -> str:
        """Return the one spelling of a line."""
        return canonical(line, self.grammar, self.world.system.environment)

    def matches(self, pattern: str, line: str) -> bool:
        """Whether any command of a line matches a pattern."""
        known = self._patterns.get(pattern)
        if known is None:
            known = self._patterns[pattern] = ready(pattern, self.grammar)
        environment = self.world.system.environment
        if isinstance(known, str):
            return matches(known, line, self.grammar, environment) is not None
        if self._last[0] != line:  # one line is held against many patterns in a row
            self._last = line, calls_of(line, self.grammar, environment)
        return match_calls(known, self._last[1]) is not None

    def reads(self, names: Iterable[str], line: str) -> bool:
        """Whether one query of a line names all of `names`, such as a view and a column."""
        wanted = {name.lower().strip('"') for name in names}
        return any(wanted <= mentions(one) for one in queries(line, self.grammar, {}))

    def run(
        self, state: WorldState, line: str, context: ShellContext, outside: Outside
    ) -> Answered:
        """Return what a line prints and does, from the state alone."""
        scene = Scene(self.world, state, outside)
        line = plain(line)
        if context.mode == "psql":
            printed = run_line(scene, line, context)
        elif not line.strip():
            printed = Printed()
        elif line.lstrip().startswith("\\"):
            text = "that is a command of psql; open the database first: psql\n"
            printed = Printed(err=text, failed=True, near=True)
        elif is_sql(line):
            printed = Printed() if blank(line) else run_sql(scene, line, context)
        else:
            printed = self._run_shell(scene, line, context)
        known = self.world.system.environment | dict(context.variables)
        said = printed.said
        if not said and context.mode == "shell":
            said = canonical(line, self.grammar, known)
        output = plain(printed.out + printed.err)
        if len(output) > _LONGEST_OUTPUT:
            output = output[:_LONGEST_OUTPUT].rpartition("\n")[0] + "\n(the rest is cut off here)\n"
        return Answered(
            output,
            printed.failed,
            printed.near,
            said,
            printed.action,
            dict(printed.args),
            printed.takes,
            printed.view,
            printed.logs,
            printed.views,
            printed.streams,
            printed.context or context,
        )

    def _run_shell(self, scene: Scene, line: str, context: ShellContext, depth: int = 0) -> Printed:
        environment = dict(self.world.system.environment) | dict(context.variables)
        notes: list[str] = []

        def substitute(inner: str) -> str:
            if depth >= _DEEPEST:
                raise WordsError("shell: commands inside commands inside commands: too deep")
            printed = self._run_shell(scene, inner, context, depth + 1)
            if printed.action or (printed.context or context).mode == "psql":
                raise WordsError("shell: only what shows something can stand inside $( )")
            notes.append(printed.err)
            return printed.out.rstrip("\n")

        done: list[Printed] = []
        try:
            for pipeline in each_pipeline(line, environment, substitute):
                if pipeline.joint == "&&" and done and done[-1].failed:
                    continue
                if pipeline.joint == "||" and done and not done[-1].failed:
                    continue
                if (
                    len(done) >= _MOST_COMMANDS
                    or any(one.action for one in done)
                    or context.mode == "psql"
                ):
                    done.append(Printed("(the rest was not run: type it once this is done)\n"))
                    break
                done.append(self._run_pipeline(scene, pipeline, context))
                context = done[-1].context or context
                environment |= dict(context.variables)
        except WordsError as error:
            done.append(Printed(err=f"{error}\n", failed=True, near=True))
        together = _together(done)
        return together.but(err="".join(notes) + together.err) if any(notes) else together

    def _run_pipeline(self, scene: Scene, pipeline: Pipeline, context: ShellContext) -> Printed:
        first, *others = pipeline.stages
        printed = self._run_command(scene, first, None, context, piped=bool(others))
        errors = "" if first.errors_too and others else printed.err
        text = printed.out + printed.err if first.errors_too and others else printed.out
        if others and printed.context is not None:
            printed = printed.but(context=None)
        failed, near = printed.failed, printed.near
        for stage in others:
            after = self._run_command(scene, stage, text, context, piped=stage is not others[-1])
            text, errors = after.out, errors + after.err
            failed, near = after.failed, near or after.near
            if after.action:
                printed = after
        if pipeline.target == "/dev/null":
            text = ""
        elif pipeline.target is not None:
            note = f"(files cannot be written here; {pipeline.target} would hold this)\n"
            text = note + text
        return printed.but(out=text, err=errors, failed=failed, near=near)

    def _run_command(
        self, scene: Scene, stage: Stage, given: str | None, context: ShellContext, piped: bool
    ) -> Printed:
        named = run_naming(stage.words, context, self.world.system.environment)
        if named is not None:
            return named
        call = self.grammar.call(stage.words)
        if not call.tool:
            return Printed()
        if call.known and call.tool in self.grammar.tools and not self._is_filter(call, given):
            return self.book.answer(scene, call, piped)
        args = self.grammar.arguments(stage.words)
        if call.tool == "psql":
            return run_psql(scene, self.grammar, args, given, context)
        if call.tool == "curl":
            return run_curl(scene, self.grammar, args, piped)
        words = [call.tool, *args]
        if given is None and call.tool in FILTERS:
            given, words = self._file(scene, words)
        if given is not None:
            if call.tool in FILTERS or call.tool in NOT_HERE:
                return run_filter(words, given)
            return self._not_found(call.tool, filters=True)
        if call.tool in FILTERS and call.tool != "cat":
            return _filter_alone(words)
        return run_builtin(scene, self.grammar, words) or self._not_found(call.tool)

    def _is_filter(self, call: Call, given: str | None) -> bool:
        """A tool named like a filter, such as `cat` with its files, still filters in a pipe."""
        return call.tool in FILTERS and (given is not None or call.tool != "cat")

    def _file(self, scene: Scene, words: list[str]) -> tuple[str | None, list[str]]:
        """Return what the file at the end of a filter's call holds, as the tool `cat` tells it."""
        if "cat" not in self.grammar.tools or len(words) < 2 or words[-1].startswith("-"):
            return None, words
        shown = self.book.answer(scene, self.grammar.call(["cat", words[-1]]))
        return (None, words) if shown.failed else (shown.out, words[:-1])

    def _not_found(self, name: str, filters: bool = False) -> Printed:
        if looks_like_sql(name):
            text = f"{name}: command not found\nSQL ends with a semicolon, or goes into psql.\n"
            return Printed(err=text, failed=True, near=True)
        known = sorted({*self.grammar.rules, *(FILTERS if filters else ()), "help", "date"})
        aliases = [alias[0] for alias, _ in self.grammar.aliases if len(alias) == 1]
        near = nearest(name, [*known, *aliases])
        hint = f'Did you mean "{near}"?\n' if near else ""
        text = f"{name[:80]}: command not found\n{hint}"
        return Printed(err=text, failed=True, near=near is not None)


def _filter_alone(words: Sequence[str]) -> Printed:
    name = words[0]
    files = [word for word in words[1:] if not word.startswith("-")]
    if name in ("grep", "egrep", "fgrep", "rg", "jq"):
        files = files[1:]
    if files:
        return Printed(err=f"{name}: {files[-1]}: No such file or directory\n", failed=True)
    text = f"{name}: nothing to read; pipe a command's output to it: COMMAND | {name} ...\n"
    return Printed(err=text, failed=True, near=True)


def _together(done: Sequence[Printed]) -> Printed:
    if len(done) == 1:
        return done[0]
    if not done:
        return Printed()
    acting = next((one for one in done if one.action), Printed())
    opened = next((one.context for one in reversed(done) if one.context), None)
    last = done[-1]
    views = list(dict.fromkeys(one.view for one in done if one.view))
    streams = list(dict.fromkeys(one.logs for one in done if one.logs))
    return replace(
        last,
        out="".join(one.out + one.err for one in done),
        err="",
        near=any(one.near for one in done),
        failed=last.failed,
        action=acting.action,
        args=acting.args,
        takes=sum(one.takes for one in done),
        view=views[0] if views else None,
        logs=streams[0] if streams else None,
        views=tuple(views[1:]),
        streams=tuple(streams[1:]),
        context=opened,
        said="",
    )
