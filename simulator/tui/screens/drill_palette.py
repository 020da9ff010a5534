"""Every act of the drill by name, for the command palette."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand

from simulator.exercise.powers import has_power, may_post, panes_of
from simulator.tui.messages import DashboardChosen, RunbookChosen
from simulator.tui.panes.alert_rows import firing
from simulator.tui.panes.mine import may, takes_part
from simulator.tui.panes.rooms import NAMES
from simulator.tui.panes.status_bar import open_decisions
from simulator.tui.panes.wording import line
from simulator.tui.screens import drill_asking as asking

if TYPE_CHECKING:
    from simulator.tui.screens.drill import DrillScreen


def commands(screen: DrillScreen) -> Iterator[SystemCommand]:
    """Yield every act that can be taken on the drill screen now."""
    yield from _clock(screen)
    yield from _answers(screen)
    yield from _places(screen)
    yield from _production(screen)
    yield from _words(screen)


def _command(title: str, about: str, callback: Callable[[], Any]) -> SystemCommand:
    # The palette reads titles as markup.
    return SystemCommand(_plain(title), _plain(about), callback)


def _plain(text: str) -> str:
    return line(text, 120).replace("[", "(").replace("]", ")")


def _clock(screen: DrillScreen) -> Iterator[SystemCommand]:
    if screen.exercise.team:
        about = "The exercise goes on, and the seat is kept"
        yield _command("Leave", about, screen.leave_for_later)
    else:
        paused = screen.exercise.state.paused
        about = "Let time pass again" if paused else "Stop time; nothing happens meanwhile"
        yield _command("Resume" if paused else "Pause", about, screen.action_pause)
        for factor in (1, 2, 5, 10):
            yield _command(
                f"Speed {factor}x", f"Let time pass {factor} times as fast",
                partial(screen.do, "speed", factor=factor),
            )  # fmt: skip
        yield _command("End the exercise", "Or stop here and resume later", screen.action_end)
        yield _command("Stop and resume later", "Leave; it keeps its place", screen.leave_for_later)
    yield _command("Side column", "Show or hide the column at the side", screen.action_side)


def _answers(screen: DrillScreen) -> Iterator[SystemCommand]:
    exercise = screen.exercise
    offered = partial(may, exercise, screen.drill.seat)
    plays = takes_part(exercise, screen.drill.seat)
    acknowledges = plays and has_power(exercise, screen.drill.seat, "acknowledge")
    for row in firing(exercise):
        if row.acknowledged is None and acknowledges:
            yield _command(
                f"Acknowledge {row.rule.title}", f"It fires in {row.rule.product}",
                partial(screen.do, "acknowledge", alert=row.rule.id),
            )  # fmt: skip
    for level in exercise.system.severities if offered("severity") else ():
        yield _command(
            f"Declare {level.id} {level.title}", level.meaning,
            partial(screen.do, "declare", severity=level.id),
        )  # fmt: skip
    names = open_decisions(exercise)
    for decision in exercise.scenario.decisions:
        if decision.id in names and offered("decisions"):
            yield _command(
                f"Decide: {decision.title}",
                "The decision is open",
                partial(asking.decide, screen, decision),
            )
    for action, title, about, callback in (
        ("decisions", "Decisions", "Those that are open and those taken", screen.action_decisions),
        ("hint", "Hint", "A hint for the next step; costs nothing", screen.action_hint),
        ("solution", "Show the solution", "Asks first", screen.action_solution),
        ("confused", "This confuses me", "Say so of the step at hand", screen.action_confused),
        ("approve", "Approve or refuse", "Answer who needs your word", screen.action_approve),
        ("hand_over", "Change roles", "With somebody else of the team", screen.action_hand_over),
    ):
        if offered(action):
            yield _command(title, about, callback)


def _places(screen: DrillScreen) -> Iterator[SystemCommand]:
    exercise = screen.exercise
    seen = panes_of(exercise, screen.drill.seat)
    for name, title in NAMES.items():
        if name not in seen:
            continue
        yield _command(f"Show {title}", "Change the pane", partial(screen.action_pane, name))
    for board in exercise.system.dashboards:
        yield _command(
            f"Dashboard: {board.product}, {board.title}", board.about or "Open it",
            partial(screen.post_message, DashboardChosen(board.id)),
        )  # fmt: skip
    for stream in exercise.system.logs:
        yield _command(
            f"Logs: {stream.title}", stream.about or f"Of {stream.service}",
            partial(screen.open_logs, stream.id),
        )  # fmt: skip
    for name, book in exercise.pack.runbooks.items():
        yield _command(
            f"Runbook: {book.title}", "Open it",
            partial(screen.post_message, RunbookChosen(name)),
        )  # fmt: skip
        for section in book.sections:
            place = section.anchor or section.title
            yield _command(
                f"Runbook: {book.title}, {section.title}", "Open this section",
                partial(screen.post_message, RunbookChosen(name, place)),
            )._replace(discover=False)  # fmt: skip


def _production(screen: DrillScreen) -> Iterator[SystemCommand]:
    from simulator.tui.dialogs.menu import listed

    if may(screen.exercise, screen.drill.seat, "menu"):
        yield _command("Menu of actions", "All that can be done to production", screen.action_menu)
    for action in listed(screen.exercise, screen.drill.seat):
        yield _command(
            f"{action.menu}: {action.title}", "Do it to production",
            partial(asking.perform, screen, action),
        )  # fmt: skip


def _words(screen: DrillScreen) -> Iterator[SystemCommand]:
    exercise = screen.exercise
    for channel in exercise.system.channels:
        yield _command(
            f"Channel: {channel.title}", channel.about or f"Read by {channel.audience}",
            partial(screen.open_channel, channel.id),
        )  # fmt: skip
        if not may_post(exercise, screen.drill.seat, channel.id):
            continue
        for template in exercise.system.templates:
            yield _command(
                f"Message: {template.title} to {channel.title}", "Fill in the template",
                partial(asking.write_by, screen, template, channel.id),
            )  # fmt: skip
