"""Tabletop: practise incidents before they happen."""

__version__ = "0.1.0"
