"""Nothing that a participant must not see ever leaves for their browser, painted or not."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chromium import Chromium, Page
from hosted import SECRET, code

from simulator.content.pack import Pack, pack_of, read_pack
from simulator.content.prose import reflowed
from simulator.exercise.door import Refused
from simulator.journal import Store
from simulator.session.room import Room
from simulator.session.running import golden_script
from simulator.web.browser import BrowserServer
from simulator.web.service import Service

ROOT = Path(__file__).parents[2]
PIECE = 24
"""Letters of a hidden text that are looked for: few enough to stand on one line."""
_SEQUENCE = re.compile(r"\x1b(\[[0-9;?<>=]*[ -/]*[@-~]|\][^\x07]*\x07|[()][AB0]|[=>])")


def hidden(pack: Pack) -> Iterator[str]:
    """Yield every text of a scenario that is not for participants during play."""
    scenario = pack.scenario
    for cause in scenario.causes:
        yield from (cause.title, cause.explanation)
    for hint in scenario.hints:
        yield from (hint.nudge, hint.pointer, hint.answer)
    for herring in scenario.red_herrings:
        yield from (herring.what, herring.why, herring.disproved)
    for decision in scenario.decisions:
        yield decision.because or ""
        yield from (option.because for option in decision.options)
    for one in scenario.timeline:
        if one.contingent:
            yield one.text
    yield from (fix.title for fix in scenario.fixes)
    yield from (question.text for question in scenario.debrief)
    yield scenario.recovered.when.source


def pieces(texts: Iterator[str], public: str) -> set[str]:
    """Return pieces of hidden texts that no public text has."""
    found = set()
    for text in texts:
        plain = " ".join(reflowed(text).split())
        for start in range(0, max(1, len(plain) - PIECE + 1), 6):
            piece = plain[start : start + PIECE]
            if len(piece) == PIECE and piece not in public:
                found.add(piece)
    return found


def shown(page: Page) -> str:
    """Return everything that ever came over the page's sockets, as text."""
    sent = b"\n".join(
        frame.data if isinstance(frame.data, bytes) else str(frame.data).encode()
        for frame in page.frames
    )
    return " ".join(_SEQUENCE.sub(" ", sent.decode("utf-8", "replace")).split())


async def watched(folder: Path, pack: Pack, chromium: Chromium) -> tuple[str, Room]:
    """Play the scenario's own solution while a participant's browser looks at every pane."""
    room = Room.begin(Store(folder), pack, 1, "Red", SECRET)
    service = Service([room], SECRET)
    server = BrowserServer(service, port=0)
    await service.start()
    await server.start()
    seen: list[str] = []
    try:
        async with chromium.person() as page:
            await page.enter(server.url, code(service, "participant"), "Kim")
            await page.shows("Press r when you are ready")
            seen.append(str(await page.terminal()))
            fay = (await service.admit(code(service, "facilitator"), "Fay", "here")).seat
            kim = room.seat_named("Kim", "participant")
            await room.drill.take("start", by=fay)
            await page.shows("Dashboards")
            await room.drill.take("pause", by=fay)
            for number, act in enumerate(golden_script(pack)):
                await take(room, fay, kim, act)
                await page.press(str(1 + number % 6))
                await asyncio.sleep(0.25)
                seen.append(str(await page.terminal()))
            said = " ".join([shown(page), *(" ".join(one.split()) for one in seen)])
        return said, room
    finally:
        await server.stop()
        await service.stop()


async def take(room: Room, fay: str, kim: str, act: dict[str, Any]) -> None:
    """Take an act of the solution at its time; the end is left out: what follows it is public."""
    if act["do"] == "end":
        return
    if act["at"] > room.drill.exercise.state.now:
        await room.drill.take("jump", by=fay, to=act["at"])
    await room.drill.take("resume", by=fay)
    fields = {name: value for name, value in act.items() if name not in ("at", "by", "do")}
    try:
        await room.drill.take(act["do"], by=kim, role="participant", **fields)
    except Refused:
        pass
    finally:
        await room.drill.take("pause", by=fay)


def public_of(pack: Pack, room: Room) -> str:
    """Return what participants may read: runbooks, system, briefing, messages, outputs."""
    state = room.drill.exercise.state
    texts = [text for place, text in pack.texts.items() if not place.endswith(f"{pack.name}.yaml")]
    texts += [pack.scenario.briefing, pack.scenario.title, pack.scenario.summary]
    texts += [one.text for one in state.messages] + [one.output for one in state.terminal]
    texts += [one.question or "" for one in pack.scenario.decisions]
    texts += [option.text for one in pack.scenario.decisions for option in one.options]
    return " ".join(" ".join(reflowed(text).split()) for text in texts)


def test_a_whole_solution_shows_a_participant_nothing_hidden(
    tmp_path: Path, chromium: Chromium
) -> None:
    pack = read_pack(ROOT, "ai-gurus-lms/database-degradation")
    said, room = asyncio.run(watched(tmp_path, pack, chromium))
    looked_for = pieces(hidden(pack), public_of(pack, room))
    assert len(looked_for) > 300
    assert "Samir" in said  # what is public was seen
    assert not [piece for piece in looked_for if piece in said]


def test_a_leak_planted_on_purpose_is_found(
    tmp_path: Path, chromium: Chromium, kiosk: Path
) -> None:
    honest = read_pack(kiosk, "kiosk/stuck")
    secret = honest.scenario.causes[0].explanation
    inject = min((i for i in honest.scenario.timeline if i.at is not None), key=lambda i: i.at or 0)
    place = "scenarios/kiosk/stuck.yaml"
    whole = re.sub(r"[^\w .]", "", " ".join(reflowed(secret).split()))
    leaking = honest.texts[place].replace(inject.text, whole)
    pack = pack_of(honest.name, {**honest.texts, place: leaking})
    assert pack.scenario.timeline != honest.scenario.timeline
    said, _ = asyncio.run(watched(tmp_path, pack, chromium))
    looked_for = pieces(iter([whole]), "")
    assert [piece for piece in looked_for if piece in said]
