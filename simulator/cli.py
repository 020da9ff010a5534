"""The command line. Each command imports what it needs when it runs, and holds no logic."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from simulator import __version__
from simulator.improving import confusion, due, plan, rebuild
from simulator.revising import review, revise
from simulator.settings import Settings, plainly

_FOLDER = click.Path(file_okay=False, path_type=Path)
_THERE = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tabletop")
@click.option("--content", type=_FOLDER, help="Folder with scenarios/ and runbooks/.")
@click.option("--store", help="Folder or postgresql://... for exercises (else $TABLETOP_HOME).")
@click.pass_context
def main(context: click.Context, content: Path | None, store: str | None) -> None:
    """Practise incidents before they happen."""
    context.obj = Settings(content, store)
    if context.invoked_subcommand is None:
        with plainly():
            _open_app(context.obj)


def _open_app(settings: Settings, **how: Any) -> None:
    from simulator.tui import run_app

    run_app(settings.content(), settings.store(), **how)


def _known(settings: Settings, exercise: str) -> str:
    """Return the exercise again, if there is one of that name; it is said here if not."""
    from simulator.session.running import resolve

    store = settings.store()
    store.open(resolve(store, exercise), write=False).close()
    return exercise


@main.command()
@click.argument("scenario")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True)
@click.pass_obj
def play(settings: Settings, scenario: str, seed: int) -> None:
    """Open the drill of SCENARIO, such as ai-gurus-lms/site-down."""
    with plainly():
        settings.pack(scenario)
        _open_app(settings, scenario=scenario, seed=seed)


@main.command()
@click.argument("exercise", default="last")
@click.pass_obj
def resume(settings: Settings, exercise: str) -> None:
    """Go on with an unfinished EXERCISE: an id, a file, or `last`."""
    with plainly():
        _open_app(settings, exercise=_known(settings, exercise))


@main.command()
@click.argument("exercise", default="last")
@click.pass_obj
def replay(settings: Settings, exercise: str) -> None:
    """Look at an EXERCISE moment by moment: an id, a file, or `last`."""
    with plainly():
        _open_app(settings, replay=_known(settings, exercise))


@main.command()
@click.argument("scenario")
@click.option("--script", type=click.Path(dir_okay=False, path_type=Path), help="Acts, as YAML.")
@click.option("--golden", is_flag=True, help="Play the scenario's own solution.")
@click.option("--idle", is_flag=True, help="Do nothing at all.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_obj
def run(
    settings: Settings,
    scenario: str,
    script: Path | None,
    golden: bool,
    idle: bool,
    seed: int,
    as_json: bool,
) -> None:
    """Play SCENARIO without a screen, as fast as it can be, and store the exercise."""
    if (script is not None) + golden + idle != 1:
        raise click.UsageError("Give one of --script FILE, --golden, --idle.")
    with plainly():
        from simulator.review import result_json, result_text
        from simulator.session.proof import sound
        from simulator.session.running import golden_script, read_script, run_script

        pack = sound(settings.pack(scenario))
        acts = read_script(script) if script else golden_script(pack) if golden else []
        stored = run_script(settings.store(), pack, acts, seed)
        result = stored.assessment
        shown = result_json(stored.exercise_id, result) if as_json else result_text(result)
        click.echo(shown)


@main.command(name="list")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def list_scenarios(settings: Settings, as_json: bool) -> None:
    """List the scenarios."""
    with plainly():
        from simulator.content.finding import scenario_file, scenario_names
        from simulator.content.heads import read_head

        root = settings.content()
        heads = [read_head(name, scenario_file(root, name)) for name in scenario_names(root)]
        if as_json:
            click.echo(json.dumps([vars(head) for head in heads], indent=2, ensure_ascii=False))
            return
        for head in heads:
            stars = "*" * head.difficulty
            click.echo(f"{head.name:<40} {head.minutes:>3} min  {stars:<5}  {head.title}")
            if head.fault:
                click.echo(f"    cannot be read: {head.fault}")


@main.command()
@click.option("--json", "as_json", is_flag=True)
@click.option("--csv", "as_csv", is_flag=True, help="One row per exercise, for a spreadsheet.")
@click.pass_obj
def exercises(settings: Settings, as_json: bool, as_csv: bool) -> None:
    """List the exercises in the store, newest first."""
    with plainly():
        from dataclasses import asdict

        summaries = settings.store().library().all()
        if as_csv:
            from simulator.review import exercises_csv

            click.echo(exercises_csv([asdict(one) for one in summaries]), nl=False)
            return
        if as_json:
            shown = [asdict(summary) for summary in summaries]
            click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
            return
        for one in summaries:
            score = "" if one.score is None else f"{one.score:>3} {one.rating}"
            click.echo(f"{one.id}  {one.started[:16]}  {one.state:<7} {score:<6} {one.scenario}")


@main.command()
@click.argument("exercise", default="last")
@click.option(
    "--format", "form", default="md", show_default=True,
    type=click.Choice(["md", "html", "pdf", "json", "csv", "xapi"]),
)  # fmt: skip
@click.option("--template", type=_THERE, help="Your templates, words and logo, over ours.")
@click.option("--copy-template", "copy_to", type=_FOLDER, help="Copy ours there, to change them.")
@click.option("--draft", type=click.Choice(["review", "messages"]), help="Instead of a report.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def report(settings: Settings, /, exercise: str, output: Path | None, **how: Any) -> None:
    """Report an EXERCISE: an id, a file, or `last`."""
    with plainly():
        from simulator.review import copy_templates, report_or_draft
        from simulator.review.sources import source_in
        from simulator.session.running import load

        if how["copy_to"] is not None:
            copied = copy_templates(how["copy_to"])
            click.echo("\n".join(f"Wrote {file}." for file in copied))
            return
        if how["draft"] and how["form"] != "md":
            raise click.UsageError("A draft is Markdown: leave out --format.")
        if how["form"] == "pdf" and output is None:
            raise click.UsageError("Give -o FILE for a PDF.")
        store = settings.store()
        stored = load(store, exercise)
        library = store.library()
        source = source_in(library, stored.exercise_id, stored.assessment, stored.digest)
        data = report_or_draft(source, how["form"], how["template"], how["draft"])
        if output is None:
            click.echo(data.decode())
        else:
            output.write_bytes(data)
            click.echo(f"Wrote {output}.")


@main.command()
@click.argument("scenario", required=False)
@click.option("--team", "teams", multiple=True, help="A team's name; several play side by side.")
@click.option("--exercise", "exercises", multiple=True, help="A stored one to go on with.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True)
@click.option("--bind", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option("--ssh", type=click.IntRange(0, 65535), help="Serve consoles over SSH, too.")
@click.option("--public-url", help="Where people find it, behind a proxy: https://...")
@click.option("--certificate", type=click.Path(dir_okay=False, path_type=Path), help="For TLS.")
@click.option("--key", type=click.Path(dir_okay=False, path_type=Path), help="The certificate's.")
@click.option("--name", default="", help="The facilitator's name.")
@click.option("--store", "store", help="Folder or postgresql://... for the exercises.")
@click.option("--no-console", is_flag=True, help="Serve here, without the facilitator's console.")
@click.option("--tell", type=int, hidden=True)
@click.pass_obj
def host(
    settings: Settings, /, scenario: str | None, exercises: tuple[str, ...], **options: Any
) -> None:
    """Host SCENARIO for a team: facilitate here, others join by browser, SSH or terminal."""
    if (scenario is None) == (not exercises):
        raise click.UsageError("Give a SCENARIO, or --exercise for each that was begun.")
    names = [" ".join(team.split()).casefold() for team in options["teams"]]
    if "" in names or len(set(names)) < len(names):
        raise click.UsageError("Give each --team a name of its own.")
    settings.store_argument = options.pop("store") or settings.store_argument
    with plainly():
        try:
            from simulator.web.host_command import host_exercise
        except ImportError as error:
            raise click.ClickException(
                f"What hosting needs is not installed ({error}). Install it with: "
                "pip install 'tabletop-drill[host]' (in a checkout, make host does that)"
            ) from error

        pack = settings.pack(scenario) if scenario else None
        host_exercise(settings, pack, exercises, options)


@main.command()
@click.argument("code")
@click.option("--name", default="", help="Your name; it is asked for otherwise.")
def join(code: str, name: str) -> None:
    """Join an exercise that is hosted on this machine, with the CODE of your role."""
    with plainly():
        from simulator.web.relay import join as join_here

        click.echo(join_here(code, name or click.prompt("Your name")))


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def check(settings: Settings, paths: tuple[Path, ...], as_json: bool) -> None:
    """Validate runbooks, systems and scenarios, and prove each scenario playable."""
    with plainly():
        from dataclasses import asdict

        from simulator.session.proof import check_all

        problems = check_all(settings.content(), paths, None if as_json else click.echo)
        if as_json:
            shown = [asdict(problem) for problem in problems]
            click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
        else:
            for problem in problems:
                click.echo(str(problem), err=problem.level == "error")
        if any(problem.level == "error" for problem in problems):
            sys.exit(1)


for command in (confusion, plan, due, rebuild, revise, review):
    main.add_command(command)
