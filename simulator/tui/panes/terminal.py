"""The terminal: what was typed and shown, and a prompt."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from simulator.content.roles import kind_of
from simulator.exercise.acts import SOLO
from simulator.tui.messages import ActProposed, ActRefused, ActTaken, MenuAsked
from simulator.tui.panes.mine import takes_part
from simulator.tui.panes.pane import Pane
from simulator.tui.panes.typed_history import TypedHistory
from simulator.tui.panes.wording import line, text_of
from simulator.tui.panes.words import Words
from simulator.tui.widgets import Transcript
from simulator.tui.widgets.field import Field
from simulator.world import ShellContext
from simulator.world.shell import complete

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise


_SQL = re.compile(r"(select|with|insert|update|delete|explain|alter|create|drop)\b[^;]*$", re.I)
_GOES_ON = ("|", "&&", ";")


class Prompt(Field):
    """A line to type; what is pasted comes as one line, none of it lost."""

    def _on_paste(self, event: events.Paste) -> None:
        if "\n" in event.text.strip() or "\r" in event.text.strip():
            self.insert_text_at_cursor(one_line(event.text, self.value[: self.cursor_position]))
            event.stop()
            event.prevent_default()


class TerminalPane(Pane):
    """A shell on production."""

    TITLE = "Terminal"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "older", "History", show=False, tooltip="The command before"),
        Binding("down", "newer", "Newer", show=False, tooltip="The command after"),
        Binding("ctrl+r", "find", "Find", tooltip="Find an earlier command by a part of it"),
        Binding("tab", "complete", "Complete", tooltip="Complete what is typed", priority=True),
        Binding("pageup", "page(-1)", "Back", show=False, tooltip="See what was shown before"),
        Binding("pagedown", "page(1)", "On", show=False, tooltip="See what was shown after"),
        Binding("ctrl+l", "clear", "Clear", show=False, tooltip="Clear the picture"),
        Binding("i,enter", "type", "Type", key_display="i", tooltip="Go to the prompt"),
        Binding("ctrl+c", "interrupt", "New prompt", show=False, priority=True,
                tooltip="Drop the line, or have the prompt back; what was begun goes on"),
        Binding("ctrl+o", "menu", "Menu", tooltip="Choose an action from a menu instead"),
    ]  # fmt: skip

    def __init__(self, exercise: Exercise, seat: str = SOLO, *, id: str) -> None:  # noqa: A002
        super().__init__(exercise, id=id)
        self._seat = seat
        self._history = TypedHistory()
        self._written = 0
        self._sent: list[tuple[str, str]] = []
        self._interrupted = -1
        self._asked = ""  # what was sent as it was typed, until it is answered
        self._asked_is_seen = self._next_wanted = False
        self._held = ""  # at the prompt, what runs as soon as that is back
        self._queued = ""  # what runs then although another line is being typed already

    def compose(self) -> ComposeResult:
        yield Transcript(id="transcript")
        yield Words(id="candidates")
        with Horizontal(classes="prompt") as row:
            if not self._types:
                row.display = False
            yield Words(id="prompt")
            yield Prompt(id="command", compact=True, select_on_focus=False)

    def on_mount(self) -> None:
        """Write what was shown so far."""
        self.query_one("#candidates").display = False
        self.show(self.exercise)

    @property
    def _types(self) -> bool:
        return takes_part(self.exercise, self._seat)

    @property
    def _prompt(self) -> str:
        context = self.exercise.state.contexts.get(self._seat, {})
        return prompt(self.exercise, context)

    def show(self, exercise: Exercise) -> None:
        """Write what is new, and how what takes time goes on."""
        transcript = self.query_one("#transcript", Transcript)
        for entry in exercise.state.terminal[self._written :]:
            if self._is_elsewhere(entry.seat):
                continue
            if entry.line:
                transcript.write_command(self._prompt_of(entry.line), entry.line)
                if entry.seat == self._seat and not entry.line.startswith("[menu]"):
                    self._history.add(entry.line)
            transcript.write_output(entry.output)
        self._written = len(exercise.state.terminal)
        transcript.progress(working(exercise, self.waits, self._seat))
        shown = "" if self.waits else self._prompt
        self.query_one("#prompt", Words).say(text_of((shown, "bold $text-success")))
        self.refresh_bindings()
        if self.waits or self._asked:
            return
        if self._queued:
            queued, self._queued = self._queued, ""
            self._candidates([])
            self._send(queued, seen=False)
        elif self._held:
            self._held = ""
            self.call_later(self.query_one("#command", Input).action_submit)

    def _is_elsewhere(self, seat: str) -> bool:
        """Return whether a line is another participant's; those who look on see all of them."""
        state = self.exercise.state
        mine = kind_of(state.roles.get(self._seat, ""))
        return bool(self.exercise.team) and mine == "participant" and seat != self._seat

    @property
    def waits(self) -> bool:
        """Whether a command that was typed here is still working, so that there is no prompt."""
        return awaited(self.exercise, self._seat) > self._interrupted

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the way to the prompt from outside of it, and Ctrl+C while a command works."""
        if not self._types:
            return False
        if action == "type":
            return self.is_mounted and not self.query_one("#command").has_focus
        if action == "interrupt":  # what is selected is copied instead
            selected = self.is_mounted and self.query_one("#command", Input).selected_text
            return not (selected or self.screen.get_selected_text())
        return True

    def _prompt_of(self, typed: str) -> str:
        """Return the prompt at which a line was typed, as far as that is known."""
        for number, (at, sent) in enumerate(self._sent):
            if sent == typed:
                del self._sent[: number + 1]
                return at
        return prompt(self.exercise, {})

    @on(Input.Submitted, "#command")
    def _submit(self, event: Input.Submitted) -> None:
        typed = event.value.strip()
        self._candidates([])
        if self._asked:
            self._next_wanted = not self._asked_is_seen
        elif typed in ("clear", "\\! clear"):
            event.input.value = ""
            self.action_clear()
        elif typed and self.waits:
            self._held = event.value
            self._tell("It runs as soon as the prompt is back. Ctrl+C drops it.")
        elif typed:
            self._send(event.value, seen=True)

    def _send(self, asked: str, *, seen: bool) -> None:
        self._asked, self._asked_is_seen = asked, seen
        self._sent.append((self._prompt, asked.strip()))
        self.post_message(ActProposed(self, "command", line=asked.strip()))

    @on(Input.Changed, "#command")
    def _type_ahead(self, event: Input.Changed) -> None:
        """Let the next command be typed before the last one is answered."""
        typed = event.input.value
        if self._held and typed != self._held:
            held, self._held = self._held, ""
            if typed.startswith(held) and not self._queued:
                self._queued = held
                self._put(typed.removeprefix(held))
                self._tell(f"Runs as soon as the prompt is back: {line(held)}")
            else:
                self._candidates([])
        if self._asked and self._asked_is_seen and typed != self._asked:
            self._asked_is_seen = False
            self._put(typed.removeprefix(self._asked))

    async def on_act_taken(self, event: ActTaken) -> None:
        """The prompt is free again, for what was typed ahead."""
        if event.do != "command":
            return
        command, wanted = self.query_one("#command", Input), self._next_wanted
        if self._asked_is_seen:
            command.value = command.value.removeprefix(self._asked)
            self._history.rest()
        self._forget_asked()
        if wanted:
            await command.action_submit()

    def on_act_refused(self, event: ActRefused) -> None:
        """What was typed stays."""
        self._sent = [sent for sent in self._sent if sent[1] != event.fields.get("line")]
        if event.do == "command":
            self._history.add("" if self._asked_is_seen else self._asked.strip())
            self._history.add(self._queued.strip())
            self._queued = ""
            self._forget_asked()

    def _forget_asked(self) -> None:
        self._asked, self._asked_is_seen, self._next_wanted = "", False, False

    def suggest(self, typed: str) -> None:
        """Put a line at the prompt, to be run with Enter."""
        command = self.query_one("#command", Input)
        command.value = typed
        command.cursor_position = len(typed)
        command.focus()

    def action_older(self) -> None:
        """Show the command before."""
        self._put(self._history.older(self.query_one("#command", Input).value))

    def action_newer(self) -> None:
        """Show the command after."""
        self._put(self._history.newer(self.query_one("#command", Input).value))

    def action_find(self) -> None:
        """Find an earlier command by what is typed."""
        self._put(self._history.find(self.query_one("#command", Input).value))

    def _put(self, typed: str) -> None:
        command = self.query_one("#command", Input)
        command.value = typed
        command.cursor_position = len(typed)

    def action_complete(self) -> None:
        """Complete the word at the cursor, or list what it may become."""
        command = self.query_one("#command", Input)
        if not command.has_focus:
            command.focus()
            return
        typed = command.value[: command.cursor_position]
        found = completions(self.exercise, typed, self._seat)
        word = typed.split(" ")[-1]
        common = beginning(found)
        if len(common) > len(word):
            tail = command.value[command.cursor_position :]
            whole = common + (" " if len(found) == 1 and not tail else "")
            start = typed[: len(typed) - len(word)] + whole
            command.value = start + tail
            command.cursor_position = len(start)
            found = [] if len(found) == 1 else found
        self._candidates(found)

    def _candidates(self, found: list[str]) -> None:
        self._tell("  ".join(line(one) for one in found[:24]) if len(found) > 1 else "")

    def _tell(self, text: str) -> None:
        words = self.query_one("#candidates", Words)
        words.display = bool(text)
        words.say(text_of((text, "$foreground 60%")))

    def action_page(self, step: int) -> None:
        """Scroll what was shown, from the prompt too."""
        transcript = self.query_one("#transcript", Transcript)
        if step < 0:
            transcript.scroll_page_up()
        else:
            transcript.scroll_page_down()

    def action_clear(self) -> None:
        """Clear the picture; the record stays in the journal."""
        self.query_one("#transcript", Transcript).clear()

    def action_type(self) -> None:
        """Go to the prompt."""
        self.focus_pane()

    def action_interrupt(self) -> None:
        """Drop the line, and give the prompt back; what was begun goes on."""
        command, transcript = self.query_one("#command", Input), self.query_one(Transcript)
        if self.waits:
            self._interrupted = awaited(self.exercise, self._seat)
            transcript.write_output("^C")
        else:
            transcript.write_command(self._prompt, f"{command.value}^C")
        command.value = self._queued = ""
        self._history.rest()
        self._candidates([])
        self.focus_pane()
        self.show(self.exercise)

    def action_menu(self) -> None:
        """Choose an action from a menu."""
        self.post_message(MenuAsked())

    def focus_pane(self) -> None:
        """Keys go to the prompt, or scroll for those who look on."""
        self.query_one("#command" if self._types else "#transcript").focus()

    def come_back(self) -> None:
        """After a dialog, keys go to the prompt again."""
        self.focus_pane()

    def leave(self) -> bool:
        """Leave the prompt, so that single keys act again; again: nothing."""
        self.query_one("#transcript").focus()
        return True


def one_line(pasted: str, before: str = "") -> str:
    """Return pasted lines as one: the next command after "; ", within quotes and SQL a blank."""
    whole = ""
    rows = (row for row in pasted.strip().splitlines() if not row.lstrip().startswith("#"))
    for row in rows:  # a remark would hide the rest
        text = before + whole
        is_open = text.count("'") % 2 or text.count('"') % 2 or _SQL.match(text.strip())
        if whole.endswith("\\"):
            whole = whole[:-1].rstrip() + " "
        elif whole and row.strip():
            whole += " " if is_open or whole.endswith(_GOES_ON) else "; "
        whole += row.strip()
    return whole


def prompt(exercise: Exercise, context: dict[str, str]) -> str:
    """Return what the prompt shows in a context of the shell."""
    return exercise.shell.prompt(ShellContext.of(context))


def awaited(exercise: Exercise, seat: str = SOLO) -> int:
    """Return when the newest command began that was typed here and is working; -1 if none is."""
    begun = {one.started for one in exercise.state.world.running if one.by == seat}
    lines = exercise.state.terminal if begun else []
    typed = {x.at for x in lines if x.seat == seat and x.line and not x.line.startswith("[menu]")}
    return max(begun & typed, default=-1)


def working(exercise: Exercise, waits: bool, seat: str = SOLO) -> str:
    """Return how long what is going on has taken: a shell's command names nothing of itself."""
    state, since = exercise.state.world, awaited(exercise, seat)
    titles = {action.id: action.title for action in exercise.world.actions}
    shown = []
    for one in state.running:
        passed = f"{max(0, state.t - one.started)} s"
        if one.by == seat and one.started == since:
            shown += [f"... {passed}"] if waits else []
        else:
            shown.append(f"{line(titles.get(one.action, one.action))}: working, {passed}")
    return "   ".join(shown)


def beginning(words: list[str]) -> str:
    """Return what all words begin with."""
    first, last = min(words, default=""), max(words, default="")
    same = 0
    while same < min(len(first), len(last)) and first[same] == last[same]:
        same += 1
    return first[:same]


def completions(exercise: Exercise, typed: str, seat: str = SOLO) -> list[str]:
    """Return what the word at the end of a line may become."""
    context = ShellContext.of(exercise.state.contexts.get(seat, {}))
    return complete(exercise.shell, exercise.state.world, typed, exercise.outside, context)
