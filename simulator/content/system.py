"""A system: the fictional production that scenarios happen in, as its file declares it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from simulator.content.base import (
    Case,
    Cell,
    Document,
    Expr,
    Line,
    Name,
    Scalar,
    Seconds,
    Text,
    Variable,
)
from simulator.content.roles import Approval, Role
from simulator.content.terminal import Database, Endpoint, Tool

Shape = Literal["step", "ramp", "exponential", "pulse", "saw", "flap"]
Harm = Literal["minor", "major", "critical"]
Level = Literal["debug", "info", "warn", "error", "fatal"]


class Pool(Document):
    """Values drawn once per seed: names, addresses; or a list that the author gives."""

    kind: Literal["name", "first_name", "email", "ipv4", "uuid", "word", "values"]
    size: int = Field(default=40, ge=1, le=500)
    values: list[Line] = []


class Person(Document):
    """A simulated person: who they are and where they can be reached."""

    id: Name
    name: Line
    title: Line
    about: Line | None = None


class Channel(Document):
    """Where messages go; `audience` is who reads it, which is what duties ask for."""

    id: Name
    title: Line
    kind: Literal["chat", "email", "status-page", "pager"]
    audience: Name
    about: Line | None = None


class Rung(Document):
    """One rung of the escalation ladder: page this person `after` seconds without an answer."""

    person: Name
    after: Seconds


class Severity(Document):
    """One level, most severe first."""

    id: Line
    title: Line
    meaning: Text
    respond: Line


class TemplateField(Document):
    """One typed field of a message template."""

    id: Name
    title: Line
    kind: Literal["audience", "severity", "text", "time"]
    example: Line | None = None


class MessageTemplate(Document):
    """A message to fill in. A duty is proved by its typed fields, never by words in its prose."""

    id: Name
    title: Line
    runbook: Line | None = None
    fields: list[TemplateField]
    text: Text = Field(description="The message, with {field} where a field's value goes.")


class StateVariable(Document):
    """A typed variable of the world; a choice must be one of `choices`."""

    start: Scalar
    choices: list[Scalar] = []
    about: Line | None = None


class Table(Document):
    """A list in the world's state, such as deployments. The first column is the key."""

    columns: list[Name] = Field(min_length=1)
    rows: list[list[Cell]] = []


class ServiceLink(Document):
    on: Name
    about: Line | None = None


class Service(Document):
    """A service or a provider, and what it depends on."""

    id: Name
    title: Line
    provider: Line | None = None
    about: Line | None = None
    depends: list[ServiceLink] = []


class MetricLink(Document):
    """How far a deviation of another metric carries over: share 0.3 of (its ratio - 1)."""

    on: Name
    share: float = Field(gt=0, le=20)


class Cycle(Document):
    """The daily cycle: demand swings by +-depth around the baseline, highest at `peak` o'clock UTC.

    At weekends it is multiplied by `weekend`.
    """

    depth: float = Field(ge=0, lt=1)
    peak: float = Field(default=13.0, ge=0, lt=24)
    weekend: float = Field(default=1.0, gt=0, le=2)


class Metric(Document):
    """A series: value = baseline x cycle x noise x what its dependencies add, then effects.

    With `uptime` it is instead the percentage of a trailing window in which an expression over
    the state held; `down` lists earlier outages as (start, seconds) relative to T+0.
    """

    id: Name
    title: Line
    unit: Line
    service: Name
    baseline: float = 0.0
    cycle: Cycle | None = None
    noise: float = Field(default=0.12, ge=0, le=1)
    least: float = 0.0
    most: float | None = None
    decimals: int = Field(default=1, ge=0, le=4)
    depends: list[MetricLink] = []
    uptime: Uptime | None = None


class Uptime(Document):
    up: Expr
    window: Seconds = 604_800
    down: list[tuple[int, int]] = []


class Threshold(Document):
    value: float
    label: Line
    above: bool = True


class ChartPanel(Document):
    """A chart of one metric."""

    chart: Name
    title: Line | None = None
    thresholds: list[Threshold] = []


class TilesPanel(Document):
    """A row of small tiles, one per metric."""

    tiles: list[Name] = Field(min_length=1, max_length=12)
    title: Line | None = None


class TablePanel(Document):
    """Rows of a table of the state; {placeholders} of `columns` are formatted like outputs."""

    table: Name
    title: Line
    columns: dict[str, Line] = Field(description="Heading -> what stands under it, as {column}.")
    newest_first: bool = False
    limit: int = Field(default=30, ge=1, le=200)


class IssuesPanel(Document):
    """Error groups counted from the log templates that name an `issue`."""

    issues: Literal[True]
    title: Line
    window: Seconds = 3600


class TextPanel(Document):
    """Text that depends on the state: the first case that holds."""

    title: Line
    says: list[Case]


Panel = ChartPanel | TilesPanel | TablePanel | IssuesPanel | TextPanel


class Dashboard(Document):
    """A screen of a product, under the name the runbooks use."""

    id: Name
    product: Line
    title: Line
    about: Line | None = None
    panels: list[Panel] = Field(min_length=1)


