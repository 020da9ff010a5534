"""The address of a database, to connect by and to show."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from simulator.journal.faults import StoreMissing


def parameters(url: str, patience: float) -> dict[str, Any]:
    """Return what to connect with: a dead connection is noticed, unless `url` says otherwise.

    Raises StoreMissing if it is no address.
    """
    return {
        # libpq knows whole seconds, and at least two.
        "connect_timeout": max(2, round(patience)),
        "tcp_user_timeout": round(patience * 1000),
        "keepalives_idle": 10,
        "keepalives_interval": 3,
        "keepalives_count": 3,
        **_parts(url),
    }


def shown(url: str) -> str:
    """Return the address without what is secret in it. Raises StoreMissing if it is none."""
    parts = _parts(url)
    user = f"{parts['user']}@" if parts.get("user") else ""
    port = f":{parts['port']}" if parts.get("port") else ""
    name = f"/{parts['dbname']}" if parts.get("dbname") else ""
    return f"postgresql://{user}{parts.get('host', '')}{port}{name}"


def _parts(url: str) -> dict[str, Any]:
    try:
        return conninfo_to_dict(url)
    except psycopg.Error:
        # What libpq says of it may show the password.
        raise StoreMissing(
            url.split("://")[0] + "://...",
            "This is not the address of a database",
            "Write it as postgresql://user@host:5432/name.",
        ) from None
