"""A report of an exercise of 5,000 acts: from its journal's acts to each form, in CPU seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from simulator.assessment import assess
from simulator.content.finding import find_content
from simulator.content.pack import Pack, read_pack
from simulator.exercise import acts as a
from simulator.review import Form, Source, written
from simulator.session.script import play

ACTS = 5_000
LIMIT = 2.0
"""CPU seconds, for reading the acts, folding, marking and writing."""
FORMS: tuple[Form, ...] = ("html", "md", "json", "csv", "xapi", "pdf")

BUSY: Sequence[dict[str, Any]] = (
    {"do": "view", "view": "betterstack-uptime"},
    {"do": "command", "line": "curl -i https://lms.aigurus.example/api/health/db"},
    {"do": "logs", "stream": "vercel-runtime"},
    {"do": "search", "query": "neon"},
    {"do": "post", "channel": "incidents", "text": "Still looking at the logs."},
    {"do": "read", "runbook": "incident-response"},
    {"do": "command", "line": "vercel ls"},
)


def bodies(pack: Pack) -> list[str]:
    """Return the acts of a long, busy exercise as a journal has them."""
    solution = list(pack.scenario.solution)
    stream = pack.system.logs[0].id
    end = max(act["at"] for act in solution) - 5
    count = ACTS - len(solution) - 1
    script = [dict(act) for act in solution]
    for number in range(count):
        act = {**BUSY[number % len(BUSY)], "at": 1 + end * number // count}
        script.append(act | {"stream": stream} if act["do"] == "logs" else act)
    return [a.write_act(act) for act in play(pack, script, 1).evidence.acts]


def main() -> int:
    """Print how long each form takes, and say whether one takes longer than it may."""
    root = find_content(None, Path(__file__).parent.parent)
    text = bodies(read_pack(root, "ai-gurus-lms/site-down"))
    failed = False
    for form in FORMS:
        began = time.process_time()
        assessment = assess([a.read_act(body) for body in text])
        marked = time.process_time() - began
        size = len(written(Source("bench", assessment), form))
        took = time.process_time() - began
        failed |= took > LIMIT
        print(
            f"report of {len(text)} acts as {form:<4}  {took:.2f} s, {marked:.2f} s of them to mark"
            f"  at most {LIMIT:g} s  {size // 1000} kB"
        )
    return failed


if __name__ == "__main__":
    sys.exit(main())
