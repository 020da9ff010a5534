"""Proposals: what the exercises say of a runbook, with the diff of each edit and its effect."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from simulator.assessment import Weight, procedure_of
from simulator.assessment.procedure import steps as steps_of_tree
from simulator.content.finding import runbook_files, scenario_names, systems
from simulator.content.pack import Pack, pack_of, read_pack
from simulator.content.problems import ContentError, Problem
from simulator.content.references import step_nodes
from simulator.content.runbook import Runbook, read_runbook
from simulator.content.versions import book_version
from simulator.journal import Store
from simulator.review.books import named
from simulator.review.revising import edits as e
from simulator.review.revising.difference import Change, changes_between, diff
from simulator.review.revising.findings import Finding, Form, StepRuns, steps_with_runs
from simulator.review.revising.missing_commands import add_command, add_expected, repeat_until
from simulator.review.revising.order import order
from simulator.review.revising.pairs import Other, Play, other_halves
from simulator.review.revising.reading_again import body_of, read_again
from simulator.review.revising.remarking import Remarked, remark
from simulator.review.revising.runs import Runs, read_runs
from simulator.review.revising.superfluous import late, skipped
from simulator.review.revising.unclear import add_alias, clarify, said
from simulator.review.revising.unwritten import add_steps, warn
from simulator.review.revising.writing import CannotWriteError, write


@dataclass(frozen=True)
class Proposal:
    """A finding with what would be written: the changed files, and what that would have changed.

    `key` names it for as long as the step is worded as it is; it is what is decided on. `why_not`
    says why an edit has to be made by hand. `notes` are what is left to do beside it.
    """

    system: str
    runbook: str
    finding: Finding
    title: str
    place: str
    key: str
    changes: tuple[Change, ...] = ()
    remarked: Remarked | None = None
    why_not: str = ""
    notes: tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether it can be accepted: there are lines to write."""
        return bool(self.changes)

    @property
    def diff(self) -> str:
        """Its unified diff, from the content's folder."""
        return diff(self.changes)


@dataclass(frozen=True)
class Desk:
    """A runbook on the desk: as it is now, with the scenarios that follow it."""

    root: Path
    system: str
    book: Runbook
    packs: tuple[Pack, ...]

    @property
    def texts(self) -> dict[str, str]:
        """The files that an edit may change, by their places."""
        found = {self.book.file: self.book.text}
        for pack in self.packs:
            place = f"scenarios/{pack.name}.yaml"
            found[place] = pack.texts[place]
        return found


def read_book(root: Path, runbook: str) -> tuple[str, Runbook]:
    """Return the system and the runbook that a name means. Raises ContentError."""
    known = [
        (system, file.stem) for system in systems(root) for file in runbook_files(root, system)
    ]
    system, name = named(runbook, known)
    file = next(one for one in runbook_files(root, system) if one.stem == name)
    place = file.relative_to(root).as_posix()
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        fault = Problem(place, None, None, "is not UTF-8 text", "save it as UTF-8")
        raise ContentError([fault]) from None
    return system, read_runbook(text, name, place)


def read_desk(root: Path, runbook: str) -> Desk:
    """Return the runbook that a name means, and its scenarios. Raises ContentError."""
    system, book = read_book(root, runbook)
    name = book.name
    packs = [
        pack
        for scenario in scenario_names(root)
        if scenario.startswith(f"{system}/")
        for pack in [read_pack(root, scenario)]
        if name in {node.step.partition("#")[0] for node in step_nodes(pack.scenario.procedure)}
    ]
    return Desk(root, system, book, tuple(packs))


def read_proposals(
    store: Store,
    desk: Desk,
    play: Play,
    scenario: str = "",
    tell: Callable[[int, int], None] = lambda done, of: None,
    *,
    people: bool = False,
) -> tuple[list[Proposal], Runs]:
    """Return what the stored exercises say of a runbook, what is most likely first.

    `play` plays a scenario's own solution with an edit in it; with `people` exercises of scripts
    do not count. Raises JournalError, ContentError.
    """
    runs = read_runs(store, desk.system, desk.book.name, scenario, tell, people=people)
    return propose(desk, runs, play), runs


def propose(desk: Desk, runs: Runs, play: Play) -> list[Proposal]:
    """Return what these exercises say of a runbook, what is most likely first."""
    found = list(_findings(desk.book, runs, _critical(desk.packs)))
    told = [_proposal(desk, runs, one, play) for one in found]
    return sorted(told, key=_order)


_FORMS = (Form.EDIT, Form.QUESTION, Form.OBSERVATION)


def _order(proposal: Proposal) -> tuple[int, float, str, str]:
    finding = proposal.finding
    return (_FORMS.index(finding.form), -finding.strength, finding.step, finding.kind.value)


