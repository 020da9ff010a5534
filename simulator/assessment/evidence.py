"""From an exercise to what its marks are computed from: one replay, watched second by second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from simulator.assessment import procedure as p
from simulator.assessment.facts import Cadence, Deadline, Decision, Facts, MarkedAct, Overrule
from simulator.assessment.judgement import Harm, Weight
from simulator.assessment.proofs import Proofs, Witnessed, meets, proofs_of_steps, steps_of
from simulator.content import scenario as sc
from simulator.content.pack import Pack
from simulator.exercise import acts as a
from simulator.exercise.fold import Exercise
from simulator.world import WorldEvent

DEVIATION = 1.25
"""A metric is affected when it is this many times, or one part in this, of its healthy value."""


@dataclass(frozen=True)
class Times:
    """Seconds from the moment production first left its baseline; None for what never came."""

    began: int | None = None
    detect: int | None = None
    acknowledge: int | None = None
    escalate: int | None = None
    mitigate: int | None = None
    resolve: int | None = None


@dataclass(frozen=True)
class Evidence:
    """Everything that the marks need, and what a report tells beside them."""

    exercise: Exercise
    acts: tuple[a.AnyAct, ...]
    procedure: p.Procedure
    marked: tuple[MarkedAct, ...]
    facts: Facts
    times: Times
    harms: tuple[tuple[int, WorldEvent], ...]
    disproved: dict[str, int]


def procedure_of(node: sc.Node) -> p.Procedure:
    """Return the tree that is aligned, for the tree that a scenario writes."""
    match node:
        case sc.StepNode():
            return p.Step(node.step, Weight(node.weight), bool(node.proof))
        case sc.SeqNode():
            return p.Seq(tuple(procedure_of(child) for child in node.seq))
        case sc.AnyOrderNode():
            return p.AnyOrder(tuple(procedure_of(child) for child in node.any_order))
        case sc.OneOfNode():
            return p.OneOf(tuple(procedure_of(child) for child in node.one_of))
        case sc.OptionalNode():
            return p.Optional(procedure_of(node.optional))
        case sc.RepeatNode():
            return p.Repeat(procedure_of(node.repeat))


class Witness:
    """Watches an exercise being folded: when its moments come, and what each act proves."""

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        scenario = exercise.scenario
        self.moments: dict[str, int] = {}
        self._waiting: dict[str, sc.Moment] = {}
        self._steps = proofs_of_steps(scenario)
        self._herrings = Proofs(
            (herring.id, proof) for herring in scenario.red_herrings for proof in herring.by
        )
        self._options = {
            decision.id: Proofs(
                (option.id, proof) for option in decision.options for proof in option.by
            )
            for decision in scenario.decisions
        }
        for deadline in scenario.deadlines:
            self._waiting[f"deadline:{deadline.id}"] = deadline.since
            if deadline.if_ is not None:
                self._waiting[f"if:{deadline.id}"] = sc.Moment(when=deadline.if_)
        for cadence in scenario.cadences:
            self._waiting[f"cadence:{cadence.id}"] = cadence.since
        self.acts: list[a.AnyAct] = []
        self.marked: list[MarkedAct] = []
        self.disproved: dict[str, int] = {}
        self.chosen: dict[str, list[tuple[int, int]]] = {}
        self.updates: dict[str, list[int]] = {cadence.id: [] for cadence in scenario.cadences}
        self.detected: int | None = None
        self.escalated: int | None = None
        self._escalating = {one.id for one in exercise.world.actions if one.escalates}
        self._began: dict[tuple[str, str], list[int]] = {}
        self._affected: frozenset[str] | None = None
        exercise.watchers.append(self.second)
        self.second(exercise)

    def second(self, exercise: Exercise) -> None:
        """See one second of the exercise."""
        if self._waiting:
            now, scope = exercise.state.now, exercise.scope()
            come = [
                name
                for name, moment in self._waiting.items()
                if (moment.at is None or now >= moment.at)
                and (moment.when is None or moment.when.evaluate(scope))
            ]
            for name in come:
                self.moments[name] = now
                del self._waiting[name]

    def take(self, act: a.AnyAct) -> None:
        """See an act and let the exercise take it."""
        self._see(act)
        self.acts.append(act)
        self.exercise.apply(act)

    def memory(self) -> Mapping[str, Any]:
        """Return all that was seen so far, for `recall`; what is seen later does not touch it."""
        return {name: _apart(value) for name, value in vars(self).items()}

    def recall(self, memory: Mapping[str, Any]) -> None:
        """Have seen what a memory holds, and no more; the exercise's state goes with it."""
        vars(self).update({name: _apart(value) for name, value in memory.items()})

    def evidence(self) -> Evidence:
        """Return what was seen so far."""
        events = self.exercise.state.world.events
        harms = tuple((self._harm_of(event), event) for event in events if event.kind == "harm")
        return Evidence(
            self.exercise,
            tuple(self.acts),
            p.normal(procedure_of(self.exercise.scenario.procedure)),
            _with_harm(self.marked, harms),
            _facts(self),
            _times(self),
            harms,
            dict(self.disproved),
        )

    def _see(self, act: a.AnyAct) -> None:
        exercise = self.exercise
        exercise.advance(act.at)
        number = len(self.marked)
        seen = Witnessed(exercise, act)
        proved = self._steps.met_by(seen)
        ticks = frozenset({act.step}) if isinstance(act, a.Tick) and act.done else frozenset()
        self.marked.append(MarkedAct(act.at, proved, ticks))
        if isinstance(act, a.Command | a.Do) and act.action and not act.failed:
            self._began.setdefault((act.action, act.by), []).append(number)
            if act.action in self._escalating and self.escalated is None:
                self.escalated = act.at
        seen_through = self._herrings.met_by(seen)
        for herring in exercise.scenario.red_herrings:
            if herring.id in seen_through:
                self.disproved.setdefault(herring.id, act.at)
        for decision in exercise.scenario.decisions:
            made = self._options[decision.id].met_by(seen)
            for option in decision.options:
                if option.id in made:
                    self.chosen.setdefault(decision.id, []).append((act.at, int(option.right)))
        if isinstance(act, a.Post):
            self._message(act)
        if self.detected is None and self._detects(act):
            self.detected = act.at

    def _message(self, act: a.Post) -> None:
        for cadence in self.exercise.scenario.cadences:
            if meets(self.exercise, cadence.post, act):
                self.updates[cadence.id].append(act.at)
        pagers = {c.id for c in self.exercise.system.channels if c.kind == "pager"}
        if self.escalated is None and act.channel in pagers:
            self.escalated = act.at

    def _detects(self, act: a.AnyAct) -> bool:
        if isinstance(act, a.Acknowledge):
            return True
        views = act.opened if isinstance(act, a.Command) else ()
        views = (act.view,) if isinstance(act, a.View) else views
        boards = [board for board in self.exercise.system.dashboards if board.id in views]
        return any(self._deviates(metric) for board in boards for metric in metrics_of(board))

    def _deviates(self, metric: str) -> bool:
        world, state = self.exercise.world, self.exercise.state.world
        healthy = abs(world.healthy(metric, state.t))
        value = abs(world.value(state, metric, state.t))
        return value > healthy * DEVIATION + 1e-9 or value * DEVIATION < healthy - 1e-9

    def _harm_of(self, event: WorldEvent) -> int:
        """Return the number of the act that began the action that did this harm."""
        key = (str(event.data["action"]), str(event.data["by"]))
        began = self._began.get(key) or [len(self.marked) - 1]
        earlier = [number for number in began if self.marked[number].at <= event.t]
        return (earlier or began)[-1]


