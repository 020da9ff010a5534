"""pg_terminate_backend and pg_cancel_backend: whom a query reaches, and what that does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from simulator.world.shell.action_call import start_action
from simulator.world.shell.answer import Printed
from simulator.world.shell.database.catalogue import Catalogue
from simulator.world.shell.database.engine import Result
from simulator.world.shell.database.sessions import OWN
from simulator.world.shell.sql_text import mentions

CALLS: Mapping[str, str] = {
    "pg_terminate_backend": "terminate",
    "pg_cancel_backend": "cancel",
}


@dataclass(frozen=True)
class Kill:
    """The sessions of one group that a query reached."""

    how: str
    group: str
    pids: tuple[int, ...]


def calls(query: str) -> bool:
    """Whether a query calls one of the two functions."""
    return not mentions(query).isdisjoint(CALLS)


def macros(catalogue: Catalogue, marking: bool) -> list[str]:
    """Return the two functions: as they answer, or as marks of whom they were called with."""
    if marking:
        return [f"{name}(p) AS '{how}:' || CAST(p AS VARCHAR)" for name, how in CALLS.items()]
    pids = ", ".join(str(session.pid) for session in catalogue.sessions)
    return [f"{name}(p) AS CAST(p AS BIGINT) IN ({pids})" for name in CALLS]


def reached(catalogue: Catalogue, marked: Result) -> list[Kill]:
    """Return the groups that a marking run reached, those with the most sessions first."""
    groups = {session.pid: session.group for session in catalogue.sessions}
    found: dict[tuple[str, str], list[int]] = {}
    for row in marked.rows:
        for cell in row:
            for how, pid in re.findall(r"\b(terminate|cancel):(\d+)", cell or ""):
                group = groups.get(int(pid))
                if group is not None:
                    pids = found.setdefault((how, group), [])
                    if int(pid) not in pids:
                        pids.append(int(pid))
    kills = [Kill(how, group, tuple(pids)) for (how, group), pids in found.items()]
    return sorted(kills, key=lambda kill: -len(kill.pids))


def carried_out(catalogue: Catalogue, kills: list[Kill]) -> Printed:
    """Return the action of the first group that has one; a refusal stands in `err`."""
    declared = {group.id: group for group in catalogue.database.sessions}
    for kill in kills:
        if kill.group == OWN:
            continue
        group = declared[kill.group]
        action = group.terminate if kill.how == "terminate" else group.cancel
        if action is None:
            continue
        args = {"count": str(len(kill.pids)), "pid": str(kill.pids[0]), "group": kill.group}
        started = start_action(catalogue.scene, action, args)
        return started.but(out="")
    if any(kill.group == OWN and kill.how == "terminate" for kill in kills):
        return Printed(
            err="FATAL:  terminating connection due to administrator command\n"
            "server closed the connection unexpectedly\n"
            "The connection to the server was lost. Attempting reset: Succeeded.\n",
            failed=True,
        )
    return Printed()
