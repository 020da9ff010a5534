"""Edits done to a procedure's tree, to mark stored runs again by what would then be scored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from simulator.assessment import procedure as p
from simulator.assessment.judgement import Weight
from simulator.review.revising import edits as e


def edited(tree: p.Procedure, book: str, edit: e.Edit, required: bool = True) -> p.Procedure:
    """Return a procedure as an edit of the runbook `book` leaves it; the same where it cannot.

    `required` says whether steps that are put in count.
    """
    name = f"{book}#{{}}".format
    match edit:
        case e.Move(step, before):
            return _in_rows(tree, lambda row: _moved(row, name(step), name(before)), seq=True)
        case e.Free(first, second):
            return _in_rows(tree, lambda row: _freed(row, name(first), name(second)), seq=True)
        case e.Insert(steps, before):
            weight = Weight.REQUIRED if required else Weight.OPTIONAL
            new = [p.Step(name(step.id), weight) for step in steps]
            return _in_rows(tree, lambda row: _put_in(row, new, name(before)))
        case e.Optional(step):
            return _each(tree, name(step), lambda node: replace(node, weight=Weight.OPTIONAL))
        case e.Remove(step):
            return _in_rows(tree, lambda row: [node for node in row if not _is(node, name(step))])
    return tree


def neighbours(tree: p.Procedure) -> list[tuple[str, str]]:
    """Return the steps that stand directly one after the other in a sequence, as it has them."""
    found = []
    if isinstance(tree, p.Seq):
        for one, other in zip(tree.children, tree.children[1:], strict=False):
            if isinstance(one, p.Step) and isinstance(other, p.Step):
                found.append((one.id, other.id))
    for child in p.children(tree):
        found += neighbours(child)
    return found


Row = Sequence[p.Procedure]


def _is(node: p.Procedure, name: str) -> bool:
    return isinstance(node, p.Step) and node.id == name


def _place(row: Row, name: str) -> int | None:
    return next((at for at, node in enumerate(row) if _is(node, name)), None)


def _moved(row: Row, step: str, before: str) -> Row:
    start, end = _place(row, before), _place(row, step)
    if start is None or end is None or start >= end:
        return row
    return [*row[:start], row[end], *row[start:end], *row[end + 1 :]]


def _freed(row: Row, first: str, second: str) -> Row:
    start, end = _place(row, first), _place(row, second)
    if start is None or end != start + 1:
        return row
    return [*row[:start], p.AnyOrder((row[start], row[end])), *row[end + 1 :]]


def _put_in(row: Row, new: Sequence[p.Step], before: str) -> Row:
    at = _place(row, before)
    return row if at is None else [*row[:at], *new, *row[at:]]


def _in_rows(tree: p.Procedure, change: Callable[[Row], Row], *, seq: bool = False) -> p.Procedure:
    """Return the tree with a change made to the children of every group; with `seq` of sequences.

    A choice is left alone: another branch would be another way to do all of it.
    """

    def below(node: p.Procedure) -> p.Procedure:
        return _in_rows(node, change, seq=seq)

    match tree:
        case p.Seq(nodes):
            return p.Seq(tuple(change([below(node) for node in nodes])))
        case p.AnyOrder(nodes):
            rest = [below(node) for node in nodes]
            return p.AnyOrder(tuple(rest if seq else change(rest)))
        case p.OneOf(nodes):
            return p.OneOf(tuple(below(node) for node in nodes))
        case p.Optional(child):
            return p.Optional(below(child))
        case p.Repeat(child):
            return p.Repeat(below(child))
    return tree


def _each(tree: p.Procedure, name: str, change: Callable[[p.Step], p.Step]) -> p.Procedure:
    match tree:
        case p.Step(id=id_):
            return change(tree) if id_ == name else tree
        case p.Seq(below):
            return p.Seq(tuple(_each(child, name, change) for child in below))
        case p.AnyOrder(below):
            return p.AnyOrder(tuple(_each(child, name, change) for child in below))
        case p.OneOf(below):
            return p.OneOf(tuple(_each(child, name, change) for child in below))
        case p.Optional(child):
            return p.Optional(_each(child, name, change))
        case p.Repeat(child):
            return p.Repeat(_each(child, name, change))
