"""What there is to play and what was played: the launcher's view of content and store."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from simulator.content.finding import scenario_file, scenario_names, system_file
from simulator.content.heads import Head, read_head, read_title
from simulator.journal import JournalError, Store, Summary

_ALONE = ("solo", "fork")


@dataclass(frozen=True)
class Entry:
    """A scenario, with its unfinished exercises and its results, newest first."""

    head: Head
    unfinished: tuple[Summary, ...] = ()
    finished: tuple[Summary, ...] = ()
    practised: tuple[Summary, ...] = ()
    """Finished ones that were continued from a moment of another: they are no results."""


@dataclass(frozen=True)
class Catalogue:
    """All scenarios by system; `fault` says why there are no results, if they cannot be read."""

    entries: tuple[Entry, ...] = ()
    titles: dict[str, str] = field(default_factory=dict)
    fault: str = ""

    def matching(self, query: str) -> list[Entry]:
        """Return the entries in which every word of the query stands."""
        words = query.casefold().split()
        return [
            entry
            for entry in self.entries
            if all(
                word in f"{entry.head.name} {entry.head.title} {entry.head.summary}".casefold()
                for word in words
            )
        ]

    def entry(self, name: str) -> Entry | None:
        """Return the entry of a scenario."""
        return next((entry for entry in self.entries if entry.head.name == name), None)

    def system_title(self, system: str) -> str:
        """Return the title of a system."""
        return self.titles.get(system, system)

    @property
    def unfinished(self) -> tuple[Summary, ...]:
        """Every unfinished exercise, newest first."""
        found = [one for entry in self.entries for one in entry.unfinished]
        return tuple(sorted(found, key=lambda one: one.started, reverse=True))


def read_catalogue(content: Path, store: Store) -> Catalogue:
    """Return the catalogue; a store or a file that cannot be read shortens it and is named."""
    fault = ""
    try:
        summaries = store.library().all()
    except JournalError as error:
        summaries, fault = [], str(error)
    entries = []
    names = scenario_names(content)
    for name in names:
        mine = [one for one in summaries if one.scenario == name and one.mode in _ALONE]
        entries.append(
            Entry(
                read_head(name, scenario_file(content, name)),
                tuple(one for one in mine if one.state == "open"),
                tuple(one for one in mine if one.state != "open" and one.mode == "solo"),
                tuple(one for one in mine if one.state != "open" and one.mode == "fork"),
            )
        )
    systems = sorted({name.split("/")[0] for name in names})
    titles = {system: read_title(system, system_file(content, system)) for system in systems}
    return Catalogue(tuple(entries), titles, fault)
