"""A line to type into, of a fixed size: what is typed never moves what is around it."""

from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input


class Field(Input):
    """An Input for which a letter is a letter: Textual's own lays the whole screen out for each."""

    DEFAULT_CSS = ""
    virtual_size = Reactive(Size(0, 0))
