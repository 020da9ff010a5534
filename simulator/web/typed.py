"""What was typed in a browser, numbered there, taken here once and in order.

A browser sends again whatever it has no receipt for, after a lost connection or a reload. Each of
its windows numbers what it sends; the numbers taken so far are remembered for as long as the
seat's process may still be there to have got them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from simulator.web.seat_line import OUTLIVES

MOST_STREAMS = 4096


@dataclass
class Stream:
    """What one window has sent to one seat, over all of its connections."""

    taken: int
    used_at: float
    fresh: bool = False
    """Whether what its window typed before was for a process that is gone."""
    owner: object = None

    def take(self, owner: object, number: int) -> bool:
        """Return whether what has this number is new, and count it as taken then.

        What comes from a connection that another one has replaced is not: it will be sent again.
        """
        if owner is not self.owner or number <= self.taken:
            return False
        self.taken = number
        return True


class Streams:
    """The streams of all windows, by seat and window. Memory is bounded."""

    def __init__(self, clock: Callable[[], float], most: int = MOST_STREAMS) -> None:
        self._clock = clock
        self._most = most
        self._streams: OrderedDict[tuple[str, str], Stream] = OrderedDict()

    def open(self, seat: str, window: str, owner: object, sent: int, known: bool) -> Stream:
        """Return the stream of a window for a connection, which becomes its owner.

        `sent` is the last number the window has used, `known` whether we ever answered it. If we
        did and remember nothing of it, what it typed was for a process that is gone: then all of
        it counts as taken, so that nothing is typed blindly into a fresh one.
        """
        now = self._clock()
        stream = self._streams.pop((seat, window), None)
        if stream is None or (stream.owner is None and now - stream.used_at > OUTLIVES):
            stream = Stream(taken=sent if known else 0, used_at=now, fresh=known)
        else:
            stream.fresh = False
        stream.owner = owner
        stream.used_at = now
        self._streams[seat, window] = stream
        while len(self._streams) > self._most:
            self._streams.popitem(last=False)
        return stream

    def leave(self, stream: Stream, owner: object) -> None:
        """Take note that a connection is gone."""
        if stream.owner is owner:
            stream.owner = None
            stream.used_at = self._clock()
