"""How times and people's texts are worded on every pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from simulator.tui.widgets.axes import clock
from simulator.tui.widgets.plain_text import fit, plain, plain_lines

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise

_LONGEST = 20_000

Style = str
Piece = str | Content | tuple[str, Style]


def text_of(*pieces: Piece) -> Content:
    """Return pieces of text as content; none of them is read as markup."""
    return Content.assemble(*pieces)


def line(text: str, width: int = 0) -> str:
    """Return people's text as one line, of at most `width` cells if that is given."""
    shown = " ".join(plain_lines(text[:_LONGEST])).strip()
    return fit(shown, width) if width > 0 else shown


def paragraphs(text: str) -> str:
    """Return people's text with its own line ends."""
    return "\n".join(plain_lines(text[:_LONGEST].strip("\n")))


def at_clock(exercise: Exercise, at: int, pattern: str = "%H:%M:%S") -> str:
    """Return a time of the exercise as the clock on the wall shows it, UTC."""
    return clock(exercise.world.epoch + at, pattern)


def minutes(seconds: int) -> str:
    """Return a time since T+0 as 02:31, or 1:02:31."""
    hours, rest = divmod(max(0, seconds), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60:02}:{rest % 60:02}"


def lasted(seconds: int) -> str:
    """Return a duration in one rounded unit: 40 s, 12 min, 3 h, 2 d."""
    seconds = max(0, seconds)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 7200:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h" if seconds < 172_800 else f"{seconds // 86_400} d"


def name_of(exercise: Exercise, sender: str) -> str:
    """Return a sender's name: a simulated person's, a participant's, or the system."""
    person = next((x for x in exercise.system.people if x.id == sender), None)
    if person is not None:
        return line(person.name)
    return line(exercise.state.seats.get(sender, "")) or plain(sender)
