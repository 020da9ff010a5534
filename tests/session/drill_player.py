"""Somebody who plays a drill and can be killed: acts as fast as it can, says what was taken."""

from __future__ import annotations

import asyncio
import sys
from itertools import count
from pathlib import Path

from simulator.content.pack import read_pack
from simulator.journal import Store
from simulator.session.drill import Drill
from simulator.session.playing import begin, resume


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


async def play(drill: Drill, number: int) -> None:
    """Let time pass, and act every fourth step: in between only the clock is written."""
    state = drill.exercise.state
    if state.paused:
        await drill.take("resume")
    for step in count():
        await drill.elapse(0.7)
        if not drill.running:
            break
        say("clock", drill.exercise.state.now)
        if step % 4 == 3:
            number += 1
            key = f"act {number}"
            await drill.take("search", key=key, query=key)
            say("taken", number)


def main(home: str, content: str) -> None:
    store = Store(Path(home))
    if store.ids():
        drill = resume(store, "last")
    else:
        drill = begin(store, read_pack(Path(content), "kiosk/stuck"), 1, "Kim")
    queries = [act.query for act in drill.acts() if act.do == "search"]
    state = drill.exercise.state
    say("open", len(queries), state.now, state.paused)
    asyncio.run(play(drill, len(queries)))
    say("over")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
