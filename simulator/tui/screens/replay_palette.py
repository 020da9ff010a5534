"""Everything that can be done on the replay by name, for the command palette."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SystemCommand

from simulator.session.landmarks import Kind
from simulator.tui.messages import DashboardChosen, RunbookChosen
from simulator.tui.panes.rooms import NAMES
from simulator.tui.panes.samples import RANGES
from simulator.tui.panes.wording import line, minutes, name_of
from simulator.tui.screens.palette import offer
from simulator.tui.screens.replay_head import SPEEDS

if TYPE_CHECKING:
    from simulator.tui.screens.replay import ReplayScreen

MOST = 60
"""Landmarks of one kind that the palette lists; the keys reach all of them."""

_KINDS: tuple[tuple[Kind, str], ...] = (
    ("confusion", "Confusion point"), ("alert", "Alert"), ("inject", "Inject"),
)  # fmt: skip


def commands(screen: ReplayScreen) -> Iterator[SystemCommand]:
    """Yield what can be done on the replay screen now."""
    yield from _time(screen)
    yield from _landmarks(screen)
    yield from _places(screen)


def _time(screen: ReplayScreen) -> Iterator[SystemCommand]:
    yield offer("Play or pause", "Let the replay go on, or stand still", screen.action_play)
    for speed in SPEEDS:
        about = f"{speed} seconds of the exercise in a second"
        yield offer(f"Speed {speed}x", about, partial(screen.set_speed, speed))
    yield offer("Practise from here", "A new exercise begins here", screen.action_practise)
    yield offer("Leave the replay", "The exercise stays as it is", screen.action_leave)
    yield offer("Go to the beginning", "T+0", screen.action_first)
    yield offer("Go to the end", "The last act", screen.action_last)
    for name, title in (("act", "act"), *((kind, title.lower()) for kind, title in _KINDS)):
        yield offer(f"Next {title}", "Go on to it", partial(screen.action_after, name))
        yield offer(f"Previous {title}", "Go back to it", partial(screen.action_before, name))
    for minute in range(screen.replay.end.at // 60 + 1):
        go = partial(screen.go_to, screen.replay.moment_at(minute * 60))
        yield offer(f"Go to minute {minute}", f"T+{minutes(minute * 60)}", go)._replace(
            discover=False
        )
    yield offer("Marks at the side", "Show or hide them", screen.action_side)


def _landmarks(screen: ReplayScreen) -> Iterator[SystemCommand]:
    for kind, title in _KINDS:
        for one in screen.head.landmarks.of(kind)[:MOST]:
            step = screen.exercise.pack.step(one.about) if kind == "confusion" else None
            what = step.text if step else one.what
            about = f"T+{minutes(one.moment.at)}"
            yield offer(f"{title}: {line(what, 80)}", about, partial(screen.go_to, one.moment, one))


def _places(screen: ReplayScreen) -> Iterator[SystemCommand]:
    exercise = screen.exercise
    for name, title in NAMES.items():
        yield offer(f"Show {title}", "Change the pane", partial(screen.action_pane, name))
    for label, _, _ in RANGES:
        about = "On the dashboards"
        yield offer(f"Time range {label}", about, partial(screen.set_range, label))
    yield offer("Terminal of everybody", "All that was typed", partial(screen.show_person, ""))
    for seat in dict.fromkeys(entry.seat for entry in exercise.state.terminal if entry.line):
        title = f"Terminal of {name_of(exercise, seat)}"
        yield offer(title, "What one person typed", partial(screen.show_person, seat))
    for board in exercise.system.dashboards:
        open_it = partial(screen.post_message, DashboardChosen(board.id))
        yield offer(f"Dashboard: {board.product}, {board.title}", board.about or "Open it", open_it)
    for stream in exercise.system.logs:
        about = stream.about or f"Of {stream.service}"
        yield offer(f"Logs: {stream.title}", about, partial(screen.open_logs, stream.id))
    for channel in exercise.system.channels:
        about = channel.about or f"Read by {channel.audience}"
        yield offer(f"Channel: {channel.title}", about, partial(screen.open_channel, channel.id))
    for name, book in exercise.pack.runbooks.items():
        open_it = partial(screen.post_message, RunbookChosen(name))
        yield offer(f"Runbook: {book.title}", "Open it", open_it)
