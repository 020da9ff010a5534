"""Confusion: every signal fires at its boundary and not before it, and attribution is fair."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import sqrt

import pytest

from simulator.assessment.calibration import calm_ratios, expected_seconds
from simulator.assessment.confusion import Confusions, StepConfusion, confusion
from simulator.assessment.facts import Facts, MarkedAct, Overrule
from simulator.assessment.gaps import ActKind, Trace, TraceAct, TracedStep, time_between
from simulator.assessment.judgement import Signal
from simulator.assessment.marks import mark
from simulator.assessment.procedure import AnyOrder, Procedure, Seq, Step
from simulator.assessment.question import asks, names
from simulator.assessment.signals import lostness

ABC = Seq((Step("a"), Step("b"), Step("c")))
GOOD = Facts(recovered=True)
NAMES = {"b": ("Check the health endpoint", "check-health")}


def run(
    *acts: TraceAct,
    done: Sequence[tuple[str, int]] = (("a", 100), ("b", 200), ("c", 300)),
    procedure: Procedure = ABC,
    ticked: Sequence[tuple[str, int]] = (),
    expected: int = 100,
    end: int = 300,
    pauses: tuple[tuple[int, int], ...] = (),
    facts: Facts = GOOD,
    possible: int | None = None,
    busy: bool = True,
) -> Confusions:
    """Return the confusion of a run whose steps were done at these seconds.

    Acts are numbered by their second; a busy run has an act every 25 s, so that none is silent.
    """
    marked = [MarkedAct(at, proves=frozenset({step})) for step, at in done]
    marked += [MarkedAct(at, ticks=frozenset({step})) for step, at in ticked]
    marked.sort(key=lambda act: act.at)
    marks = mark(procedure, marked, facts)
    seen = {act.seq: act for act in acts}
    for at in [act.at for act in marked] + [*range(0, end, 25)] * busy:
        seen.setdefault(10 * at, TraceAct(10 * at, at))
    steps = tuple(
        TracedStep(step.step, expected, NAMES.get(step.step, ()), possible_at=possible)
        for step in marks.steps
    )
    seqs = tuple(10 * act.at for act in marked)
    ordered = tuple(seen[seq] for seq in sorted(seen))
    return confusion(Trace(procedure, marks.steps, seqs, ordered, steps, end, 0, pauses))


def act(at: int, kind: ActKind = ActKind.OTHER, **said: object) -> TraceAct:
    """Return an act just after that second's own."""
    return TraceAct(10 * at + 1, at, kind, **said)  # type: ignore[arg-type]


def of(confusions: Confusions, step: str) -> StepConfusion:
    """Return what one step showed."""
    return next(entry for entry in confusions.steps if entry.step == step)


def signals(confusions: Confusions, step: str = "b") -> set[Signal]:
    """Return the signals of one step."""
    return {sign.signal for sign in of(confusions, step).signs}


def test_a_calm_run_shows_nothing() -> None:
    assert [entry.signs for entry in run().steps] == [(), (), ()]
    assert run().pace == 1


@pytest.mark.parametrize(
    ("signal", "firing", "silent"),
    [
        (Signal.FLAGGED, [act(150, ActKind.CONFUSED)], [act(150)]),
        (Signal.HINT, [act(150, ActKind.HINT)], [act(150)]),
        (
            Signal.QUESTION,
            [act(150, ActKind.MESSAGE, text="Where is that?")],
            [act(150, ActKind.MESSAGE, text="I know where it is.")],
        ),
        (
            Signal.QUESTION,
            [act(150, ActKind.MESSAGE, text="On check-health now")],
            [act(150, ActKind.MESSAGE, text="Healthy")],
        ),
        (
            Signal.SEARCH_WITH_NOTHING,
            [act(150, ActKind.SEARCH, text="pool", found=0)],
            [act(150, ActKind.SEARCH, text="pool", found=1)],
        ),
        (
            Signal.SEARCH_WITH_NOTHING,
            [act(150 + i, ActKind.SEARCH, text=f"pool {i}", found=1) for i in range(3)],
            [act(150 + i, ActKind.SEARCH, text=f"pool {i}", found=1) for i in range(2)],
        ),
        (Signal.GAVE_UP, [act(150, ActKind.GAVE_UP)], [act(150)]),
        (Signal.HARM, [act(150, harmful=True)], [act(150)]),
        (
            Signal.WRONG_THREE_TIMES,
            [
                act(150, ActKind.ATTEMPT, canonical="x", failed=True),
                act(151, ActKind.ATTEMPT, canonical="y", near_miss=True),
                act(152, ActKind.ATTEMPT, canonical="z", failed=True),
            ],
            [
                act(150, ActKind.ATTEMPT, canonical="x", failed=True),
                act(151, ActKind.ATTEMPT, canonical="y"),
                act(152, ActKind.ATTEMPT, canonical="z", failed=True),
            ],
        ),
        (
            Signal.BOUNCE,
            [act(150 + i, ActKind.VIEW, canonical="db") for i in range(3)],
            [act(150 + i, ActKind.VIEW, canonical="db") for i in range(2)],
        ),
        (
            Signal.BOUNCE,
            [act(150 + i, ActKind.VIEW, canonical=name) for i, name in enumerate("vwxyz")],
            [act(150 + i, ActKind.VIEW, canonical=name) for i, name in enumerate("wxyz")],
        ),
        (
            Signal.UNDO,
            [act(101, canonical="stop", inverse="start"), act(199, canonical="start")],
            [act(101, canonical="stop", inverse="start"), act(199, canonical="stop")],
        ),
        (
            Signal.RERUN,
            [act(150 + i, ActKind.ATTEMPT, canonical="ls", output="1") for i in range(3)],
            [act(150 + i, ActKind.ATTEMPT, canonical="ls", output="121"[i]) for i in range(3)],
        ),
    ],
)
def test_a_signal_fires_at_its_boundary(
    signal: Signal, firing: list[TraceAct], silent: list[TraceAct]
) -> None:
    fired = run(*firing)
    assert signals(fired) == {signal}
    assert signals(fired, "a") == signals(fired, "c") == set()
    assert signals(run(*silent)) == set()
    (sign,) = of(fired, "b").signs
    assert set(sign.acts) <= {act.seq for act in firing}
    assert sign.acts
    assert sign.sentence


