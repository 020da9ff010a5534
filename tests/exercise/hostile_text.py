"""What people may type or send: anything at all."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Literal, get_args, get_origin

from hypothesis import strategies as st

from simulator.exercise import acts as a

HOSTILE = (
    "\x1b[2J\x1b]0;title\x07", "[@click=app.quit]x[/]", "[/]", "[bold", "\u202eevil\u202c",
    "\u200b\u200d\ufeff", "<script>alert(1)</script>", "{{7*7}}", "{kiosk.mode}", "{metric:errors}",
    "a\u0301\u0301\u0301\u0301\u0301\u0301\u0301", "\ud800", "\x00", "\r\n\v\f\x85\u2028", "=1+1",
    "| sh; $(rm -rf /) `x` && ||", "'\"\\", "../../etc/passwd", "%s%n{0}", "🧯👩\u200d🚒", "\ue000",
    "A" * 5000,
)  # fmt: skip
REAL = (
    "overview", "kiosk-log", "many-errors", "ops", "high", "outage#look", "outage", "restart",
    "sell", "wait", "update", "what", "when", "kioskctl restart", "kioskctl status", "player",
)  # fmt: skip

texts = st.one_of(
    st.sampled_from((*HOSTILE, *REAL)),
    st.text(st.characters(exclude_categories=()), max_size=40),
)
names = tuple(field for act in get_args(get_args(a.AnyAct)[0]) for field in act.model_fields)
verbs = tuple(act.model_fields["do"].default for act in get_args(get_args(a.AnyAct)[0]))
scalars = st.one_of(
    texts, st.integers(-5, 10**9), st.floats(), st.booleans(), st.none(), st.just(10**400)
)
values = st.one_of(
    scalars, st.dictionaries(texts, scalars, max_size=3), st.lists(scalars, max_size=3)
)


@st.composite
def proposals(draw: st.DrawFn) -> dict[Any, Any]:
    """An act as a hostile console would propose it: nearly right, or nonsense."""
    verb = draw(st.one_of(st.sampled_from(verbs), texts))
    act: dict[Any, Any] = {"do": verb}
    model = next((m for m in get_args(get_args(a.AnyAct)[0]) if verb == _verb(m)), None)
    for name in model.model_fields if model else ():
        if name in ("do", "at", "role") or draw(st.integers(0, 9)) == 0:
            continue
        act[name] = draw(_of_kind(model.model_fields[name].annotation if model else None))
    if draw(st.integers(0, 4)) == 0:
        act |= draw(st.dictionaries(st.one_of(st.sampled_from(names), texts), values, max_size=2))
    return act


def _verb(model: Any) -> str:
    return str(model.model_fields["do"].default)


def _of_kind(kind: Any) -> st.SearchStrategy[Any]:
    """Return values that mostly fit a field."""
    fitting: st.SearchStrategy[Any] = values
    if kind is str:
        fitting = texts
    elif get_origin(kind) is Literal:
        fitting = st.sampled_from(get_args(kind))
    elif "dict" in str(kind):
        parts: st.SearchStrategy[Any] = (
            st.lists(texts, max_size=3) if "list" in str(kind) else texts
        )
        parts = st.integers(0, 9) if "int" in str(kind) else parts
        fitting = st.dictionaries(texts, parts, max_size=3)
    elif kind is bool:
        fitting = st.booleans()
    elif kind is float:
        fitting = st.floats(0, 1)
    elif "int" in str(kind):
        fitting = st.integers(0, 5)
    return st.one_of(fitting, fitting, fitting, fitting, fitting, values)


def fitting_acts() -> st.SearchStrategy[a.AnyAct]:
    """Return acts with any text in them."""
    return proposals().flatmap(_read)


def _read(fields: dict[Any, Any]) -> st.SearchStrategy[Any]:
    try:
        return st.just(a.read_act({**fields, "at": 7}))
    except a.ActError:
        return st.just(a.Confused(at=7, step="outage#look", note=repr(fields)))


def all_texts(value: Any) -> list[str]:
    """Return every text in a plain value, keys too."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in all_texts(part)]
    if isinstance(value, list | tuple):
        return [text for part in value for text in all_texts(part)]
    return []


def is_clean(text: str) -> bool:
    """Whether a text holds nothing that harms a screen. Said again, not asked of `clean`."""
    return not re.search("[\u202a-\u202e\u2066-\u2069\x1b]", text) and all(
        letter in "\n\u200d" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn")
        for letter in text
    )
