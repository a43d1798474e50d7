"""Personal columns: AES-256-GCM bound to table, column, org and row; keyed blind indexes for look-ups.

Stored bytes: version (1) | key id (4) | nonce (12) | ciphertext and tag. A value moved to another row does not decrypt.
Each org has its own data key, wrapped by the key ring's master key in table `org_key` (security design, section 6).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias, overload

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import LargeBinary, select
from sqlalchemy.orm import Mapped, MappedColumn, Session, mapped_column, object_session

if TYPE_CHECKING:
    from resources_db.base import Base

VERSION = 1
NONCE_BYTES = 12
KEY_BYTES = 32
HEAD = 5


class EncryptionError(RuntimeError):
    """A value cannot be encrypted or decrypted. The message never holds the value."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The installation's secrets: master keys by id (the newest writes), blind-index key and audit key."""

    master: dict[int, bytes]
    blind: bytes
    audit: bytes

    @property
    def newest(self) -> int:
        """The id of the master key that wraps new data keys."""
        return max(self.master)

    @staticmethod
    def generate() -> KeyRing:
        """A fresh ring with one master key."""
        return KeyRing(
            {1: secrets.token_bytes(KEY_BYTES)}, secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES)
        )


@dataclass(slots=True)
class Vault:
    """Data keys of the orgs, opened with the key ring. One per process; `use()` makes it the one the models ask."""

    ring: KeyRing
    _open: dict[tuple[uuid.UUID, int], bytes] = field(default_factory=dict)
    _writes_with: dict[uuid.UUID, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add_org(self, session: Session, org_id: uuid.UUID, kid: int = 1) -> None:
        """Give an org its data key; the row is stored with the caller's transaction."""
        from resources_db.models.tenants import OrgKey

        key = secrets.token_bytes(KEY_BYTES)
        nonce = secrets.token_bytes(NONCE_BYTES)
        wrapped = nonce + AESGCM(self.ring.master[self.ring.newest]).encrypt(nonce, key, _wrap_aad(org_id, kid))
        session.add(OrgKey(org_id=org_id, kid=kid, master_kid=self.ring.newest, wrapped=wrapped))
        self._remember(org_id, kid, key)

    def load(self, session: Session) -> None:
        """Open every org's keys. Raises EncryptionError when a master key in use is missing or wrong."""
        from resources_db.models.tenants import OrgKey

        rows = session.connection().execute(select(OrgKey.org_id, OrgKey.kid, OrgKey.master_kid, OrgKey.wrapped))
        for org_id, kid, master_kid, wrapped in rows:
            self._remember(org_id, kid, self._unwrap(org_id, kid, master_kid, wrapped))

    def waiting_for_rewrap(self, session: Session) -> int:
        """How many data keys are still sealed with an older master key."""
        from resources_db.models.tenants import OrgKey

        older = select(OrgKey.kid).where(OrgKey.master_kid < self.ring.newest)
        return len(session.connection().execute(older).all())

    def rewrap(self, session: Session) -> int:
        """Seal every data key with the newest master key; values stay as they are. Returns how many were changed."""
        from resources_db.models.tenants import OrgKey

        changed = 0
        for row in session.scalars(select(OrgKey).where(OrgKey.master_kid < self.ring.newest).with_for_update()):
            key = self._unwrap(row.org_id, row.kid, row.master_kid, row.wrapped)
            nonce = secrets.token_bytes(NONCE_BYTES)
            aad = _wrap_aad(row.org_id, row.kid)
            row.wrapped = nonce + AESGCM(self.ring.master[self.ring.newest]).encrypt(nonce, key, aad)
            row.master_kid = self.ring.newest
            changed += 1
        return changed

    def _remember(self, org_id: uuid.UUID, kid: int, key: bytes) -> None:
        with self._lock:
            self._open[org_id, kid] = key
            self._writes_with[org_id] = max(kid, self._writes_with.get(org_id, 0))

    def _unwrap(self, org_id: uuid.UUID, kid: int, master_kid: int, wrapped: bytes) -> bytes:
        master = self.ring.master.get(master_kid)
        if master is None:
            msg = f"master key {master_kid} is missing from HANDRAIL_KEYS"
            raise EncryptionError(msg)
        try:
            return AESGCM(master).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _wrap_aad(org_id, kid))
        except InvalidTag:
            msg = (
                f"master key {master_kid} does not open the stored data keys: HANDRAIL_KEYS belongs to another database"
            )
            raise EncryptionError(msg) from None

    def key_for_writing(self, org_id: uuid.UUID, session: Session | None) -> tuple[int, bytes]:
        """The newest data key of an org and its id."""
        if org_id not in self._writes_with and session is not None:
            self.load(session)
        kid = self._writes_with.get(org_id)
        if kid is None:
            msg = "this org has no data key"
            raise EncryptionError(msg)
        return kid, self._open[org_id, kid]

    def key(self, org_id: uuid.UUID, kid: int, session: Session | None) -> bytes:
        """The data key `kid` of an org; another process may have made it, so a miss reads the table once."""
        if (org_id, kid) not in self._open and session is not None:
            self.load(session)
        try:
            return self._open[org_id, kid]
        except KeyError:
            msg = "the data key of this value is gone"
            raise EncryptionError(msg) from None

    def encrypt(self, text: str, where: str, org_id: uuid.UUID, row_id: uuid.UUID, session: Session | None) -> bytes:
        """`text` for storage at `where` (table.column) in that row."""
        kid, key = self.key_for_writing(org_id, session)
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(key).encrypt(nonce, text.encode(), _aad(where, org_id, row_id))
        return bytes([VERSION]) + kid.to_bytes(HEAD - 1, "big") + nonce + sealed

    def decrypt(self, stored: bytes, where: str, org_id: uuid.UUID, row_id: uuid.UUID, session: Session | None) -> str:
        """The text of `stored`; raises EncryptionError when it was moved, cut or sealed with another key."""
        if len(stored) <= HEAD + NONCE_BYTES or stored[0] != VERSION:
            msg = f"{where} holds bytes of an unknown form"
            raise EncryptionError(msg)
        key = self.key(org_id, int.from_bytes(stored[1:HEAD], "big"), session)
        nonce = stored[HEAD : HEAD + NONCE_BYTES]
        try:
            return AESGCM(key).decrypt(nonce, stored[HEAD + NONCE_BYTES :], _aad(where, org_id, row_id)).decode()
        except InvalidTag:
            msg = f"{where} does not decrypt: it was changed or moved from another row"
            raise EncryptionError(msg) from None


