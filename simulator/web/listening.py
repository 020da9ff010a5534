"""Addresses to listen on: which one to tell people, TLS, and what may be wrong, said plainly."""

from __future__ import annotations

import errno
import socket
import ssl
from pathlib import Path

from simulator.session.faults import Told


class ServingFault(Told):
    """An address cannot be served; the text says why, and what to do."""


def outward_address(bind: str) -> str:
    """Return the address by which others most likely reach a machine that listens on all of its.

    `bind` says which family. Nothing is sent to find out.
    """
    family, far, near = (
        (socket.AF_INET6, "2001:db8::1", "::1")
        if ":" in bind
        else (socket.AF_INET, "192.0.2.1", "127.0.0.1")
    )
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((far, 9))
            return str(probe.getsockname()[0])
    except OSError:
        return near


def tls_of(certificate: Path | None, key: Path | None) -> ssl.SSLContext | None:
    """Return what serves TLS with this certificate, None without one.

    The key may be in the certificate's file. Raises ServingFault if they cannot be used.
    """
    if certificate is None:
        if key is not None:
            raise ServingFault(f"The key {key} is of no use without its certificate. Give both")
        return None
    for file in (certificate, key):
        try:
            if file is not None:
                file.open("rb").close()
        except OSError as error:
            raise ServingFault(f"{file} cannot be read: {error.strerror}") from error
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # An empty password, so that nobody is asked for one where nobody can answer.
        context.load_cert_chain(certificate, key, password="")
    except (ssl.SSLError, OSError) as error:
        raise ServingFault(
            f"The certificate in {certificate} and the key in {key or 'it'} cannot be used. "
            "Both must be PEM, belong together, and the key must have no password"
        ) from error
    return context


def refusal(error: OSError, host: str, port: int, option: str = "--port") -> ServingFault:
    """Return why a port cannot be listened on, and what to do."""
    number = error.errno
    if number == errno.EADDRINUSE:
        return ServingFault(
            f"Port {port} on {host} is in use by another program. Choose another with {option}"
        )
    if number == errno.EACCES:
        return ServingFault(
            f"Port {port} on {host} may not be used: ports below 1024 are the administrator's. "
            f"Choose a higher one with {option}"
        )
    if number == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return ServingFault(f"{host} is no address of this machine. Choose another with --bind")
    return ServingFault(f"Port {port} on {host} cannot be served: {error.strerror or error}")