def test_undo_is_within_two_minutes() -> None:
    first = act(101, canonical="stop", inverse="start")
    late = (("a", 100), ("b", 230), ("c", 330))
    assert Signal.UNDO in signals(run(first, act(221, canonical="start"), done=late))
    assert Signal.UNDO not in signals(run(first, act(222, canonical="start"), done=late))


def test_slow_is_above_twice_the_usual_and_by_half_a_minute() -> None:
    def took(seconds: int, expected: int) -> set[Signal]:
        done = [("a", expected), ("b", expected + seconds), ("c", 2 * expected + seconds)]
        end = 2 * expected + seconds
        return signals(run(done=done, expected=expected, end=end))

    assert took(201, 100) == {Signal.SLOW}
    assert took(200, 100) == set()
    assert took(40, 10) == {Signal.SLOW}
    assert took(39, 10) == set()


def test_a_slow_team_is_not_slow_at_each_step() -> None:
    done = [("a", 300), ("b", 600), ("c", 900)]
    slow = run(done=done, end=900)
    assert slow.pace == 3
    assert not slow.remarks
    slower = run(done=[("a", 300), ("b", 600), ("c", 1300)], end=1300)
    told = [sign.sentence for step in slower.steps for sign in step.signs]
    assert "took 700 s where at this pace 300 s were to be expected" in told


def test_idle_is_one_silence_long_for_this_run() -> None:
    def silent(length: int, usual: int) -> set[Signal]:
        acts = [act(at) for at in range(usual, 100, usual)]
        begin, finish = 100, 100 + length
        acts += [act(at) for at in range(finish, finish + 100, usual)]
        done = [("a", begin), ("b", finish), ("c", finish + 100)]
        return signals(run(*acts, done=done, end=finish + 100, busy=False)) & {Signal.IDLE}

    assert silent(60, 20) == {Signal.IDLE}
    assert silent(59, 19) == set()
    assert silent(90, 30) == {Signal.IDLE}
    assert silent(89, 30) == set()


def test_skipped_ahead_and_missed() -> None:
    swapped = run(done=[("b", 100), ("a", 200), ("c", 300)])
    assert signals(swapped, "a") == {Signal.SKIPPED_AHEAD}
    assert of(swapped, "a").signs[0].acts == (1000,)
    assert signals(swapped, "b") == set()
    assert signals(run(done=[("a", 100), ("c", 200)])) == {Signal.SKIPPED_AHEAD}
    either = AnyOrder((Step("a"), Step("b"), Step("c")))
    assert signals(run(procedure=either, done=[("c", 100), ("b", 200), ("a", 300)])) == set()
    spoken = Facts(recovered=True, overrules={"b": Overrule(Fraction(0), "by telephone")})
    assert signals(run(done=[("a", 100), ("c", 200)], facts=spoken)) == set()


def test_tick_mismatches() -> None:
    only = run(done=[("a", 100), ("c", 300)], ticked=[("a", 101), ("b", 200), ("c", 299)])
    assert signals(only) == {Signal.TICK_MISMATCH}
    assert of(only, "b").signs[0].acts == (2000,)
    unticked = run(ticked=[("a", 101), ("c", 299)])
    assert signals(unticked) == {Signal.TICK_MISMATCH}
    assert signals(run(ticked=[("a", 101), ("b", 201), ("c", 299)])) == set()
    assert not run().remarks, "a team that ticks nothing is not told so at every step"


