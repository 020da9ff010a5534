"""Each typed edit of the contract's table: when it is proposed, and what it says."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from simulator.assessment import procedure_of
from simulator.content.pack import pack_of, read_pack
from simulator.review.revising import edits as e
from simulator.review.revising.findings import Form
from simulator.review.revising.procedures import edited
from simulator.review.revising.proposals import Proposal, propose, read_desk
from simulator.review.revising.runs import PlayedRun, Runs
from simulator.review.revising.thresholds import low
from simulator.session.script import play
from simulator.session.solving import solve

CONTENT = Path(__file__).parent / "content"
BOOK, NAME = "runbooks/shop/stuck-orders.md", "shop/hung-worker"
SCENARIO, SYSTEM = f"scenarios/{NAME}.yaml", "scenarios/shop/system.yaml"

Script = list[dict[str, Any]]
Edits = Sequence[tuple[str, str, str]]


@pytest.fixture
def shop(tmp_path: Path) -> Callable[..., Path]:
    """Return the sound shop with something else in its files."""

    def made(*changed: tuple[str, str, str]) -> Path:
        root = tmp_path / "content"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(CONTENT / "sound", root)
        for file, old, new in changed:
            text = (root / file).read_text(encoding="utf-8")
            assert text.count(old) == 1, (file, old)
            (root / file).write_text(text.replace(old, new), encoding="utf-8")
        return root

    return made


def golden(root: Path) -> Script:
    return [dict(act) for act in read_pack(root, NAME).scenario.solution]


def without(script: Script, **found: Any) -> Script:
    return [act for act in script if not all(act.get(k) == v for k, v in found.items())]


def with_acts(script: Script, *acts: Mapping[str, Any]) -> Script:
    return sorted([*script, *map(dict, acts)], key=lambda act: int(act["at"]))


def command(at: int, line: str) -> dict[str, Any]:
    return {"at": at, "do": "command", "line": line}


def later(script: Script, after: int, by: int) -> Script:
    """Return a script whose acts after a time come so much later."""
    return [{**act, "at": act["at"] + (by if act["at"] > after else 0)} for act in script]


def proposed(root: Path, scripts: Sequence[Script]) -> list[Proposal]:
    pack = read_pack(root, NAME)
    played = tuple(
        PlayedRun(f"x{n:02}", f"team{n}", f"2050-01-01T10:00:{n:02}", play(pack, script, n))
        for n, script in enumerate(scripts, 1)
    )
    return propose(read_desk(root, "stuck-orders"), Runs(played, {}), solve)


def only(found: Sequence[Proposal], kind: str) -> Proposal:
    assert [one.finding.kind.value for one in found] == [kind], [
        (one.finding.kind.value, one.finding.step, one.finding.sentence) for one in found
    ]
    return found[0]


def text_after(proposal: Proposal, file: str = BOOK) -> str:
    return next(change.new for change in proposal.changes if change.file == file)


def test_wilsons_lower_bound() -> None:
    assert low(0, 0) == 0
    assert round(low(4, 8), 3) == 0.294
    assert round(low(8, 8), 2) == 0.83
    assert low(0, 30) == 0
    assert low(15, 30) < 0.5


def test_nothing_is_proposed_for_perfect_runs(shop: Callable[..., Path]) -> None:
    root = shop()
    assert not proposed(root, [golden(root)] * 10)


def test_expected_result(shop: Callable[..., Path]) -> None:
    root = shop((BOOK, "   Expected: `worker restarted`.\n\n", ""))
    again = [command(140, "shopctl worker restart"), command(145, "shopctl worker restart")]
    unsure = with_acts(golden(root), *again)
    still = later(golden(root), 130, 75)
    one = only(proposed(root, [unsure] * 5 + [golden(root)] * 5), "add expected result")
    assert one.finding.step == "restart"
    assert "5 of 10 teams had done it rightly and ran it again" in one.finding.sentence
    assert "   Expected: `worker restarted`.\n\n6. Flush" in text_after(one)
    assert only(proposed(root, [still] * 4 + [golden(root)] * 6), "add expected result").ready
    assert not proposed(root, [unsure] * 2 + [golden(root)] * 8)


def test_repeat_until(shop: Callable[..., Path]) -> None:
    counted = 'says: [{text: "payment-worker  {metric:visitors}"}]'
    root = shop(
        (BOOK, "   shopctl status\n", "   shopctl worker list\n"),
        (SYSTEM, 'says: [{text: "payment-worker  {worker.mode}"}]', counted),
        (SCENARIO, "{command: shopctl status, if", "{command: shopctl worker list, if"),
        (SCENARIO, "command, line: shopctl status", "command, line: shopctl worker list"),
        (BOOK, "\n    Expected: `shop: selling`.\n", ""),
    )  # fmt: skip
    twice = with_acts(golden(root), command(318, "shopctl worker list"))
    found = proposed(root, [twice] * 6 + [golden(root)] * 4)
    one = only(found, "repeat until")
    assert "Repeat this until it shows `payment-worker  …`." in text_after(one)
    assert one.remarked is not None
    assert str(one.remarked).startswith("no marks change")


HARM = """\
reactions:
  - id: too-early
    on: open-intake
    if: ledger.mode == "free" and cache.prices == "stale"
  - id: nobody-asked
    on: drain-intake
    if: shop.intake == "drained"
    harm: {level: minor, why: Draining twice drops the orders that were let through.}
