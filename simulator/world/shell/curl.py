"""curl, answered by the system's endpoints in the shape of the real one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from simulator.world.shell.answer import Printed
from simulator.world.shell.canonical import Grammar, Piece
from simulator.world.shell.known_tools import CURL, CURL_SWITCHES
from simulator.world.shell.request import Request, Response, respond
from simulator.world.shell.scene import Scene

_TRY_HELP = "curl: try 'curl --help' or 'curl --manual' for more information\n"
_MOST_REDIRECTS = 5
_METER = (
    "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
    "                                 Dload  Upload   Total   Spent    Left  Speed\n"
)


@dataclass(frozen=True)
class Options:
    """What a call of curl asks to be done and shown."""

    flags: dict[str, str | None]
    headers: tuple[str, ...] = ()
    data: str = ""
    urls: tuple[str, ...] = field(default=())

    def has(self, flag: str) -> bool:
        """Whether a flag was given."""
        return flag in self.flags

    @property
    def method(self) -> str:
        """The request's method: asked for, or implied by other flags."""
        asked = (self.flags.get("--request") or "").upper()
        if asked:
            return asked
        if self.has("--head"):
            return "HEAD"
        return "POST" if self.data and not self.has("--get") else "GET"

    def limit(self) -> float | None:
        """Seconds the whole transfer may take."""
        text = self.flags.get("--max-time") or ""
        return float(text) if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text) else None


def run_curl(scene: Scene, grammar: Grammar, args: Sequence[str], piped: bool) -> Printed:
    """Return what curl prints; `piped` tells that its output goes to another command."""
    found = _options(grammar, args)
    if isinstance(found, Printed):
        return found
    if found.has("--help"):
        return Printed(CURL.help)
    if found.has("--version"):
        return Printed("curl 8.5.0 (x86_64-pc-linux-gnu) libcurl/8.5.0 OpenSSL/3.0.13\n")
    if not found.urls:
        return Printed(err=f"curl: (2) no URL specified\n{_TRY_HELP}", failed=True, near=True)
    printed = [_transfer(scene, found, url, piped) for url in found.urls[:5]]
    last = printed[-1]
    action = next((one for one in printed if one.action), last)
    return last.but(
        out="".join(one.out for one in printed),
        err="".join(one.err for one in printed),
        takes=sum(one.takes for one in printed),
        action=action.action,
        args=action.args,
    )


def _options(grammar: Grammar, args: Sequence[str]) -> Options | Printed:
    words, flags = grammar.read("curl", [Piece(arg) for arg in args])
    takes_value = grammar.rules["curl"].takes_value
    for name, value, _ in flags:
        if name not in takes_value and name not in CURL_SWITCHES:
            return Printed(
                err=f"curl: option {name}: is unknown\n{_TRY_HELP}", failed=True, near=True
            )
        if name in takes_value and not value and name not in ("--data", "--header"):
            return Printed(
                err=f"curl: option {name}: requires parameter\n{_TRY_HELP}", failed=True, near=True
            )
    given: dict[str, str | None] = {name: value for name, value, _ in flags}
    data = "&".join(
        value or "" for name, value, _ in flags if name.startswith("--data") or name == "--json"
    )
    urls = [piece.text for piece in words if piece.text != "--"]
    urls += [value for name, value, _ in flags if name == "--url" and value]
    headers = tuple(value for name, value, _ in flags if name == "--header" and value)
    return Options(given, headers, data, tuple(urls))


def _transfer(scene: Scene, options: Options, url: str, piped: bool) -> Printed:
    request = Request.read(url, options.method, options.data)
    shown: list[str] = []
    notes: list[str] = []
    spent = 0.0
    hops = 0
    while True:
        response = respond(scene, request, options.limit())
        spent += response.seconds
        if response.fault:
            return _fault(options, response, notes, spent, piped)
        if options.has("--verbose"):
            notes.append(_conversation(request, response, options))
        if options.has("--include") or options.has("--head"):
            shown.append(_head(response) + "\n")
        onward = response.header("location")
        if not (options.has("--location") and 300 <= response.status < 400 and onward):
            break
        hops += 1
        if hops > _MOST_REDIRECTS:
            text = f"curl: (47) Maximum ({_MOST_REDIRECTS}) redirects followed\n"
            return Printed("".join(shown), "".join(notes) + text, failed=True)
        request = request.towards(onward)
    failing = options.has("--fail") and response.status >= 400
    body = "" if options.method == "HEAD" or failing else response.body
    error = (
        f"curl: (22) The requested URL returned error: {response.status}\n"
        if failing and _speaks(options)
        else ""
    )
    return Printed(
        _sent_out(options, "".join(shown) + body, notes)
        + _write_out(options, request, response, spent, body, hops),
        "".join(notes) + _meter(options, body, spent, piped) + error,
        failed=failing,
        action=response.action,
        args=response.args,
        takes=max(int(spent), response.takes),
    )


