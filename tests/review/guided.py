"""Teams on a large system: they know what has to be done, and stumble where the runbook lets them.

Which steps an incident needs, and what finally does each of them, is taken from the scenario's own
solutions: that stands for a team's sense. How it gets there comes from the runbook's text. A
command is typed as the step has it, with names that nobody gave a value yet, unless a step before
it in its section did, or it says which one does; where a step has none, a dashboard that it names
is opened, and else people open what lies near, ask, or press "this confuses me". Beside that they
mistype, overlook (and go back when what follows makes no sense), guess the severity wrong, and now
and then give in to what the scenario tempts them with. All of it is drawn from a seed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from followers import Team, words_of

from simulator.assessment import Assessment
from simulator.assessment.proofs import Witnessed, proofs_of_steps
from simulator.content.pack import Pack
from simulator.content.runbook import RunbookStep
from simulator.content.system import Dashboard
from simulator.exercise import acts as a
from simulator.exercise.door import Refused, admit
from simulator.session.proof import script_of
from simulator.session.script import ScriptError, play

Script = Sequence[Mapping[str, Any]]

_NAME = re.compile(r"\$\{?([A-Z][A-Z0-9_]+)\}?")
_URL = re.compile(r"https?://[^\s)>\]]+")


class Ways:
    """The ways through a scenario that heal it, and what it tempts people with."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        solved = [run for run in pack.scenario.runs if run.fix]
        self.scripts: list[Script] = [
            list(pack.scenario.solution),
            *(script_of(pack, run) for run in solved),
        ]
        self.tempting: list[tuple[int, Mapping[str, Any]]] = []
        for run in pack.scenario.runs:
            if not run.fix:
                self._tempted(script_of(pack, run))

    def _tempted(self, script: Script) -> None:
        try:
            done = play(self.pack, script, 1)
        except ScriptError:
            return
        for number, _ in done.evidence.harms:
            line = _as_line(done, number)
            if line not in [known for _, known in self.tempting]:
                self.tempting.append((done.evidence.acts[number].at, line))


def _as_line(done: Assessment, number: int) -> Mapping[str, Any]:
    """Return an act as a script says it, without its time."""
    act = done.evidence.acts[number]
    kept = {"do": act.do}
    for name in ("line", "action", "args"):
        value = getattr(act, name, None)
        if value and not (name == "action" and act.do == "command"):
            kept[name] = value
    return kept


