"""The codes by which people join the team at hand, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from simulator.tui.panes.wording import line, text_of
from simulator.tui.screens.facilitator.page import MUTED, TITLE, column

if TYPE_CHECKING:
    from simulator.tui.screens.facilitator.desk import Desk

WIDE = 22


def codes_of(desk: Desk) -> list[dict[str, str]]:
    """Return the codes of the team at hand."""
    return [one for one in desk.codes if one.get("x") == desk.drill.exercise_id]


def code_rows(desk: Desk) -> list[Content]:
    """Return the codes, two in a line; nothing for those who may not see them."""
    if not desk.leads:
        return []
    rows = [text_of(("Join codes", TITLE), (f"  team {line(desk.exercise.team, 40)}", MUTED))]
    mine = codes_of(desk)
    half = (len(mine) + 1) // 2
    for number in range(half):
        pair = [mine[number], *mine[number + half : number + half + 1]]
        pieces = [text_of(column(one.get("title", ""), WIDE), (one["code"], "bold"))
                  for one in pair]  # fmt: skip
        rows.append(Content("   ").join(pieces))
    if not mine:
        rows.append(text_of(("They are being fetched.", MUTED)))
    return rows