"""


def test_warning(shop: Callable[..., Path]) -> None:
    root = shop((SCENARIO, "procedure:\n", f"{HARM}procedure:\n"))
    harmed = with_acts(golden(root), command(115, "shopctl intake drain"))
    one = only(proposed(root, [harmed] * 2 + [golden(root)] * 8), "add warning")
    assert one.finding.step == "restart"
    told = "**Warning:** do not drain the intake now. Draining twice drops the orders"
    assert f"step: restart -->\n\n   {told}" in text_after(one)
    assert not proposed(root, [harmed] + [golden(root)] * 9)


def test_alias_made_of_plain_words_only(shop: Callable[..., Path]) -> None:
    root = shop()
    searched = {"at": 140, "do": "search", "query": "Cleanse <b>[the]</b> vault!"}
    scripts = [with_acts(golden(root), searched)] * 3 + [golden(root)] * 7
    one = only(proposed(root, scripts), "add alias")
    assert one.finding.step == "flush"
    assert "3 of 10 teams searched for “cleanse b the b vault”" in one.finding.sentence
    assert "\n   Also called: cleanse b the b vault.\n" in text_after(one)


def test_optional_removed_or_only_asked(shop: Callable[..., Path]) -> None:
    root = shop()
    missed = without(golden(root), do="view", view="rail")
    one = only(proposed(root, [missed] * 7 + [golden(root)] * 3), "make optional")
    assert "7 of 10 teams that did well never did it" in one.finding.sentence
    assert "step: settled -->\n\n   This step is optional.\n" in text_after(one)
    assert "- step: stuck-orders#settled\n      weight: optional\n" in text_after(one, SCENARIO)
    assert one.remarked is not None
    assert (one.remarked.better, one.remarked.worse) == (7, 0)
    assert dict(one.remarked.ratings) == {"S to P": 7}

    gone = only(proposed(root, [missed] * 10), "remove")
    assert "Payment rail" not in text_after(gone)
    assert "7. Release the ledger" in text_after(gone)
    assert "stuck-orders#settled" not in text_after(gone, SCENARIO)

    assert not proposed(root, [missed] * 4 + [golden(root)] * 6)


def test_a_critical_step_is_only_asked_about(shop: Callable[..., Path]) -> None:
    turned = golden(shop())
    for act in turned:  # the cache before the worker, which the shop allows here
        if act.get("line") == "shopctl worker restart":
            act["at"] = 150
        elif act.get("line") == "shopctl cache flush prices":
            act["at"] = 130
    root = shop(
        (SYSTEM, "    needs:\n      - {if: worker.mode == \"running\", else: \"cache: the payment worker does not answer\"}\n", ""),  # noqa: E501
    )  # fmt: skip
    one = only(proposed(root, [turned] * 9 + [golden(root)]), "swap")
    assert one.finding.form is Form.EDIT
    assert text_after(one).index("step: flush") < text_after(one).index("step: restart")
    # The scenario's own solution follows: its acts change places, too.
    assert "{at: 130, do: command, line: shopctl cache flush prices}" in text_after(one, SCENARIO)
    assert not one.notes

    needed = "    - step: stuck-orders#restart\n"
    text = (root / SCENARIO).read_text()
    (root / SCENARIO).write_text(text.replace(needed, f"{needed}      weight: critical\n"))
    asked = only(proposed(root, [turned] * 9 + [golden(root)]), "swap")
    assert asked.finding.form is Form.QUESTION
    assert "a critical step is not moved" in asked.finding.sentence
    assert not asked.ready
    (root / SCENARIO).write_text(text)

    either = only(proposed(root, [turned] * 5 + [golden(root)] * 5), "any order")
    assert "In any order with the next step, “Flush the price cache”." in text_after(either)
    assert "    - any_order:\n        - step: stuck-orders#restart\n" in text_after(
        either, SCENARIO
    )
    assert either.remarked is not None
    assert either.remarked.better == 5


def test_split_step(shop: Callable[..., Path]) -> None:
    """Two acts that the runbook does not say, and that the step cannot do without."""
    root = shop(
        (BOOK, (CONTENT / "sound" / BOOK).read_text().split("7. Open")[1].split("9. Open")[0], ""),
        (BOOK, "7. Open9. Open the intake", "7. Open the intake"),
        (BOOK, "10. Check", "8. Check"), (BOOK, "11. Send", "9. Send"),
        (BOOK, "6. Flush the price cache. <!-- step: flush -->\n\n   ```sh\n   shopctl cache flush prices\n   ```\n\n   Expected: `prices flushed`.\n\n", ""),  # noqa: E501
        (SCENARIO, "".join(_nodes("flush", "settled", "release")), ""),
    )  # fmt: skip
    one = only(proposed(root, [golden(root)] * 10), "split step")
    assert one.finding.step == "reopen"
    assert "10 of 10 teams that did well needed 3 different acts for it" in one.finding.sentence
    text = text_after(one)
    assert text.index("shopctl cache flush prices") < text.index("shopctl ledger release")
    assert text.index("shopctl ledger release") < text.index("step: reopen")
    assert text_after(one, SCENARIO).count("proof: [{action: ") > 3


def _nodes(*names: str) -> Iterator[str]:
    text = (CONTENT / "sound" / SCENARIO).read_text()
    for name in names:
        begin = text.index(f"    - step: stuck-orders#{name}\n")
        end = text.index("    - step:", begin + 5)
        yield text[begin:end]


def test_relaxed_deadline(shop: Callable[..., Path]) -> None:
    root = shop(
        (BOOK, "1. Acknowledge the alert. <", "1. Acknowledge the alert within 1 minute. <"),
        (SCENARIO, "    limit: 300\n", "    limit: 60\n"),
    )
    slow = [{**act, "at": act["at"] + 90} for act in golden(root)]
    one = only(proposed(root, [slow] * 7 + [golden(root)] * 3), "relax deadline")
    assert "7 of 10 teams that did well did not keep “Acknowledge within five minutes”" in (
        one.finding.sentence
    )
    assert "limit: 120" in text_after(one, SCENARIO)
    assert "within 2 minutes. <" in text_after(one)
    assert one.remarked is not None
    assert one.remarked.better == 7


def test_what_people_wrote_is_shown_however_few_they_are(shop: Callable[..., Path]) -> None:
    root = shop()
    wrote = {"at": 140, "do": "confused", "step": "stuck-orders#flush", "note": "Which\ncache?"}
    one = only(proposed(root, [with_acts(golden(root), wrote)]), "what people said")
    assert one.finding.form is Form.QUESTION
    assert one.finding.notes == ("Which cache?",)


def test_the_tree_and_the_lines_of_a_scenario_change_alike() -> None:
    from simulator.review.revising.scenario_lines import write_scenario

    texts = read_pack(Path(__file__).parents[2], "ai-gurus-lms/site-down").texts
    name = "ai-gurus-lms/site-down"
    place = f"scenarios/{name}.yaml"
    pack = pack_of(name, texts)
    new = e.NewStep("ring", "Ring.", (), (), "{view: neon-operations}", "view:neon-operations")
    for edit in (
        e.Optional("sd-health"),
        e.Optional("du-redeploy"),
        e.Insert((new,), "verify-recovery"),
        e.Insert((new,), "du-neon-string"),
        e.Move("du-redeploy", "du-add-variable"),
        e.Free("du-add-variable", "du-redeploy"),
    ):
        text = write_scenario(place, texts[place], "incident-response", edit)
        assert text != texts[place]
        after = pack_of(name, {**texts, place: text}).scenario.procedure
        wanted = edited(procedure_of(pack.scenario.procedure), "incident-response", edit)
        assert procedure_of(after) == wanted, edit
        assert _changed_lines(texts[place], text) <= 30


def _changed_lines(old: str, new: str) -> int:
    import difflib

    made = list(difflib.unified_diff(old.split("\n"), new.split("\n"), n=0))
    return sum(line[0] in "+-" for line in made[2:])