def _apart(seen: Any) -> Any:
    """Return what a witness holds so that lists and dictionaries of it can change apart."""
    if isinstance(seen, dict):
        return {name: one.copy() if isinstance(one, list) else one for name, one in seen.items()}
    return seen.copy() if isinstance(seen, list) else seen


def metrics_of(board: object) -> list[str]:
    """Return the metrics that a dashboard shows."""
    found: list[str] = []
    for panel in getattr(board, "panels", ()):
        found += [panel.chart] if hasattr(panel, "chart") else getattr(panel, "tiles", [])
    return found


def gather(acts: Sequence[a.AnyAct], pack: Pack | None = None) -> Evidence:
    """Return the evidence of an exercise, by folding its acts once from the beginning."""
    opening = acts[0]
    if not isinstance(opening, a.Open):
        raise ValueError("the first act does not open an exercise")
    witness = Witness(Exercise(opening, pack))
    for act in acts:
        witness.take(act)
    return witness.evidence()


def places_of_harm(evidence: Evidence) -> tuple[int, ...]:
    """Return for each of the evidence's harms the number of the marked act that carries it."""
    places: list[int] = []
    seen: set[int] = set()
    behind = len(evidence.acts)
    for number, _ in evidence.harms:
        places.append(behind if number in seen else number)
        behind += number in seen
        seen.add(number)
    return tuple(places)


