"""Simulated production: telemetry, alerts, logs, tools, database."""

from simulator.world.acting import Begun
from simulator.world.logs import Issue, LogLine
from simulator.world.pools import draw_pools
from simulator.world.production import World
from simulator.world.scope import Outside
from simulator.world.shell import Answered, Shell, ShellContext
from simulator.world.state import AlertState, WorldEvent, WorldState
from simulator.world.template import placeholders

__all__ = [
    "AlertState",
    "Answered",
    "Begun",
    "Issue",
    "LogLine",
    "Outside",
    "Shell",
    "ShellContext",
    "World",
    "WorldEvent",
    "WorldState",
    "draw_pools",
    "placeholders",
]
