"""The scoring code as one namespace: the real one, or a copy with a fault in its source."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType

import simulator.assessment.marks

PACKAGE = "simulator.assessment"
MODULES = (
    "judgement",
    "procedure",
    "facts",
    "alignment",
    "outcomes",
    "credits",
    "rating",
    "marks",
)
"""Each imports only those before it, so a copy can be made one by one."""

SOURCES = Path(simulator.assessment.marks.__file__).parent


def together(package: str) -> ModuleType:
    """Return all names of the scoring code below `package`."""
    lib = ModuleType("scoring")
    for module in MODULES:
        vars(lib).update(vars(import_module(f"{package}.{module}")))
    return lib


@contextmanager
def mutated(module: str, old: str, new: str) -> Iterator[ModuleType]:
    """Lend a copy of the scoring code in whose `module` the text `old` became `new`.

    Raises ValueError unless the text is there exactly once.
    """
    package = "mutated_scoring"
    try:
        sys.modules[package] = ModuleType(package)
        sys.modules[package].__path__ = []
        for name in MODULES:
            path = SOURCES / f"{name}.py"
            source = path.read_text(encoding="utf-8")
            if name == module:
                if source.count(old) != 1:
                    raise ValueError(f"{name}.py has {old!r} {source.count(old)} times")
                source = source.replace(old, new)
            copy = ModuleType(f"{package}.{name}")
            sys.modules[copy.__name__] = copy
            exec(compile(source.replace(PACKAGE, package), path.name, "exec"), vars(copy))
        yield together(package)
    finally:
        for name in [name for name in sys.modules if name.split(".")[0] == package]:
            del sys.modules[name]


SCORING = together(PACKAGE)
"""The scoring code as it is."""
