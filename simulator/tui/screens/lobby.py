"""Before the beginning: the briefing, your role, who is here, and whether you are ready."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen

from simulator.content.prose import reflowed
from simulator.content.roles import kind_of
from simulator.exercise.door import Refused
from simulator.exercise.fold import Exercise
from simulator.exercise.powers import panes_of, role_title
from simulator.journal import JournalError
from simulator.session.seat import SeatDrill
from simulator.tui.dialogs.team import HandOverDialog
from simulator.tui.panes.rooms import NAMES
from simulator.tui.panes.wording import line, text_of
from simulator.tui.panes.words import Words
from simulator.tui.screens.briefing import briefing
from simulator.tui.screens.palette import offer
from simulator.tui.widgets.key_row import KeyRow
from simulator.tui.widgets.too_small import BREAKPOINTS_ACROSS, BREAKPOINTS_DOWN, TooSmall

MUTED = "$foreground 60%"


class LobbyScreen(Screen[None]):
    """Wait for the beginning, knowing what you need to know."""

    CSS_PATH = "lobby.tcss"
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS_ACROSS
    VERTICAL_BREAKPOINTS = BREAKPOINTS_DOWN
    HELP = (
        "Read the briefing. Say that you are ready; the facilitator begins for everybody.\n"
        "If you lose the connection, come back with the same name and code."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r,enter", "ready", "Ready", key_display="r", tooltip="Ready, or not yet"),
        Binding("o", "hand_over", "Change roles", tooltip="Change roles with somebody"),
        Binding("j", "down", "Down", show=False),
        Binding("k", "up", "Up", show=False),
    ]

    def __init__(self, drill: SeatDrill) -> None:
        super().__init__()
        self.drill = drill

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="paper"):
            yield Words(id="state")
            yield Words(id="role")
            yield Words(briefing(self.drill.exercise.pack), id="briefing")
            yield Words(id="objectives")
            yield Words(id="people")
        yield KeyRow()
        yield TooSmall()

    def on_mount(self) -> None:
        """Show who is here, and follow it."""
        self.query_one("#paper").focus()
        self.drill.listeners.append(self._show)
        self._show()

    def on_unmount(self) -> None:
        """Follow no longer."""
        self.drill.listeners.remove(self._show)

    @property
    def _takes_part(self) -> bool:
        return kind_of(self.drill.role) == "participant"

    def _show(self) -> None:
        if not self.query("#state"):  # on its way out
            return
        exercise, seat = self.drill.exercise, self.drill.seat
        ready = seat in exercise.state.ready
        self.query_one("#state", Words).say(state_words(self.drill, ready, self._takes_part))
        self.query_one("#role", Words).say(role_words(exercise, seat))
        self.query_one("#people", Words).say(people_words(exercise, seat))
        objectives = self.query_one("#objectives", Words)
        objectives.display = "objectives" in exercise.state.shared
        objectives.say(objective_words(exercise))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Observers have nothing to be ready for."""
        return self._takes_part if action in ("ready", "hand_over") else True

    def action_ready(self) -> None:
        """Say that you are ready, or not yet."""
        ready = self.drill.seat not in self.drill.exercise.state.ready
        self.run_worker(self._say_ready(ready), group="ready", exclusive=True)

    async def _say_ready(self, ready: bool) -> None:
        why = await self._propose("ready", {"ready": ready})
        if why:
            self.notify(why, severity="warning", markup=False)

    async def _propose(self, do: str, fields: object) -> str:
        assert isinstance(fields, dict)
        try:
            await self.drill.take(do, **fields)
        except (Refused, JournalError) as error:
            return str(error)
        return ""

    def action_hand_over(self) -> None:
        """Change roles with somebody."""
        self.app.push_screen(HandOverDialog(self.drill.exercise, self.drill.seat, self._propose))

    def action_down(self) -> None:
        """Scroll down."""
        self.query_one("#paper").scroll_down()

    def action_up(self) -> None:
        """Scroll up."""
        self.query_one("#paper").scroll_up()

    def palette_commands(self) -> Iterable[SystemCommand]:
        """Offer what can be done here."""
        if self._takes_part:
            yield offer("Ready", "Say that you are ready, or not yet", self.action_ready)
            yield offer("Change roles", "With somebody else", self.action_hand_over)


def state_words(drill: SeatDrill, ready: bool, takes_part: bool) -> Content:
    """Return where things stand, and what to do."""
    if drill.fault:
        return text_of((line(drill.fault), "bold $text-error"))
    if not takes_part:
        return text_of(("The exercise has not begun. ", "bold"), "You look on.")
    if ready:
        return text_of(("You are ready. ", "bold $text-success"), "The facilitator begins.")
    return text_of(("The exercise has not begun. ", "bold"), "Press r when you are ready.")


def role_words(exercise: Exercise, seat: str) -> Content:
    """Return who somebody is in the exercise, and what they see."""
    role = exercise.roles.get(exercise.state.roles.get(seat, ""))
    name = line(exercise.state.seats.get(seat, ""))
    about = f"{line(reflowed(role.about or ''))}\n" if role else ""
    sees = ", ".join(NAMES[pane].lower() for pane in panes_of(exercise, seat))
    return text_of(
        (f"{name}, {line(role_title(exercise, seat))}", "bold $text-accent"),
        (f"   team {line(exercise.team)}\n", MUTED), about, (f"You see {sees}.", MUTED),
    )  # fmt: skip


def people_words(exercise: Exercise, seat: str) -> Content:
    """Return who has joined, in which role, and who is ready."""
    rows: list[Content] = [text_of(("Who is here", "bold"))]
    for other, name in exercise.state.seats.items():
        if other in exercise.state.dismissed:
            continue
        takes_part = kind_of(exercise.state.roles.get(other, "")) == "participant"
        sign = "ready" if other in exercise.state.ready else "" if takes_part else "looks on"
        style = "$text-success" if sign == "ready" else MUTED
        me = " (you)" if other == seat else ""
        role = line(role_title(exercise, other))
        rows.append(
            text_of((f"{sign or 'not yet':<8}  ", style), f"{line(name)}{me}", (f"  {role}", MUTED))
        )
    return Content("\n").join(rows)


def objective_words(exercise: Exercise) -> Content:
    """Return what is to be reached."""
    rows = [text_of(("Objectives", "bold"))]
    rows += [text_of(f"- {line(reflowed(one.text))}") for one in exercise.scenario.objectives]
    return Content("\n").join(rows)
