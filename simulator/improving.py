"""The commands that follow an exercise: what confuses, what is to be done, what is due.

Each imports what it needs when it runs, and holds no logic.
"""

from __future__ import annotations

import getpass
import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, TypeVar

import click

from simulator.settings import Settings, plainly

if TYPE_CHECKING:
    from simulator.journal import Store
    from simulator.review.plan import Action
    from simulator.session.running import Stored

Command = TypeVar("Command", bound=Callable[..., object])


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
        click.echo(confusing_text(found, said, book, people=people))


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


class _Plan(click.Group):
    """Commands on the plan; without one of their names it is shown."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ("-h", "--help")):
            args = ["show", *args]
        return super().parse_args(context, args)


@click.group(cls=_Plan)
def plan() -> None:
    """The improvement plan: `plan [EXERCISE]` shows it, the commands below change it."""


@plan.command(name="show")
@click.argument("exercise", default="")
@click.option("--csv", "form", flag_value="csv", help="For a spreadsheet.")
@click.option("--ics", "form", flag_value="ics", help="For a calendar.")
@click.option("--json", "form", flag_value="json", help="As JSON.")
@click.pass_obj
def show_plan(settings: Settings, exercise: str, form: str | None) -> None:
    """Show the plan, or what is planned for the areas for improvement of an EXERCISE."""
    with plainly():
        from simulator.review import plan_text as say
        from simulator.review.plan import read_plan

        store = settings.store()
        stored = _stored(store, exercise) if exercise else None
        actions = read_plan(store.library(), stored.exercise_id if stored else "")
        if form is not None:
            forms = {"csv": say.plan_csv, "ics": say.plan_ics}
            if form in forms:
                click.echo(forms[form](actions), nl=False)
            else:
                click.echo(say.plan_json(actions, _today()))
            return
        if stored is not None:
            from simulator.review.areas import areas

            found = areas(stored.assessment)
            click.echo(say.areas_text(stored.exercise_id, found, actions) + "\n")
        click.echo(say.plan_text(actions, _today()))


def _fields(needed: bool) -> Callable[[Command], Command]:
    """Return what gives a command the options that set an action's fields."""

    def decorate(command: Command) -> Command:
        for option in (
            click.option("--scenario", help="The scenario that shows it, with --step."),
            click.option("--step", help="The step whose doing well closes it: system/book#step."),
            click.option("--element", help="planning, organization, equipment, training, exercise"),
            click.option("--status", help="open or started"),
            click.option("--due", help="By when, as 2026-08-31."),
            click.option("--start", help="From when."),
            click.option("--owner", help="Who sees to it."),
            click.option("--what", required=needed, help="What is to be done."),
        ):
            command = option(command)
        return command

    return decorate


@plan.command(name="add")
@click.argument("exercise", default="")
@click.option("--area", default="", help="The area of the exercise: its number, or its key.")
@_fields(needed=True)
@click.pass_obj
def add_action(settings: Settings, /, exercise: str, area: str, **given: str | None) -> None:
    """Add an action to the plan, for an area for improvement of an EXERCISE or for none.

    One for an area that speaks of a step closes by evidence: by a later exercise of the same
    scenario in which the step is done well.
    """
    if area and not exercise:
        raise click.UsageError("Give the EXERCISE that the area belongs to.")
    with plainly():
        from simulator.review.bound import check_bound, for_exercise
        from simulator.review.plan import add

        store = settings.store()
        fields = {name: value for name, value in given.items() if value is not None}
        if fields.get("step") or fields.get("scenario"):
            check_bound(settings.content(), store.library(), fields)
        if exercise:
            stored = _stored(store, exercise)
            fields = for_exercise(stored.exercise_id, stored.assessment, area) | fields
        what = fields.pop("what")
        _tell(add(store.library(), new_key(), who_decides(), what, **fields))


@plan.command(name="edit")
@click.argument("number", type=int)
@_fields(needed=False)
@click.pass_obj
def edit_action(settings: Settings, /, number: int, **given: str | None) -> None:
    """Change the action with this NUMBER."""
    fields = {name: value for name, value in given.items() if value is not None}
    if not fields:
        raise click.UsageError("Say what to change, such as --owner or --due.")
    with plainly():
        from simulator.review.bound import check_bound
        from simulator.review.plan import change

        library = settings.store().library()
        if fields.get("step") or fields.get("scenario"):
            check_bound(settings.content(), library, fields)
        _tell(change(library, new_key(), who_decides(), number, **fields))


@plan.command(name="note")
@click.argument("number", type=int)
@click.argument("text")
@click.pass_obj
def note_on_action(settings: Settings, number: int, text: str) -> None:
    """Note something of the action with this NUMBER."""
    with plainly():
        from simulator.review.plan import note

        _tell(note(settings.store().library(), new_key(), who_decides(), number, text))


@plan.command(name="close")
@click.argument("number", type=int)
@click.option("--reason", default="", help="Why, or what shows it.")
@click.option("--drop", is_flag=True, help="It will not be done.")
@click.pass_obj
def close_action(settings: Settings, number: int, reason: str, drop: bool) -> None:
    """Close the action with this NUMBER: it is done, or dropped for a reason."""
    with plainly():
        from simulator.review.plan import close

        library = settings.store().library()
        _tell(close(library, new_key(), who_decides(), number, reason, dropped=drop))


@plan.command(name="reopen")
@click.argument("number", type=int)
@click.option("--reason", default="", help="Why.")
@click.pass_obj
def reopen_action(settings: Settings, number: int, reason: str) -> None:
    """Open the action with this NUMBER again; only exercises from now on can close it."""
    with plainly():
        from simulator.review.plan import reopen

        _tell(reopen(settings.store().library(), new_key(), who_decides(), number, reason))


@click.command()
@click.option("--ics", is_flag=True, help="For a calendar.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--all", "every_step", is_flag=True, help="Name every step nobody has exercised.")
@click.option("--scripts", is_flag=True, help="Count steps that only scripted teams came to.")
@click.option("--every", type=click.IntRange(1, 3650), help="Days between rehearsals, from now on.")
@click.option("--of", "name", default="", help="With --every: only of this scenario or runbook.")
@click.pass_obj
def due(settings: Settings, /, every: int | None, name: str, **how: bool) -> None:
    """List what nobody has practised for too long, or ever, and which actions are late."""
    if name and every is None:
        raise click.UsageError("Give --every DAYS with --of.")
    with plainly():
        from simulator.review.due import read_due, set_rhythm
        from simulator.review.plan_text import due_ics, due_json, due_text

        library, root = settings.store().library(), settings.content()
        if every is not None:
            set_rhythm(library, new_key(), root, who_decides(), every, name)
        found = read_due(library, root, _today(), scripts=how["scripts"])
        if how["ics"]:
            click.echo(due_ics(found), nl=False)
        elif how["as_json"]:
            click.echo(due_json(found))
        else:
            click.echo(due_text(found, every_step=how["every_step"]))


def _tell(action: Action) -> None:
    from simulator.review.plan_text import plan_text

    click.echo(plan_text([action], _today()))


def _stored(store: Store, exercise: str) -> Stored:
    from simulator.session.running import load

    return load(store, exercise)


def _today() -> date:
    return datetime.now(UTC).astimezone().date()


def new_key() -> str:
    """Return a fresh key for a decision."""
    return secrets.token_hex(16)


def who_decides() -> str:
    """Return the name of who is at the keyboard."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name
        return "somebody"
