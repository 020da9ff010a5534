"""What people did at each step of an exercise, as far as it says something of the runbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from simulator.assessment import Assessment, Signal
from simulator.assessment.gaps import Gap, gaps, missed
from simulator.assessment.practised import reached
from simulator.assessment.proofs import meets
from simulator.assessment.tracing import trace_of
from simulator.exercise import acts as a


@dataclass(frozen=True)
class Deed:
    """Something that somebody did; `key` is the same for the same thing done in other words.

    `number` counts the exercise's acts from 0. `typed` is the command as it was typed, "" for what
    was done otherwise. `broad` is the key without what it was done to, `args` are that.
    `changes` says that it acted on production, `duty` that the scenario asks for it otherwise.
    """

    number: int
    at: int
    key: str
    broad: str
    typed: str = ""
    args: Mapping[str, str] = field(default_factory=dict)
    failed: bool = False
    output: str = ""
    proves: frozenset[str] = frozenset()
    changes: bool = False
    attempt: bool = False
    duty: bool = False


@dataclass(frozen=True)
class Passage:
    """One step in one exercise. `step` is its name, `runbook#step`.

    `done` is the number of the deed that completed it, None where none did; `missed` that it was
    required and never done. `deeds` are those in its time, `after` those between it and the next
    step that was completed. `still` are the seconds before anybody did something after it.
    """

    step: str
    done: int | None
    missed: bool
    signals: frozenset[Signal]
    deeds: tuple[Deed, ...]
    after: tuple[Deed, ...]
    still: int
    searched: tuple[str, ...]
    harms: tuple[tuple[str, str], ...]
    """What did harm, and why: (action, reason)."""
    notes: tuple[str, ...]

    @property
    def completing(self) -> Deed | None:
        """The deed that completed the step."""
        return next((deed for deed in self.deeds if deed.number == self.done), None)

    @property
    def attempts(self) -> tuple[Deed, ...]:
        """What was tried at the prompt or from a menu."""
        return tuple(deed for deed in self.deeds if deed.attempt)


def deeds_of(assessment: Assessment) -> tuple[Deed, ...]:
    """Return what people did to production or looked at, in its order."""
    evidence, exercise = assessment.evidence, assessment.exercise
    duties = [one.post for one in exercise.scenario.cadences]
    ends = _Ends(assessment)
    found = []
    for number, act in enumerate(evidence.acts):
        proves = evidence.marked[number].proves
        match act:
            case a.Command():
                args = dict(act.args)
                if act.action:
                    broad = f"action:{act.action}"
                    key = _with_args(broad, args)
                elif act.view or act.logs:
                    key = broad = f"view:{act.view}" if act.view else f"logs:{act.logs}"
                else:
                    key = broad = f"command:{exercise.shell.canonical(act.line)}"
                output, failed = ends.of(act, act.action)
                found.append(
                    Deed(
                        number,
                        act.at,
                        key,
                        broad,
                        " ".join(act.line.split()),
                        args,
                        failed or act.near,
                        output,
                        proves,
                        bool(act.action),
                        attempt=True,
                    )
                )
            case a.Do():
                broad = f"action:{act.action}"
                output, failed = ends.of(act, act.action)
                found.append(
                    Deed(
                        number,
                        act.at,
                        _with_args(broad, act.args),
                        broad,
                        "",
                        dict(act.args),
                        failed,
                        output,
                        proves,
                        True,
                        attempt=True,
                    )
                )
            case a.View(view=view):
                found.append(Deed(number, act.at, f"view:{view}", f"view:{view}", proves=proves))
            case a.Logs(stream=logs):
                found.append(Deed(number, act.at, f"logs:{logs}", f"logs:{logs}", proves=proves))
            case a.Post() if act.template:
                key = f"post:{act.template}@{act.channel}"
                duty = any(meets(exercise, wanted, act) for wanted in duties)
                found.append(Deed(number, act.at, key, key, proves=proves, duty=duty))
            case a.Acknowledge(alert=alert):
                key = f"acknowledge:{alert}"
                found.append(Deed(number, act.at, key, key, proves=proves, duty=True))
    return tuple(found)


class _Ends:
    """How actions ended: what was shown then, each told to the act that began it."""

    def __init__(self, assessment: Assessment) -> None:
        events = assessment.exercise.state.world.events
        self._left = [event for event in events if event.kind == "action-done"]

    def of(self, act: a.Command | a.Do, action: str) -> tuple[str, bool]:
        """Return all that an act showed, at once and at its end, and whether it failed."""
        if not action or act.failed:
            return act.output, act.failed
        for event in self._left:
            same = event.data["action"] == action and event.data["by"] == act.by
            if same and event.t >= act.at:
                self._left.remove(event)
                shown = "\n".join(filter(None, (act.output.rstrip("\n"), event.text)))
                return shown, bool(event.data.get("failed"))
        return act.output, act.failed


def _with_args(broad: str, args: Mapping[str, str]) -> str:
    told = " ".join(f"{name}={value}" for name, value in sorted(args.items()))
    return f"{broad} {told}" if told else broad


def passages_of(assessment: Assessment) -> dict[str, Passage]:
    """Return what was done at each step that an exercise reached."""
    trace = trace_of(assessment.evidence, assessment.marks)
    deeds = deeds_of(assessment)
    owned = gaps(trace)
    came = reached(assessment)
    found: dict[str, Passage] = {}
    outcomes = {one.step: one for one in assessment.marks.steps}
    for step in assessment.confusion.steps:
        if step.step not in came:
            continue
        outcome, gap = outcomes.get(step.step), owned.get(step.step)
        done = outcome.act if outcome is not None else None
        inside = tuple(_within(deeds, gap))
        numbers = {number for sign in step.signs for number in sign.acts}
        found[step.step] = Passage(
            step=step.step,
            done=done if any(deed.number == done for deed in inside) else None,
            missed=outcome is not None and missed(outcome),
            signals=frozenset(sign.signal for sign in step.signs),
            deeds=inside,
            after=_after(deeds, owned, done),
            still=_still(assessment, done),
            searched=tuple(_searched(assessment, gap)),
            harms=tuple(_harms(assessment, gap, numbers)),
            notes=tuple(_notes(assessment, step.step)),
        )
    return found


def _within(deeds: Iterable[Deed], gap: Gap | None) -> Iterator[Deed]:
    if gap is not None:
        yield from (deed for deed in deeds if gap.holds(deed.number + 1, deed.at))


def _after(deeds: Iterable[Deed], owned: Mapping[str, Gap], done: int | None) -> tuple[Deed, ...]:
    """Return the deeds after a step's completion, before the next one's."""
    if done is None:
        return ()
    ends = [gap.upto - 1 for gap in owned.values() if gap.completed and gap.upto - 1 > done]
    until = min(ends, default=None)
    return tuple(
        deed for deed in deeds if deed.number > done and (until is None or deed.number < until)
    )


def _still(assessment: Assessment, done: int | None) -> int:
    """Return for how long nobody did anything after an act of people's; 0 after the last one."""
    if done is None:
        return 0
    acts = assessment.evidence.acts
    later = [act.at for act in acts[done + 1 :] if act.by != a.HOST and not _of_review(act)]
    return later[0] - acts[done].at if later else 0


