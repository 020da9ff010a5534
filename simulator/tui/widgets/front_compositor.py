"""Draws what has changed, and not what is hidden behind it."""

from __future__ import annotations

from collections.abc import Iterable

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class FrontCompositor(Compositor):
    """Textual's own, but for the widgets that it draws around a change and that nobody sees.

    They lie elsewhere or behind another, and cost a third of what a new message does. What is
    written to the terminal is the same.
    """

    def __init__(self) -> None:
        super().__init__()
        self._changed: set[Region] = set()

    def render_partial_update(self) -> ChopsUpdate | None:
        """Return what to write for the changed parts of the screen, or `None` without any."""
        self._changed = self._dirty_regions.copy()
        try:
            return super().render_partial_update()
        finally:
            self._changed = set()

    def _get_renders(
        self, crop: Region | None = None
    ) -> Iterable[tuple[Region, Region, list[Strip]]]:
        if not self._changed:
            yield from super()._get_renders(crop)
            return
        seen = self._seen_in(self._changed)
        for widget, (region, clip) in self.visible_widgets.items():
            if widget in seen:
                shown = region.intersection(clip)
                yield region, clip, widget.render_lines(shown.translate(-region.offset))

    def _seen_in(self, changed: Iterable[Region]) -> set[Widget]:
        """Return the widgets of which something may be seen in these parts of the screen."""
        seen = set()
        for part in changed:
            for widget, (region, clip) in self.visible_widgets.items():
                shown = region.intersection(clip)
                if part.overlaps(shown):
                    seen.add(widget)
                if shown.contains_region(part):
                    break
        return seen
