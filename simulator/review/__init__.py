"""The after-action report, and drafts filled from an exercise."""

from simulator.review.figures import figures, result_json
from simulator.review.model import Planned, Source
from simulator.review.pages import copy_templates
from simulator.review.report import FORMS, Form, report_or_draft, write_report, written
from simulator.review.spreadsheet import exercises_csv
from simulator.review.text import result_text

__all__ = [
    "FORMS",
    "Form",
    "Planned",
    "Source",
    "copy_templates",
    "exercises_csv",
    "figures",
    "report_or_draft",
    "result_json",
    "result_text",
    "write_report",
    "written",
]
