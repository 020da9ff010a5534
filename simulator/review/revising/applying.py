"""Accepted edits put where they belong: into the files, into a patch, or onto a branch."""

from __future__ import annotations

import os
import stat
import subprocess
import tempfile
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from simulator.content.clean import clean
from simulator.content.problems import ContentError, Problem
from simulator.review.revising.difference import Change, diff
from simulator.review.revising.proposals import Proposal

_WIDTH = 72
_NAMED = 12
"""Exercises that a commit message names; the rest are counted."""


def write_files(root: Path, changes: Sequence[Change]) -> None:
    """Write changed files in place of the old ones, all of them or none.

    A file that somebody changed in the meantime is left alone: raises ContentError, OSError.
    """
    places = [(root / change.file).resolve() for change in changes]
    for place, change in zip(places, changes, strict=True):
        if place.read_bytes() != change.old.encode():
            raise _fault(change.file, "was changed in the meantime", "look at the proposals again")
    made: list[Path] = []
    try:
        for place, change in zip(places, changes, strict=True):
            made.append(_beside(place, change.new.encode()))
        for new, place in zip(made, places, strict=True):
            new.replace(place)
    finally:
        for new in made:
            new.unlink(missing_ok=True)


def _beside(place: Path, data: bytes) -> Path:
    """Write a file beside another one, durably and with its rights; return where."""
    handle, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(stat.S_IMODE(place.stat().st_mode))
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def message(proposals: Sequence[Proposal]) -> str:
    """Return the commit message of accepted proposals: what changes, and the exercises why."""
    book = proposals[0].runbook
    subjects = [f"{one.finding.kind.value}: {one.title.rstrip('.')}" for one in proposals]
    subject = f"Revise {book}: {subjects[0] if len(subjects) == 1 else f'{len(subjects)} edits'}"
    parts = [_cut(subject)]
    for one in proposals:
        told = [f"{one.finding.kind.value}, {one.runbook}#{one.finding.step}:"]
        told.append(f"{one.finding.sentence}.")
        if one.remarked is not None and one.remarked.of:
            told.append(f"Marked again: {one.remarked}.")
        told += [f"{note}." for note in one.notes]
        parts.append(textwrap.fill(" ".join(told), _WIDTH, break_long_words=False))
        names = one.finding.exercises
        listed = " ".join(names[:_NAMED])
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        parts.append(textwrap.fill(f"Exercises: {listed}{more}", _WIDTH, break_long_words=False))
    return "\n\n".join(clean(part, 4000) for part in parts) + "\n"


def _cut(subject: str) -> str:
    return subject if len(subject) <= _WIDTH else subject[: _WIDTH - 1].rstrip() + "…"


def patch(root: Path, changes: Sequence[Change], text: str) -> str:
    """Return a patch that `git apply` and `git am` take, with its commit message above the diff.

    Its places are those below the checkout that the content is in, else below the content. Its
    author is who git says you are there.
    """
    subject, _, rest = text.partition("\n")
    head = f"{_author(root)}Subject: [PATCH] {subject}\n\n{rest.strip()}\n\n---\n"
    return head + diff(changes, prefix_of(root))


def _author(root: Path) -> str:
    """Return the line that `git am` takes the author from; "" where git knows of nobody."""
    with suppress(ContentError):
        said = _git(root, ["var", "GIT_AUTHOR_IDENT"], "git does not know who you are")
        return f"From: {said.rpartition('>')[0]}>\n"
    return ""


def prefix_of(root: Path) -> str:
    """Return where the content's folder is within its checkout, with a slash; "" without one."""
    top = _top(root)
    if top is None:
        return ""
    below = root.resolve().relative_to(top).as_posix()
    return "" if below == "." else f"{below}/"


def leave_branch(root: Path, name: str, changes: Sequence[Change], text: str) -> str:
    """Commit changes on a new branch of the checkout, and return the commit's id.

    Neither the working tree nor the index nor the branch at hand is touched: the commit is made
    in an index of its own. Raises ContentError where there is no checkout, the branch exists, or
    the committed files are not the ones that the edits are of.
    """
    top = _top(root)
    if top is None:
        raise _fault(str(root), "is not in a git checkout", "print it with --patch instead")
    _git(top, ["check-ref-format", "--branch", name], "this is no name for a branch")
    reference = f"refs/heads/{name}"
    if _git_succeeds(top, ["show-ref", "--verify", "--quiet", reference]):
        raise _fault(name, "there is such a branch already", "give another name")
    head = _git(top, ["rev-parse", "--verify", "HEAD^{commit}"], "the checkout has no commit yet")
    with tempfile.TemporaryDirectory(prefix="tabletop-") as folder:
        own = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        _git(top, ["read-tree", head], "the last commit cannot be read", own)
        _git(
            top,
            ["apply", "--cached", "--whitespace=nowarn", "-"],
            "the committed files are not those that the edits are of: commit your changes first",
            own,
            diff(changes, prefix_of(root)),
        )
        tree = _git(top, ["write-tree"], "the files cannot be stored", own)
    commit = _git(
        top, ["commit-tree", tree, "-p", head, "-F", "-"], "git does not know who you are",
        stdin=text,
    )  # fmt: skip
    _git(top, ["update-ref", reference, commit, "0" * len(commit)], "the branch cannot be made")
    return commit


def _top(root: Path) -> Path | None:
    with suppress(ContentError):
        return Path(_git(root, ["rev-parse", "--show-toplevel"], "no checkout")).resolve()
    return None


_NOT_OURS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
"""Variables of a hook or of another repository, which would lead git elsewhere."""
_NOT_FOUND = 127


def _run(
    folder: Path, words: Iterable[str], own: Mapping[str, str], stdin: str
) -> subprocess.CompletedProcess[bytes]:
    without = [word for name in _NOT_OURS for word in ("-u", name)]
    given = [f"{name}={value}" for name, value in {"LC_ALL": "C", **own}.items()]
    return subprocess.run(
        ["env", *without, *given, "git", "-C", str(folder), *words],
        input=stdin.encode(),
        capture_output=True,
        check=False,
    )


def _git_succeeds(folder: Path, words: Iterable[str]) -> bool:
    return _run(folder, words, {}, "").returncode == 0


def _git(
    folder: Path,
    words: Iterable[str],
    fault: str,
    own: Mapping[str, str] | None = None,
    stdin: str = "",
) -> str:
    """Return what git says; raise ContentError with a fault of ours and git's own words."""
    try:
        done = _run(folder, words, own or {}, stdin)
    except OSError as error:
        raise _fault("git", f"cannot be run: {error.strerror}", "install git") from None
    if done.returncode == _NOT_FOUND:
        raise _fault("git", "is not installed", "install git, or write the files")
    if done.returncode:
        said = clean(done.stderr.decode("utf-8", "replace").strip(), 300, lines=False)
        raise _fault("git", fault, said or None)
    return done.stdout.decode("utf-8", "replace").strip()


def _fault(place: str, fault: str, remedy: str | None) -> ContentError:
    return ContentError([Problem(place, None, None, fault, remedy)])
