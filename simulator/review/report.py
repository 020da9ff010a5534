"""The report of an exercise in every form, from one model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args

from simulator.assessment import Assessment
from simulator.review.drawing import draw
from simulator.review.model import Source, model
from simulator.review.pages import render
from simulator.review.spreadsheet import steps_csv
from simulator.review.stepmap import signs
from simulator.review.timeline import timeline, worth_reading
from simulator.review.wording_file import Section, read_logo, read_wording
from simulator.review.xapi import xapi

Form = Literal["md", "html", "pdf", "json", "csv", "xapi"]
FORMS: tuple[Form, ...] = get_args(Form)

INK: Mapping[str, str] = {
    "type": "inherit",
    **{
        name: f"var(--{name})"
        for name in ("ink", "dim", "line", "paper", "bad", "good", "amber", "blue", "violet")
    },
}
"""The colours of the charts in a page: those of the page, so that they follow its theme."""


def write_report(
    exercise_id: str, assessment: Assessment, form: str, folder: Path | None = None
) -> str:
    """Return the report of an assessment alone as text; the same exercise gives the same text."""
    return written(Source(exercise_id, assessment), form, folder).decode()


def written(source: Source, form: str, folder: Path | None = None) -> bytes:
    """Return the report in a form; `folder` is a team's own templates.

    Raises ContentError where they are at fault, and ValueError for a form that is none.
    """
    match form:
        case "json":
            text = json.dumps(model(source), indent=2, ensure_ascii=False)
        case "md":
            text = render("report.md", context(source, folder), folder)
        case "html":
            text = render("report.html", context(source, folder), folder)
        case "csv":
            text = steps_csv(model(source))
        case "xapi":
            text = xapi(model(source), read_wording(folder).home)
        case "pdf":
            from simulator.review.paper import pdf

            return pdf(source, context(source, folder), folder)
        case _:
            raise ValueError(f"there is no form {form!r}")
    return text.encode()


def report_or_draft(source: Source, form: str, folder: Path | None, draft: str | None) -> bytes:
    """Return the report in a form, or one of the drafts: `review` or `messages`, as Markdown."""
    if draft == "review":
        from simulator.review.drafts import draft_review

        return draft_review(source).encode()
    if draft == "messages":
        from simulator.review.messages import draft_messages

        return draft_messages(source).encode()
    return written(source, form, folder)


def context(source: Source, folder: Path | None = None) -> dict[str, Any]:
    """Return everything that a template may use: the model, words and drawings."""
    moments = timeline(source.assessment)
    words, logo = read_wording(folder), read_logo(folder)
    told = model(source, moments)
    shown = worth_reading(moments)
    return told | {
        "words": words.model_dump(),
        "sections": [one for one in get_args(Section) if one not in words.leave_out],
        "logo": logo.address if logo else "",
        "drawing": draw(source.assessment, moments, [one["metric"] for one in told["metrics"]]),
        "ink": INK,
        "signs": list(signs()),
        "shown": told["timeline"] if shown is moments else [dict(vars(one)) for one in shown],
        "standalone": False,
    }
