"""What the launcher says of a scenario and of the exercises that were played of it."""

from __future__ import annotations

from textual.content import Content

from simulator.journal import Summary
from simulator.session.catalogue import Catalogue, Entry
from simulator.tui.panes.wording import line, paragraphs, text_of

MUTED = "$foreground 60%"
RATING_STYLE = {
    "P": "bold $text-success",
    "S": "bold $text-primary",
    "M": "bold $text-warning",
    "U": "bold $text-error",
}


def heading(catalogue: Catalogue, system: str) -> Content:
    """Return the line over a system's scenarios."""
    return text_of((line(catalogue.system_title(system)), "bold $text-accent"))


def row(entry: Entry) -> Content:
    """Return a scenario in two lines: its title, and what it takes and gave."""
    head = entry.head
    title = line(head.title)
    if head.fault:
        return text_of(f"  {title}\n", ("  cannot be read", "bold $text-error"))
    about = text_of((f"  {head.minutes:>2} min  {stars(head.difficulty)}", MUTED))
    if entry.unfinished:
        return text_of(f"  {title}\n", about, ("  unfinished", "bold $text-accent"))
    if entry.finished:
        return text_of(f"  {title}\n", about, ("  last ", MUTED), _marks(entry.finished[0]))
    return text_of(f"  {title}\n", about)


def about(entry: Entry) -> Content:
    """Return what there is to know before the briefing."""
    head = entry.head
    title = text_of((f"{line(head.title)}\n", "bold"), (f"{line(head.name)}\n\n", MUTED))
    if head.fault:
        return text_of(
            title,
            ("This scenario cannot be read.\n", "bold $text-error"),
            f"{paragraphs(head.fault)}\n\n",
            ("tabletop check says more.", MUTED),
        )
    return text_of(
        title,
        f"{paragraphs(head.summary)}\n\n",
        ("Length      ", MUTED), f"{head.minutes} simulated minutes\n",
        ("Difficulty  ", MUTED), f"{stars(head.difficulty)}\n",
        ("" if entry.unfinished or entry.finished else "\nYou have not played it yet.", MUTED),
    )  # fmt: skip


def exercise(one: Summary) -> Content:
    """Return one exercise in a line: when, and how it went."""
    when = text_of((day(one.started), MUTED), "  ")
    apart = (f"  practised {line(one.attempt, 40)}" if one.mode == "fork" else "", MUTED)
    if one.state == "open":
        return text_of(when, ("unfinished", "bold $text-accent"), apart)
    return text_of(when, _marks(one), apart)


def nothing(query: str, place: str) -> Content:
    """Return what to say when no scenario is shown."""
    if query:
        return Content("Nothing matches. Escape clears the search.")
    return text_of(
        ("There is no scenario here.\n\n", "bold"),
        f"Looked in {line(place)}.\n\n",
        ("tabletop --content FOLDER names another folder with scenarios/ and runbooks/.", MUTED),
    )


def stars(level: int) -> str:
    """Return a difficulty of 1 to 5 as dots."""
    level = max(0, min(5, level))
    return "●" * level + "○" * (5 - level)


def day(stamp: str) -> str:
    """Return the day and minute of a summary's time."""
    return line(stamp[:16].replace("T", " "))


def _marks(one: Summary) -> Content:
    rating = line(one.rating or "")
    score = "-" if one.score is None else str(one.score)
    return text_of((f"{score:>3} ", "bold"), (rating, RATING_STYLE.get(rating, "bold")))
