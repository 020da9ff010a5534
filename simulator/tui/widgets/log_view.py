"""The lines of a log that are kept, those of them that are shown, and their rows on screen."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from simulator.tui.widgets.log_filter import LogFilter
from simulator.tui.widgets.log_line import LogLine
from simulator.tui.widgets.plain_text import plain, plain_lines, wrap

_MOST_DETAIL_ROWS = 400


class Row(NamedTuple):
    """A row on screen: an entry, by its serial number, and which of its rows."""

    serial: int
    part: int
    """0 for the entry itself, from 1 on for the rows of its detail."""


def detail_rows(line: LogLine, width: int) -> tuple[str, ...]:
    """What unfolds below an entry: its text where that was cut, then its detail, wrapped."""
    text = plain(line.text)
    pieces = wrap(text, width)
    rows = [piece for _, piece in pieces] if len(pieces) > 1 else []
    if line.detail:
        for detail in plain_lines(line.detail):
            rows += [piece for _, piece in wrap(detail, width)]
            if len(rows) > _MOST_DETAIL_ROWS:
                return (*rows[:_MOST_DETAIL_ROWS], "…")
    return tuple(rows) or ("(no further detail)",)


class LogView:
    """The newest `limit` lines under serial numbers, filtered and unfolded.

    Old lines go in batches, so an append costs the same however many are kept.
    """

    def __init__(self, limit: int) -> None:
        self._limit = max(1, limit)
        self._slack = max(64, self._limit // 16)
        self._width = 0
        self._filter = LogFilter()
        self._accepts = self._filter.rule()
        self.clear()

    def clear(self) -> None:
        """Forget all lines; the filter stays."""
        self._lines: list[LogLine] = []
        self._base = 0  # the serial of the first line in the list
        self._shown: list[int] | None = None if self._filter.shows_all else []
        self._unfolded: dict[int, tuple[str, ...]] = {}

    @property
    def filter(self) -> LogFilter:
        """What the shown lines satisfy."""
        return self._filter

    @property
    def _end(self) -> int:
        return self._base + len(self._lines)

    @property
    def _oldest(self) -> int:
        """The serial of the oldest line still kept."""
        return max(self._base, self._end - self._limit)

    @property
    def kept(self) -> int:
        """How many lines are kept, shown or not."""
        return self._end - self._oldest

    def extend(self, lines: Sequence[LogLine]) -> int:
        """Append lines; returns how many of them are shown."""
        first = self._end
        self._lines.extend(lines)
        shown = len(lines)
        if self._shown is not None:
            accepts = self._accepts
            new = [serial for serial, line in enumerate(lines, first) if accepts(line)]
            self._shown.extend(new)
            shown = len(new)
        if len(self._lines) > self._limit + self._slack:
            self._forget()
        return shown

    def _forget(self) -> None:
        oldest = self._oldest
        del self._lines[: oldest - self._base]
        self._base = oldest
        if self._shown is not None:
            del self._shown[: bisect_left(self._shown, oldest)]
        self._unfolded = {s: rows for s, rows in self._unfolded.items() if s >= oldest}

    def set_filter(self, new: LogFilter) -> None:
        """Show other lines."""
        self._filter = new
        self._accepts = accepts = new.rule()
        self._forget()
        if new.shows_all:
            self._shown = None
        else:
            kept = enumerate(self._lines, self._base)
            self._shown = [serial for serial, line in kept if accepts(line)]

    def toggle(self, serial: int, width: int) -> bool:
        """Unfold an entry, or fold it again; returns whether it is unfolded now."""
        if self._unfolded.pop(serial, None) is not None:
            return False
        self._unfolded[serial] = detail_rows(self.line(serial), width)
        return True

    def is_unfolded(self, serial: int) -> bool:
        """Whether the detail of an entry is shown."""
        return serial in self._unfolded

    def rewrap(self, width: int) -> None:
        """Wrap what is unfolded to another width."""
        if width == self._width:
            return
        self._width = width
        for serial in self._unfolded:
            self._unfolded[serial] = detail_rows(self.line(serial), width)

    def line(self, serial: int) -> LogLine:
        """A line that is still kept."""
        return self._lines[serial - self._base]

    def detail(self, row: Row) -> str:
        """The text of a row of detail."""
        return self._unfolded[row.serial][row.part - 1]

    @property
    def entries(self) -> int:
        """How many lines are shown."""
        if self._shown is None:
            return self.kept
        return len(self._shown) - bisect_left(self._shown, self._oldest)

    @property
    def rows(self) -> int:
        """How many rows the shown lines take."""
        return self.entries + sum(len(rows) for _, rows in self._open())

    def _open(self) -> list[tuple[int, tuple[str, ...]]]:
        """The unfolded entries that are shown, by position."""
        return sorted(
            (self.position(serial), rows)
            for serial, rows in self._unfolded.items()
            if self.is_shown(serial)
        )

    def is_shown(self, serial: int) -> bool:
        """Whether an entry is kept and passes the filter."""
        if not self._oldest <= serial < self._end:
            return False
        if self._shown is None:
            return True
        at = bisect_left(self._shown, serial)
        return at < len(self._shown) and self._shown[at] == serial

    def position(self, serial: int) -> int:
        """How many shown entries come before an entry."""
        if self._shown is None:
            return min(max(serial - self._oldest, 0), self.kept)
        first = bisect_left(self._shown, self._oldest)
        return max(0, bisect_left(self._shown, serial) - first)

    def serial_at(self, position: int) -> int | None:
        """The shown entry at a position, the nearest one beyond the ends; None without any."""
        count = self.entries
        if not count:
            return None
        position = max(0, min(position, count - 1))
        if self._shown is None:
            return self._oldest + position
        return self._shown[bisect_left(self._shown, self._oldest) + position]

    def row_at(self, y: int) -> Row | None:
        """What is on a row; None beyond the last."""
        if y < 0:
            return None
        below = 0
        for position, rows in self._open():
            head = position + below
            if y <= head:
                break
            if y <= head + len(rows):
                serial = self.serial_at(position)
                return None if serial is None else Row(serial, y - head)
            below += len(rows)
        if y - below >= self.entries:
            return None
        serial = self.serial_at(y - below)
        return None if serial is None else Row(serial, 0)

    def y_of(self, row: Row) -> int:
        """Where a row is, or where it would be if its entry is no longer shown."""
        position = self.position(row.serial)
        below = sum(len(rows) for at, rows in self._open() if at < position)
        part = row.part if self.is_unfolded(row.serial) and self.is_shown(row.serial) else 0
        return position + below + part
