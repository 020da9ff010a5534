"""The after-action report."""

from simulator.review.figures import figures, result_json
from simulator.review.report import write_report
from simulator.review.text import result_text

__all__ = ["figures", "result_json", "result_text", "write_report"]
