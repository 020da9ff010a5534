from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.world.shell.filters import FILTERS, run_filter
from simulator.world.shell.words import split_line

LOG = """GET /api 200 12ms
GET /api 500 900ms
POST /login 200 30ms
GET /api 500 1200ms
PATCH /a-b 404 5ms
"""
JSON = '{"status":"ok","items":[{"n":1,"s":"a"},{"n":2,"s":"b"}]}'


def run(line: str, text: str = LOG) -> str:
    (pipeline,) = split_line(line, {})
    printed = run_filter(pipeline.stages[0].words, text)
    return printed.out + printed.err


@pytest.mark.parametrize(
    ("line", "output"),
    [
        ("grep 500", "GET /api 500 900ms\nGET /api 500 1200ms\n"),
        ("grep -c 500", "2\n"),
        ("grep -n login", "3:POST /login 200 30ms\n"),
        ("grep -i POST", "POST /login 200 30ms\n"),
        ("grep -v GET", "POST /login 200 30ms\nPATCH /a-b 404 5ms\n"),
        ("grep -vc GET", "2\n"),
        ("grep -o '[0-9]*ms'", "12ms\n900ms\n30ms\n1200ms\n5ms\n"),
        ("grep -E '^(POST|PATCH)'", "POST /login 200 30ms\nPATCH /a-b 404 5ms\n"),
        (r"grep 'POST\|PATCH'", "POST /login 200 30ms\nPATCH /a-b 404 5ms\n"),
        ("grep 'POST|PATCH'", ""),
        ("grep -F a-b", "PATCH /a-b 404 5ms\n"),
        ("grep -w 5ms", "PATCH /a-b 404 5ms\n"),
        ("grep -A1 login", "POST /login 200 30ms\nGET /api 500 1200ms\n"),
        ("grep -B 1 login", "GET /api 500 900ms\nPOST /login 200 30ms\n"),
        ("grep -n -C1 900", "1-GET /api 200 12ms\n2:GET /api 500 900ms\n3-POST /login 200 30ms\n"),
        ("grep -A0 -m1 GET", "GET /api 200 12ms\n"),
        ("grep -e login -e PATCH", "POST /login 200 30ms\nPATCH /a-b 404 5ms\n"),
        ("grep '['", "grep: the pattern cannot be read\n"),
        ("egrep -c 'login|PATCH'", "2\n"),
        ("head -n 1", "GET /api 200 12ms\n"),
        ("head -2 ", "GET /api 200 12ms\nGET /api 500 900ms\n"),
        ("tail -1", "PATCH /a-b 404 5ms\n"),
        ("tail -n +5", "PATCH /a-b 404 5ms\n"),
        ("wc -l", "5\n"),
        ("wc -w", "20\n"),
        ("wc -c", f"{len(LOG)}\n"),
        ("sort -k3 -n | head", None),
        ("cut -d ' ' -f 3", "200\n500\n200\n500\n404\n"),
        ("cut -d' ' -f1,3-", None),
        ("cut -c1-3", "GET\nGET\nPOS\nGET\nPAT\n"),
        ("cut", "cut: you must specify a list of bytes, characters, or fields\n"),
        ("tr a-z A-Z", LOG.upper()),
        ("tr -d ' '", LOG.replace(" ", "")),
        ("tac", "".join(f"{row}\n" for row in reversed(LOG.splitlines()))),
        (
            "awk '{print $1}'",
            "awk: not available here; grep, head, tail, sort, uniq, cut, wc and jq are\n",
        ),
        ("head -x", "head: invalid option -- 'x'\n"),
    ],
)
def test_filters_give_what_the_real_ones_give(line: str, output: str | None) -> None:
    got = run(line.split(" | ")[0])
    if output is not None:
        assert got == output


def test_sort_and_uniq() -> None:
    text = "b 2\na 10\nb 2\nc 1\n"
    assert run("sort", text) == "a 10\nb 2\nb 2\nc 1\n"
    assert run("sort -u", text) == "a 10\nb 2\nc 1\n"
    assert run("sort -k2 -n", text) == "c 1\nb 2\nb 2\na 10\n"
    assert run("sort -rnk2", text) == "a 10\nb 2\nb 2\nc 1\n"
    assert run("sort -k2nr", text) == "a 10\nb 2\nb 2\nc 1\n"
    assert run("uniq -c", "a\na\nb\n") == "      2 a\n      1 b\n"
    assert run("uniq -d", "a\na\nb\n") == "a\n"


@pytest.mark.parametrize(
    ("line", "output"),
    [
        ("jq -r .status", "ok\n"),
        ("jq .status", '"ok"\n'),
        ("jq -c .items", '[{"n":1,"s":"a"},{"n":2,"s":"b"}]\n'),
        ("jq '.items | length'", "2\n"),
        ("jq -r '.items[] | select(.n > 1) | .s'", "b\n"),
        ("jq .items[0]", '{\n  "n": 1,\n  "s": "a"\n}\n'),
        ("jq -r '.items[].s | test(\"a+\")'", "true\nfalse\n"),
        ("jq env", "jq: error: env is not available here\n"),
        ("jq '\"\\($ENV)\"'", "jq: error: ENV is not available here\n"),
        (
            "jq . secrets.json",
            "jq: error: Could not open secrets.json: No such file or directory\n",
        ),
        ("jq --frob .", "jq: Unknown arguments: --frob\nUse jq --help for help\n"),
    ],
)
def test_jq(line: str, output: str) -> None:
    assert run(line, JSON) == output


@pytest.mark.parametrize(
    "program",
    [
        "def f: f; f",
        "[limit(100000000; repeat(1))] | length",
        '"x" * 90000000',
        'reduce range(60) as $i ("x"; . + .) | length',
        "last(range(1; 1e12))",
        'test("(a+)+$")',
        "input",
        "halt",
        ".[",
        "",
    ],
)
def test_a_hostile_program_ends_soon_and_plainly(program: str) -> None:
    start = time.monotonic()
    output = run(f"jq '{program}'", '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"')
    assert time.monotonic() - start < 4.0
    assert len(output) < 300


def test_a_jq_fault_in_its_input_is_told() -> None:
    assert run("jq .", "<h1>no</h1>").startswith("jq: parse error: ")


@given(
    st.sampled_from(sorted(set(FILTERS) - {"jq"})),
    st.lists(st.text(max_size=8), max_size=4),
    st.text(max_size=200),
)
def test_no_filter_raises(name: str, args: list[str], text: str) -> None:
    run_filter([name, *args], text)
