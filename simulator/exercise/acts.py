"""The vocabulary: everything a person can do in an exercise, and nothing else.

An act is what a journal's entry says, as one flat JSON object: `{at, by, do, ...}`. A script is
a list of the same objects. `at` is in whole seconds of simulated time since T+0.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)
from pydantic_core import ErrorDetails

from simulator.content.clean import clean
from simulator.content.problems import nearest

MAX_LINE = 2_000
MAX_MESSAGE = 4_000
MAX_OUTPUT = 200_000


def _line(text: str) -> str:
    return clean(text, limit=400, lines=False)


def _seat(text: str) -> str:
    name = _line(text)
    if not name:
        raise ValueError("nobody sits there")
    return name


def _command(text: str) -> str:
    return clean(text, limit=MAX_LINE)


def _message(text: str) -> str:
    return clean(text, limit=MAX_MESSAGE)


def _output(text: str) -> str:
    return clean(text, limit=MAX_OUTPUT)


Line = Annotated[str, AfterValidator(_line)]
CommandLine = Annotated[str, AfterValidator(_command)]
Message = Annotated[str, AfterValidator(_message)]
Output = Annotated[str, AfterValidator(_output)]
Ref = Annotated[str, StringConstraints(max_length=200), AfterValidator(_line)]
Seat = Annotated[str, StringConstraints(max_length=64), AfterValidator(_seat)]

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


class Join(Act):
    do: Literal["join"] = "join"
    name: Line


class Clock(Act):
    """The time has come this far. Written every five seconds of wall time."""

    do: Literal["clock"] = "clock"


class Pause(Act):
    do: Literal["pause"] = "pause"


class Resume(Act):
    do: Literal["resume"] = "resume"


class Speed(Act):
    do: Literal["speed"] = "speed"
    factor: Literal[1, 2, 5, 10]


class Command(Act):
    """A command line, the output that was shown for it at once, and what the shell took it for.

    `action`, `view` and `logs` say what the line did, so that an old exercise replays whatever a
    later shell would make of it; `context` is what the shell remembers, such as an open psql.
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
    context: dict[Ref, CommandLine] = {}


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
    | Clock
    | Pause
    | Resume
    | Speed
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
