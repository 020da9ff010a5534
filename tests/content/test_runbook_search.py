"""Finding words in runbooks: the best place first, always in the same order."""

from hypothesis import given
from hypothesis import strategies as st

from simulator.content.runbook import read_runbook
from simulator.content.runbook_search import search

DOWN = read_runbook(
    "# Site down\n\n## Database\n\n1. Check the Neon status page.\n2. Restart it.\n\n"
    "## Front\n\n1. Check Vercel.\n",
    "site-down",
    "a.md",
)
DEPLOY = read_runbook("# Deployment\n\n1. Restart the database.\n", "deployment", "b.md")
BOOKS = [DOWN, DEPLOY]


def test_every_word_must_be_found_whatever_its_case() -> None:
    assert [hit.text for hit in search(BOOKS, "NEON check")] == ["Check the Neon status page."]
    assert search(BOOKS, "neon unicorn") == []
    assert search(BOOKS, "  ") == []


def test_titles_come_before_sections_before_steps() -> None:
    kinds = [(hit.runbook.name, hit.step is not None) for hit in search(BOOKS, "site")]
    assert kinds == [("site-down", False)]
    assert [hit.text for hit in search(BOOKS, "database")] == [
        "Database",
        "Restart the database.",
    ]


def test_a_word_may_stand_in_the_heading_above() -> None:
    assert [hit.text for hit in search(BOOKS, "database restart")] == [
        "Restart the database.",
        "Restart it.",
    ]


def test_a_hit_knows_where_it_is() -> None:
    (hit,) = search(BOOKS, "vercel")
    assert (hit.runbook.name, hit.line) == ("site-down", 10)
    assert hit.section is not None
    assert hit.section.title == "Front"


@given(st.text())
def test_order_does_not_depend_on_the_order_of_books(query: str) -> None:
    assert search(BOOKS, query) == search(reversed(BOOKS), query)