def _aad(where: str, org_id: uuid.UUID, row_id: uuid.UUID) -> bytes:
    return f"{where}|{org_id}|{row_id}".encode()


def _wrap_aad(org_id: uuid.UUID, kid: int) -> bytes:
    return f"org_key|{org_id}|{kid}".encode()


class _Current:
    vault: Vault | None = None


def use(vault: Vault | None) -> None:
    """Make `vault` the one the models ask. Models cannot be handed a vault, so a process has exactly one."""
    _Current.vault = vault


def vault() -> Vault:
    """The vault in use; raises EncryptionError before wiring has set one."""
    if _Current.vault is None:
        msg = "no key ring is in use"
        raise EncryptionError(msg)
    return _Current.vault


def blind_index(purpose: str, value: str) -> bytes:
    """A keyed hash of `value`, equal for equal values; `purpose` keeps indexes apart (e.g. "phone")."""
    return hmac.new(vault().ring.blind, f"{purpose}|{value}".encode(), hashlib.sha256).digest()


def phone_index(e164: str) -> bytes:
    """The installation-wide index of a phone number: opt-outs and inbound texts match on it."""
    return blind_index("phone", e164)


class Encrypted:
    """A text attribute stored encrypted in the column `<name>_enc`. The row needs `id` and `org_id` first."""

    def __set_name__(self, owner: type[Base], name: str) -> None:
        self.name = name
        self.column = f"{name}_enc"

    @overload
    def __get__(self, row: None, owner: type[Base]) -> Encrypted: ...
    @overload
    def __get__(self, row: Base, owner: type[Base]) -> str: ...
    def __get__(self, row: Base | None, owner: type[Base]) -> Encrypted | str:
        if row is None:
            return self
        stored: bytes | None = getattr(row, self.column)
        if stored is None:
            return ""
        return vault().decrypt(stored, self._where(row), *_ids(row), object_session(row))

    def __set__(self, row: Base, value: str | None) -> None:
        if value is None or value == "":
            setattr(row, self.column, None)
            return
        setattr(row, self.column, vault().encrypt(value, self._where(row), *_ids(row), object_session(row)))

    def _where(self, row: Base) -> str:
        return f"{row.__tablename__}.{self.name}"


def _ids(row: Base) -> tuple[uuid.UUID, uuid.UUID]:
    org_id, row_id = getattr(row, "org_id", None), getattr(row, "id", None)
    if not isinstance(org_id, uuid.UUID) or not isinstance(row_id, uuid.UUID):
        msg = f"{type(row).__name__} needs id and org_id before its personal values"
        raise EncryptionError(msg)
    return org_id, row_id


Sealed: TypeAlias = Mapped[bytes | None]


def sealed() -> MappedColumn[bytes | None]:
    """The column behind an `Encrypted` attribute."""
    return mapped_column(LargeBinary)
