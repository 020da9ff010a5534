"""People who follow a runbook: scripted teams that read its text and do what people do with it.

A team reads each step as the runbook has it. Where the step gives a command it is typed, where it
names a dashboard that is opened, and what is expected is compared with what is shown. Where the
words leave it open, the team hesitates, guesses from the words, asks, reads the tool's help and
tries what it finds there; where something is refused, it reads the refusal and looks for what it
speaks of, elsewhere in the runbook or in the help. Nothing here knows which steps are sound, what
a scenario scores or how confusion is found. Teams differ in how much they know and how patient
they are, and each makes a few slips that no text can help; all of that is drawn from a seed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.assessment.evidence import metrics_of
from simulator.content.pack import Pack
from simulator.content.runbook import RunbookStep
from simulator.content.system import Dashboard
from simulator.exercise import acts as a
from simulator.exercise.door import Refused, admit
from simulator.exercise.fold import Exercise
from simulator.session.opening import opening_of

Act = Mapping[str, Any]

_LITTLE = """
a an and are as at be by everything for from has have in into is it its make no not nothing now of
on or so sure that the them then there this to was what which who with you your
"""
_SMALL = frozenset(_LITTLE.split())
_LIMIT = re.compile(r"\b(below|above|under|over)\s+(\d+)")
_WORD = re.compile(r"[a-z][a-z-]+")


def words_of(text: str) -> frozenset[str]:
    """Return the words that mean something, without their endings."""
    found = (word for word in _WORD.findall(text.casefold()) if word not in _SMALL)
    return frozenset(_stem(word) for word in found)


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


@dataclass(frozen=True)
class Shown:
    """What a terminal showed after a line was typed."""

    text: str
    failed: bool


class Team:
    """One team in one exercise: what it did so far is `script`."""

    def __init__(self, pack: Pack, book: str, seed: int) -> None:
        self.pack, self.book = pack, pack.runbooks[book]
        self.chance = random.Random(f"{pack.name} {seed}")
        self.exercise = Exercise(opening_of(pack, seed), pack)
        self.exercise.apply(self.exercise.opening)
        self.skill = self.chance.uniform(0.1, 1.0)
        self.patience = self.chance.uniform(0.3, 1.0)
        self.pace = self.chance.uniform(0.7, 1.4)
        self.script: list[dict[str, Any]] = []
        self.at = 0.0
        self.usage: list[tuple[str, str]] = []
        self.done: set[str] = set()
        self.asked = False
        if self.maybe(self.skill * 0.3):
            self._read_help(silently=True)

    def maybe(self, share: float) -> bool:
        """Return true in this share of cases."""
        return self.chance.random() < share

    def wait(self, least: float, most: float) -> None:
        """Let time pass, as it does for this team."""
        self.at += self.pace * self.chance.uniform(least, most)

    def act(self, do: str, **fields: Any) -> a.AnyAct | None:
        """Do something now; return what came of it, None where it could not be done."""
        now = max(int(self.at), self.exercise.state.now)
        if self.exercise.over or now >= self.exercise.length:
            return None
        self.at = float(now)
        self.exercise.advance(now)
        line = {"at": now, "do": do, **fields}
        try:
            act = admit(self.exercise, line)
        except Refused:
            return None
        self.exercise.apply(act)
        self.script.append(line)
        return act

    def play(self) -> list[dict[str, Any]]:
        """Follow the runbook from its first step to its last; return the script of it."""
        self.wait(15, 45)
        for step in self.book.steps:
            if step.id in self.done or self.maybe(0.02):  # overlooked: the eye skipped a line
                continue
            self.wait(3, 6)
            self.at += self.pace * len(step.body.split()) * 0.25
            if self.follow(step):
                self.done.add(step.id)
            if self.maybe(0.02):  # somebody at the door
                self.wait(30, 60)
        self.wait(40, 70)
        self.act("end")
        return self.script

    def follow(self, step: RunbookStep, depth: int = 0) -> bool:
        """Do one step as it is written; return whether the team believes that it is done."""
        if step.commands:
            return all(self._type(step, command, depth) for command in step.commands)
        done = self._plainly(step)
        return self._find_out(step) if done is None else done

    # -------------------------------------------------------------------------------------------
    # What the words say plainly.

    def _plainly(self, step: RunbookStep) -> bool | None:
        """Do what the words leave no doubt of; None where they do."""
        text = step.text.casefold()
        if "acknowledge" in text:
            return self._acknowledge()
        if "severity" in text or "declare" in text:
            for level in self.exercise.system.severities:
                if re.search(rf"\b{re.escape(level.title.casefold())}\b", text):
                    return self.act("declare", severity=level.id) is not None
        for template in self.exercise.system.templates:
            if template.title.casefold() in text:
                return self._send(step, template.id)
        board = self._named_board(step.body)
        return None if board is None else self._look(board, step.expected or "")

    def _acknowledge(self) -> bool:
        for _ in range(20):
            for alert in self.exercise.system.alerts:
                if self.act("acknowledge", alert=alert.id) is not None:
                    return True
            self.at += 10
            self.exercise.advance(int(self.at))
        return False

    def _send(self, step: RunbookStep, template: str) -> bool:
        known = next(one for one in self.exercise.system.templates if one.id == template)
        named = [c for c in self.exercise.system.channels if c.title in step.body]
        channel = (named or list(self.exercise.system.channels))[0]
        self.wait(10, 25)
        fields = {field.id: "It works again." for field in known.fields}
        sent = self.act("post", channel=channel.id, template=template, fields=fields)
        return sent is not None

    def _named_board(self, text: str) -> Dashboard | None:
        plain = " ".join(text.split()).casefold()
        boards = self.exercise.system.dashboards
        return next((board for board in boards if board.title.casefold() in plain), None)

    def _look(self, board: Dashboard, expected: str) -> bool:
        """Open a dashboard, and again while it does not show what is expected."""
        for _ in range(3):
            if self.act("view", view=board.id) is None:
                return False
            self.wait(4, 9)
            if self._as_expected(board, expected):
                return True
            self.wait(15, 25)
        return True

    def _as_expected(self, board: Dashboard, expected: str) -> bool:
        limit = _LIMIT.search(expected)
        if limit is None:
            return True
        world, state = self.exercise.world, self.exercise.state.world
        shown = [world.value(state, metric, state.t) for metric in metrics_of(board)]
        number = float(limit[2])
        below = limit[1] in ("below", "under")
        return any(value < number if below else value > number for value in shown)

    # -------------------------------------------------------------------------------------------
    # Commands, and what is refused.

    def _type(self, step: RunbookStep, command: str, depth: int) -> bool:
        if self.maybe(0.04) and len(command) > 12:  # a slip of the fingers
            at = self.chance.randrange(4, len(command) - 1)
            self._run(command[:at] + command[at + 1 :])
            self.wait(3, 7)
        if depth == 0 and self._foresees(command):
            refusal = self._would_say(command)
            self._look_for(refusal, step)
        for attempt in range(3):
            act = self._run(command)
            if act is None:
                return False
            if not act.failed:
                return True
            self.wait(6, 14)
            if attempt == 0 and depth < 2:
                self._look_for(act.text, step)
            elif not self.maybe(self.patience):
                break
        return False

    def _run(self, line: str) -> Shown | None:
        """Type a line and read what the terminal shows; None where time is up."""
        terminal = self.exercise.state.terminal
        before = len(terminal)
        act = self.act("command", line=line)
        if act is None:
            return None
        self.wait(3, 8)
        self.exercise.advance(min(int(self.at), self.exercise.length))
        shown = terminal[before:]
        return Shown("\n".join(one.output for one in shown), any(one.failed for one in shown))

    def _foresees(self, command: str) -> bool:
        """Whether a team knows from experience that a command would be refused now."""
        return bool(self._would_say(command)) and self.maybe(self.skill * 0.8)

    def _would_say(self, command: str) -> str:
        """Return the refusal that a command would meet now."""
        try:
            act = admit(self.exercise, {"do": "command", "line": command})
        except Refused:
            return ""
        return act.output if isinstance(act, a.Command) and act.failed else ""

    def _look_for(self, refusal: str, step: RunbookStep) -> None:
        """Find what a refusal speaks of: further down the runbook, or in the tool's help."""
        wanted = words_of(refusal)
        if self.maybe(0.5 * (1 - self.skill) * (1 - self.patience)):
            return  # somebody who neither knows nor has the nerve to look
        if self.maybe(0.25 * (1 - self.skill)):
            self._ask(f"Not sure what this means: {refusal.strip()}")
        at = self.book.steps.index(step)
        overlooked = [one for one in self.book.steps[:at] if one.id not in self.done]
        for other in (*overlooked, *self.book.steps[at + 1 :]):
            fits = words_of(other.text) & wanted
            unlike = words_of(other.text) - words_of(step.text)
            if other.commands and fits and unlike and not self._undoes(other, refusal):
                self.wait(8, 20)
                if self.follow(other, depth=2):
                    self.done.add(other.id)
                    return
        self._try_the_help(wanted, step, refusal)

    def _undoes(self, other: RunbookStep, refusal: str) -> bool:
        """Whether a step would bring about the very thing that the refusal complains of."""
        complaint = words_of(refusal.partition(",")[2])
        return bool(words_of(other.text) & complaint & {"open", "start", "enable"})

    def _try_the_help(self, wanted: frozenset[str], step: RunbookStep, refusal: str) -> None:
        self._read_help()
        ranked = sorted(self.usage, key=lambda one: -self._overlap(one, wanted))
        tried = 0
        for line, _about in ranked:
            known = any(command.startswith(line) for command in step.commands)
            if known or not self._overlap((line, _about), wanted):
                continue
            self.wait(5, 12)
            self._run(self._filled(line, wanted))
            tried += 1
            if not self._would_say(step.commands[0] if step.commands else "") or tried >= 4:
                return

    def _overlap(self, usage: tuple[str, str], wanted: frozenset[str]) -> int:
        return len(words_of(" ".join(usage)) & wanted)

    def _filled(self, line: str, wanted: frozenset[str]) -> str:
        return line

    # -------------------------------------------------------------------------------------------
    # What the words leave open.

    def _find_out(self, step: RunbookStep) -> bool:
        """Find out what a step wants whose words do not say it."""
        self.wait(8, 30)
        looking = re.match(r"(check|make sure|verify|ensure|confirm|see|watch)\b", step.text, re.I)
        return self._look_around(step) if looking else self._guess(step)

    def _look_around(self, step: RunbookStep) -> bool:
        """Open one dashboard after another until one speaks of the step's words, or ask."""
        wanted = words_of(step.text)
        boards = list(self.exercise.system.dashboards)
        self.chance.shuffle(boards)
        most = 1 + round(self.patience * len(boards))
        for board in boards[:most]:
            if self.act("view", view=board.id) is None:
                return False
            self.wait(6, 14)
            if self._speaks_of(board, wanted):
                return self._look(board, step.expected or "")
        self._wonder(step, "where do I see this?")
        answer = self._answer()
        named = self._named_board(answer)
        if named is not None:
            return self._look(named, step.expected or "")
        return True

    def _speaks_of(self, board: Dashboard, wanted: frozenset[str]) -> bool:
        titles = {one.id: one.title for one in self.exercise.system.metrics}
        shown = " ".join(titles[metric] for metric in metrics_of(board))
        return any(word in other or other in word for word in wanted for other in words_of(shown))

    def _guess(self, step: RunbookStep) -> bool:
        """Guess a command from a step's words, read the help, and try what fits."""
        wanted = words_of(step.text)
        known = bool(self.usage)
        guesses = [] if known else list(self._guesses(step))
        for line in guesses[: 1 + round(self.patience * 3)]:
            act = self._run(line)
            if act is not None and not act.failed and self._shown(act, step):
                return True
            self.wait(4, 12)
        if not known and self.maybe(0.9 - 0.5 * self.skill):
            self._wonder(step, "how do I do this, with which command?")
            self._answer()
        self._read_help()
        for line, about in sorted(self.usage, key=lambda one: -self._overlap(one, wanted)):
            if not self._overlap((line, about), wanted):
                break
            for filled in self._fillings(line, step):
                self.wait(3, 9)
                act = self._run(filled)
                if act is not None and not act.failed and self._shown(act, step):
                    return True
        self._wonder(step, "how? Nothing that I try does it.")
        return False

    def _shown(self, act: Shown, step: RunbookStep) -> bool:
        expected = (step.expected or "").strip(" .`").casefold()
        if expected:
            return expected in act.text.casefold()
        return bool(words_of(act.text) & words_of(step.text))

    def _guesses(self, step: RunbookStep) -> Iterator[str]:
        """Yield commands as people make them up from a sentence."""
        plain = [w for w in _WORD.findall(step.text.casefold()) if w not in _SMALL]
        tools = [tool.id for tool in self.exercise.system.tools]
        verb, nouns = plain[0], plain[1:]
        shapes = [
            f"{verb} {' '.join(nouns)}", f"{' '.join(reversed(nouns))} {verb}",
            f"{verb}-{'-'.join(nouns)}", f"{' '.join(nouns)} {verb}", f"{nouns[-1]} clear",
            f"{verb} {nouns[-1]}", f"{nouns[-1]} {verb}",
        ]  # fmt: skip
        self.chance.shuffle(shapes)
        yield from (f"{tool} {shape}" for shape in shapes for tool in tools)

    def _fillings(self, line: str, step: RunbookStep) -> list[str]:
        """Return a line of a usage with its capitals replaced by words of the step."""
        slots = re.findall(r"\b[A-Z]{3,}\b", line)
        if not slots:
            return [line]
        used = words_of(line)
        plain = [w for w in _WORD.findall(step.text.casefold()) if w not in _SMALL]
        nouns = [w for w in plain if _stem(w) not in used]
        candidates = [form for noun in nouns for form in (noun, f"{noun}s")]
        self.chance.shuffle(candidates)
        return [line.replace(slots[0], word) for word in candidates]

    def _read_help(self, silently: bool = False) -> None:
        """Read each tool's help, once; `silently` where it is known from earlier days."""
        if self.usage:
            return
        for tool in self.exercise.system.tools:
            if not silently:
                self._run(f"{tool.id} --help")
                self.wait(8, 16)
            for line in tool.help.splitlines():
                found = re.match(r"\s{2,}(\S.*?)(?:\s{2,}(.*))?$", line)
                if found:
                    self.usage.append((f"{tool.id} {found[1]}", found[2] or ""))

    # -------------------------------------------------------------------------------------------
    # Asking.

    def _wonder(self, step: RunbookStep, how: str) -> None:
        """Say aloud that a step is not clear: by the button, or in the channel."""
        if self.maybe(0.12):
            self.act("confused", step=f"{self.book.name}#{step.id}", note=how[:1].upper() + how[1:])
        elif self.maybe(0.75):
            self._ask(f"“{step.text.rstrip('.')}”: {how}")
        self.wait(4, 10)

    def _ask(self, text: str) -> None:
        self.act("post", channel=self.exercise.system.channels[0].id, text=text)
        self.asked = True

    def _answer(self) -> str:
        """Wait for an answer for a while, and return it."""
        if not self.asked:
            return ""
        self.asked = False
        heard = len(self.exercise.state.messages)
        for _ in range(5):
            self.at += 10
            self.exercise.advance(min(int(self.at), self.exercise.length))
            new = [m for m in self.exercise.state.messages[heard:] if not m.from_player]
            if new:
                return new[-1].text
        return ""


def team_script(pack: Pack, book: str, seed: int) -> list[dict[str, Any]]:
    """Return what one team does with a runbook, from its seed."""
    return Team(pack, book, seed).play()


def scripts(pack: Pack, book: str, seeds: Sequence[int]) -> Iterator[tuple[int, list[Act]]]:
    """Yield the scripts of several teams, each with its seed."""
    for seed in seeds:
        yield seed, list(team_script(pack, book, seed))
