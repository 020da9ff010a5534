"""The commands that make runbooks better: revisions from exercises, and reviews by colleagues.

Each imports what it needs when it runs, and holds no logic.
"""

from __future__ import annotations

import sys
from typing import Any

import click

from simulator.improving import new_key, who_decides
from simulator.settings import Settings, plainly

_QUALITY = click.IntRange(1, 5)


@click.command()
@click.argument("runbook")
@click.option("--scenario", default="", help="Only from exercises of this one.")
@click.option("--people", is_flag=True, help="Without scripted teams.")
@click.option("--again", is_flag=True, help="Propose what was decided, too.")
@click.option("--list", "brief", is_flag=True, help="Without the lines of each edit.")
@click.option(
    "--accept", "accepted", multiple=True, metavar="N", help="Write it: 2, or 1,3, or all."
)
@click.option("--edit", "own", nargs=2, type=(int, click.File()), metavar="N FILE",
              help="Accept it with the lines of FILE in place of those it adds.")  # fmt: skip
@click.option("--reject", type=int, metavar="N", help="Never propose it again; say --because.")
@click.option("--later", type=int, metavar="N", help="Put it off.")
@click.option("--because", default="", help="Why.")
@click.option("--patch", is_flag=True, help="Print a patch instead of writing.")
@click.option("--branch", default="", help="Commit on a new branch instead of writing.")
@click.option("--json", "as_json", is_flag=True, help="Print the proposals as JSON.")
@click.pass_obj
def revise(settings: Settings, /, runbook: str, **how: Any) -> None:
    """Propose edits of a RUNBOOK from what exercises showed, and take them up one by one."""
    with plainly():
        from simulator.review.revising import taking_up as work
        from simulator.review.revising.telling import proposals_json, proposals_text
        from simulator.session.solving import solve

        answered = [name for name in ("accepted", "own", "reject", "later") if how[name]]
        if len(answered) > 1:
            raise click.UsageError("Give one of --accept, --edit, --reject, --later.")
        store = settings.store()
        table = work.open_revising(
            store, settings.content(), runbook, solve, how["scenario"], _telling,
            people=how["people"], again=how["again"],
        )  # fmt: skip
        for exercise, fault in table.runs.faults.items():
            click.echo(f"{exercise} cannot be read: {fault}", err=True)
        if how["reject"] is not None or how["later"] is not None:
            refused = how["reject"] is not None
            one = table.put_away(
                new_key(), who_decides(), how["reject"] if refused else how["later"],
                "rejected" if refused else "later", how["because"],
            )  # fmt: skip
            said = "Rejected" if refused else "Put off"
            click.echo(f"{said}: {one.finding.kind.value}, {one.title}")
        elif how["accepted"] or how["own"] or how["patch"] or how["branch"]:
            chosen = table.chosen(how["accepted"] or ("all",), how["own"] and how["own"][0])
            words = how["own"][1].read() if how["own"] else ""
            taken = bool(how["accepted"] or how["own"] or how["branch"])
            done = table.take_up(
                chosen, words, patch=how["patch"], branch=how["branch"],
                who=who_decides() if taken else "", key=new_key(), because=how["because"],
            )  # fmt: skip
            click.echo(done, nl=not how["patch"])
        elif how["as_json"]:
            click.echo(proposals_json(table.desk, table.runs, table.found))
        else:
            click.echo(proposals_text(table.desk, table.runs, table.found, diffs=not how["brief"]))


def _telling(done: int, of: int) -> None:
    if sys.stderr.isatty() and of > 10:
        end = "\r\x1b[K" if done == of else ""
        click.echo(f"\rReading exercise {done} of {of}{end}", nl=False, err=True)


@click.command()
@click.argument("runbook")
@click.option("--by", default="", help="Who reviewed it; you, if it is not said.")
@click.option("--approve", is_flag=True, help="It can be followed as it is.")
@click.option("--ask", is_flag=True, help="It has to be changed: say what with --comment.")
@click.option("--comment", default="", help="What you found.")
@click.option("--changed", default="", help="What was changed for the review.")
@click.option("--clarity", type=_QUALITY, help="1 to 5: is every step understood at once?")
@click.option("--actionability", type=_QUALITY, help="1 to 5: can it be done as it stands?")
@click.option("--coverage", type=_QUALITY, help="1 to 5: is everything there that happens?")
@click.option("--accuracy", type=_QUALITY, help="1 to 5: is what it says so?")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def review(
    settings: Settings, /, runbook: str, by: str, comment: str, changed: str, **how: Any
) -> None:
    """Show who reviewed a RUNBOOK, or record a review of its present text."""
    if how["approve"] and how["ask"]:
        raise click.UsageError("Give --approve or --ask.")
    with plainly():
        from simulator.review.revising import reviews
        from simulator.review.revising.proposals import read_book

        system, book = read_book(settings.content(), runbook)
        library = settings.store().library()
        rated = {name: how[name] for name in reviews.QUALITIES if how[name] is not None}
        if how["approve"] or how["ask"]:
            reviews.record(
                library, new_key(), system, book, by or who_decides(), how["approve"], comment,
                changed, **rated,
            )  # fmt: skip
        elif comment or changed or rated or by:
            raise click.UsageError("Say --approve, or --ask for changes.")
        found = reviews.reviews(library, system, book)
        told = reviews.reviews_json if how["as_json"] else reviews.reviews_text
        click.echo(told(book, found))
