"""YAML without surprises: plain values, each with its place, and nothing hostile."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.content.problems import ContentError, Problem
from simulator.content.yaml_source import read_front_matter, read_yaml


def faults(text: str) -> list[str]:
    with pytest.raises(ContentError) as raised:
        read_yaml(text, "f.yaml")
    return [str(problem) for problem in raised.value.problems]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("12:30", "12:30"),
        ("no", "no"),
        ("on", "on"),
        ("True", "True"),
        ("2025-03-01", "2025-03-01"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("007", "007"),
        ("1e5", "1e5"),
        (".inf", ".inf"),
        ("9" * 400 + ".0", "9" * 400 + ".0"),
        ("9" * 5000, "9" * 5000),
        (".", "."),
        ("true", True),
        ("false", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("0", 0),
        ("-3", -3),
        ("2.50", 2.5),
        (".5", 0.5),
        ("'5'", "5"),
        ('"true"', "true"),
        ("|\n  a\n  b\n", "a\nb\n"),
        ('"\\e[31m"', "[31m"),
    ],
)
def test_scalars_are_what_they_look_like(written: str, value: object) -> None:
    read = read_yaml(f"a: {written}", "f").value
    assert read == {"a": value}
    assert isinstance(read, dict)
    assert type(read["a"]) is type(value)


def test_keys_are_always_text() -> None:
    assert read_yaml("200: ok\nno: x\ntrue: y", "f").value == {"200": "ok", "no": "x", "true": "y"}


def test_every_key_and_value_has_its_place() -> None:
    source = read_yaml("a:\n  - x\n  - b: {c: 1}\n", "f")
    assert source.position(("a",), key=True) == (1, 1)
    assert source.position(("a",)) == (2, 3)
    assert source.position(("a", 1, "b"), key=True) == (3, 5)
    assert source.position(("a", 1, "b", "c")) == (3, 12)
    assert source.position(("a", 0), key=True) == (2, 5)


def test_what_is_missing_has_its_parents_place() -> None:
    source = read_yaml("a:\n  b: 1\n", "f")
    assert source.position(("a", "zz", 3)) == (2, 3)
    assert source.position(("a", "zz"), key=True) == (1, 1)
    assert source.position(()) == (1, 1)


def test_lines_are_counted_as_editors_count_them() -> None:
    source = read_yaml("a: 'x\u2028y\u0085z'\r\nb: 1\r\n", "f")
    assert source.position(("b",)) == (2, 4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3", 'f.yaml:3:1: the key "a" is here twice; it is already in line 1'),
        ("a: &x 1", "f.yaml:1:4: an anchor, &x; write the value out where it is used"),
        ("a: *x", "f.yaml:1:4: an alias, *x; write the value out"),
        ("<<: {a: 1}", "f.yaml:1:1: a merge key; write the keys out"),
        ("? [a]\n: b", "f.yaml:1:3: a key that is not a plain text; write a name as the key"),
        ("--- 1\n--- 2", "f.yaml:2:1: a second document; keep one document in a file"),
        ("a: \x01", "f.yaml:1:4: a character that YAML does not allow; remove it"),
        ("a: \ud800", "f.yaml: is not UTF-8 text; save it as UTF-8"),
    ],
)
def test_what_is_refused_and_where(text: str, expected: str) -> None:
    assert faults(text) == [expected]


def test_tags_build_nothing() -> None:
    assert "a tag" in faults("a: !!python/object/apply:os.system [ls]")[0]


def test_problems_are_told_together() -> None:
    assert len(faults("a: 1\na: 2\nb: &x 1\nc: *x")) == 3


@pytest.mark.parametrize("text", ["a: b: c", "a: 'x", "[", "\ta: 1", "a: 1\n  b: 2", "- a\nb"])
def test_broken_text_is_told_with_its_place(text: str) -> None:
    (fault,) = faults(text)
    assert fault.startswith("f.yaml:")
    assert fault.split(":")[1].isdigit()


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000, "? " * 100_000, "[{a: " * 50_000]
)
def test_deep_nesting_is_refused_at_once(text: str) -> None:
    start = time.perf_counter()
    assert "nested more than 30 deep" in faults(text)[-1]
    assert time.perf_counter() - start < 1


def test_bombs_and_floods_are_refused() -> None:
    bomb = "a: &a [x,x]\n" + "".join(f"b{i}: &b{i} [*a,*a]\n" for i in range(20))
    assert len(faults(bomb)) <= 100
    assert "more than 50,000 values" in faults("- [a, b]\n" * 20_000)[-1]
    assert "is larger than" in faults("#" * 1_000_001)[0]


def test_files_are_read_and_missing_ones_told(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\r\n")
    assert read_yaml(file, "x.yaml").value == {"a": 1}
    file.write_bytes(b"a: \xff")
    for path in (file, tmp_path / "none.yaml", tmp_path):
        with pytest.raises(ContentError):
            read_yaml(path, "x.yaml")


@given(st.text(st.sampled_from("a:1-[]{}\"'|>&*!%@?,# \n\t\x00\x85é\ud800~<")))
def test_any_text_is_read_or_refused(text: str) -> None:
    problems: tuple[Problem, ...] | None = None
    try:
        read_yaml(text, "f")
    except ContentError as error:
        problems = error.problems
    assert problems is None or problems


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text("abc :#-'\"0", max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abc-", min_size=1, max_size=6), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(VALUES)
def test_json_is_read_as_json(value: object) -> None:
    import json

    assert read_yaml(json.dumps(value), "f").value == value


def test_front_matter_is_read_as_far_as_it_can_be() -> None:
    value, problems = read_front_matter("title: A\ntags: [x]\ntitle: B\n", "r.md", 2)
    assert value == {"title": "B", "tags": ["x"]}
    assert [(p.line, p.level) for p in problems] == [(4, "warning")]
    assert read_front_matter("a: [", "r.md", 2)[1][0].level == "warning"


def test_a_long_scenario_reads_fast() -> None:
    text = "".join(
        f"- id: inject-{n}\n  at: {n * 10}\n  channel: incidents\n  from: system\n"
        f"  text: Something happened with number {n}\n  expects: [runbook#step-{n}, other#thing]\n"
        for n in range(417)
    )
    best = min(_seconds(text) for _ in range(5))
    assert best < 0.12  # 2,500 lines; 11 ms measured


def _seconds(text: str) -> float:
    start = time.perf_counter()
    read_yaml(text, "f")
    return time.perf_counter() - start
