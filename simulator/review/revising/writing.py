"""Edits written into a runbook's text: only the lines that they name, and nothing else moves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from simulator.content.runbook import Runbook, RunbookStep
from simulator.review.revising import edits as e
from simulator.review.revising.layout import (
    Layout,
    code,
    layout_of,
    lines_of,
    prose,
    span,
    width_of,
)
from simulator.review.revising.lines import Splice, raw_lines, spliced, without_end
from simulator.review.revising.numbers import number_of, numbered, row_from

LONGEST_SPAN = 70
"""Characters of output that are told within a sentence; more is shown as a block."""

_ENDED = re.compile(r"[.:;!?)][*_`]*\s*(?:<!--[^>]*-->\s*)?$")
_BEGUN = re.compile(r"^\s*(?:\d+[.)]|[-*+])\s+(?:\[[ xX]\]\s+)?|\s*<!-- *step:[^>]*-->\s*$")
"""What stands around the words of a step's first line, and is written anew for one put in."""


class CannotWriteError(Exception):
    """An edit that has to be made by hand; its text says why."""


def write(book: Runbook, edit: e.Edit, own: str = "") -> str:
    """Return a runbook's text with an edit in it; `own` is what a person wrote instead.

    Raises CannotWriteError where the runbook is written so that only a person can do it.
    """
    match edit:
        case e.Move(step, before):
            return _moved(book, _step(book, step), _step(book, before))
        case e.Remove(step):
            return _removed(book, _step(book, step))
        case e.Insert(steps, before):
            return _inserted(book, steps, _step(book, before), own)
        case e.Limit():
            return _relaxed(book, _step(book, edit.step), edit)
    at = _step(book, edit.first if isinstance(edit, e.Free) else edit.step)
    layout = layout_of(book, at)
    if layout is None:
        raise CannotWriteError("the step is a row of a table or a list without room for more")
    after, lines = _addition(book, at, edit, layout)
    if own:
        lines = _with_room(own.rstrip("\n").split("\n"), layout)
    return spliced(book.text, [_put(book, layout, after, lines, at)])


def draft(book: Runbook, edit: e.Edit) -> str:
    """Return the lines that an edit adds, as a person may write them otherwise; "" for none.

    They stand without the room that the step's list takes. Raises CannotWriteError.
    """
    if isinstance(edit, e.Move | e.Remove | e.Limit):
        return ""
    if isinstance(edit, e.Insert):
        layout = layout_of(book, _step(book, edit.before))
        if layout is None or len(edit.steps) > 1:
            return ""
        lines = [edit.steps[0].title, *_parts(edit.steps[0], layout, width_of(book.text))]
    else:
        at = _step(book, edit.first if isinstance(edit, e.Free) else edit.step)
        layout = layout_of(book, at)
        if layout is None:
            return ""
        lines = _addition(book, at, edit, layout)[1]
    return "\n".join(line.removeprefix(layout.indent) for line in lines)


def _step(book: Runbook, id_: str) -> RunbookStep:
    step = book.step(id_)
    if step is None:
        raise CannotWriteError(f"the runbook has no step {id_} any more")
    return step


def _addition(
    book: Runbook, step: RunbookStep, edit: e.Edit, layout: Layout
) -> tuple[int, list[str]]:
    """Return after which line an edit puts lines into a step, and which."""
    width = width_of(book.text)
    match edit:
        case e.Command(_, typed):
            return layout.head_end, code(typed, layout)
        case e.Expected(_, shown):
            return layout.told_end, _expected(shown, layout, width)
        case e.Text(_, text, warning):
            words = f"**Warning:** {text}" if warning else text
            return layout.head_end, prose(words, layout.indent, width)
        case e.Optional():
            return layout.head_end, prose("This step is optional.", layout.indent, width)
        case e.Free(_, second):
            words = f"In any order with the next step, “{_step(book, second).text.rstrip('.')}”."
            return layout.head_end, prose(words, layout.indent, width)
    raise CannotWriteError("this edit adds nothing to a step")


def _expected(shown: Sequence[str], layout: Layout, width: int) -> list[str]:
    if len(shown) == 1 and len(shown[0]) <= LONGEST_SPAN:
        return prose(f"Expected: {span(shown[0])}.", layout.indent, width)
    between = [""] if layout.loose or not layout.fence else []
    return [f"{layout.indent}Expected:", *between, *code(shown, layout, shown=True)]


