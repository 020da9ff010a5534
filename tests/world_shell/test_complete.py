from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.world.scope import Nobody
from simulator.world.shell import ShellContext, complete

if TYPE_CHECKING:
    from tests.world_shell.conftest import Typist


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ver", ["vercel"]),
        ("vercel ro", ["rollback"]),
        ("vc ", ["env", "inspect", "logs", "ls", "rollback", "whoami"]),
        ("vercel rollback dpl_", ["dpl_bad", "dpl_new", "dpl_old"]),
        ("vercel rollback dpl_old --", ["--help", "--yes"]),
        ("vercel logs --s", ["--since="]),
        ("kubectl rollout undo deployment/", ["deployment/api", "deployment/web"]),
        ("kubectl get pods -o ", ["json", "wide"]),
        ("curl https://shop.example/a", ["https://shop.example/api/health"]),
        ("vercel ls | gr", ["grep"]),
        ("nothing here ", []),
        ("echo 'open ", []),
    ],
)
def test_tab_offers_what_the_patterns_allow(typist: Typist, line: str, words: list[str]) -> None:
    assert complete(typist.shell, typist.state, line, Nobody(), ShellContext()) == words


def test_tab_in_psql(typist: Typist) -> None:
    context = ShellContext("psql")

    def offered(line: str) -> list[str]:
        return complete(typist.shell, typist.state, line, Nobody(), context)

    assert offered("select * from pg_stat_act") == ["pg_stat_activity"]
    assert offered('select * from "O') == ['"Order"']
    assert offered("\\co") == ["\\conninfo"]
    assert offered("select _") == []
