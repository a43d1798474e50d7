"""Keeps the tests at home: any connection or name look-up off this machine is refused."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

LOCAL_NAMES = frozenset({"localhost", "localhost.", "", None})
_connect, _connect_ex, _getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo


class NetworkRefused(RuntimeError):
    """A test tried to leave the machine."""


def is_local(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    if host in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(str(host).split("%")[0]).is_loopback
    except ValueError:
        return False


def refuse_strangers(address: Any) -> None:
    if isinstance(address, tuple) and not is_local(address[0]):
        raise NetworkRefused(f"tests have no network: {address[0]}")


def connect(self: socket.socket, address: Any) -> None:
    refuse_strangers(address)
    return _connect(self, address)


def connect_ex(self: socket.socket, address: Any) -> int:
    refuse_strangers(address)
    return _connect_ex(self, address)


def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
    numeric = kwargs.get("flags", 0) & socket.AI_NUMERICHOST
    if not numeric and not is_local(host) and not is_ip(host):
        raise NetworkRefused(f"tests have no network: {host}")
    return _getaddrinfo(host, *args, **kwargs)


def is_ip(host: object) -> bool:
    try:
        ipaddress.ip_address(str(host))
    except ValueError:
        return False
    return True


def close() -> None:
    socket.socket.connect = connect  # type: ignore[method-assign]
    socket.socket.connect_ex = connect_ex  # type: ignore[method-assign]
    socket.getaddrinfo = getaddrinfo