def test_a_flag_alone_is_a_confusion_point_and_another_signal_alone_a_remark() -> None:
    flagged = run(act(150, ActKind.CONFUSED, text="which pool?"))
    assert [entry.step for entry in flagged.confusion_points] == ["b"]
    assert "which pool?" in of(flagged, "b").signs[0].sentence
    hinted = run(act(150, ActKind.HINT))
    assert [entry.step for entry in hinted.remarks] == ["b"]
    assert not hinted.confusion_points


def test_two_signals_worth_three_points_are_a_confusion_point() -> None:
    hint = act(150, ActKind.HINT)
    views = [act(160 + i, ActKind.VIEW, canonical="db") for i in range(3)]
    undone = [act(170, canonical="stop", inverse="start"), act(171, canonical="start")]
    assert of(run(hint, *views), "b").confusion_point
    assert of(run(*views, *undone), "b").points == 2
    assert not of(run(*views, *undone), "b").confusion_point
    twice = run(hint, act(151, ActKind.HINT))
    assert not of(twice, "b").confusion_point, "the same signal counts once"


def test_what_names_a_step_belongs_to_it_wherever_it_lies() -> None:
    named = run(act(50, ActKind.HINT, step="b"))
    assert (signals(named, "a"), signals(named, "b")) == (set(), {Signal.HINT})
    asked = run(act(250, ActKind.MESSAGE, text="How do we check the health endpoint?"))
    assert (signals(asked, "b"), signals(asked, "c")) == ({Signal.QUESTION}, set())


def test_a_flag_after_the_last_step_is_not_lost() -> None:
    late = run(act(350, ActKind.CONFUSED), end=400)
    assert signals(late, "c") == {Signal.FLAGGED}


def test_a_gap_is_less_its_pauses_and_waits() -> None:
    paused = run(pauses=((110, 150), (140, 160), (290, 500)))
    assert [entry.dwell for entry in paused.steps] == [100, 50, 90]
    assert time_between(0, 10, ((2, 4), (3, 5), (9, 20))) == 6


def test_a_missed_step_owns_the_time_to_the_next_completion_behind_it() -> None:
    missed = of(run(act(150, ActKind.HINT), done=[("a", 100), ("c", 260)]), "b")
    assert (missed.since, missed.until, missed.dwell, missed.completed) == (100, 260, 160, False)
    assert {sign.signal for sign in missed.signs} == {Signal.HINT, Signal.SKIPPED_AHEAD}
    later = of(run(done=[("a", 100), ("c", 260)], possible=200), "b")
    assert (later.since, later.until) == (200, 260)
    last = of(run(done=[("a", 100), ("b", 200)], end=280), "c")
    assert (last.since, last.until) == (200, 280)


def test_steps_proved_by_one_act_share_its_gap_only_once() -> None:
    both = AnyOrder((Step("a"), Step("b"), Step("c")))
    marks = mark(both, [MarkedAct(90, frozenset("abc"))], GOOD)
    steps = tuple(TracedStep(name, 30) for name in "abc")
    acts = (TraceAct(1, 40, ActKind.HINT), TraceAct(2, 90))
    found = confusion(Trace(both, marks.steps, (2,), acts, steps, 90))
    assert [entry.dwell for entry in found.steps] == [90, 0, 0]
    assert [entry.points for entry in found.steps][1:] == [0, 0]
    assert found.pace == 3


@pytest.mark.parametrize(
    "text",
    ["Which pool?", "how do i see it", "Done. Where now?", "I'm NOT sure", "Do you know how?"],
)
def test_asking(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize("text", ["", "Somewhere.", "This is how it is done.", "Ready?", "Sure."])
def test_not_asking(text: str) -> None:
    assert not asks(text)


def test_a_name_is_matched_word_for_word() -> None:
    assert names("See CHECK-HEALTH, please", ["check-health"])
    assert not names("recheck healthy", ["check health"])
    assert not names("anything", ["", "--"])


def test_lostness_is_smiths() -> None:
    assert lostness(3, 3, 3) == 0
    assert lostness(4, 8, 2) == sqrt(0.5)
    views = [act(150 + i, ActKind.VIEW, canonical=name) for i, name in enumerate("vwvwz")]
    assert signals(run(*views)) == {Signal.BOUNCE}


def test_a_wrong_estimate_repairs_itself() -> None:
    assert expected_seconds(60, []) == 60
    assert expected_seconds(60, [Fraction(60)] * 4) == 60
    assert expected_seconds(60, [Fraction(240)] * 5) == 120
    assert expected_seconds(60, [Fraction(15), Fraction(240), Fraction(960)] * 5) == 170
    assert 239 <= expected_seconds(1, [Fraction(240)] * 9995) <= 240


def test_only_calm_completed_steps_teach_the_expected_time() -> None:
    done = [("a", 100), ("b", 301), ("c", 401)]
    slow = run(act(350, ActKind.HINT), done=done, end=401)
    assert signals(slow) == {Signal.SLOW}
    assert calm_ratios(slow) == {"a": 100, "b": 201}
