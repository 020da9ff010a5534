"""A small system, its world, and a shell to type into."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.content.scenario import Scenario
from simulator.world import Answered, Shell, ShellContext, World, WorldState
from simulator.world.scope import Nobody
from tests.world_shell.small_scenario import SCENARIO
from tests.world_shell.small_system import small_system


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
    scenario = Scenario.model_validate(SCENARIO)
    return World(small_system(), scenario, 7, {"people": ("Ada", "Grace", "Edsger", "Barbara")})


@pytest.fixture(scope="session")
def shell(world: World) -> Shell:
    return Shell(world)


@pytest.fixture
def state(world: World) -> WorldState:
    state = world.start()
    world.advance(state, 60, Nobody())
    return state


@pytest.fixture
def typist(shell: Shell, state: WorldState) -> Iterator[Typist]:
    yield Typist(shell, state)


@pytest.fixture
def psql(typist: Typist) -> Typist:
    typist.type('psql "$DATABASE_URL"')
    return typist
