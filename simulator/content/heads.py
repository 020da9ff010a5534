"""The first lines of a scenario: enough for a list, without reading or checking the whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from simulator.content.clean import clean

_WANTED = ("title", "summary", "difficulty", "minutes")
_ENOUGH = 60
_MOST_BYTES = 65_536


@dataclass(frozen=True)
class Head:
    """What a list shows of a scenario; `fault` says why there is no more."""

    name: str
    title: str
    summary: str = ""
    difficulty: int = 0
    minutes: int = 0
    fault: str = ""

    @property
    def system(self) -> str:
        return self.name.split("/")[0]


def read_head(name: str, file: Path) -> Head:
    """Return a scenario's head; a file that cannot be read gives one with its fault."""
    try:
        with file.open("rb") as stream:
            found = _scalars(stream.read(_MOST_BYTES))
    except OSError as error:
        return Head(name, name, fault=f"{file}: {error.strerror}")
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        return Head(name, name, fault=f"{file}:{line}: {getattr(error, 'problem', 'not YAML')}")
    missing = [key for key in _WANTED if key not in found]
    if missing:
        return Head(name, found.get("title", name), fault=f"{file}: no {', '.join(missing)}")
    return Head(
        name,
        clean(found["title"], 200, lines=False),
        clean(" ".join(found["summary"].split()), 1000),
        int(found["difficulty"]) if found["difficulty"].isdigit() else 0,
        int(found["minutes"]) if found["minutes"].isdigit() else 0,
    )


def read_title(name: str, file: Path) -> str:
    """Return the title of a system or a scenario, or its name when there is none to be read."""
    try:
        with file.open("rb") as stream:
            found = _scalars(stream.read(_MOST_BYTES), ("title",))
    except (OSError, yaml.YAMLError, UnicodeDecodeError, RecursionError):
        return name
    return clean(found.get("title", name), 200, lines=False)


def _scalars(data: bytes, wanted: tuple[str, ...] = _WANTED) -> dict[str, str]:
    """Return the wanted top-level texts, reading no further than where the last one stands."""
    found: dict[str, str] = {}
    depth, key = 0, None
    loader = yaml.CSafeLoader(data)
    try:
        while loader.check_event():
            event = loader.get_event()
            if isinstance(event, yaml.CollectionStartEvent):
                depth, key = depth + 1, None
                if depth > _ENOUGH:
                    break
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            elif isinstance(event, yaml.ScalarEvent) and depth == 1:
                if key is None:
                    key = event.value
                else:
                    if key in wanted:
                        found.setdefault(key, event.value)
                    key = None
            if len(found) == len(wanted):
                break
    finally:
        loader.dispose()
    return found
