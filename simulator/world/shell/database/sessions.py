"""The sessions of the database now: the groups that the system declares, one by one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from simulator.content.terminal import Database, SessionGroup
from simulator.world.shell.scene import Scene

_MOST = 2_000
_MICRO = 1_000_000


@dataclass(frozen=True)
class Session:
    """One backend, as pg_stat_activity shows it; times are microseconds before now."""

    pid: int
    group: str
    user: str
    application: str
    address: str
    state: str
    query: str
    wait_type: str | None
    wait_event: str | None
    query_age: int
    transaction_age: int | None
    backend_age: int
    blocked_by: int | None
    place: int
    """Its number in its group, from 0."""

    @property
    def kind(self) -> str:
        """What kind of process it is, as `backend_type` says."""
        worker = self.application in ("autovacuum worker", "autovacuum launcher", "walwriter")
        return self.application if worker else "client backend"


OWN = "psql"
"""The group of the player's own session."""


def own_pid(scene: Scene) -> int:
    """Return the process id of the player's own session."""
    return 90_000 + scene.chance("psql-pid") % 9_000


def sessions(scene: Scene, database: Database, query: str) -> list[Session]:
    """Return every session, the player's own last, in the order the system declares them."""
    taken = {own_pid(scene)}
    pids: dict[str, list[int]] = {}
    for group in database.sessions:
        count = max(0, min(int(scene.number(group.count)), _MOST))
        pids[group.id] = [_pid(scene, group.id, place, taken) for place in range(count)]
    found = [
        _session(scene, group, place, pid, pids)
        for group in database.sessions
        for place, pid in enumerate(pids[group.id])
    ]
    own = Session(
        own_pid(scene), OWN, database.user, "psql", "10.20.0.7", "active", query, None, None,
        0, 0, 40 * _MICRO, None, 0,
    )  # fmt: skip
    return [*found[:_MOST], own]


def _pid(scene: Scene, group: str, place: int, taken: set[int]) -> int:
    pid = 1_000 + scene.chance("pid", group, place) % 80_000
    while pid in taken:
        pid += 1
    taken.add(pid)
    return pid


def _session(
    scene: Scene, group: SessionGroup, place: int, pid: int, pids: dict[str, list[int]]
) -> Session:
    age = _age(scene, group, place)
    drawn = scene.chance("backend", group.id, place)
    blockers = pids.get(group.blocked_by or "", [])
    in_transaction = group.state != "idle"
    # a transaction is a little older than its latest statement
    begun = age + scene.chance("xact", group.id, place) % 40_000 if in_transaction else None
    backend = max(age, begun or 0) + (60 + drawn % 3_540) * _MICRO
    return Session(
        pid,
        group.id,
        scene.fill(group.user, {}, place=(group.id, place)),
        scene.fill(group.application, {}, place=(group.id, place)),
        _address(scene, group.id, place),
        group.state,
        scene.fill(group.query, {}, place=(group.id, place)),
        group.wait_type,
        group.wait_event,
        age,
        begun,
        backend,
        blockers[0] if blockers else None,
        place,
    )


def _address(scene: Scene, group: str, place: int) -> str:
    """Return the client's address: sessions come through three instances of a pooler."""
    net, host = scene.chance("net", group) % 9, scene.chance("pooler", place % 3) % 250
    return f"10.20.{1 + net}.{2 + host}"


def _age(scene: Scene, group: SessionGroup, place: int) -> int:
    """Return the age of a session's query, in microseconds.

    Between two constants, queries come and go: each starts anew when it reaches the greatest age.
    """
    least, greatest = (max(0, int(scene.number(bound) * _MICRO)) for bound in group.seconds)
    span = max(0, greatest - least)
    drawn = scene.chance("age", group.id, place)
    if not span:
        return least
    if any(bound.variables or bound.calls or bound.names for bound in group.seconds):
        return least + span * (drawn % 1_000_003) // 1_000_003
    if span < 2 * _MICRO:
        return least + scene.chance("age", group.id, place, scene.state.t) % span
    return least + (drawn + (scene.state.t + 1_000_000) * _MICRO) % span


def relation_of(query: str) -> str | None:
    """Return the first table that a query names."""
    found = re.search(
        r'(?i)\b(?:from|update|into|join|table|on)\s+(?:public\.)?"?([A-Za-z_]\w*)', query
    )
    return found[1] if found else None
