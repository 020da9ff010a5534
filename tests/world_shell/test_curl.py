from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.world import WorldState
from simulator.world.scope import Nobody
from simulator.world.shell.request import Request, respond
from simulator.world.shell.scene import Scene

HEALTH = "https://shop.example/api/health"
OK = '{"status":"ok","live":"dpl_new"}\n'

if TYPE_CHECKING:
    from tests.world_shell.conftest import Typist


def test_headers_and_body(typist: Typist) -> None:
    assert typist.output(f"curl -i {HEALTH}") == (
        "HTTP/2 200 \n"
        "date: Tue, 04 Mar 2025 14:01:00 GMT\n"
        "content-type: application/json\n"
        "content-length: 33\n"
        "x-region: fra1\n"
        "cache-control: no-store\n"
        "\n" + OK
    )


@pytest.mark.parametrize(
    ("line", "output"),
    [
        (f"curl {HEALTH}", OK),
        (f"curl -sS '{HEALTH}?probe=1'", OK),
        ("curl $SITE/api/health/", OK),
        (f"curl -s -o /dev/null -w '%{{http_code}}' {HEALTH}", "200"),
        (f"curl -so /dev/null -w '%{{http_code}} %{{size_download}}\\n' {HEALTH}", "200 33\n"),
        ("curl -L http://shop.example/old", OK),
        ("curl http://shop.example/api/health", "Redirecting...\n"),
        (f"curl -f -s {HEALTH}", OK),
        (f"curl {HEALTH} {HEALTH}", OK + OK),
        ("curl https://shop.example/nothing", "Not Found\n"),
        ("curl -s https://shop.example/api/health | jq -r .status", "ok\n"),
    ],
)
def test_variants(typist: Typist, line: str, output: str) -> None:
    assert typist.output(line) == output


@pytest.mark.parametrize(
    ("line", "output", "takes"),
    [
        ("curl https://nope.example", "curl: (6) Could not resolve host: nope.example\n", 0),
        ("curl -s https://nope.example", "", 0),
        ("curl localhost:3000", "curl: (7) Failed to connect to localhost port 3000 after 0 ms: "
         "Connection refused\n", 0),
        ("curl ftp://shop.example", 'curl: (1) Protocol "ftp" not supported\n', 0),
        ("curl --max-time 5 https://shop.example/slow", "curl: (28) Operation timed out after ", 5),
        ("curl -m 3 https://shop.example/dead", "curl: (28) Operation timed out after 300", 3),
        ("curl https://shop.example/dead", "curl: (28) Failed to connect to shop.example port 443",
         30),
        ("curl", "curl: (2) no URL specified\n", 0),
        (f"curl --frob {HEALTH}", "curl: option --frob: is unknown\n", 0),
    ],
)  # fmt: skip
def test_failures_speak_as_curl_does(typist: Typist, line: str, output: str, takes: int) -> None:
    answered = typist.type(line)
    assert answered.failed
    assert answered.output.startswith(output)
    assert answered.takes == takes


def test_a_failing_service(typist: Typist) -> None:
    typist.state.variables["db.up"] = "no"
    answered = typist.type(f"curl {HEALTH}")
    assert answered.output == '{"status":"down","db":"unreachable"}\n'
    assert answered.takes == 5
    assert typist.output(f"curl -sf {HEALTH}") == ""
    assert typist.output(f"curl -f {HEALTH}").endswith("returned error: 503\n")
    assert typist.output(f"curl -I {HEALTH}").startswith("HTTP/2 503 \n")


def test_verbose_goes_to_the_errors(typist: Typist) -> None:
    output = typist.output(f"curl -sv {HEALTH} | grep status")
    assert "> GET /api/health HTTP/2\n" in output
    assert "< HTTP/2 200 \n" in output
    assert typist.output(f"curl -sv {HEALTH} 2>&1 | grep -c HTTP/2") == "3\n"


def test_a_share_of_the_requests_fails(typist: Typist, state: WorldState) -> None:
    world = typist.shell.world
    statuses = []
    for t in range(400):
        state.t = t
        request = Request.read("https://shop.example/", "GET", "")
        statuses.append(respond(Scene(world, state, Nobody()), request, None).status)
    assert 120 < statuses.count(500) < 200
    assert set(statuses) == {200, 500}


def test_a_request_can_be_an_action(typist: Typist) -> None:
    answered = typist.type('curl -X POST https://api.shop.example/v1/purge/home -d \'{"by":"me"}\'')
    assert answered.action == "purge"
    assert answered.args["tag"] == "home"
    assert answered.output == '{"purged":"home"}\n'
    assert typist.type("curl https://api.shop.example/v1/purge/home").action is None


def test_the_meter_shows_when_the_body_goes_elsewhere(typist: Typist) -> None:
    assert "% Total" in typist.output(f"curl -o /dev/null {HEALTH}")
    assert "% Total" in typist.output(f"curl {HEALTH} | wc -c")
    assert "% Total" not in typist.output(f"curl -s {HEALTH} | wc -c")
