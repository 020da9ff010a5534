"""A scenario: one storyline in a system, as its file declares it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from simulator.content.base import (
    Cell,
    Document,
    Expr,
    Line,
    Name,
    Scalar,
    Seconds,
    StepRef,
    Text,
    Variable,
)
from simulator.content.system import Action, Changes, Effect, HarmDone, LogTemplate, Rule, Situation

Instant = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]


class Objective(Document):
    id: Name
    text: Text
    steps: list[StepRef] = Field(default=[], description="The steps that it is judged by.")


class Cause(Document):
    """A hidden fault: in force from `at` (seconds from T+0, may be negative) or once `when` holds.

    It ends when `until` becomes true; `sets` and `tables` are what it does to the state.
    """

    id: Name
    title: Line
    explanation: Text
    at: int | None = Field(default=None, ge=-2_592_000, le=86_400)
    when: Expr | None = None
    until: Expr | None = None
    aside: bool = Field(default=False, description="No part of the incident; no clock starts.")
    set: dict[Variable, Scalar] = {}
    effects: list[Effect] = []


class Inject(Document):
    """A scripted piece of information: at a time, or when something is so.

    A contingency inject is sent because an expected action did not occur: `contingent: true`.
    """

    id: Name
    at: Seconds | None = None
    when: Expr | None = None
    hold: Seconds = 0
    after: Seconds = 0
    if_: Expr | None = Field(default=None, alias="if")
    contingent: bool = False
    channel: Name
    from_: Name = Field(alias="from", description="A person, or `system`.")
    text: Text
    expects: list[StepRef] = []


class Answer(Document):
    """What a simulated person answers when a message in a channel speaks of something."""

    id: Name
    person: Name
    channel: Name
    asks: list[Line] = Field(default=[], description="Any of these words; none: any message.")
    if_: Expr | None = Field(default=None, alias="if")
    after: Seconds = 20
    once: bool = True
    text: Text


class Reaction(Changes):
    """What this scenario makes of an action, before the system's own outcomes."""

    id: Name
    on: Name = Field(description="An action.")
    if_: Expr | None = Field(default=None, alias="if")
    says: str | None = Field(default=None, description="Instead of the system's own words.")
    fails: bool = False
    harm: HarmDone | None = None


class Proof(Document):
    """An act that proves a step. Exactly one of the kinds, with a condition on the world."""

    view: Name | None = Field(default=None, description="A dashboard was opened.")
    logs: Name | None = Field(default=None, description="A log stream was opened.")
    command: Line | None = Field(default=None, description="A command pattern.")
    sql: list[Line] = Field(
        default=[], description="A query was answered that names all of these, such as a view."
    )
    action: Name | None = Field(default=None, description="An action was done, however.")
    args: dict[Name, Line] = {}
    acknowledge: Name | None = Field(default=None, description="An alert, or `any`.")
    declare: Line | None = Field(default=None, description="A severity, or `any`.")
    post: PostProof | None = None
    decide: Name | None = None
    read: StepRef | None = None
    if_: Expr | None = Field(default=None, alias="if")


class PostProof(Document):
    """A message: to an audience or a channel, by a template whose fields are filled."""

    audience: Name | None = None
    channel: Name | None = None
    template: list[Name] = []
    severity: Line | None = Field(default=None, description="What its severity field must say.")


class StepNode(Document):
    """A step of a runbook and what proves it; without `proof` the tick is the act."""

    step: StepRef
    weight: Literal["required", "critical", "optional"] = "required"
    proof: list[Proof] = []
    expect: Seconds = Field(default=60, description="Seconds it should take.")


class SeqNode(Document):
    seq: list[Node] = Field(min_length=1)


class AnyOrderNode(Document):
    any_order: list[Node] = Field(min_length=1)


class OneOfNode(Document):
    one_of: list[Node] = Field(min_length=1)


class OptionalNode(Document):
    optional: Node


class RepeatNode(Document):
    repeat: Node


Node = StepNode | SeqNode | AnyOrderNode | OneOfNode | OptionalNode | RepeatNode


class Moment(Document):
    """A moment of the scenario: a time, or when an expression first becomes true."""

    at: int | None = None
    when: Expr | None = None


