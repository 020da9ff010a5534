"""What was typed before: back, forth, and by a part of it. Pure."""

from __future__ import annotations


class TypedHistory:
    """Lines in order, with a place in them."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._place = 0
        self._draft = ""
        self._sought = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """All lines, the oldest first."""
        return tuple(self._lines)

    def add(self, line: str) -> None:
        """Append a line, unless it repeats the last one, and go to the end."""
        if line and self._lines[-1:] != [line]:
            self._lines.append(line)
        self.rest()

    def rest(self) -> None:
        """Go to the end."""
        self._place, self._draft, self._sought = len(self._lines), "", ""

    def older(self, current: str) -> str:
        """Return the line before; what is being typed is kept for the way back."""
        if self._place == len(self._lines):
            self._draft = current
        self._place = max(0, self._place - 1)
        return self._here() if self._lines else current

    def newer(self, current: str) -> str:
        """Return the line after, at last what was being typed."""
        if self._place >= len(self._lines):
            return current
        self._place += 1
        return self._here()

    def find(self, current: str) -> str:
        """Return the nearest older line that holds what was typed; again: the one before it."""
        if self._place == len(self._lines) or not self._sought:
            self._sought = current
            self._place = len(self._lines)
        for place in range(self._place - 1, -1, -1):
            if self._sought in self._lines[place]:
                self._place = place
                return self._lines[place]
        return current

    def _here(self) -> str:
        return self._draft if self._place >= len(self._lines) else self._lines[self._place]
