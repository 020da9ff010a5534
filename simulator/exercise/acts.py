"""The vocabulary: everything a person can do in an exercise, and nothing else.

An act is what a journal's entry says, as one flat JSON object: `{at, by, do, ...}`. A script is
a list of the same objects. `at` is in whole seconds of simulated time since T+0.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)
from pydantic_core import ErrorDetails

from simulator.content.clean import clean
from simulator.content.problems import nearest
from simulator.exercise.texts import CommandLine, Line, Message, Output, Ref, Seat

SOLO = "player"
"""The seat of someone who plays alone."""

HOST = "host"
"""The seat of the program itself: it opens, keeps the clock, ends at the last minute."""


class Act(BaseModel):
    """What every act says: when, and from which seat."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: int = Field(ge=0, le=604_800)
    by: Seat = SOLO
    role: Line = ""
    approved: int = Field(default=0, ge=0)
    """The number of the request by which somebody approved it; 0 where none was needed."""


class Open(Act):
    """The first entry: all that the exercise depends on, as it was when it began."""

    do: Literal["open"] = "open"
    engine: Line
    scenario: Ref
    seed: int
    texts: dict[str, str]
    hashes: dict[Line, Line]
    pools: dict[Ref, list[Line]]
    calibrated: dict[str, int] = {}
    team: Line = ""
    """The team's name; empty for somebody who plays alone."""
    fork: Line = ""
    """The exercise and the moment that this one was continued from; empty for one of its own."""


class Join(Act):
    """Somebody sat down, in the role that the act carries."""

    do: Literal["join"] = "join"
    name: Line


class Ready(Act):
    """Somebody is ready to begin, or no longer."""

    do: Literal["ready"] = "ready"
    ready: bool = True


class HandOver(Act):
    """Two people change roles: what `giver` was is `to` from now on, and the other way round.

    Where `to` is a role and no seat, the giver takes it; the facilitator gives roles so.
    """

    do: Literal["hand-over"] = "hand-over"
    giver: Seat
    to: Seat


class Paced(Act):
    """An act of the clock. `wall` is the store's clock in milliseconds since 1970 at `at`.

    Several hosts reckon the time from it. Nothing that is computed from the journal reads it.
    """

    wall: int = Field(default=0, ge=0)


class Start(Paced):
    """The facilitator begins: simulated time passes from now on."""

    do: Literal["start"] = "start"


class Clock(Paced):
    """The time has come this far. Written every five seconds of wall time."""

    do: Literal["clock"] = "clock"


class Pause(Paced):
    do: Literal["pause"] = "pause"


class Resume(Paced):
    do: Literal["resume"] = "resume"


class Speed(Paced):
    do: Literal["speed"] = "speed"
    factor: Literal[1, 2, 5, 10]


class Jump(Paced):
    """The time until `to` passes at once."""

    do: Literal["jump"] = "jump"
    to: int = Field(ge=0, le=604_800)


class Command(Act):
    """A command line, the output that was shown for it at once, and what the shell took it for.

    `action`, `view` and `logs` say what the line did, so that an old exercise replays whatever a
    later shell would make of it; `views` and `streams` are what a line of several commands opened
    after those. `context` is what the shell remembers, such as an open psql.
    """

    do: Literal["command"] = "command"
    line: CommandLine
    output: Output = ""
    failed: bool = False
    near: bool = False
    action: Ref = ""
    args: dict[Ref, Line] = {}
    view: Ref = ""
    logs: Ref = ""
    views: tuple[Ref, ...] = ()
    streams: tuple[Ref, ...] = ()
    context: dict[Ref, CommandLine] = {}

    @property
    def opened(self) -> tuple[str, ...]:
        """The dashboards that the line opened."""
        return (self.view, *self.views) if self.view else ()

    @property
    def read_logs(self) -> tuple[str, ...]:
        """The log streams that the line read."""
        return (self.logs, *self.streams) if self.logs else ()


