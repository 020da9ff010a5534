"""Acts as the journal keeps them: canonical text, read back as the same act."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from busy_kiosk import begun
from hostile_text import all_texts, fitting_acts, is_clean, texts, values
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.content.pack import Pack
from simulator.exercise import acts as a
from simulator.exercise.texts import MAX_LINE, MAX_MESSAGE, MAX_OUTPUT


@settings(max_examples=250, deadline=None)
@given(act=fitting_acts())
def test_what_is_written_is_read_back_as_the_same_act_and_the_same_text(act: a.AnyAct) -> None:
    body = a.write_act(act)
    assert a.read_act(body) == act
    assert a.write_act(a.read_act(body)) == body
    assert all(map(is_clean, all_texts(json.loads(body)))) or act.do == "open"


@settings(max_examples=200, deadline=None)
@given(body=st.one_of(texts, values.map(lambda value: json.dumps(value, default=str))))
def test_a_body_that_is_no_act_is_said_to_be_none_and_nothing_else_is_raised(body: str) -> None:
    assert is_clean(fault_of(body))


def fault_of(body: str) -> str:
    """Return what is said of a body that is no act; "" for one that is."""
    try:
        a.read_act(body)
    except a.ActError as error:
        return str(error)
    return ""


def test_the_text_is_canonical_sorted_without_blanks_and_defaults() -> None:
    act = a.Post(at=5, channel="ops", text="Grüße")
    assert a.write_act(act) == '{"at":5,"by":"player","channel":"ops","do":"post","text":"Grüße"}'
    shuffled = '{ "text": "Grüße", "do": "post", "by": "player", "channel": "ops", "at": 5 }'
    assert a.write_act(a.read_act(shuffled)) == a.write_act(act)


def test_a_line_a_message_and_an_output_have_their_limits() -> None:
    long = "x" * 300_000
    assert len(a.Confused(at=0, step="a#b", note=long).note) == MAX_MESSAGE
    assert len(a.Command(at=0, line=long).line) == MAX_LINE
    assert len(a.Command(at=0, line="x", output=long).output) == MAX_OUTPUT
    assert len(a.Search(at=0, query=long).query) == 400
    with pytest.raises(a.ActError, match='"view"'):
        a.read_act({"at": 0, "do": "view", "view": long})


def test_a_name_that_is_nothing_but_invisible_cannot_write_an_unreadable_entry() -> None:
    for seat in ("", "\u200b", "\x00\x1b", "x" * 65):
        with pytest.raises(a.ActError, match='"by"'):
            a.read_act({"at": 0, "do": "pause", "by": seat})


def test_the_first_entry_of_somebody_elses_file_is_cleaned_but_its_texts_are_left() -> None:
    opening = a.Open(
        at=0, engine="1\x1b[2J", scenario="a/b\u202e", seed=1, texts={"x": "\ttext\x1b"},
        hashes={"x\x07": "\x1b"}, pools={"people": ["Kim\x1b[2J"]},
    )  # fmt: skip
    assert (opening.engine, opening.scenario) == ("1[2J", "a/b")
    assert (opening.hashes, opening.pools) == ({"x": ""}, {"people": ["Kim[2J"]})
    assert opening.texts == {"x": "\ttext\x1b"}


def test_every_act_has_words_for_the_timeline(stuck: Pack) -> None:
    from simulator.exercise.wording import in_words

    needed: dict[str, Any] = {
        "factor": 2, "share": 0.5, "rating": "P", "answers": {}, "seed": 1, "texts": {},
        "hashes": {}, "pools": {}, "to": 90, "of": ["participant"], "request": 1,
        "granted": True, "seconds": 60, "what": "answers",
    }  # fmt: skip
    for model in get_args(get_args(a.AnyAct)[0]):
        given_ = {
            name: "b" if (model, name) == (a.HandOver, "to") else needed.get(name, "[x]")
            for name, field in model.model_fields.items()
            if field.is_required() and name not in ("at", "do")
        }  # fmt: skip
        for exercise in (None, begun(stuck)):
            words = in_words(model(at=0, **given_), exercise)
            assert words
            assert "\n" not in words


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ({"do": "view", "view": "overview"}, "opened the dashboard Kiosk overview"),
        ({"do": "logs", "stream": "kiosk-log"}, "opened the logs of Kiosk"),
        ({"do": "action", "action": "restart"}, "chose from the menu: Restart the kiosk"),
        ({"do": "acknowledge", "alert": "many-errors"},
         "acknowledged the alert Many errors at the kiosk"),
        ({"do": "post", "channel": "ops", "text": "Hm."}, "wrote to #ops: Hm."),
        ({"do": "tick", "step": "outage#restart"}, "ticked Restart the kiosk"),
        ({"do": "fire", "inject": "queue"},
         "sent the inject “There is a queue of twenty people.” now"),
        ({"do": "confirm", "objective": "sell", "rating": "S"},
         "rated “The kiosk sells tickets again” S"),
        ({"do": "view", "view": "gone"}, "opened the dashboard gone"),
    ],
)  # fmt: skip
def test_acts_name_things_as_people_do(stuck: Pack, act: dict[str, Any], words: str) -> None:
    from simulator.exercise.wording import in_words

    assert in_words(a.read_act({"at": 0, **act}), begun(stuck)) == words
