"""Where content is found: the folder of scenarios and runbooks, and the files in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from simulator.content.problems import ContentError, Problem, did_you_mean, nearest

SYSTEM_FILE = "system.yaml"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


def find_content(explicit: Path | None = None, cwd: Path | None = None) -> Path:
    """Return the folder that holds `scenarios/` and `runbooks/`.

    It is the one given by name, else the current one if it has scenarios, else the package's.
    """
    if explicit is not None:
        if not (explicit / "scenarios").is_dir():
            raise _fault(str(explicit), "has no scenarios/ folder", "name a folder that has one")
        return explicit.resolve()
    here = cwd if cwd is not None else Path.cwd()
    if (here / "scenarios").is_dir():
        return here.resolve()
    return packaged_content()


def packaged_content() -> Path:
    """Return the content that comes with the program: in its wheel, or beside its source."""
    package = Path(str(files("simulator")))
    for folder in (package / "library", package.parent):
        if (folder / "scenarios").is_dir():
            return folder.resolve()
    raise _fault("tabletop", "its own content is missing", "install it again")


def systems(root: Path) -> list[str]:
    """Return the names of the systems, in order."""
    return [
        folder.name
        for folder in _inside(root, root / "scenarios")
        if _NAME.fullmatch(folder.name) and _file_within(root, folder / SYSTEM_FILE)
    ]


def scenario_names(root: Path) -> list[str]:
    """Return the names of all scenarios, `<system>/<scenario>`, in order."""
    return [
        f"{system}/{file.stem}"
        for system in systems(root)
        for file in _inside(root, root / "scenarios" / system)
        if file.suffix == ".yaml" and file.name != SYSTEM_FILE and _NAME.fullmatch(file.stem)
    ]


def system_file(root: Path, system: str) -> Path:
    """Return the file of a system; raise ContentError when there is none."""
    file = root / "scenarios" / system / SYSTEM_FILE
    if not _NAME.fullmatch(system) or not _file_within(root, file):
        known = systems(root)
        remedy = did_you_mean(system, known) or _list_of("systems", known)
        raise _fault(system, "is not a system here", remedy)
    return file


def scenario_file(root: Path, name: str) -> Path:
    """Return the file of the scenario `<system>/<scenario>`; raise ContentError without one."""
    system, _, scenario = name.partition("/")
    file = root / "scenarios" / system / f"{scenario}.yaml"
    named = _NAME.fullmatch(system) and _NAME.fullmatch(scenario) and file.name != SYSTEM_FILE
    if not named or not _file_within(root, file):
        raise unknown_scenario(name, scenario_names(root))
    return file


def runbook_files(root: Path, system: str) -> list[Path]:
    """Return the runbooks of a system, in order of their names."""
    if not _NAME.fullmatch(system):
        return []
    return [
        file
        for file in _inside(root, root / "runbooks" / system)
        if file.suffix == ".md" and _NAME.fullmatch(file.stem) and _file_within(root, file)
    ]


def unknown_scenario(name: str, known: Iterable[str]) -> ContentError:
    """Return the error for a scenario that does not exist, suggesting one that does."""
    names = sorted(known)
    found = nearest(name, names)
    if found is None and "/" not in name:  # only the scenario's own name was given
        by_own_name = {one.partition("/")[2]: one for one in names}
        found = by_own_name.get(nearest(name, by_own_name) or "")
    remedy = f'did you mean "{found}"?' if found else _list_of("scenarios", names)
    return _fault(name, "is not a scenario here", remedy)


def _inside(root: Path, folder: Path) -> list[Path]:
    """Return what a folder holds, in order, less what leads out of the content's root."""
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError:
        return []
    return [entry for entry in entries if entry.resolve().is_relative_to(root.resolve())]


def _file_within(root: Path, file: Path) -> bool:
    try:
        return file.is_file() and file.resolve().is_relative_to(root.resolve())
    except OSError:
        return False


def _list_of(what: str, names: list[str]) -> str:
    return f"{what} here: {', '.join(names[:10])}" if names else f"there are no {what} here"


def _fault(place: str, fault: str, remedy: str) -> ContentError:
    return ContentError([Problem(place, None, None, fault, remedy)])
