"""The only reader and writer of confidential places: street, ZIP and point, sealed with the installation's master key.

Directory records belong to no tenant, so their key is derived from the master key and not from an org's data key.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from resources_db import audit, encryption
from resources_db.encryption import HEAD, NONCE_BYTES, VERSION, EncryptionError
from resources_db.models.directory import ConfidentialPlace

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class HiddenPlace:
    """What the public tables must not hold. `addresses` are HSDS address records without their ids.

    `words` are what the location says of itself, by column: its names and descriptions tell the street as well.
    """

    addresses: tuple[Mapping[str, str], ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def says_nothing(self) -> bool:
        return not (self.addresses or self.words or self.latitude is not None or self.longitude is not None)


def put(session: Session, location_id: uuid.UUID, place: HiddenPlace, *, now: datetime) -> None:
    """Seal the place of a location, replacing what was sealed before."""
    put_sealed(session, location_id, seal(location_id, place), now=now)


def put_sealed(session: Session, location_id: uuid.UUID, sealed: bytes, *, now: datetime) -> None:
    """Like put, of a place that `seal` closed before: plans of imports hold places so."""
    row = session.get(ConfidentialPlace, location_id) or ConfidentialPlace(location_id=location_id)
    row.sealed, row.changed_at = sealed, now
    session.add(row)


def read(session: Session, location_id: uuid.UUID, *, reason: str, now: datetime) -> HiddenPlace | None:
    """The true place, for a person who may see it: each reading stands in the audit with its reason."""
    found = stored(session, location_id)
    if found is not None:
        audit.record(
            session,
            action="confidential_place.read",
            subject_kind="location",
            subject_id=location_id,
            reason=reason,
            now=now,
        )
    return found


def stored(session: Session, location_id: uuid.UUID) -> HiddenPlace | None:
    """For imports, which compare what they bring with what is sealed; never for showing."""
    row = session.get(ConfidentialPlace, location_id)
    return None if row is None else _open(location_id, row.sealed)


def remove(session: Session, location_id: uuid.UUID) -> HiddenPlace:
    """The sealed place of a location that two people made public, taken out of the table."""
    found = stored(session, location_id) or HiddenPlace()
    if row := session.get(ConfidentialPlace, location_id):
        session.delete(row)
    return found


def seal(location_id: uuid.UUID, place: HiddenPlace) -> bytes:
    """A place as it is stored, for this location only."""
    ring = encryption.vault().ring
    nonce = secrets.token_bytes(NONCE_BYTES)
    text = json.dumps(asdict(place), sort_keys=True).encode()
    sealed = AESGCM(_key(ring.master[ring.newest])).encrypt(nonce, text, _bound_to(location_id))
    return bytes([VERSION]) + ring.newest.to_bytes(HEAD - 1, "big") + nonce + sealed


def _open(location_id: uuid.UUID, sealed: bytes) -> HiddenPlace:
    master = encryption.vault().ring.master.get(int.from_bytes(sealed[1:HEAD], "big"))
    if master is None:
        raise EncryptionError("the master key of this place is missing")
    nonce, rest = sealed[HEAD : HEAD + NONCE_BYTES], sealed[HEAD + NONCE_BYTES :]
    try:
        fields = json.loads(AESGCM(_key(master)).decrypt(nonce, rest, _bound_to(location_id)))
    except InvalidTag:
        raise EncryptionError("a confidential place does not decrypt") from None
    return HiddenPlace(tuple(fields["addresses"]), fields["latitude"], fields["longitude"], fields.get("words", {}))


def _key(master: bytes) -> bytes:
    return hmac.new(master, b"confidential_place", hashlib.sha256).digest()


def _bound_to(location_id: uuid.UUID) -> bytes:
    return f"confidential_place.sealed|{location_id}".encode()
