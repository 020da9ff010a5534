"""A small system, its world, and a shell to type into."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.content.scenario import Scenario
from simulator.content.system import System
from simulator.content.yaml_source import read_yaml
from simulator.world import Answered, Shell, ShellContext, World, WorldState
from simulator.world.scope import Nobody
from simulator.world.shell import Grammar

HERE = Path(__file__).parent


class Typist:
    """Types lines into a shell, one after the other, and carries out nothing."""

    def __init__(self, shell: Shell, state: WorldState) -> None:
        self.shell = shell
        self.state = state
        self.context = ShellContext()

    def type(self, line: str) -> Answered:
        answered = self.shell.run(self.state, line, self.context, Nobody())
        self.context = ShellContext.of(answered.context.fields())
        assert self.context == answered.context
        return answered

    def output(self, line: str) -> str:
        return self.type(line).output

    @property
    def prompt(self) -> str:
        return self.shell.prompt(self.context)


@pytest.fixture(scope="session")
def world() -> World:
    system = System.model_validate(read_yaml(HERE / "system.yaml", "system.yaml").value)
    scenario = Scenario.model_validate(read_yaml(HERE / "scenario.yaml", "scenario.yaml").value)
    return World(system, scenario, 7, {"people": ("Ada", "Grace", "Edsger", "Barbara")})


@pytest.fixture(scope="session")
def grammar(world: World) -> Grammar:
    return Grammar(world.system.tools)


@pytest.fixture(scope="session")
def shell(world: World) -> Shell:
    return Shell(world)


@pytest.fixture
def state(world: World) -> WorldState:
    state = world.start()
    world.advance(state, 60, Nobody())
    return state


@pytest.fixture
def typist(shell: Shell, state: WorldState) -> Typist:
    return Typist(shell, state)


@pytest.fixture
def psql(typist: Typist) -> Typist:
    typist.type('psql "$DATABASE_URL"')
    return typist
