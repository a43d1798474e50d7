"""Reads large JSON record by record: an array, a Page with `contents`, one record, or a record on each line.

Only one record is held at a time, so memory does not grow with the file. Broken records are reported by their number.
"""

import io
import json
from collections.abc import Iterator
from itertools import chain
from typing import TextIO

from resources_db.importers.records import Problem, Where

LARGEST_RECORD = 16 * 1024 * 1024
_CHUNK = 256 * 1024
_SPACE = " \t\n\r"
_SHOWN = 80
Members = dict[str, object]


class _RefusedNumberError(ValueError):
    """NaN or Infinity, which JSON does not have."""


class _BrokenError(ValueError):
    """What stands here is not JSON; `shown` is its beginning."""

    def __init__(self, shown: str) -> None:
        super().__init__(shown)
        self.shown = shown[:_SHOWN]


def records(text: str | TextIO, name: str) -> Iterator[tuple[Where, Members] | Problem]:
    """The objects of a file with their number (ndjson: their line); what is no object is a problem."""
    stream = io.StringIO(text) if isinstance(text, str) else text
    head = stream.read(_CHUNK)
    full = [line.lstrip() for line in head.split("\n") if line.strip()]
    if len(full) > 1 and all(line.startswith("{") and len(line) > 1 for line in full[:2]):
        yield from _by_line(head, stream, name)
        return
    reader = _Reader(head, stream)
    try:
        found = reader.array() if reader.peek() == "[" else reader.objects()
        for at, value in enumerate(found, start=1):
            where = Where(name, at)
            yield (where, value) if isinstance(value, dict) else Problem(where, "bad_type", value=str(value)[:_SHOWN])
    except _BrokenError as error:
        yield Problem(Where(name, reader.line), "bad_json", value=error.shown)


def _by_line(head: str, stream: TextIO, name: str) -> Iterator[tuple[Where, Members] | Problem]:
    """ndjson: a broken line costs that line only."""
    lines = chain((head + stream.readline()).split("\n"), iter(stream.readline, ""))
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = Where(name, number)
        try:
            value = json.loads(line, parse_constant=_refuse)
        except (ValueError, RecursionError):
            yield Problem(where, "bad_json", value=line.strip()[:_SHOWN])
            continue
        yield (where, value) if isinstance(value, dict) else Problem(where, "bad_type", value=line.strip()[:_SHOWN])


class _Reader:
    """A window on the text that is moved on after each value."""

    def __init__(self, window: str, stream: TextIO) -> None:
        self._stream = stream
        self._decoder = json.JSONDecoder(parse_constant=_refuse)
        self._window = window
        self._at = 0
        self.line = 1

    def peek(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            while self._at < len(self._window):
                letter = self._window[self._at]
                if letter not in _SPACE:
                    return letter
                self.line += letter == "\n"
                self._at += 1
            if not self._more(_CHUNK):
                return ""

    def _more(self, size: int) -> bool:
        part = self._stream.read(size)
        self._window, self._at = self._window[self._at :] + part, 0
        return bool(part)

    def _take(self, letter: str) -> None:
        if self.peek() != letter:
            raise _BrokenError(self._window[self._at : self._at + _SHOWN])
        self._at += 1

    def value(self) -> object:
        """The next value. The window grows until the value is whole."""
        self.peek()
        wanted = _CHUNK
        while True:
            try:
                found, end = self._decoder.raw_decode(self._window, self._at)
            except (_RefusedNumberError, RecursionError):
                raise _BrokenError(self._window[self._at :]) from None
            except ValueError:
                whole = len(self._window) - self._at >= LARGEST_RECORD or not self._more(wanted)
                wanted *= 2
                if whole:
                    raise _BrokenError(self._window[self._at :]) from None
                continue
            if end == len(self._window) and isinstance(found, int | float) and self._more(_CHUNK):
                continue  # a number may go on
            self.line += self._window.count("\n", self._at, end)
            self._at = end
            return found

    def array(self) -> Iterator[object]:
        self._take("[")
        if self.peek() == "]":
            self._at += 1
            return
        yield self.value()
        while self.peek() == ",":
            self._at += 1
            yield self.value()
        self._take("]")

    def objects(self) -> Iterator[object]:
        """One object, or the contents of a Page, which need not stand in memory as a whole."""
        members: Members = {}
        paged = False
        self._take("{")
        while self.peek() != "}":
            key = self.value()
            self._take(":")
            if key == "contents" and self.peek() == "[":
                paged = True
                yield from self.array()
            else:
                members[str(key)] = self.value()
            if self.peek() == ",":
                self._at += 1
            elif self.peek() != "}":
                raise _BrokenError(self._window[self._at :])
        self._take("}")
        if not paged:
            yield members


def _refuse(name: str) -> object:
    raise _RefusedNumberError(name)
