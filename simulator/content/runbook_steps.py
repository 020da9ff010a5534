"""Which blocks of a runbook without marks are steps, wherever its author put them.

The rules were measured on 13,245 steps of 1,348 public runbooks: ordered items, bullets,
instructing paragraphs, paragraphs followed by code, numbered headings, task items, table rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from simulator.content.runbook_blocks import Block
from simulator.content.runbook_commands import (
    announces_output,
    commands_of_code,
    is_command,
    read_commands,
    states_expected,
)

_VERBS = """
abort access acknowledge activate add adjust agree alert allow analyse analyze announce apply
approve archive ask assemble assess assign attach audit authenticate back backup begin block book
boot bring build bump call cancel capture change check choose classify clean clear click clone
close collect communicate compare complete configure confirm connect consider consult contact
continue convert coordinate copy cordon correlate create debug decide declare decrease decrypt
delete demote deploy describe detach determine diagnose disable disconnect discuss dismiss
document double-check downgrade download drain drop dump edit email enable encrypt ensure enter
erase escalate establish evaluate evict examine exclude execute expand export fail fetch file fill
filter find fix flush follow force format gather generate get give go grant guide halt hand
identify ignore import improve include increase inform initiate inspect install interrogate
investigate invite invoke isolate issue join keep kill label launch leave limit list listen load
locate lock log login look lower maintain make manually mark measure merge migrate mitigate modify
monitor mount move mute navigate note notify observe obtain open optimise optimize page patch
pause perform pick pin ping post prepare press prevent profile promote provide provision publish
pull purge push put query re-enable re-run read reboot rebuild recall reconnect record recover
recreate redeploy redirect reduce refresh register reindex reinstall reject release reload remount
remove rename renew reopen repair repeat replace reply report reprocess request rerun rescale
reset resize resolve respond restart restore resume retrieve retry return revert review revoke
rewind roll rollback rotate run save scale scan schedule scroll search select send set setup share
shut sign silence simulate skip split ssh start stop submit subscribe suspend switch sync tag take
tear tell terminate test throttle toggle touch track transfer triage trigger try turn type unblock
uncordon undo uninstall unlock unmount unset update upgrade upload use validate verify view visit
wait warn watch whitelist write
"""
VERBS = frozenset(_VERBS.split())

_NOUNS = frozenset(
    {("access", "to"), ("alert", "when"), ("alert", "if"), ("alert", "triggers"), ("log", "files")}
)
"""Verbs that are nouns before these words."""

_CONTEXT = re.compile(
    r"(overview|background|context|purpose|scope|summary|introduction|about|references?|related.*"
    r"|(useful |quick )?links?|documentation.*|see also|further reading|resources"
    r"|(table of )?contents?|toc|faqs?|frequently asked.*|glossary|contacts?.*|changelog|history"
    r"|revisions?|revision history|versions?|assumptions.*|acceptance criteria|(user )?story"
    r"|notes?|dev notes|appendix.*|architecture|status|owners?|ownership|metadata|definitions?"
    r"|terminology|(service|system) overview|dependencies|impact|severity .*|audience|goals?"
    r"|requirements|license|authors?|symptoms?|meaning|prerequisites?|monitoring dashboards?)"
)
_PROCEDURE = re.compile(
    r"\b(steps?|procedures?|checklist|response|rollback|recover|recovery|deploy|deployment|runbook"
    r"|troubleshooting|restor(e|ing)|mitigations?|how to|validation|verification|resolution)\b"
)
_NUMBER = re.compile(
    r"(?:step|task)\s+\d{1,3}[a-z]?\s*[-:.)–—]?\s*|\d{1,3}(?:\.\d{1,3}){0,3}[.):]?\s+"
)
_NOUN_TITLE = re.compile(
    r".*\b(procedures?|steps|instructions|checklist|plan|guide|process|flow|template|runbook"
    r"|overview|dashboard|thresholds|policy|notes)"
)
_STEP_HEADING = re.compile(r"(?:step|task)\s+\d{1,3}[a-z]?\b")
_NUMBERED = re.compile(r"\d{1,3}(?:\.\d{1,3}){0,3}[.):]?\s+\S")
_LINK_ONLY = re.compile(
    r"(?:\[[^\]\n]{0,300}\](?:\([^)\n]{0,500}\)|\[[^\]\n]{0,100}\])|<?https?://\S+)[\s.,]*"
)
_LABEL = re.compile(r"[^:.]{1,60}:\s+|[^:.–—]{1,60}\s[–—]\s+")
_LEAD = re.compile(
    r"(?:first|second|third|then|next|now|finally|lastly|afterwards|also|please|manually|optionally"
    r"|carefully|immediately|always|and|or|you (?:can|should|must|need to|will need to))\b[,:]?\s+"
)
_CLAUSE = re.compile(r"(?:if|when|once|after|before|to|in order to|for|as soon as|while|on|in)\s")
_DIRECTIVE = ("{%", "{{", "<%", ":::", "%}", "[^", "![")
_ACTION = re.compile(
    r".*\b(actions?|do|steps?|resolutions?|remed(y|ies|iation)|fix(es)?|what to do|responses?"
    r"|procedures?|commands?|mitigations?|solutions?|how to)\b.*"
)


@dataclass(frozen=True)
class Recognised:
    """A step that was recognised: its block's index and its last line."""

    index: int
    end: int


