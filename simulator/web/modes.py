"""What a terminal is told when a console comes into it, and when it leaves."""

from __future__ import annotations

WIDEST, HIGHEST = 400, 200

ENTER = (
    "\x1b[?1049h"  # the alternate screen
    "\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h"  # mouse
    "\x1b[?25l"  # no cursor
    "\x1b[?1004h"  # focus
    "\x1b[?2004h"  # pasted text is marked
    "\x1b[?2026$p"  # can it draw in one go?
)
LEAVE = (
    "\x18"  # CAN: what was being written may have been cut off in the middle of a sequence
    "\x1b[?2004l\x1b[?1004l\x1b[?1006l\x1b[?1015l\x1b[?1003l\x1b[?1000l\x1b[?25h\x1b[0m\x1b[?1049l"
)


def clamped(width: object, height: object) -> tuple[int, int]:
    """Return a terminal's size within limits; 80 by 24 for what is no size."""
    if type(width) is not int or type(height) is not int or width < 1 or height < 1:
        return 80, 24
    return min(width, WIDEST), min(height, HIGHEST)
