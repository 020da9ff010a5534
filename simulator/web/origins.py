"""Whose page a request comes from: only our own may open a console or send the entrance's form.

A browser says in `Origin` which page asks. A page of ours was loaded from the public address, or
from a name that can only mean this machine. Any other name could be a stranger's that was made to
point here, so it is allowed only when the host was told of it.
"""

from __future__ import annotations

import ipaddress
from typing import NamedTuple
from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_PORTS = {"http": 80, "https": 443}


class Origin(NamedTuple):
    """Scheme, host and port, as browsers compare them."""

    scheme: str
    host: str
    port: int


def origin_of(address: str) -> Origin | None:
    """Return the origin of a web address, or None if it has none."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname:
        return None
    return Origin(parts.scheme, parts.hostname, _PORTS[parts.scheme] if port is None else port)


def is_loopback(host: str) -> bool:
    """Return whether a host means this machine, as seen from itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in LOOPBACK


def is_any(host: str) -> bool:
    """Return whether a host to listen on means every address of the machine."""
    try:
        return ipaddress.ip_address(host or "0.0.0.0").is_unspecified
    except ValueError:
        return False


class Origins:
    """The origins whose pages are ours."""

    def __init__(self, bind: str, public_url: str | None) -> None:
        self._bind = bind
        self._public = origin_of(public_url) if public_url else None

    def allows(self, origin: str | None, host: str, secure: bool, reached: str) -> bool:
        """Return whether a page of this origin is ours.

        `host` is the request's Host header, `secure` whether it came by TLS, `reached` the
        address of this machine at which it arrived.
        """
        asking = origin_of(origin) if origin else None
        if asking is None:
            return False
        if asking == self._public:
            return True
        return asking == _own(host, secure) and self._names_us(asking.host, reached)

    def is_strange(self, origin: str | None, host: str, secure: bool) -> bool:
        """Return whether a page that was refused came from here by a name we do not know."""
        asking = origin_of(origin) if origin else None
        return asking is not None and asking == _own(host, secure)

    def _names_us(self, name: str, reached: str) -> bool:
        return name in LOOPBACK or name == (reached if is_any(self._bind) else self._bind)


def _own(host: str, secure: bool) -> Origin | None:
    return origin_of(f"{'https' if secure else 'http'}://{host}")
