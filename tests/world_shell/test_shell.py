from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.world import Shell, WorldState
from simulator.world.scope import Nobody
from simulator.world.shell import ShellContext

if TYPE_CHECKING:
    from tests.world_shell.conftest import Typist


def test_a_table_is_printed_row_by_row_and_counts_as_a_look(typist: Typist) -> None:
    answered = typist.type("npx vercel@latest list --prod")
    assert answered.canonical == "vercel ls --prod"
    assert answered.view == "vercel"
    assert answered.output.splitlines() == [
        "  Age  Id       Status",
        "  2m   dpl_bad  Error",
        "  11m  dpl_new  Ready",
        "  1d   dpl_old  Ready",
        "3 deployments",
    ]


def test_an_action_is_named_and_only_its_first_words_are_shown(typist: Typist) -> None:
    answered = typist.type("vc rollback -y dpl_new")
    assert (answered.action, dict(answered.args)) == ("rollback", {"deployment": "dpl_new"})
    assert answered.output == "Rolling back to dpl_new...\n"
    assert answered.takes == 8
    assert not answered.failed


def test_a_left_out_argument_takes_its_default(typist: Typist) -> None:
    assert dict(typist.type("vercel rollback").args) == {"deployment": "dpl_old"}


def test_another_column_of_the_row_names_it_too(typist: Typist) -> None:
    answered = typist.type("vercel rollback https://shop-new.vercel.app")
    assert dict(answered.args) == {"deployment": "dpl_new"}


def test_a_value_that_is_not_a_choice_is_refused_with_the_nearest(typist: Typist) -> None:
    answered = typist.type("vercel rollback dpl_nww")
    assert answered.action is None
    assert answered.near
    assert answered.output == (
        'Error: Deployment "dpl_nww" was not found\nDid you mean "dpl_new"?\n'
    )


def test_a_precondition_that_fails_refuses_the_action(typist: Typist) -> None:
    typist.state.variables["db.up"] = "no"
    answered = typist.type("vercel rollback dpl_old")
    assert answered.action is None
    assert answered.failed
    assert answered.output == "Error: a deployment is in progress\n"


def test_arguments_of_the_action_are_made_of_the_patterns(typist: Typist) -> None:
    answered = typist.type("k scale deploy/web --replicas 4")
    assert answered.action == "scale"
    assert answered.args["replicas"] == "4"


@pytest.mark.parametrize(
    ("line", "output"),
    [
        ("vercel rolback", 'Error: unknown "rolback"\nDid you mean "rollback"?\n'),
        ("vercel ls --pord", 'Error: unknown "--pord"\nDid you mean "--prod"?\n'),
        ("vercel inspect", "Usage:\n  vercel inspect <deployment>\n"),
        ("kubectl frobnicate", 'error: unknown command "frobnicate" for "kubectl"\n'),
        ("verce ls", 'verce: command not found\nDid you mean "vercel"?\n'),
        ("xyzzy", "xyzzy: command not found\n"),
        ("awk '{print}'", "awk: not available here; `help` lists what is\n"),
        ("echo 'open", "shell: a quote (') is not closed\n"),
        ("\\dt", "that is a command of psql; open the database first: psql\n"),
    ],
)
def test_what_is_not_understood_is_said_in_the_tools_words(
    typist: Typist, line: str, output: str
) -> None:
    answered = typist.type(line)
    assert answered.failed
    assert answered.output == output


def test_help_names_the_tools(typist: Typist) -> None:
    output = typist.output("help")
    for name in ("vercel", "kubectl", "curl", "psql", "jq"):
        assert name in output
    assert typist.output("vercel --help") == "vercel: list, rollback, logs, inspect\n"
    assert typist.output("vercel") == typist.output("vercel help")


def test_log_lines_take_the_shape_of_the_tool(typist: Typist) -> None:
    answered = typist.type("vercel logs --since 5m -n 3")
    assert answered.logs == "runtime"
    rows = answered.output.splitlines()
    assert len(rows) == 3
    assert all(row[:6] in ("14:00:", "14:01:") and row[9:14] in ("info ", "error") for row in rows)
    assert len(typist.output("vercel logs").splitlines()) == 60
    assert int(typist.output("vercel logs | wc -l")) > 500


