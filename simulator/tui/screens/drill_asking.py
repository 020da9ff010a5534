"""The dialogs that the drill screen opens, each imported when it is first asked for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from simulator.tui.panes.status_bar import open_decisions

if TYPE_CHECKING:
    from simulator.content.scenario import Decision
    from simulator.content.system import Action, MessageTemplate
    from simulator.exercise.state import Request
    from simulator.tui.screens.drill import DrillScreen


def confusion(screen: DrillScreen, step: str) -> None:
    """Ask what is unclear about a step."""
    from simulator.tui.dialogs.help_asked import ConfusionDialog

    screen.app.push_screen(ConfusionDialog(screen.exercise, step, screen.propose))


def hint(screen: DrillScreen, step: str) -> None:
    """Show the hints that were given for a step."""
    from simulator.tui.dialogs.help_asked import HintDialog

    screen.app.push_screen(HintDialog(screen.exercise, step, screen.propose))


def solution(screen: DrillScreen, step: str) -> None:
    """Show the solution, once asked for twice."""
    from simulator.tui.dialogs.help_asked import SolutionDialog

    screen.app.push_screen(SolutionDialog(screen.exercise, step, screen.propose))


def template(screen: DrillScreen, channel: str, name: str = "") -> None:
    """Fill in a template, chosen first if none is named."""
    from simulator.tui.dialogs.menu import TemplatesDialog

    named = [one for one in screen.exercise.system.templates if one.id == name]
    if named:
        write_by(screen, named[0], channel)
        return
    choose = partial(_chosen, screen, channel)
    screen.app.push_screen(TemplatesDialog(screen.exercise, choose))


def _chosen(screen: DrillScreen, channel: str, one: MessageTemplate) -> None:
    write_by(screen, one, channel)


def write_by(screen: DrillScreen, one: MessageTemplate, channel: str) -> None:
    """Fill in a template for a channel."""
    from simulator.tui.dialogs.template import TemplateDialog

    channel = channel or screen.channel
    screen.app.push_screen(TemplateDialog(screen.exercise, one, channel, screen.propose))


def menu(screen: DrillScreen) -> None:
    """Choose an action from a menu."""
    from simulator.tui.dialogs.menu import MenuDialog

    screen.app.push_screen(MenuDialog(screen.exercise, screen.drill.seat, partial(perform, screen)))


def perform(screen: DrillScreen, action: Action) -> None:
    """Ask what an action is done to, and do it."""
    from simulator.tui.dialogs.menu import ActionDialog

    screen.app.push_screen(ActionDialog(screen.exercise, action, screen.propose))


def severity(screen: DrillScreen) -> None:
    """Ask for the severity."""
    from simulator.tui.dialogs.choice import SeverityDialog

    screen.app.push_screen(SeverityDialog(screen.exercise, screen.propose))


def decisions(screen: DrillScreen) -> None:
    """Put the decision that is open; of several, the one that is chosen."""
    from simulator.tui.dialogs.choice import DecisionsDialog

    names = open_decisions(screen.exercise)
    waiting = [one for one in screen.exercise.scenario.decisions if one.id in names]
    if len(waiting) == 1:
        decide(screen, waiting[0])
    else:
        choose = partial(decide, screen)
        screen.app.push_screen(DecisionsDialog(screen.exercise, waiting, choose))


def decide(screen: DrillScreen, decision: Decision) -> None:
    """Put a decision."""
    from simulator.tui.dialogs.choice import DecisionDialog

    screen.app.push_screen(DecisionDialog(screen.exercise, decision, screen.propose))


def approval(screen: DrillScreen, request: Request) -> None:
    """Ask for a word on what somebody wants to do."""
    from simulator.tui.dialogs.team import ApprovalDialog

    screen.app.push_screen(ApprovalDialog(screen.exercise, request, screen.propose))


def handing_over(screen: DrillScreen) -> None:
    """Ask to whom a role is handed."""
    from simulator.tui.dialogs.team import HandOverDialog

    seat = screen.drill.seat
    screen.app.push_screen(HandOverDialog(screen.exercise, seat, screen.propose))


def ending(screen: DrillScreen) -> None:
    """Ask whether to end the exercise, or to stop and resume later."""
    from simulator.tui.dialogs.choice import EndingDialog

    screen.app.push_screen(EndingDialog(screen.propose, screen.leave_for_later))
