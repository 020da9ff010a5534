"""How often codes may be tried, from one address and from all of them together.

Only wrong codes count, so an office behind one address may all come in at once. Nothing here
knows what a code is: the door asks `wait` first, and says `wrong` when one was.
"""

from __future__ import annotations

import ipaddress
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger("tabletop.door")

MOST_ADDRESSES = 4096
"""Addresses remembered at once; past that, the one not heard of for longest is forgotten."""

LINES_AT_FIRST = 10
SUMMARY_EVERY = 60.0
"""Seconds between two lines of the log, once it says no longer every one."""


@dataclass(frozen=True)
class Rate:
    """How many at once, and how many a second after that."""

    burst: float
    per_second: float


EACH = Rate(burst=20, per_second=0.2)
ALL = Rate(burst=200, per_second=5)


@dataclass(frozen=True)
class Bucket:
    """What is left of a rate, at a moment in seconds."""

    left: float
    at: float

    @classmethod
    def full(cls, rate: Rate, now: float) -> Bucket:
        """Return the bucket of one who has taken nothing."""
        return cls(rate.burst, now)

    def later(self, rate: Rate, now: float) -> Bucket:
        """Return the bucket as it is at `now`; time that runs backwards fills nothing."""
        passed = max(0.0, now - self.at)
        return Bucket(min(rate.burst, self.left + passed * rate.per_second), max(now, self.at))

    def less(self, amount: float = 1.0) -> Bucket:
        """Return the bucket after taking from it; it may owe up to one."""
        return Bucket(max(-1.0, self.left - amount), self.at)

    def wait(self, rate: Rate) -> float:
        """Return the seconds until one can be taken, 0 if that is now."""
        return max(0.0, (1.0 - self.left) / rate.per_second)


class Attempts:
    """The wrong codes of late, by address. Memory is bounded; the clock is given, in seconds."""

    def __init__(
        self,
        clock: Callable[[], float],
        each: Rate = EACH,
        overall: Rate = ALL,
        most: int = MOST_ADDRESSES,
    ) -> None:
        self._clock = clock
        self._each, self._overall = each, overall
        self._most = most
        self._all = Bucket.full(overall, clock())
        self._by_address: OrderedDict[str, Bucket] = OrderedDict()
        self._said = 0
        self._said_at = clock()
        self._unsaid = 0
        self._unsaid_from: set[str] = set()

    @property
    def remembered(self) -> int:
        """How many addresses are remembered."""
        return len(self._by_address)

    def wait(self, address: str) -> float:
        """Return the seconds this address must wait before its next try, 0 if none.

        Try the code and say `wrong` without awaiting anything in between: else many at once
        all find that they need not wait.
        """
        now = self._clock()
        name = network_of(address)
        self._all = self._all.later(self._overall, now)
        wait = self._all.wait(self._overall)
        bucket = self._by_address.get(name)
        if bucket is not None:
            wait = max(wait, bucket.later(self._each, now).wait(self._each))
        if wait:
            self._tell(name, "Put off a try at a code from %s: too many were wrong")
        return wait

    def wrong(self, address: str) -> None:
        """Take note of a wrong code from this address."""
        now = self._clock()
        name = network_of(address)
        bucket = self._by_address.pop(name, None) or Bucket.full(self._each, now)
        self._by_address[name] = bucket.later(self._each, now).less()
        while len(self._by_address) > self._most:
            self._by_address.popitem(last=False)
        self._all = self._all.later(self._overall, now).less()
        self._tell(name, "Wrong code from %s")

    def _tell(self, name: str, line: str) -> None:
        """Log a line each at first, then one a minute for all of them."""
        now = self._clock()
        if now - self._said_at > SUMMARY_EVERY and not self._unsaid:
            self._said = 0
        if self._said < LINES_AT_FIRST:
            self._said += 1
            self._said_at = now
            log.warning(line, name)
            if self._said == LINES_AT_FIRST:
                log.warning("Many tries at codes: from now on one line a minute for all of them")
            return
        self._unsaid += 1
        if len(self._unsaid_from) < self._most:
            self._unsaid_from.add(name)
        if now - self._said_at >= SUMMARY_EVERY:
            self.summarise()

    def summarise(self) -> None:
        """Log what has not been said yet, if anything: once more when the door closes."""
        if self._unsaid:
            count = len(self._unsaid_from)
            addresses = "one address" if count == 1 else f"{count} addresses"
            log.warning(
                "%d more tries at codes, wrong or put off, from %s", self._unsaid, addresses
            )
        self._unsaid = 0
        self._unsaid_from.clear()
        self._said_at = self._clock()


def network_of(address: str) -> str:
    """Return what is counted as one address: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
