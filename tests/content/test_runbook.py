"""Runbooks: ours by their marks, other people's by the shapes that steps take."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.content.problems import Problem
from simulator.content.runbook import Runbook, read_runbook

RUNBOOKS = sorted((Path(__file__).parents[2] / "runbooks").glob("*/*.md"))


def read(text: str) -> Runbook:
    return read_runbook(text, "book", "book.md")


def texts(text: str) -> list[str]:
    return [step.text for step in read(text).steps]


MARKED = """\
---
title: Site down
owner: Priya
---

# Site down

## Check

1. Check the **health** endpoint. <!-- step: check-health -->

   ```sh
   $ curl -i \\
       https://lms.example/api/health
   HTTP/2 503
   ```

   Expected: `HTTP/2 200`.

   If not: run `vercel logs lms`.

2. Ask [Samir](people.md) what he sees. <!-- step: ask-samir -->
3. Not marked.

## Fix

- Restart `kubectl rollout restart deploy/lms` now. <!-- step: restart -->
  You should see:

  ```
  restarted
  ```

### Step 3: Tell people <!-- step: tell -->

Some words.

| What | Do |
|---|---|
| 503 | Call Neon <!-- step: call-neon --> |
"""


def test_marked_items_are_the_steps() -> None:
    book = read(MARKED)
    assert [step.id for step in book.steps] == [
        "check-health",
        "ask-samir",
        "restart",
        "tell",
        "call-neon",
    ]
    assert all(step.marked for step in book.steps)
    assert book.title == "Site down"
    assert book.front_matter == {"title": "Site down", "owner": "Priya"}


def test_a_step_knows_its_text_lines_and_section() -> None:
    step = read(MARKED).step("check-health")
    assert step is not None
    assert step.text == "Check the health endpoint."
    assert (step.line, step.end) == (10, 20)
    assert step.section == ("Site down", "Check")
    assert "<!--" not in step.body
    assert step.body.startswith("1. Check the **health** endpoint.\n\n   ```sh\n")


def test_commands_come_without_prompt_output_and_ways_out() -> None:
    book = read(MARKED)
    check, restart = book.step("check-health"), book.step("restart")
    assert check is not None
    assert restart is not None
    assert check.commands == ("curl -i https://lms.example/api/health",)
    assert restart.commands == ("kubectl rollout restart deploy/lms",)


def test_the_expected_result_is_told_apart() -> None:
    book = read(MARKED)
    assert [step.expected for step in book.steps] == [
        "HTTP/2 200.",
        None,
        "restarted",
        None,
        None,
    ]


def test_headings_and_rows_can_be_marked() -> None:
    book = read(MARKED)
    tell, row = book.step("tell"), book.step("call-neon")
    assert tell is not None
    assert row is not None
    assert (tell.text, tell.line, tell.end) == ("Tell people", 34, 39)
    assert row.text == "503: Call Neon"
    assert book.section_of(row) is not None


def test_an_unmarked_ordered_item_is_a_warning() -> None:
    (problem,) = read(MARKED).problems
    assert (problem.line, problem.level) == (23, "warning")
    assert '"Not marked."' in problem.fault


def test_a_nested_unmarked_list_is_part_of_its_step() -> None:
    book = read("1. Do it. <!-- step: a -->\n   1. first\n   2. second\n2. Go. <!-- step: b -->\n")
    assert book.problems == ()
    assert [(step.line, step.end) for step in book.steps] == [(1, 3), (4, 4)]


@pytest.mark.parametrize(
    ("text", "line", "fault"),
    [
        ("1. a <!-- step: a -->\n2. b <!-- step: a -->", 2, 'the step id "a" is here twice'),
        ("1. a <!-- step: A B -->", 1, "a mark that names no step"),
        ("1. a <!-- step: Check -->", 1, 'the step id "Check" is not made of'),
        ("1. a <!-- step: -->", 1, "a mark that names no step"),
        ("1. a <!-- Step: x -->", 1, "a mark that names no step"),
        ("1. a <!-- step: x", 1, "a step's mark that is not closed"),
        ("1. a <!-- step: x --> b", 1, "text after a step's mark"),
        ("1. a\n   b <!-- step: x -->", 2, "not on the first line"),
        ("1. a\n\n<!-- step: x -->\n", 3, "not on the first line"),
    ],
)
def test_bad_marks_are_told_with_their_line(text: str, line: int, fault: str) -> None:
    problems = [problem for problem in read(text).problems if problem.level == "error"]
    assert [problem.line for problem in problems] == [line]
    assert fault in problems[0].fault


@pytest.mark.parametrize(
    "text", ["`<!-- step: x -->`", "```\n1. a <!-- step: x -->\n```", "``a ` <!-- step: x -->``"]
)
def test_a_mark_in_code_is_no_mark(text: str) -> None:
    assert read(text) == Runbook("book", "book.md", "book", {}, (), (), (), text)


@pytest.mark.parametrize(
    ("shape", "text", "steps"),
    [
        ("ordered", "1. One pod is down\n2. Wait", ["One pod is down", "Wait"]),
        ("all ones", "1. Check a\n1. Check b\n1. Check c", ["Check a", "Check b", "Check c"]),
        ("gaps", "1. Check a\n2. Check b\n4. Check c", ["Check a", "Check b", "Check c"]),
        ("bullets", "- Check a\n- the service is blue\n- Restart b", ["Check a", "Restart b"]),
        ("tasks", "- [ ] Backups taken\n- [x] Tell Ann", ["Backups taken", "Tell Ann"]),
        (
            "unindented code",
            "1. Check a\n\n```\nls -l\n```\n\n3. Restart b\n",
            ["Check a", "Restart b"],
        ),
        ("headings", "# T\n## Step 1: Drain\nwords\n## Step 2 - Boot\n", ["Drain", "Boot"]),
        ("phases", "# T\n## Part 1\n1. Drain it\n## Part 2\n1. Boot it\n", ["Drain it", "Boot it"]),
        ("numbered verbs", "# T\n## 1. Check pods\n## 2. Database basics\n", ["Check pods"]),
        ("bold", "**Rollback**\n\n- Revert it\n", ["Revert it"]),
        ("paragraph", "Restart the server when it hangs.\n\nIt is a nice server.", 1),
        ("clause", "If the disk is full, delete old logs.", 1),
        ("with code", "The pods are listed by:\n\n```sh\nkubectl get pods\n```\n", 1),
        ("orphan code", "# T\n\n```sh\nkubectl get pods\n```\n", ["kubectl get pods"]),
        ("no code", "The answer is:\n\n```json\n{}\n```\n", []),
        (
            "table",
            "|Symptom|Resolution|\n|-|-|\n|500s|Restart it|\n|slow|Scale it|",
            ["500s: Restart it", "slow: Scale it"],
        ),
        ("plain table", "|Name|Phone|\n|-|-|\n|Ann|1|", []),
        ("contents", "1. [A](#a)\n2. [B](#b)\n\n# A\n# B\n", []),
        ("announcing", "1. Drain node\n2. Boot node\n\n## 1. Drain node\n## 2. Boot node\n", 2),
        ("references", "# T\n## References\n1. Check the wiki\n", []),
        ("faq", "1. Why is it slow?\n2. Restart it", ["Restart it"]),
        ("comment", "1. Check a\n<!--\n2. Check hidden\n-->\n3. Check b", ["Check a", "Check b"]),
        ("no space", "-Check a\n-Restart b", ["Check a", "Restart b"]),
        ("see", "1. Run it\n\n   You should see:\n\n   ```\n   ls -l\n   ```\n", ["Run it"]),
        ("directives", "{% note %}\n\n{{< run >}}\n\n:::{note}\nCheck it\n:::\n", []),
        ("image", f"![x](data:image/png;base64,{'A' * 20_000})\n\n1. Check it", ["Check it"]),
        ("nested", "- Failure\n  - Check a\n  - Restart b\n", ["Check a", "Restart b"]),
        ("wrapped", "1. Check the health\n   endpoint.\n   More.", ["Check the health endpoint."]),
        ("quoted", "> Check this note\n", []),
        ("crlf", "# T\r\n\r\n1. Check a\r\n2. Check b\r\n", ["Check a", "Check b"]),
        ("no final newline", "1. Check a\n2. Check b", ["Check a", "Check b"]),
        ("tabs", "1.\tCheck a\n\n\tmore\n2.\tCheck b", ["Check a", "Check b"]),
        ("empty", "", []),
        ("empty item", "1.\n2. Check b", ["Check b"]),
    ],
)
def test_steps_are_found_where_people_put_them(
    shape: str, text: str, steps: list[str] | int
) -> None:
    found = texts(text)
    assert (len(found) if isinstance(steps, int) else found) == steps, shape


def test_code_against_the_margin_belongs_to_the_item_above() -> None:
    first, second = read("1. Check a\n\n```\nls -l\n```\n\n3. Restart b\n").steps
    assert first.commands == ("ls -l",)
    assert (first.line, first.end, second.line) == (1, 5, 7)


def test_a_step_heading_holds_what_is_below_it() -> None:
    first, second = read("# T\n## Step 1: Drain\nCheck it.\n\n- Do x\n\n## Step 2: Boot\n").steps
    assert (first.line, first.end, second.line) == (2, 5, 7)


@pytest.mark.parametrize(
    ("fence", "commands"),
    [
        ("sh\nls -l\n# a comment\ndf -h\n", ("ls -l", "df -h")),
        ("bash\n$ ls -l\ntotal 0\n$ df \\\n  -h\n", ("ls -l", "df -h")),
        ("\nkubectl get pods\nNAME READY\nlms  1/1\n", ("kubectl get pods",)),
        ("\nuser@host:~$ ls -l\ntotal 0\n", ("ls -l",)),
        ("console\n# systemctl restart x\n", ("systemctl restart x",)),
        ("sql\n-- count\nSELECT 1;\nSELECT\n  2;\n", ("SELECT 1;", "SELECT 2;")),
        ("sh\nfor i in 1 2; do\n  echo $i\ndone\n", ("for i in 1 2; do\n  echo $i\ndone",)),
        ("json\n{}\n", ()),
        ("\nAlert → Review\n", ()),
    ],
)
def test_commands_of_a_fence(fence: str, commands: tuple[str, ...]) -> None:
    (step,) = read(f"1. Run this:\n\n```{fence}```\n").steps
    assert step.commands == commands


def test_inline_code_is_a_command_only_if_it_begins_like_one() -> None:
    (step,) = read("1. Check `/health`, `DATABASE_URL`, `git` and `git status`, `$ ls -l`.").steps
    assert step.commands == ("git status", "ls -l")


def test_sample_output_is_no_command() -> None:
    (step,) = read("1. Run `df -h`. The output looks like:\n\n```\nls -l\n```\n").steps
    assert step.commands == ("df -h",)


def test_the_same_text_twice_gets_two_ids() -> None:
    ids = [step.id for step in read("1. Check it\n2. Check it\n3. Check it 2\n4. ☃\n").steps]
    assert ids == ["check-it", "check-it-2", "check-it-2-2", "step"]


def test_other_line_breaks_end_no_line() -> None:
    book = read("# T\n\na\u2028b\x85c\x0cd\n\n1. Check a <!-- step: a -->\r2. Go <!-- step: b -->")
    assert [step.line for step in book.steps] == [5, 6]


def test_sections_have_ranges_and_anchors() -> None:
    book = read("# T\n\n## A b, `c`!\n\ntext\n\n### Deep\n\n## A b c\n\nSet\n===\n")
    assert [(s.title, s.level, s.line, s.end, s.anchor) for s in book.sections] == [
        ("T", 1, 1, 10, "t"),
        ("A b, c!", 2, 3, 8, "a-b-c"),
        ("Deep", 3, 7, 8, "deep"),
        ("A b c", 2, 9, 10, "a-b-c-1"),
        ("Set", 1, 11, 12, "set"),
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Site `down`", "Site down"),
        ("---\ntitle: From above\n---\n## Other", "From above"),
        ("## Other\n", "Other"),
        ("text", "book"),
    ],
)
def test_a_runbook_has_a_title_whatever_it_lacks(text: str, title: str) -> None:
    assert read(text).title == title


def test_repeated_front_matter_is_a_warning_only() -> None:
    book = read("---\na: 1\na: 2\n---\n1. Check it\n")
    assert book.front_matter == {"a": 2}
    assert [problem.level for problem in book.problems] == ["warning"]
    assert len(book.steps) == 1


def test_markup_in_text_is_taken_off_and_escapes_dropped() -> None:
    (step,) = read("1. Check **a** _b_ [c](d) <b>e</b> &amp; \\* \x1b[31m\u202ef").steps
    assert step.text == "Check a b c e & * [31mf"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 500_000,
        "[\n" * 400_000,
        "![" * 200_000,
        "*a " * 30_000 + "b* " * 30_000,
        ">" * 50_000,
        "- " * 50_000,
        "- check a\n" * 60_000,
        "".join(f"[r{n}]: u\n" for n in range(60_000)),
        "|a" * 20_000 + "\n" + "|-" * 20_000 + "\n" + "|b\n" * 2_000,
        "1. " + "<!-- step:" * 100_000,
        ("[" * 9_000 + "\n\n") * 200,
        "Check the thing\n\n" * 30_000,
        "`" * 300_000 + " <!-- step: a -->",
        "".join("`" * (n % 60 + 1) + "x" for n in range(30_000)) + " <!-- step: a -->",
    ],
    ids=lambda text: text[:8].strip(),
)
def test_nothing_keeps_the_reader_busy(text: str) -> None:
    start = time.perf_counter()
    read(text)
    assert time.perf_counter() - start < 10  # 2 s of parsing at most, on a busy machine


def test_a_text_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.content.runbook_blocks.MAX_SECONDS", -1.0)
    (problem,) = read("1. Check it").problems
    assert problem == Problem("book.md", None, None, "takes too long to read", "split it")


def test_what_is_no_text_or_too_large_is_refused() -> None:
    assert "larger than" in read("a" * 2_000_001).problems[0].fault
    assert "not UTF-8" in read("\ud800").problems[0].fault


MARKDOWN = st.lists(
    st.sampled_from(
        ["1. ", "- ", "# ", "```", "\n", "\r\n", "\r", "  ", "    ", "|", "-|-", "<!-- step: ", "a",
         " -->", "**", "`", "[x](y)", "Check it", "Expected: ", ":", "$ ls -l", "> ", "---",
         "\u2028", "\x00", "\x1b", "[ ] ", "Step 1", "\ufeff", "é", "&amp;", "\\", "<!--", "{{"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@given(MARKDOWN)
@settings(max_examples=200)
def test_any_text_is_read(text: str) -> None:
    book = read(text)
    last = len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    before = 0
    for step in book.steps:
        assert before < step.line <= step.end <= last
        before = step.end
        assert step.text == step.text.strip() != ""
        assert not any(ord(letter) < 32 for letter in step.text)
        assert book.step(step.id) == step
    assert len({step.id for step in book.steps}) == len(book.steps)
    assert all(1 <= section.line <= section.end <= last for section in book.sections)
    assert all(problem.line is None or problem.line <= last for problem in book.problems)


@given(st.text())
def test_any_letters_are_read(text: str) -> None:
    assert read(text).text == text


@pytest.mark.parametrize("file", RUNBOOKS, ids=lambda file: file.name)
def test_our_own_runbooks_read_without_a_problem(file: Path) -> None:
    text = file.read_bytes().decode()
    book = read_runbook(text, file.stem, file.name)
    assert book.problems == ()
    assert len(book.steps) == text.count("<!-- step:")
    assert all(
        f"<!-- step: {step.id} -->" in text.split("\n")[step.line - 1] for step in book.steps
    )
