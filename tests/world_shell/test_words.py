from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.world.shell.words import WordsError, quoted, split_line

NAMES = {"SITE": "https://shop.example", "TWO": "a b"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a b  c", ["a", "b", "c"]),
        ("a 'b c' \"d e\"", ["a", "b c", "d e"]),
        (r"a\ b c", ["a b", "c"]),
        ('"a\\"b"', ['a"b']),
        ("$SITE/api ${SITE}", ["https://shop.example/api", "https://shop.example"]),
        ("\"$TWO\" '$TWO'", ["a b", "$TWO"]),
        ("a # b", ["a"]),
        ("a#b ''", ["a#b", ""]),
        ("a \\\n b", ["a", "b"]),
        ("cost is 5$", ["cost", "is", "5$"]),
        ("{a:1} [x]", ["{a:1}", "[x]"]),
    ],
)
def test_words_are_split_as_a_shell_does(line: str, words: list[str]) -> None:
    (pipeline,) = split_line(line, NAMES)
    assert list(pipeline.stages[0].words) == words


def test_pipes_sequences_and_redirections() -> None:
    one, two, three = split_line("a 2>&1 | b -c > f.txt && d; e 2>/dev/null", {})
    assert [stage.words for stage in one.stages] == [("a",), ("b", "-c")]
    assert one.stages[0].errors_too
    assert (one.joint, two.joint, three.joint) == ("", "&&", ";")
    assert (one.target, three.target) == ("f.txt", None)


@pytest.mark.parametrize(
    "line", ["echo 'a", 'echo "a', "a |", "| a", "a && | b", "a `b`", "a &", "a > ", "a < f", "$(a"]
)
def test_what_a_shell_would_not_understand_is_said_plainly(line: str) -> None:
    with pytest.raises(WordsError, match=r"^shell: [^\n]+$"):
        split_line(line, {})


def test_a_command_inside_a_command_is_substituted() -> None:
    ran: list[str] = []

    def run(inner: str) -> str:
        ran.append(inner)
        return "out put"

    (pipeline,) = split_line("a \"$(b 'c )' | d)\" $UNSET", {}, run)
    assert pipeline.stages[0].words == ("a", "out put", "")
    assert ran == ["b 'c )' | d"]


@given(st.text(max_size=60))
def test_a_quoted_word_reads_back(word: str) -> None:
    (pipeline,) = split_line(f"x {quoted(word)}", {})
    assert pipeline.stages[0].words == ("x", word)