@pytest.mark.parametrize(
    ("line", "output"),
    [
        ("date", "Tue Mar  4 14:01:00 UTC 2025\n"),
        ("date -u +%Y-%m-%dT%H:%M:%SZ", "2025-03-04T14:01:00Z\n"),
        ("date +%s", "1741096860\n"),
        ("whoami", "ops\n"),
        ("hostname", "laptop\n"),
        ("echo $SITE '$SITE'", "https://shop.example $SITE\n"),
        ("ls", ""),
        ("cat notes.txt", "cat: notes.txt: No such file or directory\n"),
        ("env", "DATABASE_URL=[hidden]\nSITE=[hidden]\n"),
        ("clear", ""),
        ("", ""),
        ("# a remark", ""),
        ("false || echo a && echo b", "a\nb\n"),
        ("false && echo a; echo b", "b\n"),
        ("echo a > notes.txt", "(files cannot be written here; notes.txt would hold this)\na\n"),
        ("echo a > /dev/null", ""),
        ("sleep 2; whoami", "ops\n"),
        ("export WHO=Ada; echo hello $WHO", "hello Ada\n"),
        ('echo "now: $(date +%H)"', "now: 14\n"),
        ("echo $(echo $(echo deep))", "deep\n"),
    ],
)
def test_the_shells_own_commands(typist: Typist, line: str, output: str) -> None:
    assert typist.output(line) == output


def test_a_name_lasts_and_expands_in_the_canonical_form(typist: Typist) -> None:
    typist.type("export GOOD=dpl_old")
    answered = typist.type("vercel rollback $GOOD")
    assert answered.canonical == "vercel rollback dpl_old"
    typist.type("unset GOOD")
    assert typist.context == ShellContext()


def test_nothing_that_changes_production_runs_inside_another_command(typist: Typist) -> None:
    answered = typist.type("echo $(vercel rollback dpl_old)")
    assert answered.action is None
    assert answered.failed


def test_only_one_change_at_a_time(typist: Typist) -> None:
    answered = typist.type("vercel rollback dpl_old && vercel rollback dpl_new")
    assert dict(answered.args) == {"deployment": "dpl_old"}
    assert answered.output.endswith("(the rest was not run: type it once this is done)\n")


def test_a_call_of_psql_matches_however_it_connects(shell: Shell) -> None:
    pattern = "psql {url} --command {query}"
    assert shell.matches(pattern, 'psql "$DATABASE_URL" -c "SELECT 1;"')
    assert shell.matches(pattern, "psql --command 'SELECT 1'")
    assert not shell.matches(pattern, 'psql "$DATABASE_URL"')


def test_pipes_really_run(typist: Typist) -> None:
    assert typist.output("vercel ls | grep -c Ready") == "2\n"
    assert typist.output("vercel ls | grep dpl | sort -r | head -1 | cut -c 8-14") == "dpl_bad\n"
    assert typist.output("vercel inspect nosuch 2>&1 | wc -l") == "0\n"


def test_the_same_state_gives_the_same_bytes(shell: Shell, state: WorldState) -> None:
    for line in ("vercel ls", "vercel logs", "curl -i https://shop.example/", "SELECT now();"):
        first = shell.run(state, line, ShellContext(), Nobody())
        assert shell.run(state.copy(), line, ShellContext(), Nobody()) == first


def test_a_proof_by_query_names_what_it_read(shell: Shell) -> None:
    line = 'psql "$DATABASE_URL" -c "SELECT count(*) FROM pg_stat_activity"'
    assert shell.reads(["pg_stat_activity"], line)
    assert shell.reads(["pg_stat_activity", "count"], "select COUNT(*) from pg_stat_activity;")
    assert not shell.reads(["pg_locks"], line)
    assert shell.matches("vercel ls [--prod]", "vc ls")
    assert not shell.matches("vercel ls", "vc logs")
