"""Whose pages are ours, and whose are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.web.origins import Origins, is_any, is_loopback, origin_of

PUBLIC = "https://drill.example.org/team/"


@pytest.mark.parametrize(
    ("bind", "origin", "host", "secure", "reached"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000", "127.0.0.1:8000", False, "127.0.0.1"),
        ("127.0.0.1", "http://localhost:8000", "localhost:8000", False, "127.0.0.1"),
        ("::1", "http://[::1]:8000", "[::1]:8000", False, "::1"),
        ("127.0.0.1", "https://localhost:8443", "localhost:8443", True, "127.0.0.1"),
        ("192.0.2.7", "http://192.0.2.7:8000", "192.0.2.7:8000", False, "192.0.2.7"),
        ("192.0.2.7", "http://192.0.2.7", "192.0.2.7", False, "192.0.2.7"),
        ("0.0.0.0", "http://192.0.2.7:8000", "192.0.2.7:8000", False, "192.0.2.7"),
        ("::", "http://[2001:db8::7]:8000", "[2001:db8::7]:8000", False, "2001:db8::7"),
        ("drill.local", "http://drill.local:8000", "drill.local:8000", False, "192.0.2.7"),
        # a tunnel: ssh -L 9000:localhost:8000
        ("127.0.0.1", "http://localhost:9000", "localhost:9000", False, "127.0.0.1"),
        # a proxy that keeps the name, and one that does not
        ("127.0.0.1", "https://drill.example.org", "drill.example.org", True, "127.0.0.1"),
        ("127.0.0.1", "https://drill.example.org", "127.0.0.1:8000", False, "127.0.0.1"),
    ],
)
def test_our_own_pages(bind: str, origin: str, host: str, secure: bool, reached: str) -> None:
    assert Origins(bind, PUBLIC).allows(origin, host, secure, reached)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (None, "localhost:8000"),
        ("", "localhost:8000"),
        ("null", "localhost:8000"),
        ("https://evil.example", "localhost:8000"),
        ("https://drill.example.org.evil.example", "drill.example.org"),
        ("http://drill.example.org", "drill.example.org"),  # not the public scheme
        ("https://drill.example.org:444", "drill.example.org"),  # nor its port
        ("http://localhost:3000", "localhost:8000"),  # another program of this machine
        ("https://localhost:8000", "localhost:8000"),
        ("http://evil.example:8000", "evil.example:8000"),  # a name made to point here
        ("http://192.0.2.7:8000", "192.0.2.7:8000"),  # not where we listen
        ("http://localhost:8000@evil.example", "localhost:8000"),
        ("file://", "localhost:8000"),
        ("http://localhost:99999", "localhost:8000"),
        ("http://[", "localhost:8000"),
        ("http://localhost:8000", "evil.example"),
    ],
)
def test_foreign_pages(origin: str | None, host: str) -> None:
    assert not Origins("127.0.0.1", PUBLIC).allows(origin, host, False, "127.0.0.1")


def test_on_all_addresses_a_strange_name_is_still_strange() -> None:
    origins = Origins("0.0.0.0", None)
    assert not origins.allows("http://evil.example", "evil.example", False, "192.0.2.7")
    assert not origins.allows("http://192.0.2.8", "192.0.2.8", False, "192.0.2.7")


@given(st.text() | st.text().map("http://{}".format), st.text())
def test_no_header_makes_it_fail(origin: str, host: str) -> None:
    Origins("0.0.0.0", PUBLIC).allows(origin, host, False, "192.0.2.7")


def test_what_an_address_is() -> None:
    assert origin_of("https://Drill.example.org/x") == ("https", "drill.example.org", 443)
    assert origin_of("drill.example.org") is None
    assert origin_of("ftp://drill.example.org") is None
    assert all(map(is_loopback, ("127.0.0.1", "127.9.9.9", "::1", "localhost")))
    assert not any(map(is_loopback, ("0.0.0.0", "192.0.2.7", "", "example.org")))
    assert all(map(is_any, ("0.0.0.0", "::", "")))
    assert not any(map(is_any, ("127.0.0.1", "example.org")))
