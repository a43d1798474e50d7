"""HTTP that can tell whether a call has begun to leave, asks once more before it does, and ends every call in time.

Kinds of exceptions cannot tell: a TLS fault may come before the request or in the middle of its answer.
"""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from requests import Session


class HeldUpError(ConnectionError):
    """So much time passed before the first byte that the call is no longer ours to make."""


@dataclass(slots=True)
class Call:
    """One call: whether its first byte has left, and the socket it runs on."""

    still_ours: Callable[[], bool]
    left: bool = False
    sockets: list[socket.socket] = field(default_factory=list)

    def leave(self, on: socket.socket | None) -> None:
        """The first byte is about to go. Raises HeldUpError when it may not."""
        if on is not None:
            self.sockets.append(on)
        if not self.left and not self.still_ours():
            raise HeldUpError
        self.left = True

    def cut(self) -> None:
        """End it; who reads or writes gets an error."""
        for one in self.sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


class _Current(threading.local):
    call: Call | None = None


_current = _Current()


@contextmanager
def calling(still_ours: Callable[[], bool], at_most: float) -> Iterator[Call]:
    """What this thread does inside is one call, cut off after `at_most` seconds, however slowly the answer drips."""
    call = _current.call = Call(still_ours)
    watch = threading.Timer(at_most, call.cut)
    watch.daemon = True
    watch.start()
    try:
        yield call
    finally:
        watch.cancel()
        _current.call = None


class _Plain(HTTPConnection):
    def send(self, data: object) -> None:
        _leave(self)
        super().send(data)  # type: ignore[arg-type]


class _Tls(HTTPSConnection):
    def send(self, data: object) -> None:
        _leave(self)
        super().send(data)  # type: ignore[arg-type]


def _leave(connection: HTTPConnection) -> None:
    if connection.sock is None:
        connection.connect()  # names, sockets, TLS: all of it before the last look at the clock
    if _current.call is not None:
        _current.call.leave(connection.sock)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _Tls


def watch(session: Session) -> None:
    """Let every call of this session be watched, and none be repeated by itself."""
    for scheme in ("https://", "http://"):
        adapter = HTTPAdapter(max_retries=0)
        adapter.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}
        session.mount(scheme, adapter)