def _sent_out(options: Options, text: str, notes: list[str]) -> str:
    target = options.flags.get("--output")
    if target in ("/dev/null", "-") or (target is None and not options.has("--remote-name")):
        return "" if target == "/dev/null" else text
    notes.append(f"(files cannot be written here, so {target or 'it'} is shown instead)\n")
    return text


def _fault(
    options: Options, response: Response, notes: list[str], spent: float, piped: bool
) -> Printed:
    error = f"{response.fault}\n" if _speaks(options) else ""
    request = Request.read("", options.method, "")
    return Printed(
        _write_out(options, request, response, spent, "", 0),
        "".join(notes) + _meter(options, "", spent, piped) + error,
        failed=True,
        takes=int(spent),
        near=response.unknown,
    )


def _speaks(options: Options) -> bool:
    return not options.has("--silent") or options.has("--show-error")


def _head(response: Response) -> str:
    rows = [f"HTTP/2 {response.status} "]
    rows += [f"{name}: {value}" for name, value in response.headers]
    return "\n".join(rows) + "\n"


def _conversation(request: Request, response: Response, options: Options) -> str:
    asked = [
        f"* Host {request.host}:443 was resolved.",
        f"* Connected to {request.host} port 443",
        "* SSL connection using TLSv1.3 / TLS_AES_128_GCM_SHA256",
        "* using HTTP/2",
        f"> {request.method} {request.path} HTTP/2",
        f"> Host: {request.host}",
        "> User-Agent: curl/8.5.0",
        "> Accept: */*",
        *(f"> {header}" for header in options.headers),
        "> ",
    ]
    answered = [f"< {row}" for row in _head(response).splitlines()]
    return (
        "\n".join([*asked, *answered, "< ", f"* Connection #0 to host {request.host} left intact"])
        + "\n"
    )


def _meter(options: Options, body: str, spent: float, piped: bool) -> str:
    """The progress meter, which curl shows when its output does not go to the screen."""
    quiet = options.has("--silent") or options.has("--no-progress-meter")
    if quiet or not (piped or options.has("--output")):
        return ""
    size = len(body.encode())
    speed = int(size / spent) if spent > 0 else size
    return (
        f"{_METER}100 {size:>5}  100 {size:>5}    0     0  {speed:>5}      0 "
        f"--:--:-- --:--:-- --:--:-- {speed:>5}\n"
    )


def _write_out(
    options: Options, request: Request, response: Response, spent: float, body: str, hops: int
) -> str:
    form = options.flags.get("--write-out") or ""
    known = {
        "http_code": f"{response.status:03}",
        "response_code": f"{response.status:03}",
        "time_total": f"{spent:.6f}",
        "time_starttransfer": f"{max(0.0, spent - 0.0004):.6f}",
        "time_namelookup": "0.002114",
        "time_connect": "0.014890",
        "time_appconnect": "0.037512",
        "time_pretransfer": "0.037801",
        "time_redirect": "0.000000",
        "size_download": str(len(body.encode())),
        "size_header": str(len(_head(response))) if response.status else "0",
        "speed_download": str(int(len(body.encode()) / spent)) if spent > 0 else "0",
        "url_effective": request.url,
        "url": request.url,
        "content_type": response.header("content-type") or "",
        "num_redirects": str(hops),
        "http_version": "2" if response.status else "0",
        "method": request.method,
        "exitcode": "0" if response.status else "28",
        "errormsg": response.fault,
        "remote_ip": "",
        "stderr": "",
        "stdout": "",
    }

    def value(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        if found[1]:
            return known.get(found[1], f"curl: unknown --write-out variable: '{found[1]}'\n")
        return {"n": "\n", "t": "\t", "r": ""}.get(found[2], found[0])

    return re.sub(r"%\{([^{}]*)\}|%%|\\(.)", value, form)