def _with_harm(
    marked: Sequence[MarkedAct], harms: Sequence[tuple[int, WorldEvent]]
) -> tuple[MarkedAct, ...]:
    """Return the acts with the harm they did. Each occurrence counts.

    A second one of the same act stands behind all acts, as one that proves nothing.
    """
    result = list(marked)
    for number, event in harms:
        act, harm = result[number], Harm(event.data["level"])
        guard, why = bool(event.data.get("guard")), str(event.data["why"])
        if act.harm is None:
            result[number] = MarkedAct(act.at, act.proves, act.ticks, harm, guard, why)
        else:
            result.append(MarkedAct(act.at, harm=harm, guard_broken=guard, harm_reason=why))
    return tuple(result)


def _facts(witness: Witness) -> Facts:
    exercise, moments = witness.exercise, witness.moments
    scenario, state = exercise.scenario, exercise.state
    end = state.now if state.ended is None else state.ended
    recovered = state.world.recovered_since
    revealed = frozenset(step for _, step in state.revealed if step)
    if any(not step for _, step in state.revealed):
        revealed |= frozenset(steps_of(scenario))
    return Facts(
        recovered=recovered is not None,
        deadlines=tuple(
            Deadline(
                d.id,
                d.title,
                d.limit,
                moments.get(f"deadline:{d.id}"),
                step=d.step,
                weight=d.weight,
                critical=d.critical,
                applies=d.if_ is None or f"if:{d.id}" in moments,
            )
            for d in scenario.deadlines
        ),
        cadences=tuple(
            Cadence(
                c.id,
                c.title,
                c.every,
                moments.get(f"cadence:{c.id}"),
                end if recovered is None else recovered,
                tuple(witness.updates[c.id]),
                c.weight,
            )
            for c in scenario.cadences
        ),
        decisions=tuple(_decision(witness, d) for d in scenario.decisions),
        solution_shown=revealed,
        overrules={
            step: Overrule(Fraction(given.share), given.reason)
            for step, given in state.overrules.items()
        },
    )


def _decision(witness: Witness, decision: sc.Decision) -> Decision:
    exercise = witness.exercise
    if decision.severity is not None:
        levels = [level.id for level in exercise.system.severities]
        chosen = tuple((at, levels.index(name)) for at, name in exercise.state.severities)
        right = levels.index(decision.severity)
        return Decision(
            decision.id, decision.title, right, len(levels), chosen, decision.deadline,
            decision.weight,
        )  # fmt: skip
    right_options = {option.id for option in decision.options if option.right}
    opened = exercise.state.open_decisions.get(decision.id, 0)
    said = [
        (at, int(option in right_options))
        for at, option in exercise.state.choices.get(decision.id, ())
    ]
    # What was done is a choice as much as what was said; of one second, what was said stands.
    made = tuple(sorted([*witness.chosen.get(decision.id, ()), *said], key=lambda one: one[0]))
    return Decision(
        decision.id, decision.title, 1, 2, made, opened + decision.deadline, decision.weight
    )


def _times(witness: Witness) -> Times:
    state = witness.exercise.state
    began = state.world.first_deviation
    if began is None:
        return Times()
    acknowledged = min(state.acknowledged.values(), default=None)
    mitigated = next(
        (int(str(e.data["since"])) for e in state.world.events if e.kind == "recovered"), None
    )

    def since(at: int | None) -> int | None:
        return None if at is None else at - began

    return Times(
        began,
        since(witness.detected),
        since(acknowledged),
        since(witness.escalated),
        since(mitigated),
        since(state.world.recovered_since),
    )
