"""Drafts: a review after the runbooks' own template, and messages after the system's."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import exercises
import pytest
from markdown_it import MarkdownIt

from simulator.content.pack import Pack, Runbooks, read_pack
from simulator.review import Planned, Source, report_or_draft
from simulator.review.drafts import draft_review
from simulator.review.messages import draft_messages
from simulator.review.outline import outline_of
from simulator.review.wording import place_of
from simulator.session.running import golden_script
from simulator.session.script import play

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site_down() -> Pack:
    """The scenario in which the site is down."""
    return read_pack(ROOT, "ai-gurus-lms/site-down")


def with_runbook(pack: Pack, added: str) -> Pack:
    """Return a pack whose runbook says more."""
    texts = {**pack.texts}
    texts["runbooks/kiosk/outage.md"] += added
    return replace(pack, texts=texts, runbooks=Runbooks("runbooks/kiosk/", texts))


def test_the_review_has_the_headings_of_the_runbook_s_own_template(site_down: Pack) -> None:
    text = draft_review(Source("abc", play(site_down, golden_script(site_down), 1)))
    assert re.findall(r"^#+ .*$", text, re.M) == [
        "# Review: Production site down, 2026-03-10, P0",
        "## Incident timeline",
        "## Root cause analysis",
        "## Resolution steps taken",
        "## Preventive measures for future",
        "## Runbook updates needed",
    ]
    place = re.search(r"after the template at (\S+):(\d+)\.", text)
    assert place is not None
    line = (ROOT / place[1]).read_text().splitlines()[int(place[2]) - 1]
    assert line == "```markdown"
    assert "| Time (UTC) | What happened | Who did what | How we knew |" in text
    assert "It was an exercise: nothing of this happened." in text


def test_the_review_is_filled_from_the_exercise(site_down: Pack) -> None:
    script = [act for act in golden_script(site_down) if act["do"] != "declare"]
    flag = {"at": 300, "do": "confused", "step": "incident-response#du-logs", "note": "Which log?"}
    plan = [Planned("x", "Print the level beside the rule", "Priya Raman", "", "2026-06-01")]
    text = draft_review(Source("abc", play(site_down, [*script, flag], 1), plan))
    for said in (
        "People: player (Engineer on call).",
        "Times (UTC): start 18:50, detected 18:52",
        "| 18:52:38 |  | acknowledged the alert Error rate above 10x baseline |  |",
        "The password of the role lms\\_app was changed",
        "It was noticed after 2:28.",
        "| Redeploy the release that serves users. (du-redeploy) | done at",
        "| Print the level beside the rule | Priya Raman | 2026-06-01 |",
        "to be agreed, for: Declare P0 in \\#incidents within 5 minutes.",
        f"| {place_of(site_down, 'incident-response#sd-declare')}, sd-declare |",
        "Which log?",
        "> What broke. Why it could break.",
    ):
        assert said in text, said


def test_a_runbook_s_headings_are_a_template_too(stuck: Pack) -> None:
    added = (
        "\n## Post-mortem\n\nWithin a week.\n\n### What happened\n\n### Impact\n\nWho noticed?\n"
        "\n### Action items\n\n| Action | Who | By when |\n|---|---|---|\n\n### Weather\n"
    )
    assessment = play(with_runbook(stuck, added), exercises.BAD, 1)
    outline = outline_of(assessment.exercise.pack)
    assert [part.title for part in outline.parts] == [
        "Post-mortem", "What happened", "Impact", "Action items", "Weather",
    ]  # fmt: skip
    text = draft_review(Source("abc", assessment))
    assert "| Action | Who | By when |" in text
    assert "> Who noticed?" in text
    assert "### Weather\n\n(to be written)" in text
    assert "Errors: 0.3 % at first" in text


@pytest.mark.parametrize(
    "added",
    ["", "\n## Post-incident review\n\n1. Hold it. <!-- step: hold -->\n", "\n## Retrospective\n"],
)
def test_without_a_template_ours_is_taken(stuck: Pack, added: str) -> None:
    text = draft_review(Source("abc", play(with_runbook(stuck, added), [], 1)))
    assert "## What could go better" in text
    assert "after the template" not in text
    assert "Nobody noticed it." in text


def test_messages_that_were_sent_stand_as_they_were_sent(site_down: Pack) -> None:
    assessment = play(site_down, golden_script(site_down), 1)
    text = draft_messages(Source("abc", assessment))
    for message in assessment.exercise.state.messages:
        if message.template:
            assert f"```text\n{message.text}\n```" in text
    assert [template.title for template in site_down.system.templates] == re.findall(
        r"^## (.*)$", text, re.M
    )


def test_messages_that_nobody_sent_are_filled_as_far_as_is_known(site_down: Pack) -> None:
    script = [act for act in golden_script(site_down) if act.get("template") != "resolved"]
    text = draft_messages(Source("abc", play(site_down, script, 1))).split("## Resolved\n", 1)[1]
    assert "Nobody sent it. It could have said:" in text
    assert "[P0] AI Gurus LMS: resolved." in text
    idle = draft_messages(Source("abc", play(site_down, [], 1)))
    assert "[[Severity]] AI Gurus LMS: resolved." in idle
    assert "Impact: Since 18:50 UTC [what users notice]" in idle
    assert "Next update: [Next update, such as: 14:30 UTC]" in idle


def test_what_people_wrote_stays_in_its_place(stuck: Pack) -> None:
    script = [
        {"at": 30, "do": "post", "channel": "ops", "text": "# Heading\n```\n| a |"},
        {"at": 40, "do": "confused", "step": "outage#look", "note": "</td> | x\n\n## More"},
    ]
    source = Source("abc", play(stuck, script, 1))
    text = draft_review(source)
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    plain = draft_review(Source("abc", play(stuck, [], 1)))
    assert html.count("<h2>") == plain.count("\n## ")
    assert "&lt;/td&gt;" in html


def test_either_draft_is_written_instead_of_a_report(stuck: Pack) -> None:
    source = Source("abc", play(stuck, [], 1))
    assert report_or_draft(source, "html", None, "review").startswith(b"# Review")
    assert report_or_draft(source, "pdf", None, "messages").startswith(b"# Messages")
    assert report_or_draft(source, "md", None, None).startswith(b"# The kiosk is stuck")


def test_every_exercise_can_be_drafted(stuck: Pack) -> None:
    for assessment in exercises.every(stuck).values():
        review = draft_review(Source("abc", assessment))
        assert ("It has not ended" in review) == (not assessment.exercise.over)
        assert "has no message templates" in draft_messages(Source("abc", assessment))
