"""The console of facilitators and evaluators."""

from simulator.tui.screens.facilitator.console import FacilitatorScreen

__all__ = ["FacilitatorScreen"]