def _critical(packs: Iterable[Pack]) -> frozenset[str]:
    """Return the steps that are critical in any scenario."""
    return frozenset(
        step.id
        for pack in packs
        for step in steps_of_tree(procedure_of(pack.scenario.procedure))
        if step.weight is Weight.CRITICAL
    )


def _findings(book: Runbook, runs: Runs, critical: frozenset[str]) -> Iterator[Finding]:
    steps = steps_with_runs(book, runs)
    for step in steps:
        yield from _of_step(step, critical)
    yield from order(steps, critical)


def _of_step(step: StepRuns, critical: frozenset[str]) -> Iterator[Finding]:
    clear = list(clarify(step))
    told = {one.edit for one in clear}
    yield from clear
    # A step that is told what to look at is not told the same thing again as its command.
    if not told:
        yield from add_command(step)
    yield from add_expected(step)
    yield from repeat_until(step)
    yield from add_steps(step)
    yield from skipped(step, critical)
    yield from warn(step)
    yield from add_alias(step)
    yield from late(step)
    yield from said(step)


def _proposal(desk: Desk, runs: Runs, finding: Finding, play: Play) -> Proposal:
    step = desk.book.step(finding.step)
    assert step is not None
    bare = Proposal(
        system=desk.system,
        runbook=desk.book.name,
        finding=finding,
        title=step.text,
        place=f"{desk.book.file}:{step.line}",
        key=key_of(desk.system, desk.book, finding),
    )
    if finding.edit is None or finding.form is not Form.EDIT:
        return bare
    try:
        return with_edit(desk, runs, bare, finding.edit, play)
    except CannotWriteError as error:
        if isinstance(finding.edit, e.Remove):
            weaker = replace(finding, kind=e.Kind.MAKE_OPTIONAL, edit=e.Optional(finding.edit.step))
            return _proposal(desk, runs, weaker, play)
        return replace(bare, why_not=str(error))


def with_edit(
    desk: Desk, runs: Runs, bare: Proposal, edit: e.Edit, play: Play, own: str = ""
) -> Proposal:
    """Return a proposal with the files that its edit changes; `own` are a person's own words.

    Raises CannotWriteError where that cannot be done safely.
    """
    text = write(desk.book, edit, own)
    read_again(desk.book, text, edit)
    others = list(other_halves(desk.packs, desk.book.file, text, edit, play))
    changed = {desk.book.file: text, **{one.file: one.text for one in others}}
    changes = changes_between(desk.texts, changed)
    if not changes:
        raise CannotWriteError("there is nothing to change")
    required = all(one.required for one in others)
    return replace(
        bare,
        changes=changes,
        remarked=remark(runs.played, desk.book.name, edit, required),
        notes=tuple(_notes(others)),
    )


def _notes(others: Sequence[Other]) -> Iterator[str]:
    for one in others:
        if one.note:
            yield one.note
        if not one.required:
            yield f"in {one.name} the step is optional, since its solution does not do it"


def key_of(system: str, book: Runbook, finding: Finding) -> str:
    """Return what a proposal is decided on by: the step, the kind, and the step's wording."""
    step = book.step(finding.step)
    wording = book_version(body_of(step.body)) if step else ""
    about = ""
    if isinstance(finding.edit, e.Insert):
        about = " ".join(new.key for new in finding.edit.steps)
    elif finding.kind is e.Kind.SAID:
        about = "\n".join(finding.notes)
    elif finding.kind in (e.Kind.WARN, e.Kind.SWAP, e.Kind.ANY_ORDER):
        about = finding.sentence.partition(" teams ")[2]
    what = f"{finding.kind.value} {wording} {book_version(about)}"
    return f"{system}/{book.name}#{finding.step} {what}"


def composed(desk: Desk, chosen: Sequence[tuple[Proposal, str]], play: Play) -> tuple[Change, ...]:
    """Return what several proposals change together, one after another, each with own words.

    Raises CannotWriteError where one of them no longer fits behind those before it.
    """
    texts = dict(desk.texts)
    book, packs = desk.book, list(desk.packs)
    for proposal, own in chosen:
        edit = proposal.finding.edit
        if edit is None:
            raise CannotWriteError("there is nothing to write for it")
        text = write(book, edit, own)
        book = read_again(book, text, edit)
        texts[book.file] = text
        for one in other_halves(packs, book.file, text, edit, play):
            texts[one.file] = one.text
        packs = [_again(pack, texts) for pack in packs]
    return changes_between(desk.texts, texts)


def _again(pack: Pack, texts: Mapping[str, str]) -> Pack:
    return pack_of(pack.name, {name: texts.get(name, text) for name, text in pack.texts.items()})
