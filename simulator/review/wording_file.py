"""A team's own words, colours and logo in its reports: `wording.yaml` in a template folder."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from simulator.content.base import Document, Line, Text
from simulator.content.problems import ContentError, Problem
from simulator.content.validate import validate
from simulator.content.yaml_source import read_yaml

FILE = "wording.yaml"
LOGOS = {"logo.svg": "image/svg+xml", "logo.png": "image/png", "logo.jpg": "image/jpeg"}
LARGEST_LOGO = 500_000
"""Bytes: the logo is written into the report itself."""

Section = Literal[
    "overview",
    "ratings",
    "happened",
    "analysis",
    "map",
    "score",
    "confusion",
    "plan",
    "participants",
    "timeline",
    "steps",
    "decisions",
    "communications",
    "injects",
    "hotwash",
    "causes",
    "herrings",
    "production",
    "marking",
]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s\"<>]+$", max_length=200)]


class Headings(Document):
    """What stands above each section."""

    overview: Line = "Overview"
    ratings: Line = "Ratings"
    happened: Line = "What happened"
    analysis: Line = "Strengths and areas for improvement"
    map: Line = "The runbook's steps"
    score: Line = "Marks"
    confusion: Line = "Confusion points"
    plan: Line = "Improvement plan"
    participants: Line = "Participants"
    timeline: Line = "Timeline in words"
    steps: Line = "Marks by step"
    decisions: Line = "Decisions"
    communications: Line = "Communications"
    injects: Line = "Injects"
    hotwash: Line = "Hot wash"
    causes: Line = "What was wrong"
    herrings: Line = "What misled"
    production: Line = "The production"
    marking: Line = "How this was marked"


class Ratings(Document):
    """The four ratings in words."""

    P: Line = "performed without challenges"
    S: Line = "performed with some challenges"
    M: Line = "performed with major challenges"
    U: Line = "unable to be performed"


class Wording(Document):
    """What a report says that is the same for every exercise of a team."""

    title: Line = "After-action report"
    organisation: Line | None = Field(default=None, description="Above the title.")
    sponsor: Line | None = Field(default=None, description="Who wanted the exercise.")
    contact: Line | None = Field(default=None, description="Whom to ask about the report.")
    handling: Line | None = Field(default=None, description="Who may read it; on every page.")
    introduction: Text | None = Field(default=None, description="Below the title.")
    draft: Line = "DRAFT: ratings proposed, not yet confirmed"
    headings: Headings = Headings()
    ratings: Ratings = Ratings()
    leave_out: list[Section] = Field(default=[], description="Sections that are not written.")
    accent: Colour = Field(default="#7a4d00", description="Of headings, on white.")
    accent_dark: Colour = Field(default="#e3b766", description="The same on black.")
    home: Address = Field(
        default="https://tabletop.invalid", description="Of names and exercises in xAPI."
    )


@dataclass(frozen=True)
class Logo:
    """A picture that stands at the top of a report."""

    kind: str
    data: bytes

    @property
    def address(self) -> str:
        """The picture as an address that holds it itself."""
        return f"data:{self.kind};base64,{base64.b64encode(self.data).decode()}"


def read_wording(folder: Path | None) -> Wording:
    """Return the words of a template folder, ours where it has none.

    Raises ContentError with every fault of its file.
    """
    file = folder / FILE if folder else None
    if file is None or not file.exists():
        return Wording()
    source = read_yaml(file, str(file))
    return Wording() if source.value is None else validate(Wording, source)


def read_logo(folder: Path | None) -> Logo | None:
    """Return the logo of a template folder, if it has one. Raises ContentError, OSError."""
    for name, kind in LOGOS.items():
        file = folder / name if folder else None
        if file is None or not file.exists():
            continue
        data = file.read_bytes()
        if len(data) > LARGEST_LOGO:
            fault = f"is larger than {LARGEST_LOGO:,} bytes"
            raise ContentError([Problem(str(file), None, None, fault, "make it smaller")])
        return Logo(kind, data)
    return None
