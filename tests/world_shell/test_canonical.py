from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.world.shell import Grammar, canonical, compile_pattern, matches
from simulator.world.shell.pattern import PatternError

ROLLBACK = "vercel rollback [{deployment}] [--yes]"
UNDO = "kubectl rollout undo deployment/{name:api|web} [--to-revision={rev}] [--namespace={ns}]"

VARIANTS = [
    (ROLLBACK, "vercel rollback", {}),
    (ROLLBACK, "vercel rollback dpl_1", {"deployment": "dpl_1"}),
    (ROLLBACK, "vercel rollback dpl_1 --yes", {"deployment": "dpl_1"}),
    (ROLLBACK, "vercel rollback --yes dpl_1", {"deployment": "dpl_1"}),
    (ROLLBACK, "vercel --yes rollback dpl_1", {"deployment": "dpl_1"}),
    (ROLLBACK, "vercel rollback -y dpl_1", {"deployment": "dpl_1"}),
    (ROLLBACK, "vercel rollback dpl_1 --yes=true", {"deployment": "dpl_1"}),
    (ROLLBACK, "vercel   rollback   'dpl_1'", {"deployment": "dpl_1"}),
    (ROLLBACK, 'vercel rollback "dpl_1" -y', {"deployment": "dpl_1"}),
    (ROLLBACK, "vc rollback dpl_1", {"deployment": "dpl_1"}),
    (ROLLBACK, "npx vercel rollback dpl_1", {"deployment": "dpl_1"}),
    (ROLLBACK, "npx -y vercel@latest rollback dpl_1", {"deployment": "dpl_1"}),
    (ROLLBACK, "npx vercel@37.4.2 rollback dpl_1 -y", {"deployment": "dpl_1"}),
    (ROLLBACK, "/usr/local/bin/vercel rollback dpl_1", {"deployment": "dpl_1"}),
    (ROLLBACK, "sudo vercel rollback dpl_1", {"deployment": "dpl_1"}),
    (ROLLBACK, "sudo -u root vercel rollback dpl_1", {"deployment": "dpl_1"}),
    (ROLLBACK, "time vercel rollback dpl_1", {"deployment": "dpl_1"}),
    (ROLLBACK, "sudo time vercel rollback dpl_1", {"deployment": "dpl_1"}),
    (ROLLBACK, "watch -n 5 vercel rollback dpl_1", {"deployment": "dpl_1"}),
    (ROLLBACK, "watch -n 5 'vercel rollback dpl_1 --yes'", {"deployment": "dpl_1"}),
    (ROLLBACK, "timeout 30 vercel rollback dpl_1", {"deployment": "dpl_1"}),
    (ROLLBACK, "CI=1 vercel rollback dpl_1", {"deployment": "dpl_1"}),
    (ROLLBACK, "env CI=1 vercel rollback dpl_1", {"deployment": "dpl_1"}),
    (ROLLBACK, "vercel rollback dpl_1 --token abc", {"deployment": "dpl_1"}),
    (ROLLBACK, "vercel rollback dpl_1 -t abc", {"deployment": "dpl_1"}),
    (ROLLBACK, "vercel rollback dpl_1 --token=abc --debug", {"deployment": "dpl_1"}),
    (ROLLBACK, "vercel --scope shop rollback dpl_1", {"deployment": "dpl_1"}),
    (ROLLBACK, "vercel -S shop rollback dpl_1", {"deployment": "dpl_1"}),
    (ROLLBACK, "vercel rollback dpl_1 | grep done", {"deployment": "dpl_1"}),
    (ROLLBACK, "date; vercel rollback dpl_1 && vercel ls", {"deployment": "dpl_1"}),
    (ROLLBACK, "vercel rollback dpl_1 2>&1", {"deployment": "dpl_1"}),
    (ROLLBACK, "vercel rollback $GOOD", {"deployment": "$GOOD"}),
    (UNDO, "kubectl rollout undo deployment/api", {"name": "api"}),
    (UNDO, "k rollout undo deploy/api", {"name": "api"}),
    (UNDO, "k rollout undo deployments/web --to-revision 3", {"name": "web", "rev": "3"}),
    (
        UNDO,
        "k rollout undo deploy/api --to-revision=3 -n prod",
        {"name": "api", "rev": "3", "ns": "prod"},
    ),
    (UNDO, "k -n prod rollout undo deploy/api", {"name": "api", "ns": "prod"}),
    (UNDO, "k -nprod rollout undo deploy/api", {"name": "api", "ns": "prod"}),
    (UNDO, "k --namespace=prod rollout undo deploy/api", {"name": "api", "ns": "prod"}),
    (UNDO, "k -n=prod rollout undo deploy/api", {"name": "api", "ns": "prod"}),
    (UNDO, 'k rollout undo "deploy/api" --namespace "prod"', {"name": "api", "ns": "prod"}),
    (
        "kubectl exec {pod} -- {command...}",
        "k exec web-1 -- ls -la /",
        {"pod": "web-1", "command": "ls -la /"},
    ),
    ("vercel logs [{d}] [--since {since}]", "vercel log --since 10m", {"since": "10m"}),
    (
        "vercel logs [{d}] [--since {since}]",
        "vercel logs --since=10m x",
        {"since": "10m", "d": "x"},
    ),
    ("curl {url}", "curl -sS -i https://shop.example/api/", {"url": "https://shop.example/api"}),
    (
        "curl https://shop.example/api",
        "curl -o /dev/null -w '%{http_code}' https://shop.example/api",
        {},
    ),
    ("curl https://shop.example/api", "curl -L http://shop.example/api", {}),
    (
        "curl -X POST {url}",
        "curl -d '{}' -H 'A: b' https://a.example/x",
        {"url": "https://a.example/x"},
    ),
    ("psql", 'psql "$DATABASE_URL"', {}),
    ("SELECT 1;", "select   1 ; -- hi", {}),
    ("SELECT 1", 'psql "$DATABASE_URL" -c "select 1;"', {}),
    (
        "SELECT {what...} FROM pg_stat_activity [{more...}]",
        "select pid, state\nfrom pg_stat_activity\nwhere 1=1;",
        {"what": "pid, state", "more": "where 1=1"},
    ),
]