def _of_review(act: a.AnyAct) -> bool:
    return isinstance(act, (*a.REVIEW, a.End, a.Clock, a.Note))


def _searched(assessment: Assessment, gap: Gap | None) -> Iterator[str]:
    if gap is None:
        return
    for number, act in enumerate(assessment.evidence.acts):
        if isinstance(act, a.Search) and not act.found and gap.holds(number + 1, act.at):
            yield act.query


def _harms(assessment: Assessment, gap: Gap | None, numbers: set[int]) -> Iterator[tuple[str, str]]:
    if gap is None:
        return
    evidence = assessment.evidence
    for number, event in evidence.harms:
        if number + 1 in numbers and gap.holds(number + 1, evidence.acts[number].at):
            yield event.subject, str(event.data["why"])


def _notes(assessment: Assessment, step: str) -> Iterator[str]:
    """Yield what people wrote when they pressed "this confuses me", or noted to be better."""
    state = assessment.exercise.state
    yield from (flag.note for flag in state.flags if flag.step == step and flag.note)
    yield from (
        note.text for note in state.notes if note.about == step and note.kind == "improvement"
    )


def usual_pause(assessment: Assessment) -> int:
    """Return the run's usual pause between two acts, in seconds: three in four are no longer."""
    times = [
        act.at
        for act in assessment.evidence.acts
        if act.by != a.HOST and not _of_review(act) and not isinstance(act, a.Open)
    ]
    pauses = sorted(later - one for one, later in pairwise(times))
    return pauses[-(-75 * len(pauses) // 100) - 1] if pauses else 0
