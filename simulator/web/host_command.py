"""What `tabletop host` does: serve here, or start the service and facilitate in this terminal."""

from __future__ import annotations

import contextlib
import getpass
import json
import logging
import os
import shlex
import sys
import termios
import tty
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click

from simulator.session.faults import told
from simulator.web.codes import secret_of
from simulator.web.hosting import Hosting, program, run_service, start_service, welcome
from simulator.web.relay import CannotJoin, join
from simulator.web.service import STOPPED

if TYPE_CHECKING:
    from simulator.content.pack import Pack
    from simulator.journal import Store


class Settings(Protocol):
    """Where content and exercises are."""

    content_argument: Path | None
    store_argument: str | None

    def store(self) -> Store:
        """Return the store."""


def host_exercise(
    settings: Settings, pack: Pack | None, exercises: tuple[str, ...], options: Mapping[str, Any]
) -> None:
    """Host an exercise as the command line asks. Raises ServingFault, CannotJoin, JournalError."""
    hosting = Hosting(
        exercises=exercises,
        teams=tuple(options["teams"]) or ("Team",),
        seed=options["seed"],
        bind=options["bind"],
        port=options["port"],
        ssh=options["ssh"],
        public_url=options["public_url"],
        certificate=options["certificate"],
        key=options["key"],
    )
    if pack is not None:
        from simulator.session.proof import sound

        pack = sound(pack)
    secret = secret_of(os.environ)
    if options["no_console"] or not (sys.stdin.isatty() and sys.stdout.isatty()):
        _serve_here(settings.store(), pack, hosting, secret, options["tell"])
        return
    environment = dict(os.environ)
    if settings.store_argument is not None:
        # Not as an argument: others may read those, and it may hold a password.
        environment["TABLETOP_HOME"] = settings.store_argument
    ready = start_service(_arguments(settings, pack, hosting), environment)
    click.echo(welcome(ready, hosting, secret))
    wait_for_key("\nPress any key to open the facilitator's console.")
    code = next(one["code"] for one in ready["codes"] if one["role"] == "facilitator")
    name = options["name"] or _user()
    try:
        words = join(code, name)
    except CannotJoin as error:
        words = str(error)
    click.echo(words)
    if words == STOPPED:
        return
    again = " ".join(f"--exercise {exercise}" for exercise in ready["exercises"])
    # Not the address: it may hold a password.
    store = "with the same --store " if settings.store_argument else ""
    click.echo(
        f"The host goes on (process {ready['process']}).\n"
        f"  back to it:  {program()} join {code} --name {shlex.quote(name)}\n"
        f"  end it:      kill {ready['process']}   (nothing is lost: {program()} host {again} "
        f"{store}opens it again)"
    )


def wait_for_key(asking: str) -> None:
    """Ask for a key and wait for one. What was typed before is not an answer.

    click's own pause asks first and then throws away what was typed: a quick answer too.
    """
    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin, termios.TCSAFLUSH)
    try:
        click.echo(asking, nl=False)
        with contextlib.suppress(KeyboardInterrupt):
            os.read(sys.stdin.fileno(), 32)
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
        click.echo()


def _serve_here(
    store: Store, pack: Pack | None, hosting: Hosting, secret: bytes, tell: int | None
) -> None:
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(name)s: %(message)s", stream=sys.stderr
    )
    logging.getLogger("asyncssh").setLevel(logging.WARNING)

    def ready(said: dict[str, Any]) -> None:
        if tell is None:
            click.echo(welcome(said, hosting, secret))
        else:
            _tell(tell, said)

    try:
        run_service(hosting, store, pack, ready)
    except Exception as error:
        message = told(error)
        if tell is None or message is None:
            raise
        _tell(tell, {"fault": message})


def _tell(descriptor: int, said: Mapping[str, Any]) -> None:
    os.write(descriptor, json.dumps(said).encode() + b"\n")
    os.close(descriptor)


def _arguments(settings: Settings, pack: Pack | None, hosting: Hosting) -> list[str]:
    """Return the command line of the service's own process."""
    found: list[str] = []
    if settings.content_argument is not None:
        found += ["--content", str(settings.content_argument)]
    found += ["host"]
    if pack is not None:
        found.append(pack.name)
    for exercise in hosting.exercises:
        found += ["--exercise", exercise]
    for team in hosting.teams:
        found += ["--team", team]
    found += ["--seed", str(hosting.seed), "--bind", hosting.bind, "--port", str(hosting.port)]
    for option, value in (
        ("--ssh", hosting.ssh),
        ("--public-url", hosting.public_url),
        ("--certificate", hosting.certificate),
        ("--key", hosting.key),
    ):
        if value is not None:
            found += [option, str(value)]
    return found


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "Facilitator"