class Do(Act):
    """An action taken from a menu."""

    do: Literal["action"] = "action"
    action: Ref
    args: dict[Ref, Line] = {}
    output: Output = ""
    failed: bool = False


class View(Act):
    """A dashboard was opened."""

    do: Literal["view"] = "view"
    view: Ref


class Logs(Act):
    """A log stream was opened, or filtered by the text in `query`."""

    do: Literal["logs"] = "logs"
    stream: Ref
    query: Line = ""


class Read(Act):
    """A runbook's section or step was opened."""

    do: Literal["read"] = "read"
    runbook: Ref
    section: Ref = ""


class Search(Act):
    """A search in the runbooks or the help, and how much it found."""

    do: Literal["search"] = "search"
    query: Line
    found: int = Field(default=0, ge=0)


class Acknowledge(Act):
    do: Literal["acknowledge"] = "acknowledge"
    alert: Ref


class Post(Act):
    """A message in a channel; by a template, its typed fields are kept beside its text."""

    do: Literal["post"] = "post"
    channel: Ref
    text: Message = ""
    template: Ref = ""
    fields: dict[Ref, Message] = {}


class Declare(Act):
    do: Literal["declare"] = "declare"
    severity: Ref


class Decide(Act):
    do: Literal["decide"] = "decide"
    decision: Ref
    option: Ref


class Tick(Act):
    do: Literal["tick"] = "tick"
    step: Ref
    done: bool = True


class Skip(Act):
    """A step was given up by its button."""

    do: Literal["skip"] = "skip"
    step: Ref


class Hint(Act):
    """A hint was asked for; asking again for the same step gives a stronger one."""

    do: Literal["hint"] = "hint"
    step: Ref = ""


class Reveal(Act):
    """The solution was shown."""

    do: Literal["reveal"] = "reveal"
    step: Ref = ""


class Confused(Act):
    """Somebody pressed "this confuses me"."""

    do: Literal["confused"] = "confused"
    step: Ref
    note: Message = ""


class Ask(Act):
    """An act that needs a second person's word; `wants` is that act as JSON."""

    do: Literal["ask"] = "ask"
    wants: Output
    of: list[Line]


class Approve(Act):
    """The word on a request, by its number: yes or no."""

    do: Literal["approve"] = "approve"
    request: int = Field(ge=1)
    granted: bool
    reason: Message = ""


class Fire(Act):
    """The facilitator sends an inject now."""

    do: Literal["fire"] = "fire"
    inject: Ref


class Postpone(Act):
    """An inject comes later, or earlier where `seconds` is below 0.

    With `following`, all that come after it keep their distance.
    """

    do: Literal["postpone"] = "postpone"
    inject: Ref
    seconds: int = Field(ge=-86_400, le=86_400)
    following: bool = False


class Withhold(Act):
    """An inject is left out, or comes after all."""

    do: Literal["withhold"] = "withhold"
    inject: Ref
    withheld: bool = True


class Edit(Act):
    """An inject that has not come yet says something else."""

    do: Literal["edit"] = "edit"
    inject: Ref
    text: Message


class Write(Act):
    """An inject that the facilitator wrote on the spot; it comes `after` seconds from now."""

    do: Literal["write"] = "write"
    channel: Ref
    sender: Ref = "system"
    text: Message
    after: int = Field(default=0, ge=0, le=86_400)


class Speak(Act):
    """The facilitator answers as one of the simulated people."""

    do: Literal["speak"] = "speak"
    person: Ref
    channel: Ref
    text: Message


class Note(Act):
    """What a facilitator or evaluator observed, at this moment; `about` is a step or an objective.

    Participants do not see it during play.
    """

    do: Literal["note"] = "note"
    text: Message
    kind: Literal["note", "strength", "improvement"] = "note"
    about: Ref = ""


class Share(Act):
    """The facilitator shows something to everybody, or no longer."""

    do: Literal["share"] = "share"
    what: Literal["objectives", "answers", "result"]
    shown: bool = True