def without_number(text: str) -> str:
    """Return the text without the number that its author gave the step."""
    found = _NUMBER.match(text.lower())
    return text[found.end() :] if found and found.end() < len(text) else text


def instructs(text: str) -> bool:
    """Say whether the text tells its reader to do something."""
    words = without_number(text).strip("*_ ").lower()
    if words.endswith("?"):
        return False
    if _begins_with_verb(words):
        return True
    label = _LABEL.match(words)
    if label and _begins_with_verb(words[label.end() :].removeprefix("actions: ")):
        return True
    if _CLAUSE.match(words):
        return any(_begins_with_verb(clause.strip()) for clause in words.split(",")[1:3])
    return False


def _begins_with_verb(words: str) -> bool:
    for _ in range(2):
        lead = _LEAD.match(words)
        if not lead:
            break
        words = words[lead.end() :]
    first, second = [*words.split(maxsplit=2)[:2], "", ""][:2]
    return first.rstrip(",;:.") in VERBS and (first, second) not in _NOUNS


def action_of(row: Block) -> str | None:
    """Return what a table row tells to do, after what it is about; None without such a column."""
    columns = [n for n, name in enumerate(row.header) if _ACTION.fullmatch(name.lower())]
    cells = [row.cells[n] for n in columns if n < len(row.cells) and row.cells[n]]
    if not cells:
        return None
    about = row.cells[0] if columns[0] != 0 else ""
    return f"{about}: {cells[-1]}" if about else cells[-1]


def extent(blocks: Sequence[Block], index: int, heading_end: int | None = None) -> int:
    """Return the last line of a step: code and expected results right after it are its own."""
    block = blocks[index]
    if block.kind == "heading":
        return heading_end if heading_end is not None else block.end
    if block.kind == "row":
        return block.end
    end = block.end
    after = index + 1
    while after < len(blocks) and block.kind == "item" and _within(blocks, after, index):
        after += 1
    while after < len(blocks):
        follower = blocks[after]
        belongs = follower.kind == "code" or states_expected(follower) or announces_output(follower)
        if follower.parent != block.parent or not belongs:
            break
        end = follower.end
        after += 1
    return end


def _within(blocks: Sequence[Block], index: int, ancestor: int) -> bool:
    parent = blocks[index].parent
    while parent is not None and parent > ancestor:
        parent = blocks[parent].parent
    return parent == ancestor


