"""The panes of the facilitator's console, in the order of their keys."""

from __future__ import annotations

from simulator.tui.screens.facilitator.comms import CommsPage
from simulator.tui.screens.facilitator.desk import Desk
from simulator.tui.screens.facilitator.evidence import EvidencePage
from simulator.tui.screens.facilitator.notes import NotesPage
from simulator.tui.screens.facilitator.overview import OverviewPage
from simulator.tui.screens.facilitator.page import Page
from simulator.tui.screens.facilitator.people import PeoplePage
from simulator.tui.screens.facilitator.timeline import TimelinePage
from simulator.tui.screens.facilitator.truth import TruthPage

PAGES: tuple[type[Page], ...] = (
    OverviewPage,
    TimelinePage,
    EvidencePage,
    PeoplePage,
    TruthPage,
    CommsPage,
    NotesPage,
)


def pages_for(desk: Desk) -> list[type[Page]]:
    """Return the panes of a seat; the truth is for those who facilitate."""
    return [page for page in PAGES if desk.leads or page is not TruthPage]