@pytest.mark.parametrize(("pattern", "line", "taken"), VARIANTS)
def test_every_way_to_write_a_command_matches(
    grammar: Grammar, pattern: str, line: str, taken: dict[str, str]
) -> None:
    assert matches(pattern, line, grammar) == taken


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (ROLLBACK, "vercel rollback a b"),
        (ROLLBACK, "vercel rollback dpl_1 --prod"),
        (ROLLBACK, "vercel ls"),
        (ROLLBACK, "npm rollback"),
        (ROLLBACK, "echo vercel rollback"),
        (UNDO, "kubectl rollout undo deployment/db"),
        (UNDO, "kubectl rollout undo deployment/api --to-revision"),
        ("kubectl scale deployment/{name} --replicas={count}", "kubectl scale deployment/web"),
        ("curl https://shop.example/api", "curl http://shop.example/api"),
        ("curl https://shop.example/api", "curl -X POST https://shop.example/api"),
        ("SELECT 1", "select 2"),
        (ROLLBACK, "vercel rollback 'open"),
    ],
)
def test_what_is_another_command_does_not_match(grammar: Grammar, pattern: str, line: str) -> None:
    assert matches(pattern, line, grammar) is None


@pytest.mark.parametrize("pattern", ["", "a [b", "a b]", "a " + "[b] " * 9])
def test_a_broken_pattern_is_refused(grammar: Grammar, pattern: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(pattern, grammar)


WORDS = """
vercel vc npx kubectl k sudo time watch -n 5 curl psql rollback list ls log logs deploy/api
deployment --yes -y --token --scope= --scope -S x=1 A=b -- - -abc --since -5 '' 'a b' "c"
$SITE | ; && || https://a.example/ a@b npx 'sudo ls' SELECT ; -c 2>&1 > /dev/null
"""
WORD = st.sampled_from(WORDS.split())


@given(st.lists(WORD, max_size=9).map(" ".join))
def test_canonicalising_twice_changes_nothing(grammar: Grammar, line: str) -> None:
    once = canonical(line, grammar)
    assert canonical(once, grammar) == once


@given(st.text(max_size=60))
def test_any_text_has_a_canonical_form(grammar: Grammar, line: str) -> None:
    canonical(line, grammar)
