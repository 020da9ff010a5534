"""The Textual app: screens, widgets, styles."""

from simulator.tui.app import TabletopApp, run_app

__all__ = ["TabletopApp", "run_app"]
