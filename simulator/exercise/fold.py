"""The fold: acts in, state out. Every console, report and replay is this one code path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from simulator.content.pack import KEPT, Pack, pack_of
from simulator.content.prose import reflowed
from simulator.content.roles import roles_of
from simulator.content.scenario import Inject, Moment
from simulator.exercise import acts as a
from simulator.exercise.state import ExerciseState, Message, TerminalLine, Written
from simulator.exercise.taking import take
from simulator.world import Shell, World, WorldState
from simulator.world.scope import Nobody

NOT_AGAIN = 1_000_000_000
"""Since when an inject waits whose `if` did not hold: until its `when` has been false once."""


class Exercise:
    """One exercise, folded up to now.

    `advance` lets simulated time pass, `apply` takes an act. Both change `state` in place and
    nothing else, so the same acts give the same state wherever they are folded.
    """

    def __init__(self, opening: a.Open, pack: Pack | None = None) -> None:
        self.opening = opening
        self.pack = pack or pack_of(opening.scenario, opening.texts)
        self.system, self.scenario = self.pack.system, self.pack.scenario
        pools = tuple((name, tuple(values)) for name, values in opening.pools.items())
        self.world, beginning = _beginning(self.pack, opening.seed, pools)
        self.shell = Shell(self.world)
        self.watchers: list[Callable[[Exercise], None]] = []
        self._audience = {channel.id: channel.audience for channel in self.system.channels}
        self._escalating = {one.id for one in self.world.actions if one.escalates}
        self._told = {one.id: one.audience for one in self.world.actions if one.audience}
        self._pager = next((c.id for c in self.system.channels if c.kind == "pager"), "")
        self._hints = {hint.step: hint for hint in self.scenario.hints}
        self._timed = [inject for inject in self.scenario.timeline if inject.at is not None]
        self._when = [inject for inject in self.scenario.timeline if inject.when is not None]
        self._deciding = [d for d in self.scenario.decisions if d.options]
        self.roles = roles_of(self.system.roles)
        self.state = ExerciseState(beginning.copy())
        self.state.started = not opening.team
        self.state.paused = bool(opening.team)
        self.outside = Outside(self)
        self._second()

    @property
    def length(self) -> int:
        """The exercise's length in seconds of simulated time."""
        return self.scenario.minutes * 60

    @property
    def over(self) -> bool:
        """Whether play has ended, by an act or by the last minute."""
        return self.state.ended is not None or self.state.now >= self.length

    @property
    def team(self) -> str:
        """The team's name; empty for somebody who plays alone."""
        return self.opening.team

    def comes_at(self, inject: Inject) -> int | None:
        """Return when an inject with a time is due, as postponed; None for one without."""
        return None if inject.at is None else inject.at + self.state.shifts.get(inject.id, 0)

    def scope(self) -> Mapping[str, Any]:
        """Return what an expression of the scenario is evaluated in, as of now."""
        return self.world.scope(self.state.world, self.outside)

    def holds(self, moment: Moment) -> bool:
        """Return whether a moment has come, now."""
        if moment.at is not None and self.state.now < moment.at:
            return False
        return moment.when is None or bool(moment.when.evaluate(self.scope()))

    def advance(self, to: int) -> None:
        """Let time pass until `to`, or until play ends."""
        last = min(to, self.length) if self.state.ended is None else self.state.now
        for second in range(self.state.now + 1, last + 1):
            self.state.now = second
            self.world.advance(self.state.world, second, self.outside)
            self._second()

    def apply(self, act: a.AnyAct) -> None:
        """Take an act at its own time; time passes up to it first."""
        self.advance(act.at)
        self.state.acts += 1
        if act.approved:
            self._fulfil(act.approved)
        take(self, act)

    def _fulfil(self, number: int) -> None:
        request = self.state.request(number)
        if request is not None:
            self.state.requests[number - 1] = replace(request, done=True)

    def perform(self, action: str, args: Mapping[str, str], seat: str) -> None:
        """Begin an action on production; one that takes no time is over at once."""
        self.world.perform(self.state.world, action, args, seat, self.outside)
        self._collect()

    def say(self, message: Message) -> None:
        """Put a message into its channel, and let simulated people see it."""
        self.state.messages.append(message)
        if not message.from_player:
            return
        scope, text = self.scope(), message.text.casefold()
        for answer in self.scenario.answers:
            heard = answer.channel == message.channel and not (
                answer.once and answer.id in self.state.answered
            )
            asked = not answer.asks or any(word.casefold() in text for word in answer.asks)
            if heard and asked and (answer.if_ is None or answer.if_.evaluate(scope)):
                self.state.answered.add(answer.id)
                self.state.due.append((self.state.now + answer.after, "answer", answer.id))

    def audience(self, channel: str) -> str:
        """Return who reads a channel."""
        return self._audience.get(channel, "")

    def told_by(self, action: str) -> str:
        """Return the audience that an action tells something; "" for none."""
        return self._told.get(action, "")

    def hint(self, step: str, strength: int) -> str:
        """Return a hint's text: 1 a nudge, 2 a pointer, 3 the answer; "" when there is none."""
        hint = self._hints.get(step)
        return (hint.nudge, hint.pointer, hint.answer)[min(strength, 3) - 1] if hint else ""

    def _second(self) -> None:
        self._collect()
        self._deliver()
        for watcher in self.watchers:
            watcher(self)

    def _collect(self) -> None:
        """Show on the terminal what actions said when they were done."""
        world = self.state.world
        for event in world.events[self.state.seen_events :]:
            if event.kind == "action-done" and event.text:
                seat = str(event.data.get("by", ""))
                failed = bool(event.data.get("failed", False))
                self.state.terminal.append(TerminalLine(event.t, seat, "", event.text, failed))
                if event.subject in self._escalating and self._pager and not failed:
                    said = reflowed(event.text)
                    self.state.messages.append(Message(event.t, self._pager, seat, said, True))
        self.state.seen_events = len(world.events)

    def _deliver(self) -> None:
        now, state = self.state.now, self.state
        for inject in self._timed:
            if self.comes_at(inject) == now and inject.id not in state.delivered:
                state.due.append((now + inject.after, "inject", inject.id))
        for one in state.written:
            if one.due == now and one.id not in {*state.delivered, *state.withheld}:
                self.send_written(one)
        waiting = [i for i in self._when if i.id not in state.delivered]
        if waiting or self._deciding or state.due:
            scope = self.scope()
            for inject in waiting:
                self._watch(inject, scope)
            for decision in self._deciding:
                if decision.id not in state.open_decisions and self.holds(
                    decision.opens or Moment(at=0)
                ):
                    state.open_decisions[decision.id] = now
            for due in [due for due in state.due if due[0] <= now]:
                state.due.remove(due)
                self._send(due[1], due[2], scope)

    def _watch(self, inject: Inject, scope: Mapping[str, Any]) -> None:
        """Schedule an inject once its condition has held long enough."""
        state = self.state
        if inject.when is None or any(due[2] == inject.id for due in state.due):
            return
        if not inject.when.evaluate(scope):
            state.waiting.pop(inject.id, None)
        elif state.now - state.waiting.setdefault(inject.id, state.now) >= inject.hold:
            later = inject.after + state.shifts.get(inject.id, 0)
            state.due.append((state.now + later, "inject", inject.id))

    def _send(self, kind: str, name: str, scope: Mapping[str, Any]) -> None:
        if kind == "answer":
            answer = next(x for x in self.scenario.answers if x.id == name)
            text = reflowed(self.world.fill(self.state.world, answer.text))
            self.say(Message(self.state.now, answer.channel, answer.person, text, False))
            return
        inject = next(x for x in self.scenario.timeline if x.id == name)
        if name in self.state.delivered or name in self.state.withheld:
            return
        if inject.if_ and not inject.if_.evaluate(scope):
            self.state.waiting[name] = NOT_AGAIN
            return
        self.send(inject)

    def send(self, inject: Inject) -> None:
        """Deliver an inject now, in the facilitator's words if there are any."""
        state = self.state
        state.delivered[inject.id] = state.now
        edited = state.edited.get(inject.id)
        text = edited if edited is not None else self.world.fill(state.world, inject.text)
        said = Message(
            state.now, inject.channel, inject.from_, reflowed(text), False, inject=inject.id
        )
        self.say(said)

    def send_written(self, one: Written) -> None:
        """Deliver an inject that the facilitator wrote."""
        self.state.delivered[one.id] = self.state.now
        said = Message(self.state.now, one.channel, one.sender, one.text, False, inject=one.id)
        self.say(said)


@lru_cache(KEPT)
def _beginning(
    pack: Pack, seed: int, pools: tuple[tuple[str, tuple[str, ...]], ...]
) -> tuple[World, WorldState]:
    """Return a world, and its state when people come to it: the same for all who do."""
    world = World(pack.system, pack.scenario, seed, dict(pools))
    state = world.start()
    world.advance(state, 0, Nobody())
    return world, state


class Outside:
    """What the world is told of the people."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise

    @property
    def severity(self) -> str:
        return self._exercise.state.severity

    def acknowledged(self, alert: str) -> bool:
        return alert in self._exercise.state.acknowledged

    def delivered(self, inject: str) -> bool:
        return inject in self._exercise.state.delivered

    def opened(self, view: str) -> int:
        return self._exercise.state.views.get(view, 0)

    def posted(self, where: str) -> int:
        """How many messages of participants reached a channel or an audience."""
        exercise = self._exercise
        return sum(
            message.from_player
            and (message.channel == where or exercise.audience(message.channel) == where)
            for message in exercise.state.messages
        )

    def decided(self, decision: str) -> str:
        return self._exercise.state.decisions.get(decision, (0, ""))[1]

    def ticked(self, step: str) -> bool:
        return step in self._exercise.state.ticks