def _put(
    book: Runbook, layout: Layout, after: int, lines: Sequence[str], step: RunbookStep
) -> Splice:
    """Return what puts lines in after a line, apart from their neighbours where those are."""
    known = lines_of(book.text)
    fenced = lines[0].lstrip().startswith(("```", "~~~"))
    indented = not layout.fence and lines[0].startswith(f"{layout.indent}    ")
    continued = layout.kind == "paragraph" and after == layout.head_end
    continued = layout.kind == "paragraph" and after == layout.head_end and not fenced
    # Words that do not end would go on in what is added, and the step be called otherwise.
    unended = after == layout.head_end and not fenced and not _ENDED.search(known[after - 1])
    apart = (layout.loose and not continued) or indented or (unended and layout.kind == "item")
    above = known[after - 1] if after > 0 else ""
    below = known[after] if after < len(known) else ""
    before = [""] if apart and above.strip() and after >= step.line else []
    behind = [""] if apart and below.strip() and after < step.end else []
    if layout.kind == "code" and not fenced:
        behind = [""]
    return Splice(after + 1, after, (*before, *lines, *behind))


_WITHIN = re.compile(r"\bwithin (?P<number>\d+)(?P<unit> (?:minutes?|min|seconds?|s)\b)")


def _relaxed(book: Runbook, step: RunbookStep, edit: e.Limit) -> str:
    """Return the text with the longer limit, where the step's own words name it in figures."""
    lines = lines_of(book.text)
    for number in range(step.line, step.end + 1):
        line = lines[number - 1]
        for found in _WITHIN.finditer(line):
            factor = 60 if found["unit"].strip().startswith("m") else 1
            if int(found["number"]) * factor == edit.old and edit.new % factor == 0:
                start = found.start("number")
                many = "s" if found["unit"] in (" minute", " second") else ""
                told = f"{edit.new // factor}{found['unit']}{many}"
                changed = f"{line[:start]}{told}{line[found.end() :]}"
                raw = raw_lines(book.text.removeprefix("\ufeff"))[number - 1]
                kept = raw[len(without_end(raw)) :]
                return spliced(book.text, [Splice(number, number, (changed + kept,))])
    return book.text


def _chunk(book: Runbook, step: RunbookStep) -> tuple[str, ...]:
    """Return a step's own lines, with their ends."""
    return tuple(raw_lines(book.text.removeprefix("\ufeff"))[step.line - 1 : step.end])


def _between(book: Runbook, steps: Sequence[RunbookStep]) -> None:
    """Refuse where something stands between steps that would change places."""
    lines = lines_of(book.text)
    for one, other in pairwise(steps):
        if one.section != other.section:
            raise CannotWriteError("the steps stand in different sections")
        if any(line.strip() for line in lines[one.end : other.line - 1]):
            raise CannotWriteError("something stands between the steps that belongs to neither")
        indents = {len(lines[s.line - 1]) - len(lines[s.line - 1].lstrip()) for s in (one, other)}
        if len(indents) > 1:
            raise CannotWriteError("one of the steps stands within another")


def _moved(book: Runbook, step: RunbookStep, before: RunbookStep) -> str:
    first, last = book.steps.index(before), book.steps.index(step)
    if first >= last:
        raise CannotWriteError("the step stands before the other one already")
    places = book.steps[first : last + 1]
    _between(book, places)
    lines = lines_of(book.text)
    numbers = [number_of(lines[place.line - 1]) for place in places]
    order = (step, *places[:-1])
    return spliced(
        book.text,
        [
            Splice(place.line, place.end, _as_number(_chunk(book, moved), number))
            for place, moved, number in zip(places, order, numbers, strict=True)
        ],
    )


def _as_number(chunk: tuple[str, ...], number: int | None) -> tuple[str, ...]:
    return chunk if number is None else numbered(chunk, number)


def _removed(book: Runbook, step: RunbookStep) -> str:
    lines = lines_of(book.text)
    end = step.end
    if end < len(lines) and not lines[end].strip():
        end += 1
    elif step.line > 1 and not lines[step.line - 2].strip() and end == len(lines):
        return spliced(book.text, [Splice(step.line - 1, end, ())])
    splices = [Splice(step.line, end, ())]
    if not _constant(book, step):
        splices += _renumbered(book, row_from(book, step)[1:], -1)
    return spliced(book.text, splices)