class Guided(Team):
    """A team that follows one of the ways, by what the runbook says of each step of it."""

    def __init__(self, ways: Ways, seed: int) -> None:
        super().__init__(ways.pack, next(iter(ways.pack.scenario.runbooks)), seed)
        self.ways = ways
        at = 0 if self.maybe(0.6) else self.chance.randrange(len(ways.scripts))
        self.way = list(ways.scripts[at])
        self.proofs = proofs_of_steps(self.pack.scenario)
        self.named: set[str] = set(self.exercise.system.environment)
        self.overlooked: tuple[RunbookStep, dict[str, Any]] | None = None
        self.afterthought = random.Random(seed + 1)
        self.temptation = None
        if ways.tempting and self.maybe(0.35 * (1 - self.skill)):
            self.temptation = self.chance.choice(ways.tempting)

    def play(self) -> list[dict[str, Any]]:
        """Go the way from its first act to its last; return the script of it."""
        before = 0
        for act in sorted(self.way, key=lambda one: int(one["at"])):
            pause, before = int(act["at"]) - before, int(act["at"])
            if self.temptation and self.temptation[0] <= self.at:
                self.act(**self.temptation[1])
                self.temptation = None
            self._next(dict(act), pause)
        return self.script

    def _next(self, act: dict[str, Any], pause: int) -> None:
        act.pop("at")
        act.pop("by", None)
        if pause > 45:  # the way waits here for something to show
            self.at += pause - 12
        if act["do"] == "end":
            self.wait(5, 15)
            self.act(**act)
            return
        if act["do"] == "acknowledge":
            self._wait_for(act)
        step = self._step_of(act)
        if step is None:
            self._beside(act)
            return
        self.wait(2, 5)
        self.at += self.pace * min(60, len(step.body.split())) * 0.2
        if self.overlooked and self.afterthought.random() < 0.8:  # nothing has changed, so why
            missed, self.overlooked = self.overlooked, None
            self.at += 20 + 40 * self.afterthought.random()
            self._enact(*missed)
        if self.maybe(0.025):  # overlooked: the eye skipped a line
            if act["do"] in ("command", "action"):
                self.overlooked = step, act
            return
        self._enact(step, act)

    def _wait_for(self, act: Mapping[str, Any]) -> None:
        """Wait until an alert has fired."""
        for _ in range(18):
            if self._proves(act):
                return
            self.at += 10

    def _beside(self, act: dict[str, Any]) -> None:
        """Do what no step asks for: a look, a message, a decision."""
        self.wait(3, 9)
        if act["do"] == "decide" and self.maybe(0.25 * (1 - self.skill)):
            options = next(
                one.options for one in self.pack.scenario.decisions if one.id == act["decision"]
            )
            act["option"] = self.chance.choice(options).id
        if act["do"] != "view" or self.maybe(0.5 + self.skill / 2):
            self.act(**act)

    def _step_of(self, act: Mapping[str, Any]) -> RunbookStep | None:
        """Return the first step that the act would prove and that is not done yet."""
        proved = self._proves(act)
        fresh = [name for name in proved if name not in self.done]
        return self.pack.step(fresh[0]) if fresh else None

    def _proves(self, act: Mapping[str, Any]) -> list[str]:
        now = max(int(self.at), self.exercise.state.now)
        if self.exercise.over or now >= self.exercise.length:
            return []
        self.exercise.advance(now)
        try:
            made = admit(self.exercise, {"at": now, **act})
        except Refused:
            return []
        return sorted(self.proofs.met_by(Witnessed(self.exercise, made)))

    def act(self, do: str, **fields: Any) -> a.AnyAct | None:
        """Do something now, and remember which steps it did."""
        self.done.update(self._proves({"do": do, **fields}))
        return super().act(do, **fields)

    # -------------------------------------------------------------------------------------------
    # What the step's own words lead to, before what is right is done.

    def _enact(self, step: RunbookStep, act: dict[str, Any]) -> None:
        name = self._name_of(step)
        match act["do"]:
            case "command" | "action":
                if self._as_written(step, act) and name in self.done:
                    return
            case "view" | "logs":
                if not step.commands:
                    self._look_near(step, act)
                elif self._as_written(step, act) and name in self.done:
                    return
            case "declare":
                if self.maybe(0.12 * (1 - self.skill)):
                    levels = [one.id for one in self.exercise.system.severities]
                    self.act("declare", severity=self.chance.choice(levels))
                    self.wait(20, 60)
            case "post":
                self.wait(10, 30 + 25 * (1 - self.skill))
        self.wait(2, 6)
        self.act(**act)

    def _name_of(self, step: RunbookStep) -> str:
        for name, book in self.pack.runbooks.items():
            if book.step(step.id) is step:
                return f"{name}#{step.id}"
        return step.id

    def _as_written(self, step: RunbookStep, act: Mapping[str, Any]) -> bool:
        """Type the step's commands as it has them; return whether they were taken."""
        for command in step.commands[:1]:
            if self.maybe(0.03) and len(command) > 12:  # a slip of the fingers
                at = self.chance.randrange(4, len(command) - 1)
                self._run(command[:at] + command[at + 1 :])
            unknown = [n for n in _NAME.findall(command) if n not in self.named]
            for name in [one for one in unknown if self._given_before(one, step)]:
                value = self._value_of(name, act)
                self._run(f"export {name}={value}")
                self.named.add(name)
                unknown.remove(name)
            if unknown and self.maybe(self.skill * 0.7):
                self._give_names(unknown, act)  # somebody sees it coming
                unknown = []
            shown = self._run(command)
            if shown is None:
                return False
            if unknown and shown.failed:
                self.wait(6, 15)
                if self.maybe(0.35):  # once more, for it must have been a slip
                    self._run(command)
                self._say(step, f"where does ${unknown[0]} come from?")
                self._give_names(unknown, act)
                shown = self._run(command)
            if shown is None or shown.failed:
                return False
        return bool(step.commands)

    def _given_before(self, name: str, step: RunbookStep) -> bool:
        """Whether a step before this one in its section, or one that it names, gives the value."""
        book = next(one for one in self.pack.runbooks.values() if step in one.steps)
        before = book.steps[: book.steps.index(step)]
        giving = [
            other
            for other in book.steps
            if any(f"export {name}=" in command for command in other.commands)
        ]
        return any(
            f"`{other.id}`" in step.body or (other in before and other.section == step.section)
            for other in giving
        )

    def _give_names(self, names: Sequence[str], act: Mapping[str, Any]) -> None:
        """Find out what a name stands for, and give it its value."""
        for name in names:
            self.act("search", query=name)
            self.wait(8, 20)
            value = self._value_of(name, act)
            if value:
                self._run(f"export {name}={value}")
                self.named.add(name)

    def _value_of(self, name: str, act: Mapping[str, Any]) -> str:
        """Return what the right act has in the place of a name."""
        words = [*str(act.get("line", "")).split(), *map(str, act.get("args", {}).values())]
        addresses = [word for word in words if word.endswith(".vercel.app")]
        commits = [word for word in words if re.fullmatch(r"[0-9a-f]{7}", word)]
        if name.endswith("_URL") and addresses:
            return addresses[0]
        if name.endswith("_SHA") and commits:
            return commits[0 if name.startswith("GOOD") else -1]
        live = str(self.exercise.state.world.variables.get("vercel.live", ""))
        return live if name == "DEPLOYMENT_URL" else ""

    def _look_near(self, step: RunbookStep, act: Mapping[str, Any]) -> None:
        """Open what the step names, or what lies near it, before the right thing."""
        boards = {one.id: one for one in self.exercise.system.dashboards}
        right = boards.get(str(act.get("view", "")))
        if right is None or self._is_named(right, step.body):
            return
        if _URL.search(step.body) and self.maybe(0.3):
            self._run(f"curl -s {_URL.findall(step.body)[0].rstrip('.')}")
            self.wait(4, 10)
        near = [one for one in boards.values() if one.product == right.product and one != right]
        self.chance.shuffle(near)
        for board in near[: self.chance.randrange(3)]:
            self.act("view", view=board.id)
            self.wait(5, 12)
        if self.maybe(0.3 * (1 - self.skill)):
            self._say(step, "which page is meant?")

    def _is_named(self, board: Dashboard, text: str) -> bool:
        plain = " ".join(text.split()).casefold()
        words = words_of(board.title)
        return board.title.casefold() in plain or (bool(words) and words <= words_of(plain))

    def _say(self, step: RunbookStep, what: str) -> None:
        """Wonder aloud now and then: by the button, or in the channel."""
        if self.maybe(0.25):
            self.act("confused", step=self._name_of(step), note=what[:1].upper() + what[1:])
        elif self.maybe(0.4):
            channel = next(one.id for one in self.exercise.system.channels if one.kind == "chat")
            self.act("post", channel=channel, text=f"“{step.text.rstrip('.')}”: {what}")
        self.wait(4, 12)


def guided_scripts(pack: Pack, seeds: Sequence[int]) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Yield the scripts of several teams, each with its seed."""
    ways = Ways(pack)
    for seed in seeds:
        yield seed, Guided(ways, seed).play()
