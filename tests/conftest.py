"""What all tests share: the content of the documentation's smallest scenario, and ours."""

from __future__ import annotations

import gc
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import settings

from simulator.content.pack import Pack, read_pack

# A loaded machine is no fault of the code: timings are for benchmarks/.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

ROOT = Path(__file__).parent.parent


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two more than there are cores: two wait for hosts and browsers most of the time."""
    return (os.cpu_count() or 1) + 2


def pytest_collection_finish() -> None:
    """Look through all that lives a tenth as often: each screen that is drawn asks for it.

    What is never let go of is still looked for when all tests of a process are over.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(700, 10, 100)


_FILE = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def files_in(page: Path) -> dict[str, str]:
    """Return the files that a page of the documentation writes out, by name."""
    return dict(_FILE.findall(page.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A content folder with the smallest scenario, as docs/authoring.md writes it."""
    root = tmp_path_factory.mktemp("kiosk")
    for name, text in files_in(ROOT / "docs" / "authoring.md").items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def stuck(kiosk: Path) -> Pack:
    """The smallest scenario."""
    return read_pack(kiosk, "kiosk/stuck")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of an empty database: of a server of our own, or at TABLETOP_TEST_POSTGRES."""
    import psycopg
    from postgres_server import PostgresServer

    given = os.environ.get("TABLETOP_TEST_POSTGRES")
    if not given:
        server = PostgresServer()
        try:
            server.start()
            yield server.url
        finally:
            server.remove()
        return
    name = f"tabletop_test_{secrets.token_hex(4)}"
    with psycopg.connect(given, autocommit=True) as server_of_others:
        server_of_others.execute(f"CREATE DATABASE {name}")
        try:
            yield urlsplit(given)._replace(path=f"/{name}").geturl()
        finally:
            server_of_others.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def url(postgres_url: str) -> Iterator[str]:
    """The address of a database of the test's own, empty."""
    import psycopg

    name = f"test_{secrets.token_hex(4)}"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
        yield urlsplit(postgres_url)._replace(path=f"/{name}").geturl()
        server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
