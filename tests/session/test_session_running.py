"""Scripts, and exercises found and loaded by id, by its beginning, by file and by `last`."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from simulator.content.pack import Pack
from simulator.content.problems import ContentError
from simulator.journal import AmbiguousError, JournalError, Store, StoreMissing
from simulator.review import write_report
from simulator.session.faults import told
from simulator.session.opening import NotAnExercise
from simulator.session.playing import begin
from simulator.session.running import golden_script, load, read_script, run_script
from simulator.session.script import ScriptError, play


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_a_run_is_stored_sealed_and_noted(store: Store, stuck: Pack) -> None:
    stored = run_script(store, stuck, golden_script(stuck), 2)
    (line,) = store.library().all()
    assert (line.id, line.state, line.mode, line.score, line.rating, line.seed) == (
        stored.exercise_id, "sealed", "run", 100, "P", 2,
    )  # fmt: skip
    assert store.open(stored.exercise_id, write=False).sealed


def test_an_exercise_is_found_by_id_beginning_file_and_last(
    store: Store, stuck: Pack, tmp_path: Path
) -> None:
    first = run_script(store, stuck, golden_script(stuck), 1)
    second = run_script(store, stuck, [], 1)
    file = tmp_path / "handed-over.tabletop"
    shutil.copy(store.path_of(first.exercise_id), file)
    for name in (first.exercise_id, first.exercise_id[:8], str(file)):
        assert load(store, name).assessment.printed_score == 100
    assert load(store, str(file)).exercise_id == "handed-over"
    assert load(store, "last").exercise_id in (first.exercise_id, second.exercise_id)
    assert load(Store(tmp_path / "nowhere"), str(file)).assessment.marks.rating.name == "P"


def test_what_is_not_there_is_said_plainly(store: Store, stuck: Pack, tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match="There is no exercise yet"):
        load(store, "last")
    stored = run_script(store, stuck, [], 1)
    for name in ("zzzzzzzz", "../../etc/passwd", str(tmp_path / "no.tabletop"), "", "\x00"):
        with pytest.raises(JournalError) as refused:
            load(store, name)
        assert told(refused.value)
    while len({one[:1] for one in store.ids()}) == len(store.ids()):
        run_script(store, stuck, [], 1)
    beginning = next(one[:1] for one in store.ids() if sum(x[0] == one[0] for x in store.ids()) > 1)
    with pytest.raises(AmbiguousError, match="is the beginning of"):
        load(store, beginning)
    assert stored.exercise_id in store.ids()


def test_a_journal_of_something_else_is_no_exercise(store: Store) -> None:
    with store.create("strange") as journal:
        journal.append("k", '{"at":0,"do":"pause"}')
    with pytest.raises(NotAnExercise, match="does not open an exercise"):
        load(store, "strange")
    with store.create("stranger") as journal:
        journal.append("k", "\x1b[2J not json")
    with pytest.raises(NotAnExercise, match="entry 1 is not an act") as refused:
        load(store, "stranger")
    assert str(refused.value).isprintable()


def test_an_unfinished_exercise_can_be_reported(store: Store, stuck: Pack) -> None:
    drill = begin(store, stuck, 1, "Kim")
    stored = load(store, "last")
    assert stored.assessment.marks.rating.name == "U"
    for form in ("md", "html", "json"):
        assert "kiosk/stuck" in write_report(stored.exercise_id, stored.assessment, form)
    drill.close()


BAD: list[tuple[Any, str]] = [
    ({"do": "view", "view": "overview"}, "act 2: `at` must be whole seconds of simulated time"),
    ({"at": "10", "do": "pause"}, "act 2: `at` must be whole seconds of simulated time"),
    ({"at": 1.5, "do": "pause"}, "act 2: `at` must be whole seconds of simulated time"),
    ({"at": True, "do": "pause"}, "act 2: `at` must be whole seconds of simulated time"),
    ({"at": None, "do": "pause"}, "act 2: `at` must be whole seconds of simulated time"),
    ({"at": -5, "do": "pause"}, 'act 2 (at -5): "at": this should be greater than or equal to 0.'),
    ({"at": 481, "do": "pause"}, "act 2 (at 481): The exercise has ended."),
    ({"at": 10**9, "do": "pause"}, 'act 2 (at 1000000000): "at": this should be less than'),
    ({"at": 50, "do": "veiw"}, 'act 2 (at 50): There is no act "veiw". Did you mean "view"?'),
    ({"at": 5, "do": "acknowledge", "alert": "many-errors"},
     "act 2 (at 5): That alert has not fired."),
]  # fmt: skip


@pytest.mark.parametrize(("line", "words"), BAD)
def test_a_bad_act_of_a_script_is_named_by_its_number(
    stuck: Pack, line: dict[str, Any], words: str
) -> None:
    script = [{"at": 40, "do": "view", "view": "overview"}, line]
    with pytest.raises(ScriptError) as refused:
        play(stuck, script, 1)
    assert str(refused.value).startswith(words)


def test_acts_of_one_second_keep_their_order_and_others_are_sorted(stuck: Pack) -> None:
    script = [
        {"at": 50, "do": "search", "query": "third"},
        {"at": 20, "do": "search", "query": "first"},
        {"at": 20, "do": "search", "query": "second"},
    ]
    acts = play(stuck, script, 1).evidence.acts
    assert [act.query for act in acts if act.do == "search"] == ["first", "second", "third"]
    assert (acts[-1].do, acts[-1].at) == ("end", 480)


@pytest.mark.parametrize("text", ["a: 1", "- 5", "text", "- [x]", "", "- {at: 1}\n- no"])
def test_a_file_that_is_no_script_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "script.yaml"
    file.write_text(text)
    with pytest.raises(ScriptError, match="a script is a list of acts"):
        read_script(file)


def test_a_script_that_is_not_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "script.yaml"
    file.write_text('- {at: 1, do: pause}\n- {at: 2, do: "pau\n')
    with pytest.raises(ContentError, match=r"script\.yaml:[23]:\d+: "):
        read_script(file)
    with pytest.raises(ContentError, match="cannot be read"):
        read_script(tmp_path / "none.yaml")
