"""Notices that a file holds each record twice under two ids, without remembering the records. Pure.

Counts a sample of fingerprints: the sample is halved whenever it grows too large, so memory stays the same.
"""

import json
from hashlib import blake2b

from resources_db.importers.records import Neutral

_MOST = 4_096
_AT_LEAST = 10
_NEARLY_ALL = 0.9
_WATCHED = frozenset({"organization", "service", "location"})


class Sample:
    """The fingerprints of one kind of record."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}
        self._every = 1

    def add(self, fingerprint: int) -> None:
        if fingerprint % self._every:
            return
        self._counts[fingerprint] = self._counts.get(fingerprint, 0) + 1
        if len(self._counts) > _MOST:
            self._every *= 2
            self._counts = {one: count for one, count in self._counts.items() if one % self._every == 0}

    @property
    def doubled(self) -> bool:
        """Do nearly all of at least ten different records stand here more than once?"""
        twice = sum(count > 1 for count in self._counts.values())
        return len(self._counts) >= _AT_LEAST and twice >= _NEARLY_ALL * len(self._counts)


class Watch:
    def __init__(self) -> None:
        self._samples: dict[str, Sample] = {}
        self._ids: dict[str, Sample] = {}

    def see(self, record: Neutral) -> None:
        """What it says, apart from ids: those of the second half of a doubled dump are new."""
        if record.kind not in _WATCHED or record.copies != "once":
            return
        said = {
            name: str(value)
            for name, value in record.values.items()
            if value and not name.endswith("_id") and name != "id"
        }
        if said:
            self._samples.setdefault(record.kind, Sample()).add(_fingerprint(said))
            self._ids.setdefault(record.kind, Sample()).add(_fingerprint({"id": record.external_id}))

    def doubled(self) -> list[str]:
        """The kinds that stand twice under different ids; rows doubled with their id are told row by row."""
        return [kind for kind, sample in self._samples.items() if sample.doubled and not self._ids[kind].doubled]


def _fingerprint(said: dict[str, str]) -> int:
    text = json.dumps(said, sort_keys=True, ensure_ascii=True)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") >> 3