class Dismiss(Act):
    """Somebody is shown out: their seat does nothing more."""

    do: Literal["dismiss"] = "dismiss"
    seat: Seat


class Revoke(Act):
    """The code of a role counts no more; a new one takes its place."""

    do: Literal["revoke"] = "revoke"
    code: Ref


class End(Act):
    """Play is over: stopped by someone, or by the scenario's last minute."""

    do: Literal["end"] = "end"
    reason: Literal["stopped", "time", "recovered"] = "stopped"


class HotWash(Act):
    """What somebody said right after play."""

    do: Literal["hotwash"] = "hotwash"
    answers: dict[Ref, Message]
    confidence: int | None = Field(default=None, ge=1, le=5)


class Overrule(Act):
    """An evaluator's mark for a step instead of the computed one: the share that is lost."""

    do: Literal["overrule"] = "overrule"
    step: Ref
    share: float = Field(ge=0, le=1)
    reason: Message


class Confirm(Act):
    """An evaluator's rating of an objective (or the whole), with a reason where it differs."""

    do: Literal["confirm"] = "confirm"
    objective: Ref = ""
    rating: Literal["P", "S", "M", "U", "not observed"]
    reason: Message = ""


class Close(Act):
    do: Literal["close"] = "close"


AnyAct = Annotated[
    Open
    | Join
    | Ready
    | HandOver
    | Start
    | Clock
    | Pause
    | Resume
    | Speed
    | Jump
    | Ask
    | Approve
    | Fire
    | Postpone
    | Withhold
    | Edit
    | Write
    | Speak
    | Note
    | Share
    | Revoke
    | Dismiss
    | Command
    | Do
    | View
    | Logs
    | Read
    | Search
    | Acknowledge
    | Post
    | Declare
    | Decide
    | Tick
    | Skip
    | Hint
    | Reveal
    | Confused
    | End
    | HotWash
    | Overrule
    | Confirm
    | Close,
    Field(discriminator="do"),
]

_ACTS: TypeAdapter[AnyAct] = TypeAdapter(AnyAct)

REVIEW = (HotWash, Overrule, Confirm, Close)
"""Acts that may follow the end of play."""


class ActError(ValueError):
    """An act that says something impossible; its text names the fault in plain words."""


def read_act(body: str | Mapping[str, Any]) -> AnyAct:
    """Return the act that a journal's body or a script's line says; raise ActError otherwise."""
    try:
        return _ACTS.validate_json(body) if isinstance(body, str) else _ACTS.validate_python(body)
    except ValidationError as error:
        raise ActError(_plainly(error.errors(include_url=False)[0])) from None


def _plainly(error: ErrorDetails) -> str:
    """Return what is wrong with an act in a sentence, without anything that harms a screen."""
    place = clean(".".join(str(part) for part in error["loc"][1:]), limit=80, lines=False)
    match error["type"]:
        case "union_tag_invalid":
            given = clean(error["ctx"]["tag"], limit=40, lines=False)
            near = nearest(given, error["ctx"]["expected_tags"].split("'")[1::2])
            return f'There is no act "{given}".' + (f' Did you mean "{near}"?' if near else "")
        case "union_tag_not_found":
            return 'An act says with "do" what was done.'
        case "missing":
            return f'"{place}" is missing.'
        case "extra_forbidden":
            return f'"{place}" is not known here.'
    said = clean(error["msg"], limit=200, lines=False).removeprefix("Value error, ")
    said = said.replace("Input should be", "this should be").rstrip(".")
    return f'"{place or "act"}": {said[:1].lower()}{said[1:]}.'


def write_act(act: AnyAct) -> str:
    """Return the act as canonical JSON: sorted keys, no blanks, defaults left out."""
    fields = act.model_dump(mode="json", exclude_defaults=True)
    fields |= {"at": act.at, "by": act.by, "do": act.do}
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
