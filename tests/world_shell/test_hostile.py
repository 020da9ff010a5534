from __future__ import annotations

import unicodedata

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.world import Shell, WorldState
from simulator.world.scope import Nobody
from simulator.world.shell import ShellContext, complete

TEXT = """
vercel curl psql jq grep kubectl echo export read sudo $( ) ) ( ' " \\ | || && ; > < & ` $ {}
SELECT FROM pg_stat_activity WHERE "Order" pg_terminate_backend(pid) \\d \\x \\q \\gx -- /* */
-c -w %{http_code} -i --help https://shop.example/api/health é 中 $$ E' :: , * 1 /0 [ ] watch
'a b' ../.. =x
"""
BITS = [*TEXT.split(), "\n", "\x00", "\x1b[31m", "\u202e", "\ud83d"]
LINES = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(BITS), max_size=10).map(" ".join))
CONTEXTS = st.sampled_from(
    [ShellContext(), ShellContext("psql"), ShellContext("psql", buffer="select (", expanded=True)]
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(line=LINES, context=CONTEXTS)
def test_no_line_raises_and_no_output_harms_a_screen(
    shell: Shell, state: WorldState, line: str, context: ShellContext
) -> None:
    answered = shell.run(state, line, context, Nobody())
    for letter in answered.output:
        assert letter == "\n" or unicodedata.category(letter) not in ("Cc", "Cs", "Co")
    assert ShellContext.of(answered.context.fields()) == answered.context
    complete(shell, state, line, Nobody(), context)
    shell.canonical(line)
    shell.matches("vercel rollback [{deployment}]", line)
    shell.reads(["pg_locks"], line)
