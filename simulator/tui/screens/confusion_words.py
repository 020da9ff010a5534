"""What the screen of confusing steps says of them."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from simulator.review.confusing import Confusing, ConfusingStep, Edition, Quote, Spell
from simulator.review.confusing_text import (
    EARLIER,
    NO_PEOPLE,
    NOBODY,
    SIGNS,
    level,
    minutes_lost,
    of_teams,
)
from simulator.tui.panes.runbook_page import unmarked
from simulator.tui.panes.wording import line, text_of

MUTED = "$foreground 60%"
INKS = (
    "$foreground 45%",
    "$text-success",
    "$text-primary",
    "$text-warning",
    "bold $text-warning",
    "bold $text-error",
)
BAR = 8


def head(confusing: Confusing, people: bool) -> Content:
    """Return how much is behind the ranking."""
    if not confusing.steps:
        told = NO_PEOPLE if people else NOBODY
        return text_of((told[0].lower() + told[1:], MUTED))
    scripted = ""
    if confusing.scripted and not people:
        scripted = f", {confusing.scripted} of them scripted"
    teams = f"up to {confusing.teams} teams{scripted}"
    return text_of((f"{len(confusing.listed)} of {len(confusing.steps)} steps, {teams}", MUTED))


def row(step: ConfusingStep) -> Content:
    """Return a step in two lines: its title, and how much it confused."""
    heat = level(step.now)
    told = of_teams(step.now) if step.now.teams else "nobody yet, as it is now"
    return text_of(
        (SIGNS[heat], INKS[heat]), f"{line(unmarked(step.title))}\n",
        ("  ", ""), (told, INKS[heat]), (f"  {minutes_lost(step.now)}", MUTED),
    )  # fmt: skip


def about(step: ConfusingStep, said: Sequence[Quote], editions: Sequence[Edition]) -> Content:
    """Return everything that is known of a step."""
    place = f"{step.file}:{step.line}" if step.line else f"{step.system}/{step.runbook}"
    heat = level(step.now)
    parts: list[Content] = [
        text_of((f"{line(unmarked(step.title))}\n", "bold"), (f"{line(place)}\n\n", MUTED)),
        text_of((f"{of_teams(step.now)}", INKS[heat]), " were confused\n"),
        text_of(f"{minutes_lost(step.now)} beyond the expected, by all together\n"),
        text_of((f"rank value {float(step.value):.2f}", MUTED)),
        text_of((f", flagged in {step.now.flagged}\n" if step.now.flagged else "\n", MUTED)),
    ]
    if step.now.signals:
        parts += [text_of(("\nWhat was seen\n", "bold $text-accent")), _signals(step.now)]
    if said:
        parts.append(text_of(("\nWhat people wrote\n", "bold $text-accent")))
        parts += [
            text_of(f"“{line(one.text)}”\n", (f"  {line(one.exercise)}, {one.on}\n", MUTED))
            for one in said
        ]
    if step.earlier:
        parts += [text_of(("\nWording by wording\n", "bold $text-accent")), _wordings(step)]
    own = [one for one in editions if one.key == step.key[:2]]
    if own:
        parts.append(text_of(("\nThe runbook, version by version\n", "bold $text-accent")))
        parts += [_edition(one) for one in own]
    return Content("").join(parts)


def _signals(spell: Spell) -> Content:
    most = max(count for _, count in spell.signals)
    rows = []
    for name, count in spell.signals:
        full = max(1, round(BAR * count / most))
        rows.append(text_of(f"{name:<19}{count:>4} ", ("━" * full + "\n", "$text-warning")))
    return Content("").join(rows)


def _wordings(step: ConfusingStep) -> Content:
    rows = [
        text_of(f"{one.first[:10]}  ", (f"{SIGNS[level(one)]}{of_teams(one)}\n", INKS[level(one)]))
        for one in reversed(step.earlier)
    ]
    if step.now.teams:
        heat = level(step.now)
        told = text_of((f"{SIGNS[heat]}{of_teams(step.now)}", INKS[heat]), ", as it is now\n")
        rows.append(text_of(f"{step.now.first[:10]}  ", told))
    else:
        rows.append(text_of(("since then  nobody has come to it\n", MUTED)))
    return Content("").join(rows)


def _edition(edition: Edition) -> Content:
    share = edition.confused / edition.reached if edition.reached else 0.0
    full = round(BAR * share)
    named = "now" if edition.present else edition.version
    return text_of(
        f"{edition.first[:10]} {share:>4.0%} ",
        ("━" * full, "$text-warning"), ("╌" * (BAR - full), MUTED), (f" {named}\n", MUTED),
    )  # fmt: skip


def nothing(people: bool) -> Content:
    """Return what stands where there is nothing to rank."""
    if people:
        return text_of(
            ("No exercise of people yet.\n\n", "bold"),
            "Play one to its end. Press p to count scripted teams, too.",
        )
    return text_of(
        ("Nothing to rank yet.\n\n", "bold"),
        "Play an exercise to its end: what it showed of each step of the runbooks is counted "
        "here, together with all others.\n\n",
        (EARLIER, MUTED),
    )
