"""Which steps confuse, as plain text and as data; and a runbook with its heat beside its lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from simulator.review.books import Book
from simulator.review.confusing import Confusing, ConfusingStep, Edition, Quote, Spell

SIGNS = ("  ", "· ", "░ ", "▒ ", "▓ ", "█ ")
"""How much a step confuses, from 0 (nobody has reached it) to 5, as a letter and a blank."""

MOST = 20
"""Steps that the text tells of."""

EARLIER = "Those of an earlier version are counted after: tabletop rebuild."

NOBODY = "No exercise that has ended came to a step yet"
NO_PEOPLE = "No exercise of people that has ended came to a step yet"

_LEVELS = (10, 25, 50)
"""Per cent of the teams from which on a step is at level 3, 4 and 5; 2 from the first on."""


def level(spell: Spell) -> int:
    """Return how much a step confuses: 0 nobody reached it, 1 nobody was confused, up to 5."""
    if not spell.teams:
        return 0
    if not spell.confused:
        return 1
    share = 100 * spell.confused / spell.teams
    return 2 + sum(share >= least for least in _LEVELS)


def of_teams(spell: Spell) -> str:
    """Return "30 of 60 teams"."""
    return f"{spell.confused} of {spell.teams} team{'' if spell.teams == 1 else 's'}"


def minutes_lost(spell: Spell) -> str:
    """Return the time that a step took from all teams together beyond the expected."""
    if spell.lost < 60:
        return f"{spell.lost} s lost"
    return f"{spell.lost // 60} min lost"


def seen(spell: Spell) -> str:
    """Return the signals with how many teams showed each, such as "slow 12, hint 8"."""
    return ", ".join(f"{name} {count}" for name, count in spell.signals)


def trend(step: ConfusingStep) -> str:
    """Return how a step fared from wording to wording, the present one last; "" without another."""
    told = [f"{of_teams(one)} ({one.first[:10]})" for one in reversed(step.earlier)]
    now = of_teams(step.now) if step.now.teams else "nobody yet"
    return " → ".join([*told, f"{now}, as it is now"]) if told else ""


def in_a_line(edition: Edition) -> str:
    """Return what there is to say of one version of a runbook."""
    share = round(100 * edition.confused / edition.reached) if edition.reached else 0
    what = f"{edition.confused} of {edition.reached} times that a team came to a step it confused"
    now = ", as it is now" if edition.present else ""
    return f"{edition.first[:10]}  {edition.version}  {share:>3} %  {what}{now}"


def confusing_text(
    confusing: Confusing,
    said: Mapping[tuple[str, str, str], Sequence[Quote]],
    book: Book | None,
    *,
    people: bool = False,
) -> str:
    """Return the ranking as plain text, with the runbook itself if one is given.

    `people` says that scripted teams were left out.
    """
    lines = [_head(confusing, people), ""]
    for number, step in enumerate(confusing.listed[:MOST], 1):
        lines += [*_step(number, step, said.get(step.key, ())), ""]
    if len(confusing.listed) > MOST:
        lines += [f"And {len(confusing.listed) - MOST} more; --json prints all.", ""]
    lines += _trend(confusing.editions)
    if book is not None:
        lines += ["", f"{book.file}, with how many of the teams each step confused:", ""]
        lines += _with_heat(book, confusing)
    return "\n".join(lines).rstrip()


def _head(confusing: Confusing, people: bool) -> str:
    if not confusing.steps and people:
        return f"{NO_PEOPLE}; scripted teams count without --people."
    if not confusing.steps:
        return f"{NOBODY}. {EARLIER}"
    scripted = f", {confusing.scripted} of them scripted" if confusing.scripted else ""
    teams = f"{confusing.teams} team{'' if confusing.teams == 1 else 's'} at most{scripted}"
    found = len(confusing.listed)
    of_all = f"of {len(confusing.steps)} steps that were reached"
    return f"{found or 'None'} {of_all} confuse{'s' if found == 1 else ''} ({teams})."


def _step(number: int, step: ConfusingStep, said: Sequence[Quote]) -> Iterator[str]:
    place = f"{step.file}:{step.line}" if step.line else f"{step.system}/{step.runbook}"
    yield f"{number:>2}. {of_teams(step.now)}  {step.title}"
    told = [place, f"rank value {float(step.value):.2f}", minutes_lost(step.now)]
    yield f"    {', '.join(told)}"
    if step.now.signals:
        yield f"    seen: {seen(step.now)}"
    yield from (f"    “{quote.text}” ({quote.exercise}, {quote.on})" for quote in said)
    if step.earlier:
        yield f"    {trend(step)}"


def _trend(editions: Sequence[Edition]) -> Iterator[str]:
    books = dict.fromkeys(one.key for one in editions)
    for key in books:
        own = [one for one in editions if one.key == key]
        yield f"{'/'.join(key)}, by version of its text:"
        yield from (f"    {in_a_line(one)}" for one in own)


def _with_heat(book: Book, confusing: Confusing) -> Iterator[str]:
    for number, text, step in lines_with_heat(book, confusing):
        sign, told = "  ", ""
        if step is not None:
            sign = SIGNS[level(step.now)]
            first = number == step.line
            told = f"{step.now.confused}/{step.now.teams}" if first and step.now.teams else ""
        yield f"{told:>7} {sign}{text}".rstrip()


def lines_with_heat(
    book: Book, confusing: Confusing
) -> Iterator[tuple[int, str, ConfusingStep | None]]:
    """Yield each line of a runbook from 1, with the step that it belongs to if that was reached."""
    known = {step.step: step for step in confusing.steps if step.key[:2] == book.key}
    owner: dict[int, ConfusingStep] = {}
    for one in book.steps:
        if one.id in known:
            owner |= dict.fromkeys(range(one.line, one.end + 1), known[one.id])
    for number, text in enumerate(book.text.removeprefix("\ufeff").splitlines(), 1):
        yield number, text, owner.get(number)


def confusing_json(
    confusing: Confusing, said: Mapping[tuple[str, str, str], Sequence[Quote]]
) -> str:
    """Return the ranking of all steps as JSON; times are seconds."""
    shown = {
        "guess": float(confusing.guess),
        "guess_exact": str(confusing.guess),
        "steps": [_data(step, said.get(step.key, ())) for step in confusing.steps],
        "runbooks": [asdict(edition) for edition in confusing.editions],
    }
    return json.dumps(shown, indent=2, ensure_ascii=False)


def _data(step: ConfusingStep, said: Sequence[Quote]) -> dict[str, Any]:
    return {
        "step": f"{step.runbook}#{step.step}",
        "system": step.system,
        "title": step.title,
        "file": step.file,
        "line": step.line,
        "value": float(step.value),
        "value_exact": str(step.value),
        "listed": step.listed,
        **_spell(step.now),
        "quotes": [asdict(quote) for quote in said],
        "earlier": [_spell(one) for one in step.earlier],
    }


def _spell(spell: Spell) -> dict[str, Any]:
    return {**asdict(spell), "signals": dict(spell.signals)}