def _renumbered(book: Runbook, row: Sequence[RunbookStep], by: int) -> list[Splice]:
    lines = lines_of(book.text)
    found = []
    for step in row:
        chunk = _chunk(book, step)
        changed = numbered(chunk, (number_of(lines[step.line - 1]) or 0) + by)
        if len(changed) == len(chunk) and changed[1:] == chunk[1:]:
            found.append(Splice(step.line, step.line, changed[:1]))
        else:
            found.append(Splice(step.line, step.end, changed))
    return found


def _constant(book: Runbook, step: RunbookStep) -> bool:
    """Return whether every item of the step's list has the same number."""
    lines, at = lines_of(book.text), book.steps.index(step)
    number = number_of(lines[step.line - 1])
    return any(
        other is not step
        and other.section == step.section
        and number_of(lines[other.line - 1]) == number
        for other in book.steps[max(0, at - 1) : at + 2]
    )


def _inserted(book: Runbook, steps: Sequence[e.NewStep], before: RunbookStep, own: str) -> str:
    layout = layout_of(book, before)
    if layout is None or layout.kind not in ("item", "heading", "paragraph"):
        raise CannotWriteError("the step stands in a table or is only code")
    lines = lines_of(book.text)
    first = lines[before.line - 1]
    number = number_of(first)
    constant = number is None or _constant(book, before)
    put: list[str] = []
    for count, step in enumerate(steps):
        head = _first_line(book, first, layout, number, step)
        made = [head, *_parts(step, layout, width_of(book.text))]
        if own and count == 0:
            words, *rest = own.rstrip("\n").split("\n")
            head = _first_line(book, first, layout, number, step, _BEGUN.sub("", words))
            made = [head, *_with_room(rest, layout)]
        if number is not None and not constant:
            made = list(numbered(made, number + count))
        put += [*made, ""] if layout.loose else made
    splices = [Splice(before.line, before.line - 1, tuple(put))]
    if not constant:
        splices += _renumbered(book, row_from(book, before), len(steps))
    return spliced(book.text, splices)


def _with_room(lines: Sequence[str], layout: Layout) -> list[str]:
    """Return a person's lines with the room that the step's list takes, if they have it not yet."""
    told = [line for line in lines if line.strip()]
    if layout.fence and all(line.startswith(layout.indent) for line in told):
        return [line.rstrip() for line in lines]
    return [f"{layout.indent}{line}".rstrip() for line in lines]


def _first_line(
    book: Runbook,
    like: str,
    layout: Layout,
    number: int | None,
    step: e.NewStep,
    words: str = "",
) -> str:
    """Return the first line of a new step, begun as the line `like` begins."""
    marked = any(one.marked for one in book.steps)
    mark = f" <!-- step: {step.id} -->" if marked else ""
    title = words or _ended_like(step.title, like)
    if layout.kind == "item":
        begin = like[: len(layout.indent)]
        return f"{begin}{'[ ] ' if layout.task else ''}{title}{mark}"
    if layout.kind == "heading":
        hashes = like[: len(like) - len(like.lstrip("#"))]
        if not hashes:
            raise CannotWriteError("the steps are bold lines used as headings")
        if number is None:
            return f"{hashes} {title}{mark}"
        at = like.index(str(number))
        rest = like[at + len(str(number)) :]
        apart = rest[: len(rest) - len(rest.lstrip(".:) –—-"))] or " "
        return f"{like[:at]}{number}{apart}{title}{mark}"
    return f"{layout.indent}{title}{mark}"


def _ended_like(title: str, like: str) -> str:
    """Return a title with a full stop, or without one where the line that it follows has none."""
    return title if _ENDED.search(like) else title.rstrip(".")


def _parts(step: e.NewStep, layout: Layout, width: int) -> list[str]:
    """Return what stands below the first line of a new step."""
    made: list[str] = []
    between = [""] if layout.loose else []
    if step.typed:
        between_code = between or ([] if layout.fence else [""])
        made += [*between_code, *code(step.typed, layout), *between_code]
    if step.shown:
        made += [*([] if made else between), *_expected(step.shown, layout, width)]
    while made and not made[-1]:
        made.pop()
    return made
