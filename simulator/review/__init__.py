"""After an exercise: its report and drafts, what confuses over many, what is done about it.

A name is loaded when it is first asked for: a list of what is due opens without a report's means.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.review.figures import result_json
    from simulator.review.model import Planned, Source
    from simulator.review.pages import copy_templates
    from simulator.review.report import FORMS, Form, report_or_draft, write_report, written
    from simulator.review.spreadsheet import exercises_csv
    from simulator.review.text import result_text
else:
    _PLACES = {
        "figures": ("result_json",),
        "model": ("Planned", "Source"),
        "pages": ("copy_templates",),
        "report": ("FORMS", "Form", "report_or_draft", "write_report", "written"),
        "spreadsheet": ("exercises_csv",),
        "text": ("result_text",),
    }

    def __getattr__(name: str) -> Any:
        place = next((place for place, names in _PLACES.items() if name in names), None)
        if place is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{place}"), name)


__all__ = [
    "FORMS",
    "Form",
    "Planned",
    "Source",
    "copy_templates",
    "exercises_csv",
    "report_or_draft",
    "result_json",
    "result_text",
    "write_report",
    "written",
]
