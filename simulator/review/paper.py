"""The report as PDF, set by Typst: no browser, no system library, the same bytes each time.

Typst is imported here only. What people wrote reaches it as data and is never read as markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from simulator.content.problems import ContentError, Problem, did_you_mean
from simulator.review.axis import NARROW
from simulator.review.drawing import draw
from simulator.review.model import Source
from simulator.review.pages import OURS, names_in, render
from simulator.review.timeline import timeline
from simulator.review.wording_file import read_logo

TEMPLATE = "report.typ"
INK: Mapping[str, str] = {
    "type": "'Libertinus Serif', 'DejaVu Sans Mono'",
    "ink": "#1f2429",
    "dim": "#5d6772",
    "line": "#d5d8d3",
    "paper": "#ffffff",
    "bad": "#a8323e",
    "good": "#2f6b45",
    "amber": "#8a5a00",
    "blue": "#2b5f8a",
    "violet": "#6a4a91",
}
"""The colours of the charts on paper."""

_PLACE = re.compile(r"┌─ (.+):(\d+):(\d+)")
_UNKNOWN = re.compile(r'(?:key|variable:?|field) "?([\w-]+)"?')


def pdf(source: Source, context: Mapping[str, Any], folder: Path | None = None) -> bytes:
    """Return the report as PDF; `context` is what the other forms are written from.

    Raises ContentError where Typst is not installed or a team's template is at fault.
    """
    try:
        import typst
    except ImportError:
        remedy = "install it with: pip install 'tabletop-drill[pdf]' (in a checkout: -e '.[pdf]')"
        problem = Problem("PDF", None, None, "needs Typst, which is not installed", remedy)
        raise ContentError([problem]) from None
    own = folder / TEMPLATE if folder else None
    template = own if own is not None and own.exists() else OURS / TEMPLATE
    logo = read_logo(folder)
    data = {key: value for key, value in context.items() if key not in ("drawing", "ink", "logo")}
    data["drawing"] = _drawings(source, context, folder)
    data["logo"] = list(logo.data) if logo else None

    def made(accessible: bool) -> bytes:
        return typst.compile(
            str(template),
            root=str(template.parent),
            format="pdf",
            sys_inputs={"report": json.dumps(data, ensure_ascii=False)},
            timestamp=0,
            pdf_standards=["ua-1"] if accessible else [],
        )

    try:
        # The standard for accessible documents refuses letters that no font here has.
        if template.parent == OURS:
            with suppress(typst.TypstError):
                return made(accessible=True)
        return made(accessible=False)
    except typst.TypstError as error:
        raise ContentError([_problem(error, template, context)]) from None


def _drawings(source: Source, context: Mapping[str, Any], folder: Path | None) -> dict[str, Any]:
    """Return the charts as SVG of their own, narrow enough for paper, and what they say."""
    metrics = [one["metric"] for one in context["metrics"]]
    drawing = draw(source.assessment, timeline(source.assessment), metrics, NARROW)
    own = {**context, "drawing": drawing, "ink": INK, "standalone": True}
    return {
        "timeline": render("timeline.svg", own, folder),
        "phases": [{"words": phase.words} for phase in drawing.phases],
        "kinds": [
            {"name": name, "svg": render("sign.svg", {**own, "kind": kind}, folder)}
            for kind, name in drawing.kinds
        ],
        "charts": [
            {
                "title": chart.title,
                "unit": chart.unit,
                "summary": chart.summary,
                "svg": render("metric.svg", {**own, "chart": chart}, folder),
            }
            for chart in drawing.charts
        ],
    }


def _problem(error: Any, template: Path, context: Mapping[str, Any]) -> Problem:
    fault = str(error.message)
    place = _PLACE.search(str(error.diagnostic))
    line, column = (int(place[2]), int(place[3]) + 1) if place else (None, None)
    unknown = _UNKNOWN.search(fault)
    remedy = did_you_mean(unknown[1], set(names_in(context))) if unknown else None
    return Problem(str(template), line, column, fault, remedy or next(iter(error.hints), None))