class Reader:
    """Goes through the blocks once and says which of them are steps."""

    def __init__(
        self,
        blocks: Sequence[Block],
        paths: Sequence[tuple[str, ...]],
        heading_ends: Sequence[int | None],
    ) -> None:
        self.blocks = blocks
        self.paths = paths  # the headings above each block
        self.heading_ends = heading_ends
        self.titles = {
            without_number(b.text).lower().rstrip(".:") for b in blocks if b.kind == "heading"
        }
        self.announcing = self._announcing_lists()
        self.children: dict[int, list[int]] = {}
        for index, block in enumerate(blocks):
            if block.parent is not None:
                self.children.setdefault(block.parent, []).append(index)

    def read(self) -> list[Recognised]:
        """Return the steps in order; what belongs to one is not another, nested lists apart."""
        found: list[Recognised] = []
        covered = 0
        for index, block in enumerate(self.blocks):
            if block.line <= covered or not self._is_step(index):
                continue
            end = extent(self.blocks, index, self.heading_ends[index])
            inner = self._first_inner_step(index)
            if inner is not None:
                end = max(block.line, self.blocks[inner].line - 1)
            covered = end
            found.append(Recognised(index, end))
        return found

    def _is_step(self, index: int) -> bool:
        block = self.blocks[index]
        if block.text.startswith(_DIRECTIVE) or (block.quoted and block.kind != "item"):
            return False
        match block.kind:
            case "heading":
                return self._heading(index)
            case "item":
                return self._item(index)
            case "paragraph":
                return self._paragraph(index)
            case "row":
                return action_of(block) is not None and not self._in_context(index)
            case "code":
                return not self._in_context(index) and bool(commands_of_code(block))
        return False

    def _heading(self, index: int) -> bool:
        block = self.blocks[index]
        text = block.text.lower()
        named = _STEP_HEADING.match(text) is not None
        told = _NUMBERED.match(text) and instructs(text) and not _NOUN_TITLE.fullmatch(text)
        if block.level == 1 or not (named or told or self._titles_code(index)):
            return False
        last = self.heading_ends[index] or block.end
        rest = (self.blocks[n] for n in range(index + 1, len(self.blocks)))
        inside = list(takewhile(lambda inner: inner.line <= last, rest))
        lists = sum(1 for b in inside if b.kind == "item" and (b.ordered or b.task))
        return lists < 2 and not any(b.kind == "heading" for b in inside)

    def _titles_code(self, index: int) -> bool:
        """Whether a bold line stands right above commands, and so tells what they do."""
        if not self.blocks[index].bold or index + 1 >= len(self.blocks):
            return False
        following = self.blocks[index + 1]
        return following.kind == "code" and bool(commands_of_code(following))

    def _item(self, index: int) -> bool:
        block = self.blocks[index]
        text = without_number(block.text)
        if not text or text.endswith("?") or _LINK_ONLY.fullmatch(block.content.strip()):
            return False
        if block.group in self.announcing or self._in_context(index):
            return False
        if block.task:
            return True
        if self._introduces_items(index):
            return block.ordered and instructs(text)
        if block.ordered:
            return not self._titles_a_list(index)
        return instructs(text) or (bool(self._own_commands(index)) and is_command(text))

    def _paragraph(self, index: int) -> bool:
        block = self.blocks[index]
        if block.text.endswith("?") or states_expected(block) or announces_output(block):
            return False
        following = self.blocks[index + 1] if index + 1 < len(self.blocks) else None
        same_level = following is not None and following.parent == block.parent
        if following is not None and following.kind == "code" and same_level:
            if commands_of_code(following):
                return not self._in_context(index) or instructs(block.text)
            return False
        if following is not None and following.kind in ("item", "row") and block.text[-1:] == ":":
            return False
        return instructs(block.text) and not self._in_context(index)

    def _in_context(self, index: int) -> bool:
        """Whether the innermost heading that tells says that this is no procedure."""
        for title in reversed(self.paths[index]):
            plain = without_number(title).lower().strip(" :*")
            if _CONTEXT.fullmatch(plain):
                return True
            if _PROCEDURE.search(plain):
                return False
        return False

    def _introduces_items(self, index: int) -> bool:
        """Whether an item only gathers the items in it, which are the steps."""
        items = [n for n in self.children.get(index, ()) if self.blocks[n].kind == "item"]
        if not items:
            return False
        text = self.blocks[index].text
        return text.endswith(":") or not instructs(text)

    def _first_inner_step(self, index: int) -> int | None:
        if self.blocks[index].kind != "item":
            return None
        for child in self.children.get(index, ()):
            block = self.blocks[child]
            if block.kind == "item" and (block.ordered or block.task) and self._is_step(child):
                return child
        return None

    def _titles_a_list(self, index: int) -> bool:
        """Whether a lone `2) Deploy` stands above a list, as a heading would."""
        block = self.blocks[index]
        group = [b for b in self.blocks[max(0, index - 1) : index + 2] if b.group == block.group]
        after = self.blocks[index + 1] if index + 1 < len(self.blocks) else None
        return (
            len(group) == 1
            and after is not None
            and after.kind == "item"
            and after.parent == block.parent
            and not block.text.endswith(".")
        )

    def _announcing_lists(self) -> frozenset[int]:
        """Return the lists most of whose items are the titles of headings, such as contents."""
        totals: dict[int, list[int]] = {}
        for block in self.blocks:
            if block.kind == "item":
                named = without_number(block.text).lower().rstrip(".:") in self.titles
                totals.setdefault(block.group, []).append(int(named))
        return frozenset(g for g, named in totals.items() if sum(named) * 2 > len(named))

    def _own_commands(self, index: int) -> tuple[str, ...]:
        return read_commands([self.blocks[index]])[0]
