"""A real headless Chromium for tests, driven over its DevTools protocol.

One process serves many people: each has pages, cookies and a network of their own. A page can
tell what its terminal shows, what crossed its WebSockets, and what went wrong in it.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NAVIGATED = ("Inspected target navigated or closed", "Execution context was destroyed.")
PATIENCE = 20.0
"""Seconds to wait for what a page is going to do."""

# The terminal of textual-serve keeps itself to itself: we catch it as it sets its first field.
CATCH_TERMINAL = """
Object.defineProperty(Object.prototype, "websocket_url", {configurable: true, set(value) {
  delete Object.prototype.websocket_url;
  this.websocket_url = value;
  window.caughtTerminal = this;
}});
"""
READ_TERMINAL = """(() => {
  const terminal = window.caughtTerminal?.terminal;
  if (!terminal) return null;
  const buffer = terminal.buffer.active;
  return Array.from({length: terminal.rows}, (_, row) =>
    buffer.getLine(buffer.viewportY + row)?.translateToString(true) ?? "").join("\\n");
})()"""

KEYS = {
    "Enter": (13, "\r"), "Tab": (9, ""), "Escape": (27, ""), "Backspace": (8, ""),
    "ArrowLeft": (37, ""), "ArrowUp": (38, ""), "ArrowRight": (39, ""), "ArrowDown": (40, ""),
    "F1": (112, ""), "F5": (116, ""), "F11": (122, ""), "F12": (123, ""),
    "PageUp": (33, ""), "PageDown": (34, ""), "Home": (36, ""), "End": (35, ""),
}  # fmt: skip
MODIFIERS = {"alt": 1, "ctrl": 2, "meta": 4, "shift": 8}
_KEY = re.compile(r"((?:(?:alt|ctrl|meta|shift)\+)*)(.+)")


def chromium_program() -> str | None:
    """Return the Chromium of this machine: at TABLETOP_CHROMIUM, or one of the usual names."""
    given = os.environ.get("TABLETOP_CHROMIUM")
    return given or next(filter(None, map(shutil.which, PROGRAMS)), None)


def require_chromium() -> str:
    """Return the Chromium of this machine. Without one, CI fails, and elsewhere a test says so."""
    program = chromium_program()
    if program is None:
        said = "left out what needs a real browser: there is no Chromium (apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)
    return program


class PageGoneError(ConnectionError):
    """The page that was asked is no more: the window has gone to another one."""


class Chromium:
    """A running Chromium."""

    def __init__(self, *flags: str) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="tabletop-chromium-"))
        words = [
            require_chromium(), "--headless=new", "--remote-debugging-port=0", "--no-first-run",
            f"--user-data-dir={self._folder}", "--disable-dev-shm-usage", "--hide-scrollbars",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-background-timer-throttling", "--disable-renderer-backgrounding",
            "--disable-extensions", "--no-default-browser-check", "--mute-audio", *flags,
        ]  # fmt: skip
        if os.geteuid() == 0:
            words.insert(1, "--no-sandbox")
        self._process = subprocess.Popen(
            [*words, "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        told = self._folder / "DevToolsActivePort"
        until = time.monotonic() + PATIENCE
        while not told.exists() or len(told.read_text().splitlines()) < 2:
            assert self._process.poll() is None, "Chromium ended at once"
            assert time.monotonic() < until, "Chromium does not answer"
            time.sleep(0.02)
        port, path = told.read_text().splitlines()
        self._address = f"ws://127.0.0.1:{port}{path}"

    def kill(self) -> None:
        """End it at once, all of its processes."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def remove(self) -> None:
        """End it and delete its files."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    @contextlib.asynccontextmanager
    async def person(
        self,
        width: int = 1280,
        height: int = 800,
        *,
        phone: bool = False,
        dark: bool = True,
        javascript: bool = True,
    ) -> AsyncIterator[Page]:
        """Give somebody with a window of this size a page of their own, in their own cookies."""
        async with aiohttp.ClientSession() as session:
            socket = await session.ws_connect(self._address, max_msg_size=0)
            wire = _Wire(socket)
            context = (await wire.call("Target.createBrowserContext"))["browserContextId"]
            page = Page(wire, context, (width, height, phone), dark, javascript)
            try:
                await page.begin()
                yield page
            finally:
                with contextlib.suppress(ConnectionError, TimeoutError):
                    await wire.call("Target.disposeBrowserContext", browserContextId=context)
                await wire.close()


class _Wire:
    """A connection to the DevTools of a Chromium."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._calls: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.hearing: dict[str, Callable[[str, dict[str, Any]], None]] = {}
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self._socket:
            said = message.json()
            if "id" in said:
                call = self._calls.pop(said["id"], None)
                if call is not None and not call.done():
                    call.set_result(said)
            elif said.get("sessionId") in self.hearing:
                self.hearing[said["sessionId"]](said["method"], said["params"])
        for call in self._calls.values():
            if not call.done():
                call.set_exception(ConnectionError("Chromium is gone"))

    async def call(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        answer = self._calls[number] = asyncio.get_running_loop().create_future()
        said: dict[str, Any] = {"id": number, "method": method, "params": params}
        if session is not None:
            said["sessionId"] = session
        await self._socket.send_json(said)
        async with asyncio.timeout(PATIENCE):
            found = await answer
        if "error" in found and found["error"]["message"] in NAVIGATED:
            raise PageGoneError(method)
        assert "error" not in found, (method, found["error"])
        return dict(found["result"])

    async def close(self) -> None:
        await self._socket.close()
        self._reading.cancel()


@dataclass(frozen=True)
class Frame:
    """What crossed a WebSocket: terminal output is bytes, everything else text."""

    sent: bool
    data: str | bytes


@dataclass
class Page:
    """A page in somebody's browser."""

    _wire: _Wire
    _context: str
    _window: tuple[int, int, bool]
    _dark: bool
    _javascript: bool
    _session: str = ""
    frames: list[Frame] = field(default_factory=list)
    """Everything that crossed the WebSockets of this page, reloads included."""
    received: list[str] = field(default_factory=list)
    """The addresses of everything the page loaded, other than WebSockets."""
    faults: list[str] = field(default_factory=list)
    """Exceptions, errors and refusals in the page, as Chromium tells them."""
    _loaded: int = 0

    async def begin(self) -> None:
        """Open the window, empty."""
        target = await self._wire.call(
            "Target.createTarget", url="about:blank", browserContextId=self._context
        )
        attached = await self._wire.call(
            "Target.attachToTarget", targetId=target["targetId"], flatten=True
        )
        self._session = attached["sessionId"]
        self._wire.hearing[self._session] = self._hear
        for domain in ("Page", "Runtime", "Network", "Log"):
            await self.call(f"{domain}.enable")
        await self.call("Page.addScriptToEvaluateOnNewDocument", source=CATCH_TERMINAL)
        await self.look(dark=self._dark)
        await self.resize(*self._window)
        if not self._javascript:
            await self.call("Emulation.setScriptExecutionDisabled", value=True)

    async def another(self) -> Page:
        """Open another window of the same person, with the same cookies."""
        page = Page(self._wire, self._context, self._window, self._dark, self._javascript)
        await page.begin()
        return page

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a method of the DevTools for this page."""
        return await self._wire.call(method, self._session, **params)

    def _hear(self, method: str, params: dict[str, Any]) -> None:
        match method:
            case "Network.webSocketFrameReceived" | "Network.webSocketFrameSent":
                said = params["response"]
                text = said["payloadData"]
                data = text if said["opcode"] == 1 else base64.b64decode(text)
                self.frames.append(Frame(method.endswith("Sent"), data))
            case "Network.responseReceived":
                self.received.append(params["response"]["url"])
            case "Runtime.exceptionThrown":
                details = params["exceptionDetails"]
                self.faults.append(details.get("exception", {}).get("description", details["text"]))
            case "Log.entryAdded" if params["entry"]["level"] == "error":
                entry = params["entry"]
                self.faults.append(f"{entry['text']} {entry.get('url', '')}")
            case "Page.loadEventFired":
                self._loaded += 1

    async def look(self, *, dark: bool) -> None:
        """Set whether this person likes it dark."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.call("Emulation.setEmulatedMedia", features=[scheme])

    async def resize(self, width: int, height: int, phone: bool = False) -> None:
        """Give the window another size."""
        turned = "landscapePrimary" if width > height else "portraitPrimary"
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=0,  # Chromium's own: the terminal sees through another one
            mobile=phone,
            screenWidth=width,
            screenHeight=height,
            screenOrientation={"type": turned, "angle": 90 if width > height else 0},
        )

    async def open(self, url: str) -> None:
        """Go to an address and wait until it is loaded."""
        before = self._loaded
        await self.call("Page.navigate", url=url)
        await self._until(lambda: self._loaded > before, f"{url} to load")

    async def reload(self) -> None:
        """Load the page again, as F5 does."""
        before = self._loaded
        await self.call("Page.reload")
        await self._until(lambda: self._loaded > before, "the page to load again")

    async def evaluate(self, script: str) -> Any:
        """Return what a piece of script gives in the page. Raises PageGoneError between two."""
        found = await self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    async def enter(self, url: str, code: str, name: str) -> None:
        """Come in by the entrance, as a person does, and wait for the console."""
        await self.open(url)
        await self.fill(name=name, code=code)
        await self.submit()
        await self.shows("")

    async def fill(self, **fields: str) -> None:
        """Type into fields of a form, by their names."""
        for name, text in fields.items():
            await self.evaluate(f"document.querySelector('[name={name}]').select()")
            await self.call("Input.insertText", text=text)

    async def submit(self) -> None:
        """Press the form's button, and wait for the page that comes then."""
        await self.follow("button")

    async def follow(self, selector: str) -> None:
        """Click what leads to another page, and wait for that."""
        before = self._loaded
        with contextlib.suppress(PageGoneError):
            await self.evaluate(f"document.querySelector('{selector}').click()")
        await self._until(lambda: self._loaded > before, "the next page")

    async def terminal(self) -> str | None:
        """Return what the terminal shows, line by line; None if there is none (yet)."""
        found = await self.seen(READ_TERMINAL)
        return None if found is None else str(found)

    async def seen(self, script: str) -> Any:
        """Return what a piece of script gives, for one who looks again; None between two pages."""
        try:
            return await self.evaluate(script)
        except PageGoneError:
            return None

    async def shows(self, text: str, patience: float = PATIENCE) -> str:
        """Wait until the terminal shows a text, and return all that it shows then."""
        until = time.monotonic() + patience
        while True:
            shown = await self.terminal()
            if shown is not None and shown.strip() and text in shown:
                return shown
            assert time.monotonic() < until, f"{text!r} is not shown; this is:\n{shown}"
            await asyncio.sleep(0.03)

    async def says(self, text: str, patience: float = PATIENCE) -> str:
        """Wait until the page itself, around its terminal, says a text that can be seen."""
        until = time.monotonic() + patience
        while True:
            said = str(await self.seen("document.body?.innerText ?? ''") or "")
            if text in said:
                return said
            assert time.monotonic() < until, f"{text!r} is not said; this is:\n{said}"
            await asyncio.sleep(0.03)

    async def holds(self, script: str, patience: float = PATIENCE) -> None:
        """Wait until a piece of script gives something true."""
        until = time.monotonic() + patience
        while not await self.seen(script):
            assert time.monotonic() < until, f"this never came true: {script}"
            await asyncio.sleep(0.03)

    async def type(self, text: str) -> None:
        """Type letters, one key after the other."""
        for letter in text:
            await self.call("Input.dispatchKeyEvent", type="keyDown", text=letter, key=letter)
            await self.call("Input.dispatchKeyEvent", type="keyUp", key=letter)

    async def press(self, *keys: str) -> None:
        """Press keys by name, such as Enter, ctrl+p or ArrowDown."""
        for key in keys:
            parts = _KEY.fullmatch(key)
            assert parts is not None
            held, name = parts[1].split("+")[:-1], parts[2]
            number, text = KEYS.get(name, (ord(name[0].upper()), "" if held else name))
            said = {
                "key": name,
                "code": name if name in KEYS else f"Key{name.upper()}",
                "windowsVirtualKeyCode": number,
                "modifiers": sum(MODIFIERS[word] for word in held),
            }
            kind = "keyDown" if text else "rawKeyDown"
            await self.call("Input.dispatchKeyEvent", type=kind, text=text, **said)
            await self.call("Input.dispatchKeyEvent", type="keyUp", **said)

    async def click(self, column: int, row: int) -> None:
        """Click on a cell of the terminal."""
        x, y = await self.evaluate(
            "(() => { const box = document.querySelector('.xterm-screen').getBoundingClientRect();"
            "const { cols, rows } = caughtTerminal.terminal;"
            f"return [box.left + box.width * ({column} + 0.5) / cols,"
            f"box.top + box.height * ({row} + 0.5) / rows]; }})()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            await self.call(
                "Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1
            )

    async def cut(self) -> None:
        """Take the network away from this page."""
        await self._network(offline=True)

    async def mend(self) -> None:
        """Give the network back."""
        await self._network(offline=False)

    async def _network(self, *, offline: bool) -> None:
        await self.call(
            "Network.emulateNetworkConditions",
            offline=offline,
            latency=0,
            downloadThroughput=-1,
            uploadThroughput=-1,
        )

    async def picture(self, file: Path) -> None:
        """Write what the window looks like, as PNG."""
        found = await self.call("Page.captureScreenshot", format="png")
        file.write_bytes(base64.b64decode(found["data"]))

    async def _until(self, done: Callable[[], bool], what: str) -> None:
        until = time.monotonic() + PATIENCE
        while not done():
            assert time.monotonic() < until, f"waited in vain for {what}"
            await asyncio.sleep(0.01)
