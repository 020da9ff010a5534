"""Boxes to tick and choices, whose state can be read without colours."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Checkbox, RadioButton


class Tick(Checkbox):
    """[x] or [ ]."""

    @property
    def _button(self) -> Content:
        style = self.get_visual_style("toggle--label")
        return Content.styled("[x]" if self.value else "[ ]", style)


class OneOf(RadioButton):
    """(•) or ( ); one of a `RadioSet`."""

    @property
    def _button(self) -> Content:
        style = self.get_visual_style("toggle--label")
        return Content.styled("(•)" if self.value else "( )", style)
