"""What can be pressed now, in one line at the foot of a screen.

Textual's Footer is a widget for each key, made anew whenever the focus moves; a console then waits
for its footer longer than for all else. This is one widget that draws one line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.widget import Widget

if TYPE_CHECKING:
    from textual.binding import ActiveBinding
    from textual.screen import Screen

_KEY = "bold $footer-key-foreground"
_PALETTE_EDGE = "▏"


@dataclass(frozen=True)
class Key:
    """A key, what it does in a word and in a sentence, and whether it can be pressed now."""

    name: str
    shown: str
    word: str
    help: str
    enabled: bool

    @property
    def width(self) -> int:
        """Cells that it takes, without what parts it from the next."""
        return cell_len(self.shown) + 1 + cell_len(self.word)


class KeyRow(Widget, can_focus=False):
    """The keys that a screen shows, and on the right the one that opens the palette."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KeyRow { dock: bottom; height: 1; background: $surface; color: $footer-description-foreground; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[Key, ...] = ()
        self._palette: Key | None = None

    def on_mount(self) -> None:
        """Follow what can be pressed."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def _follow(self, screen: Screen[object]) -> None:
        if not (self.is_attached and screen is self.screen and self.app.app_focus):
            return
        active = screen.active_bindings
        opens_palette = active.get(self.app.COMMAND_PALETTE_BINDING)
        palette = self._key_of(opens_palette) if opens_palette is not None else None
        keys: dict[str, Key] = {}
        for one in active.values():
            if one.binding.show:
                keys.setdefault(one.binding.action, self._key_of(one))
        if (tuple(keys.values()), palette) != (self._keys, self._palette):
            self._keys, self._palette = tuple(keys.values()), palette
            self.refresh()

    def _key_of(self, active: ActiveBinding) -> Key:
        binding = active.binding
        shown = self.app.get_key_display(binding)
        told = active.tooltip or binding.tooltip or binding.description
        return Key(binding.key, shown, binding.description, told, active.enabled)

    def _placed(self) -> list[tuple[int, Key]]:
        """Return each key that there is room for, by the cell it begins at."""
        width, palette = self.content_size.width, self._palette
        room = width - (palette.width + 2 if palette is not None else 0)
        all_of_them = sum(key.width + 2 for key in self._keys) - 1
        gap = 2 if all_of_them <= room else 1
        at, placed = 1, []
        for key in self._keys:
            if at + key.width > room:
                break
            placed.append((at, key))
            at += key.width + gap
        if palette is not None and palette.width + 1 <= width:
            placed.append((width - palette.width - 1, palette))
        return placed

    def render(self) -> Content:
        """Draw the line."""
        pieces: list[Content | str | tuple[str, str]] = []
        end = 0
        for at, key in self._placed():
            edge = key is self._palette and at > end
            gap = " " * (at - end - 1) + _PALETTE_EDGE if edge else " " * (at - end)
            style = _KEY if key.enabled else "dim"
            pieces += [(gap, "$foreground 20%"), (key.shown, style), " ",
                       key.word if key.enabled else (key.word, "dim")]  # fmt: skip
            end = at + key.width
        return Content.assemble(*pieces)

    def _under(self, x: int) -> Key | None:
        return next((key for at, key in self._placed() if at <= x < at + key.width), None)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Press the key that is pointed at."""
        key = self._under(event.x)
        if key is not None and key.enabled:
            self.app.simulate_key(key.name)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Say what the key that is pointed at does."""
        key = self._under(event.x)
        self.tooltip = key.help if key is not None else None
