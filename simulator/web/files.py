"""What pages are made of, held in memory: nothing else can be asked for, and nothing is listed."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

_KINDS = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "ttf": "font/ttf",
}
_OURS = (
    "entrance.css",
    "console.css",
    "phone.js",
    "reconnect.js",
    "console.js",
    "icon.svg",
    "symbols.ttf",
)
_THEIRS = (
    "js/textual.js",
    "css/xterm.css",
    "fonts/RobotoMono-VariableFont_wght.ttf",
    "fonts/RobotoMono-Italic-VariableFont_wght.ttf",
)


@dataclass(frozen=True)
class File:
    """One file: its kind, its bytes as they are and compressed, and a mark of its content."""

    kind: str
    plain: bytes
    compressed: bytes
    mark: str

    @classmethod
    def read(cls, place: Traversable) -> File:
        """Return a file of a package."""
        data = place.read_bytes()
        kind = _KINDS[place.name.rpartition(".")[2]]
        mark = hashlib.sha256(data).hexdigest()[:16]
        return cls(kind, data, gzip.compress(data, 9, mtime=0), mark)


def read_files() -> dict[str, File]:
    """Return all files that our pages use, by name: ours, and of textual-serve the terminal's."""
    ours = resources.files("simulator.web") / "pages"
    theirs = resources.files("textual_serve") / "static"
    places = [ours / name for name in _OURS] + [theirs.joinpath(name) for name in _THEIRS]
    return {place.name: File.read(place) for place in places}
