"""A web request and the answer that the system's endpoints give to it now."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from simulator.content.terminal import Endpoint, EndpointCase
from simulator.world.shell.action_call import start_action
from simulator.world.shell.moments import http_date
from simulator.world.shell.pattern import match_word
from simulator.world.shell.scene import Scene

_QUICK = 0.084
_PATIENCE = 30.0
"""Seconds after which a connection that nobody answers is given up."""


@dataclass(frozen=True)
class Request:
    """What is asked of whom."""

    scheme: str
    host: str
    path: str
    method: str
    data: str = ""

    @classmethod
    def read(cls, url: str, method: str, data: str) -> Request:
        """Return the request for a URL as people type it."""
        scheme, found, rest = url.partition("://")
        if not found:
            scheme, rest = "http", url
        host, slash, path = rest.partition("#")[0].partition("/")
        host, query, more = host.partition("?")
        host = host.rpartition("@")[2].lower()
        path = f"/{path}" if slash else f"/{query}{more}"
        return cls(scheme.lower(), host, path, method, data)

    @property
    def url(self) -> str:
        """The address in full."""
        return f"{self.scheme}://{self.host}{self.path}"

    def towards(self, place: str) -> Request:
        """Return the request that a redirect asks for."""
        if place.startswith("/"):
            return replace(self, path=place)
        method = "GET" if self.method == "POST" else self.method
        return Request.read(place, method, "")


@dataclass(frozen=True)
class Response:
    """The answer, or in `fault` what curl says when there is none."""

    status: int = 0
    seconds: float = _QUICK
    headers: Sequence[tuple[str, str]] = ()
    body: str = ""
    fault: str = ""
    unknown: bool = False
    action: str | None = None
    args: Mapping[str, str] = field(default_factory=dict)
    takes: int = 0

    def header(self, name: str) -> str | None:
        """Return a header's value."""
        return next((value for key, value in self.headers if key == name), None)


def respond(scene: Scene, request: Request, limit: float | None) -> Response:
    """Return the answer to a request; `limit` is how long curl waits."""
    if request.scheme not in ("http", "https"):
        fault = f'curl: (1) Protocol "{request.scheme}" not supported'
        return Response(fault=fault, seconds=0.0, unknown=True)
    endpoints = scene.world.system.endpoints
    if all(_host(endpoint, request) is None for endpoint in endpoints):
        return _unreachable(request)
    found = _endpoint(scene, request)
    if request.scheme == "http" and (found is None or found[0].url.startswith("https://")):
        onward = replace(request, scheme="https").url
        return _answer(scene, 308, 0.031, [("location", onward)], "Redirecting...\n")
    if found is None:
        other = _endpoint(scene, request, any_method=True)
        if other is not None:
            return _answer(scene, 405, _QUICK, [("allow", other[0].method)], "")
        return _answer(scene, 404, _QUICK, [], "Not Found\n")
    response = _ask(scene, request, *found)
    patience = min(limit if limit is not None else 300.0, 300.0)
    if response.fault == "" and response.status and response.seconds <= patience:
        return response
    waited = patience if response.status else min(limit or _PATIENCE, 300.0)
    ms = int(waited * 1000) + scene.chance("curl", request.url) % 4
    fault = (
        f"curl: (28) Operation timed out after {ms} milliseconds with 0 bytes received"
        if limit is not None
        else f"curl: (28) Failed to connect to {request.host} port 443 after {ms} ms: "
        "Timeout was reached"
    )
    return Response(fault=fault, seconds=waited)


def _unreachable(request: Request) -> Response:
    host = request.host.partition(":")[0]
    if host in ("localhost", "127.0.0.1"):
        port = request.host.partition(":")[2] or "80"
        fault = f"curl: (7) Failed to connect to {host} port {port} after 0 ms: Connection refused"
        return Response(fault=fault, seconds=0.0)
    if not re.fullmatch(r"[\w.:-]+", request.host):
        return Response(fault="curl: (3) URL rejected: Bad hostname", seconds=0.0, unknown=True)
    return Response(fault=f"curl: (6) Could not resolve host: {host}", seconds=0.0, unknown=True)


