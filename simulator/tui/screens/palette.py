"""The command palette: what holds the typed words comes first, and is shown as it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from textual.app import SystemCommand
from textual.command import DiscoveryHit, Hit, Hits, Provider

from simulator.tui.panes.wording import line

_WORD = re.compile(r"\w+")


class Acts(Provider):
    """Every act of the screen at hand. A title with the words that were typed beats any other."""

    async def discover(self) -> Hits:
        """Offer everything before anything is typed, in the order of the screen's own list."""
        for title, about, act, shown in self.app.get_system_commands(self.screen):
            if shown:
                yield DiscoveryHit(title, act, help=about)

    async def search(self, query: str) -> Hits:
        """Offer what fits."""
        matcher = self.matcher(query)
        for title, about, act, *_ in self.app.get_system_commands(self.screen):
            likeness = matcher.match(title)
            if likeness > 0:
                score = nearness(query, title) + min(likeness, 99.0) / 100
                yield Hit(score, matcher.highlight(title), act, help=about)


def nearness(query: str, title: str) -> int:
    """Return how well a title fits what was typed: 4 the whole title, 3 its beginning.

    2: each word that was typed is a word of it; 1: the beginning of one; 0: only letters fit.
    """
    wanted, words = _WORD.findall(query.casefold()), _WORD.findall(title.casefold())
    if wanted == words:
        return 4
    if " ".join(words).startswith(" ".join(wanted)):
        return 3
    if all(word in words for word in wanted):
        return 2
    return int(all(any(word.startswith(one) for word in words) for one in wanted))


def offer(title: str, about: str, act: Callable[[], Any]) -> SystemCommand:
    """Return an entry whose texts are shown as they are, without brackets to be read."""
    return SystemCommand(_plain(title), _plain(about), act)


def _plain(text: str) -> str:
    return line(text, 120).replace("[", "(").replace("]", ")")
