"""The commands that follow an exercise: what confuses, what is to be done, what is due.

Each imports what it needs when it runs, and holds no logic.
"""

from __future__ import annotations

import click

from simulator.settings import Settings, plainly


@click.command()
@click.option("--runbook", default="", help="Only this one's steps, and the runbook itself.")
@click.option("--people", is_flag=True, help="Without scripted teams.")
@click.option("--json", "as_json", is_flag=True, help="Print all steps as JSON.")
@click.pass_obj
def confusion(settings: Settings, runbook: str, people: bool, as_json: bool) -> None:
    """Rank the steps of the runbooks that confuse, over all exercises in the store."""
    with plainly():
        from simulator.review.confusing import quotes, read_confusing
        from simulator.review.confusing_text import MOST, confusing_json, confusing_text

        library = settings.store().library()
        found = read_confusing(library, settings.content(), runbook, people=people)
        if as_json:
            click.echo(confusing_json(found, quotes(library, found.listed)))
            return
        said = quotes(library, found.listed[:MOST])
        book = next(iter(found.books.values()), None) if runbook else None
        click.echo(confusing_text(found, said, book))


@click.command()
@click.pass_obj
def rebuild(settings: Settings) -> None:
    """Sum up all exercises of the store anew from their journals; decisions are kept."""
    with plainly():
        from simulator.session.rebuilding import rebuild_library

        store = settings.store()
        done = rebuild_library(store, lambda line: click.echo(line, err=True))
        for exercise, fault in done.faults.items():
            click.echo(f"{exercise} cannot be read: {fault}", err=True)
        if done.kept is not None:
            click.echo(f"The damaged library was put aside: {done.kept}.")
        click.echo(f"Summed up {done.exercises} exercises; kept {done.decisions} decisions.")
