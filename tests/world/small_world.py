"""A small production for tests: a shop with a database, one cause and a handful of actions."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from simulator.content.scenario import Scenario
from simulator.content.system import System
from simulator.world import World

POOLS = {"user": ("ada", "ben", "cyd", "dee"), "ip": ("192.0.2.1", "192.0.2.2")}

SYSTEM = """
schema: system/1
title: Shop
summary: Sells things.
people: [{id: ann, name: Ann, title: Lead}]
channels: [{id: ops, title: Ops, kind: chat, audience: responders}]
severities:
  - {id: P0, title: Critical, meaning: Down, respond: now}
  - {id: P1, title: High, meaning: Bad, respond: soon}
pools: {user: {kind: name, size: 4}, ip: {kind: ipv4, size: 2}}
state:
  db.status: {start: up, choices: [up, down]}
  db.load: {start: normal, choices: [normal, high]}
  release.live: {start: v1}
  release.previous: {start: v0}
  worker.count: {start: 3}
  flag.on: {start: true}
derived:
  live.author: row("releases", release.live, "author")
  shop.up: db.status == "up"
tables:
  releases:
    columns: [version, author, released_at]
    rows: [[v0, ben, -7200], [v1, ada, -3600]]
services: [{id: shop, title: Shop}, {id: db, title: Database}]
metrics:
  - {id: page.ms, title: Page, unit: ms, service: shop, baseline: 200, decimals: 0,
     depends: [{"on": query.ms, share: 0.5}]}
  - {id: query.ms, title: Query, unit: ms, service: db, baseline: 10}
  - {id: errors, title: Errors, unit: "%", service: shop, baseline: 1, most: 100}
  - {id: requests, title: Requests, unit: per s, service: shop, baseline: 40,
     cycle: {depth: 0.5, peak: 13, weekend: 0.5}}
  - {id: quiet, title: Quiet, unit: "%", service: db, baseline: 50, noise: 0}
  - {id: uptime, title: Uptime, unit: "%", service: shop, decimals: 2,
     uptime: {up: shop.up, window: 10000, down: [[-5000, 100]]}}
situations:
  - id: overload
    while: db.load == "high"
    effects: [{"on": query.ms, by: x5, rise: 60, fall: 120}]
  - {id: outage, while: db.status == "down", effects: [{"on": errors, by: "=90"}]}
rules:
  - {id: failover, when: db.status == "down", hold: 20, after: 40, if: db.status == "down",
     set: {db.status: up}}
dashboards:
  - id: board
    product: Charts
    title: Board
    panels:
      - {table: releases, title: Releases, newest_first: true, limit: 2,
         columns: {Version: "{version}", Released: "{released_at|stamp}", Age: "{released_at|ago}"}}
      - title: Health
        says:
          - {if: db.status == "down", text: "Down, {worker.count} workers"}
          - {text: "Up at {now|clock}"}
alerts:
  - {id: failing, title: Failing, product: Pager, when: metric("errors") > 50, hold: 30,
     text: "{metric:errors:0} % fail"}
logs:
  - id: web
    title: Web
    service: shop
    templates:
      - {id: hit, level: info, text: "GET / {number:200:204} {pool.user} {hex:4}", rate: "6"}
      - {id: fail, level: error, text: "failed on {release.live}", issue: Failed requests,
         rate: '0.1 * metric("errors")'}
      - {id: rare, level: warn, text: "pool of {pool.ip} is short", rate: "0.02"}
  - id: audit
    title: Audit
    service: shop
    format: pino
    templates:
      - {id: seen, level: info, text: seen, rate: "0.5",
         detail: {user: "{pool.user}", ms: "{number:1:9}"}}
actions:
  - id: restart
    title: Restart
    takes: 30
    args: {unit: {title: Unit, values: [a, b], default: '"a"'}}
    starts: "Restarting {unit}"
    needs:
      - {if: flag.on, else: "{by} may not: the flag is off"}
      - {if: worker.count > 0, else: No workers}
    outcomes:
      - {id: healed, if: db.status == "down", says: "{unit} is back, was {db.status}",
         set: {db.status: up}}
      - {id: needless, says: "{unit} restarted", harm: {level: minor, why: "{unit} was well"}}
  - id: release
    title: Release
    args: {version: {title: Version}}
    outcomes:
      - id: released
        says: "{version} is live, before it {release.live}"
        set: {release.previous: "{release.live}", release.live: "{version}"}
        add: {worker.count: 1}
        insert: [{table: releases, row: {version: "{version}", author: "{by}", released_at: "{t}"}}]
  - id: swap
    title: Swap
    outcomes:
      - {set: {release.previous: "{release.live}", release.live: "{release.previous}"}}
  - id: rename
    title: Rename
    args: {version: {title: Version}, author: {title: Author}}
    outcomes:
      - {says: renamed, update: [{table: releases, key: "{version}", set: {author: "{author}"}}]}
  - {id: load, title: Load, outcomes: [{set: {db.load: high}}]}
  - {id: unload, title: Unload, outcomes: [{set: {db.load: normal}}]}
  - {id: break, title: Break, outcomes: [{set: {db.status: down}}]}
  - {id: mend, title: Mend, outcomes: [{set: {db.status: up}}]}
  - {id: switch-off, title: Switch off, outcomes: [{set: {flag.on: false}}]}
  - {id: doomed, title: Doomed, outcomes: [{says: no such thing, fails: true}]}
"""

SCENARIO = """
schema: scenario/1
title: Slow
summary: The database is slow.
difficulty: 1
minutes: 25
starts: "2026-03-04T12:00:00Z"
briefing: Look.
runbooks: [book]
objectives: [{id: find, text: Find it}]
causes:
  - id: leak
    title: A leak
    explanation: It leaks.
    at: 60
    until: did("unload") > 0
    set: {db.load: high}
    effects: [{"on": errors, by: "+60", rise: 60, fall: 60}]
timeline: []
reactions: []
procedure: {step: book#one}
recovered: {when: 'not active("leak") and metric("errors") < 10', hold: 30}
fixes: [{id: unload, title: Unload}]
solution: []
"""


def small(seed: int = 7, system: str = "", **scenario: Any) -> World:
    """Return the small world; `system` is YAML laid over the system's top-level keys."""
    return World(
        System.model_validate(_read(SYSTEM) | _read(system)),
        Scenario.model_validate(_read(SCENARIO) | scenario),
        seed,
        POOLS,
    )


@cache
def _read(text: str) -> dict[str, Any]:
    return yaml.load(text, yaml.CSafeLoader) or {}