def _endpoint(
    scene: Scene, request: Request, any_method: bool = False
) -> tuple[Endpoint, dict[str, str]] | None:
    """Return the endpoint that a request reaches, and what the holes of its URL take."""
    method = "GET" if request.method == "HEAD" else request.method
    for path in dict.fromkeys([request.path, request.path.partition("?")[0]]):
        for endpoint in scene.world.system.endpoints:
            wanted = Request.read(endpoint.url, "GET", "")
            host = _host(endpoint, request)
            if host is None or not (any_method or endpoint.method == method):
                continue
            taken = match_word(wanted.path.rstrip("/") or "/", path.rstrip("/") or "/")
            if taken is not None:
                return endpoint, host | taken
    return None


def _host(endpoint: Endpoint, request: Request) -> dict[str, str] | None:
    """Return what the holes of an endpoint's host take, None when it is another host."""
    return match_word(Request.read(endpoint.url, "GET", "").host, request.host)


def _ask(scene: Scene, request: Request, endpoint: Endpoint, taken: dict[str, str]) -> Response:
    case = _case(scene, endpoint, taken)
    status = case.status if case else 200
    seconds = _QUICK
    if case is not None and case.seconds is not None:
        seconds = max(0.0, scene.number(case.seconds))
    seconds += scene.chance("curl-seconds", endpoint.url, scene.state.t) % 9_000 / 1_000_000
    headers = [
        (name.lower(), scene.fill(value, taken))
        for name, value in (case.headers.items() if case else ())
    ]
    place = ("curl", endpoint.url, scene.state.t)
    body = scene.fill(case.body, taken, place=place) if case else ""
    response = _answer(scene, status, seconds, headers, body)
    if endpoint.action is None or status >= 400 or not status:
        return response
    started = start_action(scene, endpoint.action, taken | _fields(request.data))
    if started.failed:
        return _answer(scene, 409, seconds, [], started.err)
    return replace(
        response,
        body=response.body or started.out,
        action=started.action,
        args=started.args,
        takes=started.takes,
    )


def _case(scene: Scene, endpoint: Endpoint, taken: Mapping[str, str]) -> EndpointCase | None:
    """Return the case that holds; shares add up, against one number drawn for this second."""
    drawn = scene.chance("curl-share", endpoint.url, scene.state.t) % 100_000 / 1000.0
    share = 0.0
    for case in endpoint.cases:
        if not scene.holds(case.if_, taken):
            continue
        if case.share is None:
            return case
        share += scene.world.value(scene.state, case.share, scene.state.t)
        if drawn < share:
            return case
    return None


def _answer(
    scene: Scene, status: int, seconds: float, headers: list[tuple[str, str]], body: str
) -> Response:
    kind = "application/json" if body.lstrip()[:1] in ("{", "[") else "text/plain; charset=utf-8"
    if body.lstrip()[:1] == "<":
        kind = "text/html; charset=utf-8"
    given = {name for name, _ in headers}
    usual = [
        ("date", http_date(scene.now)),
        ("content-type", kind),
        ("content-length", str(len(body.encode()))),
    ]
    shown = [(name, value) for name, value in usual if name not in given]
    return Response(status, seconds, [*shown, *headers], body)


def _fields(data: str) -> dict[str, str]:
    """Return what a request's body says, as JSON or as a form."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        pairs = [part.partition("=") for part in data.split("&") if "=" in part]
        return {name: text for name, _, text in pairs if re.fullmatch(r"[a-z]\w*", name)}
    if not isinstance(value, dict):
        return {}
    return {str(k): str(v) for k, v in value.items() if isinstance(v, str | int | float)}
