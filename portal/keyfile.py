"""The key file: all secrets of an installation in one JSON file, apart from the data they protect."""

from __future__ import annotations

import base64
import json
import os
import secrets
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.config import UnsafeSettingsError
from resources_db.encryption import KEY_BYTES, KeyRing

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, repr=False)
class KeyFile:
    """Keys by use: none of them serves two purposes."""

    ring: KeyRing
    cookie: str
    totp: str
    recovery: str
    password_salt: str


def generate() -> KeyFile:
    """Fresh keys for a new installation."""
    return KeyFile(
        ring=KeyRing.generate(),
        cookie=secrets.token_urlsafe(KEY_BYTES),
        totp=secrets.token_urlsafe(KEY_BYTES),
        # Flask-Security seals recovery codes with Fernet, which wants its key padded.
        recovery=base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode(),
        password_salt=secrets.token_urlsafe(KEY_BYTES),
    )


def create(path: Path, keys: KeyFile | None = None) -> KeyFile:
    """Write a new key file, readable by its owner only; an existing file is never overwritten."""
    made = keys or generate()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(_to_json(made))
    return made


def replace(path: Path, keys: KeyFile) -> None:
    """Put `keys` in place of the file in one step, so that a kill leaves the old or the new one."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    create(fresh, keys)
    fresh.replace(path)


def load(path: Path) -> KeyFile:
    """The keys in `path`; raises UnsafeSettingsError when the file is missing, broken or readable by others."""
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except OSError:
        msg = f"HANDRAIL_KEYS names {path}, which cannot be read: make it with `handrail keys init`."
        raise UnsafeSettingsError(msg) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        msg = f"HANDRAIL_KEYS names {path}, which others can read: run `chmod 600` on it."
        raise UnsafeSettingsError(msg)
    return _from_json(text)


def _to_json(keys: KeyFile) -> str:
    return json.dumps(
        {
            "master": {str(kid): _text(key) for kid, key in keys.ring.master.items()},
            "blind": _text(keys.ring.blind),
            "audit": _text(keys.ring.audit),
            "cookie": keys.cookie,
            "totp": keys.totp,
            "recovery": keys.recovery,
            "password_salt": keys.password_salt,
        },
        indent=1,
    )


def _from_json(text: str) -> KeyFile:
    try:
        found = json.loads(text)
        master = {int(kid): _bytes(key) for kid, key in found["master"].items()}
        ring = KeyRing(master, _bytes(found["blind"]), _bytes(found["audit"]))
        return KeyFile(ring, found["cookie"], found["totp"], found["recovery"], found["password_salt"])
    except (ValueError, KeyError, TypeError, AttributeError):
        msg = "The file named by HANDRAIL_KEYS is not a key file: restore it from your backup of keys."
        raise UnsafeSettingsError(msg) from None


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _bytes(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        msg = "a key has the wrong length"
        raise ValueError(msg)
    return key
