"""Edits of a runbook's text: only the lines that they name, byte for byte, in the file's style."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from runbook_styles import LONG, MARKED, NEW, STYLES, TABLE, edits_of

from simulator.content.runbook import Runbook, read_runbook
from simulator.review.revising import edits as e
from simulator.review.revising.difference import Change, added_lines, diff
from simulator.review.revising.lines import Splice, newline_of, raw_lines, spliced
from simulator.review.revising.reading_again import read_again
from simulator.review.revising.writing import CannotWriteError, write

ENDS: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "open": lambda text: text.rstrip("\n"),
    "crlf-open": lambda text: text.rstrip("\n").replace("\n", "\r\n"),
    "mark": lambda text: f"\ufeff{text}",
}


def book_of(text: str) -> Runbook:
    return read_runbook(text, "outage", "outage.md")


def body(book: Runbook, step: str) -> str:
    found = book.step(step)
    assert found is not None
    return found.body


@pytest.mark.parametrize("ends", ENDS)
@pytest.mark.parametrize("style", STYLES)
def test_every_edit_changes_its_step_alone_and_makes_a_valid_patch(
    style: str, ends: str, tmp_path: Path
) -> None:
    book = book_of(ENDS[ends](STYLES[style]))
    made, refused = [], 0
    for edit in edits_of(book):
        try:
            text = write(book, edit)
            after = read_again(book, text, edit)
        except CannotWriteError:
            refused += 1
            continue
        made.append((edit, text))
        assert newline_of(text) == newline_of(book.text)
        assert ("\r\n" in text) == ("\r\n" in book.text)
        assert text.endswith("\n") == book.text.endswith("\n")
        assert text.startswith("\ufeff") == book.text.startswith("\ufeff")
        kept = [line for line in raw_lines(book.text) if line.strip()]
        if not isinstance(edit, e.Remove | e.Move | e.Insert):
            assert [line for line in raw_lines(text) if line.strip() and line in kept]
            assert not _lost(book.text, text)
        if isinstance(edit, e.Command):
            assert "kioskctl restart --now `date`" in body(after, edit.step)
    # The one refusal: over the warning between two marked steps nothing is moved.
    assert refused == (1 if style == "marked" else 0)
    _apply_all(tmp_path, book.text, [text for _, text in made])


def _lost(old: str, new: str) -> list[str]:
    """Return the lines of the old text that are not in the new one, in their order."""
    left = [line.rstrip("\r\n") for line in raw_lines(new)]
    lost = []
    for line in (line.rstrip("\r\n") for line in raw_lines(old)):
        if line in left:
            left = left[left.index(line) + 1 :]
        else:
            lost.append(line)
    return lost


def _apply_all(folder: Path, old: str, texts: list[str]) -> None:
    """See that git takes every patch, and makes of it the very bytes."""
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    for number, text in enumerate(texts):
        name = f"n{number}.md"
        (folder / name).write_bytes(old.encode())
        changes = [Change(name, old, text)]
        (folder / "all.patch").open("ab").write(diff(changes).encode())
    words = ["git", "apply", "--whitespace=nowarn", "all.patch"]
    done = subprocess.run(words, cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    for number, text in enumerate(texts):
        assert (folder / f"n{number}.md").read_bytes() == text.encode()


def test_the_files_own_style_is_kept() -> None:
    def written(style: str, edit: e.Edit) -> str:
        book = book_of(STYLES[style])
        return "\n".join(added_lines(Change("a.md", book.text, write(book, edit)))).strip("\n")

    restart = "restart-the-kiosk"
    for style, begins in (
        ("ones", "1. Release the ledger.\n\n   ```bash\n   shopctl"),
        ("bullets", "* Release the ledger.\n  ```\n  $ shopctl"),
        ("tasks", "- [ ] Release the ledger\n  ```sh\n  shopctl"),
        ("headings", "## Step 2: Release the ledger\n\n```console\n$ shopctl"),
    ):
        assert written(style, e.Insert((NEW,), restart)).startswith(begins)
    marked = written("marked", e.Insert((NEW,), "verify"))
    assert marked.startswith("3. Release the ledger. <!-- step: release-the-ledger -->\n")
    assert "4. Verify. <!-- step: verify -->" in marked
    wrapped = written("wrapped", e.Text("acknowledge-the-alert-on-the-pager", LONG))
    assert all(len(line) <= 72 for line in wrapped.split("\n"))
    assert len(written("tight", e.Text("look-at-the-dashboard", LONG)).split("\n")) == 1
    assert "~~~" in written("wrapped", e.Command("acknowledge-the-alert-on-the-pager", ("ls",)))


def test_a_number_that_takes_more_room_takes_its_item_with_it() -> None:
    book = book_of(STYLES["nine"])
    text = write(book, e.Insert((NEW,), "turn-the-screw-number-9"))
    after = book_of(text)
    assert [step.expected for step in after.steps[-3:]] == ["10.", "11.", "12."]
    assert "10. Turn the screw number 9.\n\n    Expected: `9`." in text
    back = write(after, e.Remove("release-the-ledger"))
    assert back == book.text


def test_moving_a_step_back_and_forth_gives_the_same_bytes() -> None:
    for style, text in STYLES.items():
        book = book_of(ENDS["crlf-open"](text))
        first, second = book.steps[:2]
        moved = book_of(write(book, e.Move(second.id, first.id)))
        assert [step.id for step in moved.steps[:2]] == [second.id, first.id]
        again = write(moved, e.Move(first.id, second.id))
        assert again == book.text, style


def test_what_cannot_be_written_safely_is_left_to_people() -> None:
    table = book_of(TABLE)
    for edit in edits_of(table):
        if not isinstance(edit, e.Remove | e.Move):
            with pytest.raises(CannotWriteError, match="table"):
                write(table, edit)
    marked = book_of(MARKED)
    with pytest.raises(CannotWriteError, match="stands between"):
        write(marked, e.Move("close", "verify"))
    with pytest.raises(CannotWriteError, match="no step gone"):
        write(marked, e.Optional("gone"))


def test_words_that_make_another_step_are_seen_when_it_is_read_again() -> None:
    book = book_of(STYLES["tight"])
    step = book.steps[1].id
    own = write(book, e.Text(step, "x"), "Look twice.\n\n9. And a step more.")
    with pytest.raises(CannotWriteError, match="read again"):
        read_again(book, own, e.Text(step, "x"))
    marked = book_of(MARKED)
    own = write(marked, e.Text("ack", "x"), "Say your name. <!-- step: verify -->")
    with pytest.raises(CannotWriteError, match="read again"):
        read_again(marked, own, e.Text("ack", "x"))


def test_a_persons_own_lines_are_put_in_as_they_are() -> None:
    book = book_of(MARKED)
    text = write(book, e.Command("verify", ("x",)), "Go to the **front**.\n\n```sh\nls -l\n```\n")
    assert "   Go to the **front**.\n\n   ```sh\n   ls -l\n   ```\n" in text
    new = write(book, e.Insert((NEW,), "verify"), "Ring the bell.\n\nExpected: a ring.\n")
    assert "3. Ring the bell. <!-- step: release-the-ledger -->\n\n   Expected: a ring.\n" in new


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\nb\n", "a\nx\nb\n"), ("a\r\nb", "a\r\nx\r\nb"), ("a", "a\nx"), ("a\rb\r", "a\rx\rb\r")],
)
def test_lines_end_as_the_files_others_do(text: str, expected: str) -> None:
    assert spliced(text, [Splice(2, 1, ("x",))]) == expected


def test_lines_end_only_where_a_parser_ends_them() -> None:
    text = "1. One\u2028two\x0cthree\x85\n2. Four\n"
    assert len(raw_lines(text)) == 2
    assert spliced(text, [Splice(2, 2, ("2. Five",))]) == text.replace("Four", "Five")
