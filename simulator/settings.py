"""What every command is given: where content and exercises are, and faults in plain words."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from simulator.content.pack import Pack
    from simulator.journal import Store


@contextmanager
def plainly() -> Iterator[None]:
    """Turn every known fault into its own words on standard error, and exit status 1."""
    try:
        yield
    except click.ClickException:
        raise
    except KeyboardInterrupt:
        raise click.Abort from None
    except Exception as error:
        from simulator.session.faults import told

        message = told(error)
        if message is None:
            raise
        click.echo(message, err=True)
        sys.exit(1)


class Settings:
    """Where content and exercises are."""

    def __init__(self, content: Path | None, store: str | None) -> None:
        self.content_argument, self.store_argument = content, store

    def content(self) -> Path:
        from simulator.content.finding import find_content

        return find_content(self.content_argument, Path.cwd())

    def store(self) -> Store:
        from simulator.journal import Store

        return Store.locate(self.store_argument)

    def pack(self, scenario: str) -> Pack:
        from simulator.content.finding import scenario_names, unknown_scenario
        from simulator.content.pack import read_pack

        root = self.content()
        known = scenario_names(root)
        if scenario not in known:
            raise unknown_scenario(scenario, known)
        return read_pack(root, scenario)
