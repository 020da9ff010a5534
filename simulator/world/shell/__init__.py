"""A simulated shell: what a participant types is answered from the state of the world."""

from simulator.world.shell.answer import Answered, ShellContext
from simulator.world.shell.canonical import Grammar, canonical
from simulator.world.shell.complete import complete
from simulator.world.shell.pattern import (
    Pattern,
    PatternError,
    compile_pattern,
    matches,
    ready,
    shadow_of,
)
from simulator.world.shell.pattern import holes as pattern_holes
from simulator.world.shell.shell import Shell

__all__ = [
    "Answered",
    "Grammar",
    "Pattern",
    "PatternError",
    "Shell",
    "ShellContext",
    "canonical",
    "compile_pattern",
    "complete",
    "matches",
    "pattern_holes",
    "ready",
    "shadow_of",
]
