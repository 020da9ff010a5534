"""A text that is drawn again only when it says something else."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class Words(Static):
    """Plain text or content, never markup."""

    def __init__(
        self,
        text: str | Content = "",
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
        fixed: bool = False,
    ) -> None:
        """Show a text; a `fixed` one has its place whatever it says, and nothing moves for it."""
        super().__init__(text, id=id, classes=classes, markup=False)
        self._said = text
        self._fixed = fixed

    def say(self, text: str | Content) -> None:
        """Show this instead, if it differs."""
        old = self._said
        if isinstance(text, Content) and isinstance(old, Content):
            same = text.is_same(old)
        else:
            same = text == old
        if not same:
            self._said = text
            self.update(text, layout=not self._fixed)