class Deadline(Document):
    """A limit on a step, counted from a scenario moment."""

    id: Name
    title: Line
    step: StepRef
    limit: Seconds = Field(ge=1)
    since: Moment
    weight: int = Field(default=1, ge=1, le=5)
    critical: bool = False
    if_: Expr | None = Field(
        default=None, alias="if", description="Met when this never became true in time."
    )


class Cadence(Document):
    """A duty to say something again and again, until recovery or the end."""

    id: Name
    title: Line
    every: Seconds = Field(ge=60)
    since: Moment
    post: PostProof
    weight: int = Field(default=1, ge=1, le=5)


class Option(Document):
    id: Name
    text: Line
    right: bool = False
    because: Line
    by: list[Proof] = Field(default=[], description="Acts that are this choice, said or not.")


class Decision(Document):
    """A choice to make. The severity is one: `right` then names the level, at `deadline`."""

    id: Name
    title: Line
    question: Text | None = None
    severity: Line | None = Field(default=None, description="The right level.")
    options: list[Option] = []
    opens: Moment | None = None
    deadline: Seconds
    weight: int = Field(default=1, ge=1, le=5)
    because: Line | None = None


class Recovery(Document):
    when: Expr
    hold: Seconds = 60


class StepHints(Document):
    """Hints in three strengths: a nudge, a pointer, the answer."""

    step: StepRef
    nudge: Text
    pointer: Text
    answer: Text


class RedHerring(Document):
    """True but misleading; `disproved` is what a participant looks at to see through it."""

    id: Name
    what: Text
    why: Text
    disproved: Text
    by: list[Proof] = Field(min_length=1)


class Question(Document):
    id: Name
    text: Text


Script = list[dict[str, Any]]
"""Acts: `{at, by, do, ...}`."""


class Run(Document):
    """A proof of playability: a script and what it must be marked."""

    id: Name
    title: Line
    fix: bool = Field(default=False, description="A valid fix: must be 100 and P.")
    seeds: list[int] = []
    rating: Literal["P", "S", "M", "U"] | None = None
    score: tuple[int, int] | None = Field(default=None, description="Least and greatest.")
    recovered: bool | None = None
    based_on: Literal["solution"] | None = Field(
        default=None, description="Start from the solution, without the acts from `cut` on."
    )
    cut: Seconds = 0
    script: Script


class Fix(Document):
    """A way to heal production that counts."""

    id: Name
    title: Line
    run: Name | None = Field(default=None, description="Its run; none: the solution.")


class AlertOfThePast(Document):
    """An alert of before T+0, for the history."""

    alert: Name
    at: int = Field(lt=0)
    lasted: Seconds
    note: Line | None = None


class Scenario(Document):
    """A whole scenario file."""

    schema_: Literal["scenario/1"] = Field(alias="schema")
    title: Line
    summary: Text
    difficulty: int = Field(ge=1, le=5)
    minutes: int = Field(ge=1, le=240)
    starts: Instant
    role: Line = "On-call engineer"
    briefing: Text
    runbooks: list[Name] = Field(min_length=1)
    objectives: list[Objective] = Field(min_length=1)
    state: dict[Variable, Scalar] = {}
    rows: dict[Name, list[list[Cell]]] = Field(default={}, description="Rows added to tables.")
    past: list[AlertOfThePast] = []
    down: dict[Name, list[tuple[int, int]]] = Field(
        default={}, description="Earlier outages of an uptime metric: (start, seconds)."
    )
    causes: list[Cause] = Field(min_length=1)
    situations: list[Situation] = []
    rules: list[Rule] = []
    logs: dict[Name, list[LogTemplate]] = Field(default={}, description="Lines added to streams.")
    actions: list[Action] = []
    timeline: list[Inject]
    answers: list[Answer] = []
    reactions: list[Reaction] = []
    procedure: Node
    deadlines: list[Deadline] = []
    cadences: list[Cadence] = []
    decisions: list[Decision] = []
    recovered: Recovery
    hints: list[StepHints] = []
    red_herrings: list[RedHerring] = []
    debrief: list[Question] = []
    fixes: list[Fix] = Field(min_length=1)
    solution: Script
    runs: list[Run] = []


for _model in (
    Proof,
    Option,
    Decision,
    StepNode,
    SeqNode,
    AnyOrderNode,
    OneOfNode,
    OptionalNode,
    RepeatNode,
    Scenario,
):
    _model.model_rebuild()
