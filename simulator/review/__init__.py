"""The after-action report, and drafts filled from an exercise."""

from simulator.review.figures import figures, result_json
from simulator.review.model import Planned, Source
from simulator.review.report import FORMS, Form, write_report, written
from simulator.review.text import result_text

__all__ = [
    "FORMS",
    "Form",
    "Planned",
    "Source",
    "figures",
    "result_json",
    "result_text",
    "write_report",
    "written",
]