class AlertRule(Document):
    """Fires when `when` has held for `hold` seconds, looked at every 10 seconds."""

    id: Name
    title: Line
    product: Line
    when: Expr
    hold: Seconds = 0
    page: bool = True
    severity: Line | None = None
    text: Text
    dashboard: Name | None = None
    runbook: Line | None = None
    metric: Name | None = None


class LogTemplate(Document):
    """A kind of log line: how often it is written, and what it says.

    `rate` is lines per second, an expression; `text` may hold {pool names}, {state variables},
    {number:low:high}, {hex:8}, {metric:id}.
    """

    id: Name
    level: Level
    text: Line
    rate: Expr
    issue: Line | None = None
    endpoint: Line | None = None
    detail: dict[str, Line] = {}


class LogStream(Document):
    id: Name
    title: Line
    service: Name
    about: Line | None = None
    format: Literal["plain", "pino"] = "plain"
    templates: list[LogTemplate]


class Argument(Document):
    """What an action is done to; `choices` names `table.column` for the menu."""

    title: Line
    choices: Line | None = None
    values: list[Line] = []
    default: Expr | None = None


class Effect(Document):
    """A change of a metric while its owner is in force.

    `by` is `x5` (times), `+20` or `-20` (plus), `=0` (set). It starts `delay` seconds after its
    owner, is full after `rise` seconds and gone `fall` seconds after its owner's end.
    """

    on: Name
    by: str = Field(pattern=r"^[x+=-]-?\d+(\.\d+)?$")
    shape: Shape = "ramp"
    delay: Seconds = 0
    rise: Seconds = 0
    fall: Seconds = 0
    period: Seconds = 0


class RowInsert(Document):
    table: Name
    row: dict[Name, Cell | Line]


class RowUpdate(Document):
    table: Name
    key: Line
    set: dict[Name, Cell | Line]


class HarmDone(Document):
    level: Harm
    why: Line
    guard: bool = Field(default=False, description="It breaks a hard order of the runbook.")


class Changes(Document):
    """What happens to the world. Texts may hold {placeholders}; a lone {name} keeps its type."""

    set: dict[Variable, Scalar] = {}
    add: dict[Variable, float | str] = {}
    insert: list[RowInsert] = []
    update: list[RowUpdate] = []


class Outcome(Changes):
    """One way an action ends. The first whose `if` holds is the one."""

    id: Name | None = None
    if_: Expr | None = Field(default=None, alias="if")
    says: str = ""
    fails: bool = Field(default=False, description="Shown as a failed command.")
    harm: HarmDone | None = None


class Action(Document):
    """Something a participant can do to production, by a command or from a menu."""

    id: Name
    title: Line
    menu: Line | None = Field(default=None, description="The product under which menus list it.")
    args: dict[Name, Argument] = {}
    takes: Seconds = 0
    starts: str = Field(default="", description="Shown at once; outcomes show theirs at the end.")
    needs: list[Need] = []
    inverse: Name | None = None
    escalates: bool = Field(default=False, description="It calls somebody in, as a page does.")
    audience: Name | None = Field(
        default=None,
        description="Whom it tells something: in a team, those do it who may write to them.",
    )
    outcomes: list[Outcome] = Field(min_length=1)


class Need(Document):
    """A precondition, and what is said when it does not hold."""

    if_: Expr = Field(alias="if")
    else_: str = Field(alias="else")


class Situation(Document):
    """Standing physics: while the expression holds, these effects are in force."""

    id: Name
    while_: Expr = Field(alias="while")
    effects: list[Effect] = Field(min_length=1)


class Rule(Changes):
    """An agent or a consequence: when the expression becomes true (and holds), change, later."""

    id: Name
    about: Line | None = None
    when: Expr
    hold: Seconds = 0
    after: Seconds = 0
    if_: Expr | None = Field(default=None, alias="if")
    once: bool = False


class RoutineCheck(Document):
    id: Name
    title: Line
    every: Literal["day", "week"]
    dashboard: Name | None = None
    step: Line | None = None


class System(Document):
    """A whole system file."""

    schema_: Literal["system/1"] = Field(alias="schema")
    title: Line
    summary: Text
    shell: Line = Field(default="ops@laptop", description="What the prompt shows.")
    environment: dict[Line, Line] = Field(default={}, description="$NAMES the shell knows.")
    pools: dict[Name, Pool] = {}
    people: list[Person]
    channels: list[Channel]
    ladder: list[Rung] = []
    roles: list[Role] = Field(default=[], description="Roles of a team, beside or over ours.")
    approvals: list[Approval] = Field(default=[], description="What needs a second person.")
    severities: list[Severity] = Field(min_length=2)
    templates: list[MessageTemplate] = []
    state: dict[Variable, StateVariable] = {}
    derived: dict[Variable, Expr] = {}
    tables: dict[Name, Table] = {}
    services: list[Service]
    metrics: list[Metric]
    situations: list[Situation] = []
    rules: list[Rule] = []
    dashboards: list[Dashboard]
    alerts: list[AlertRule]
    logs: list[LogStream]
    actions: list[Action] = []
    tools: list[Tool] = []
    endpoints: list[Endpoint] = []
    database: Database | None = None
    checks: list[RoutineCheck] = []


for _model in (Metric, Action, System):
    _model.model_rebuild()
