"""Settings of an installation, read once from the environment. Missing or unsafe means no start, with one sentence that says what to set.

Every field carries its documentation; `handrail settings` prints the table and a test compares its names with docs/self-hosting.md.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from portal import config_checks

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "HANDRAIL_"
ROOT = Path(__file__).resolve().parents[1]
INSTANCE = ROOT / "instance"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
PORTS = range(1, 65536)
IDLE_MINUTES = range(5, 31)


class UnsafeSettingsError(RuntimeError):
    """The installation may not start; the text is one sentence that names the setting."""


def _doc(env: str, text: str) -> dict[str, str]:
    return {"env": env, "doc": text}


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator can set. Nothing set at all means the demo, on loopback, with its own data folder."""

    demo: bool = field(
        metadata=_doc(
            "HANDRAIL_DEMO", "1 runs the demo; empty means the demo when no other setting asks for a real installation."
        )
    )
    database_url: str = field(
        repr=False, metadata=_doc("HANDRAIL_DATABASE_URL", "SQLAlchemy address of SQLite or PostgreSQL.")
    )
    secret_key: str = field(
        repr=False,
        metadata=_doc("HANDRAIL_SECRET_KEY", "At least 32 random characters; signs forms. The demo makes its own."),
    )
    keys_path: Path = field(
        metadata=_doc("HANDRAIL_KEYS", "File made by `handrail keys init`; mode 0600, outside the data folder.")
    )
    public_url: str = field(
        metadata=_doc(
            "HANDRAIL_PUBLIC_URL", "Address people use, https outside the demo; links in texts and mails start with it."
        )
    )
    data_dir: Path = field(metadata=_doc("HANDRAIL_DATA_DIR", "Folder of the SQLite file and the search index."))
    host: str = field(metadata=_doc("HANDRAIL_HOST", "Address to listen on; the demo listens on loopback only."))
    port: int = field(metadata=_doc("PORT", "Port to listen on."))
    threads: int = field(metadata=_doc("HANDRAIL_THREADS", "Request threads of one web process."))
    trusted_proxies: int = field(
        metadata=_doc(
            "HANDRAIL_TRUSTED_PROXIES", "How many proxies in front set X-Forwarded headers; 0 ignores the headers."
        )
    )
    trusted_hosts: tuple[str, ...] = field(
        metadata=_doc("HANDRAIL_TRUSTED_HOSTS", "Further host names that may be asked for, separated by commas.")
    )
    idle_minutes: int = field(
        metadata=_doc("HANDRAIL_IDLE_MINUTES", "Minutes without use after which staff are signed out, 5 to 30.")
    )
    password_list: Path | None = field(
        metadata=_doc(
            "HANDRAIL_PASSWORD_LIST", "File of refused passwords, one a line, beside the short list that ships."
        )
    )
    audit_anchor: Path | None = field(
        metadata=_doc("HANDRAIL_AUDIT_ANCHOR", "File on other storage that receives the heads of the audit chains.")
    )
    tile_url: str = field(
        metadata=_doc(
            "HANDRAIL_TILE_URL", "Address of map tiles with {z}, {x} and {y}; its host learns which area is looked at."
        )
    )
    tile_credit: str = field(metadata=_doc("HANDRAIL_TILE_CREDIT", "Whom to name on a map with tiles."))
    smtp_url: str = field(
        repr=False,
        metadata=_doc("HANDRAIL_SMTP_URL", "smtp://user:password@host:port for mail; empty means no mail leaves."),
    )
    mail_from: str = field(metadata=_doc("HANDRAIL_MAIL_FROM", "Sender address of mail."))
    translator_url: str = field(
        metadata=_doc(
            "HANDRAIL_TRANSLATOR_URL",
            "Address of a translator like LibreTranslate, for words of listings only; empty means no machine translation.",
        )
    )
    geocoder: str = field(
        metadata=_doc("HANDRAIL_GEOCODER", "Name of an outside geocoder; empty means the packaged gazetteer only.")
    )
    standing: bool = field(
        metadata=_doc(
            "HANDRAIL_STANDING", "0 keeps no records of how often listings helped, and leaves them out of the order."
        )
    )
    fresh_days: int = field(
        metadata=_doc("HANDRAIL_FRESH_DAYS", "Up to so many days after somebody confirmed it a fact counts as fresh.")
    )
    ageing_days: int = field(
        metadata=_doc("HANDRAIL_AGEING_DAYS", "Up to so many days it counts as ageing; after that it is stale.")
    )
    twilio_api_base: str = field(
        metadata=_doc("TWILIO_API_BASE", "Address of the Twilio API; empty means the real one.")
    )
    twilio_account_sid: str = field(metadata=_doc("TWILIO_ACCOUNT_SID", "Twilio account; empty means no real texts."))
    twilio_auth_token: str = field(
        repr=False, metadata=_doc("TWILIO_AUTH_TOKEN", "Twilio's secret; also checks the signature of webhooks.")
    )
    twilio_messaging_service_sid: str = field(
        metadata=_doc("TWILIO_MESSAGING_SERVICE_SID", "Messaging service that texts leave from.")
    )
    sms_segments_per_second: int = field(metadata=_doc("SMS_SEGMENTS_PER_SECOND", "How fast real texts may leave."))

    advanced_opt_out: bool = field(
        metadata=_doc("TWILIO_ADVANCED_OPT_OUT", "1 when Twilio itself answers STOP, START and HELP.")
    )
    text_hours: str = field(
        metadata=_doc(
            "HANDRAIL_TEXT_HOURS", "When texts may reach patients, by their own clock, such as 9-20; within 8-21."
        )
    )
    text_limits: str = field(
        metadata=_doc("HANDRAIL_TEXT_LIMITS", "Other amounts than the usual, such as number-day=2, team-day=500.")
    )
    publisher: str = field(
        default="Handrail", metadata=_doc("HANDRAIL_PUBLISHER", "Who publishes the directory; said at /hsds/.")
    )
    publisher_id: str = field(
        default="", metadata=_doc("HANDRAIL_PUBLISHER_ID", "The publisher's registered identifier, such as US-EIN-...")
    )
    publisher_email: str = field(
        default="", metadata=_doc("HANDRAIL_PUBLISHER_EMAIL", "Public address for questions about the directory.")
    )
    publisher_website: str = field(
        default="", metadata=_doc("HANDRAIL_PUBLISHER_WEBSITE", "The publisher's website; empty means this portal.")
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """The settings of this process; raises UnsafeSettingsError when they are not safe to start with."""
        env = os.environ if environ is None else environ
        settings = _read(env)
        problems = config_checks.problems(settings, env)
        if problems:
            raise UnsafeSettingsError(problems[0])
        return settings

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in LOOPBACK

    @property
    def has_twilio(self) -> bool:
        """Whether real texts can leave."""
        return bool(self.twilio_account_sid and self.twilio_auth_token)

    @property
    def simulator(self) -> bool:
        """Whether the phone simulator stands in for Twilio."""
        return self.demo and self.loopback and not self.has_twilio

    @property
    def https(self) -> bool:
        """Whether people reach us over TLS."""
        return self.public_url.startswith("https://")

    @property
    def tile_origin(self) -> str:
        """The one other place that the search page may load images from; empty without tiles."""
        parts = urlsplit(self.tile_url)
        return f"{parts.scheme}://{parts.netloc}" if self.tile_url else ""

    @property
    def hosts(self) -> tuple[str, ...]:
        """Host names a request may ask for."""
        own = urlsplit(self.public_url).hostname or ""
        local = ("127.0.0.1", "localhost", "[::1]") if self.loopback else ()
        return tuple(dict.fromkeys((own, *local, *self.trusted_hosts)))

    @property
    def imports_dir(self) -> Path:
        """Where files to import lie."""
        return self.data_dir / "imports"

    @property
    def search_dir(self) -> Path:
        """Where the search index lives."""
        return self.data_dir / "search"


def documented() -> list[tuple[str, str]]:
    """Each setting's name in the environment and what it does."""
    return [(one.metadata["env"], one.metadata["doc"]) for one in fields(Settings)]


def _read(env: Mapping[str, str]) -> Settings:
    demo = _demo(env)
    data_dir = Path(env.get("HANDRAIL_DATA_DIR") or INSTANCE / "data").expanduser().resolve()
    port = _number(env, "PORT", 8000, PORTS)
    host = env.get("HANDRAIL_HOST") or "127.0.0.1"
    return Settings(
        demo=demo,
        database_url=env.get("HANDRAIL_DATABASE_URL") or f"sqlite:///{data_dir / 'handrail.sqlite'}",
        secret_key=env.get("HANDRAIL_SECRET_KEY", ""),
        keys_path=_keys_path(env, data_dir),
        public_url=(env.get("HANDRAIL_PUBLIC_URL") or (f"http://{_bracketed(host)}:{port}" if demo else "")).rstrip(
            "/"
        ),
        data_dir=data_dir,
        host=host,
        port=port,
        threads=_number(env, "HANDRAIL_THREADS", 16, range(1, 129)),
        trusted_proxies=_number(env, "HANDRAIL_TRUSTED_PROXIES", 0, range(5)),
        trusted_hosts=tuple(part.strip() for part in env.get("HANDRAIL_TRUSTED_HOSTS", "").split(",") if part.strip()),
        idle_minutes=_number(env, "HANDRAIL_IDLE_MINUTES", 15, IDLE_MINUTES),
        password_list=_path(env, "HANDRAIL_PASSWORD_LIST"),
        audit_anchor=_path(env, "HANDRAIL_AUDIT_ANCHOR"),
        tile_url=env.get("HANDRAIL_TILE_URL", "").strip(),
        tile_credit=env.get("HANDRAIL_TILE_CREDIT", "").strip(),
        smtp_url=env.get("HANDRAIL_SMTP_URL", ""),
        mail_from=env.get("HANDRAIL_MAIL_FROM") or "handrail@localhost",
        translator_url=env.get("HANDRAIL_TRANSLATOR_URL", ""),
        geocoder=env.get("HANDRAIL_GEOCODER", ""),
        standing=_yes(env.get("HANDRAIL_STANDING", "") or "1"),
        fresh_days=_number(env, "HANDRAIL_FRESH_DAYS", 180, range(1, 3651)),
        ageing_days=_number(env, "HANDRAIL_AGEING_DAYS", 365, range(1, 3651)),
        twilio_api_base=env.get("TWILIO_API_BASE", "").rstrip("/"),
        twilio_account_sid=env.get("TWILIO_ACCOUNT_SID", ""),
        twilio_auth_token=env.get("TWILIO_AUTH_TOKEN", ""),
        twilio_messaging_service_sid=env.get("TWILIO_MESSAGING_SERVICE_SID", ""),
        advanced_opt_out=_yes(env.get("TWILIO_ADVANCED_OPT_OUT", "")),
        text_hours=env.get("HANDRAIL_TEXT_HOURS", ""),
        text_limits=env.get("HANDRAIL_TEXT_LIMITS", ""),
        sms_segments_per_second=_number(env, "SMS_SEGMENTS_PER_SECOND", 1, range(1, 101)),
        publisher=env.get("HANDRAIL_PUBLISHER", "").strip() or "Handrail",
        publisher_id=env.get("HANDRAIL_PUBLISHER_ID", "").strip(),
        publisher_email=env.get("HANDRAIL_PUBLISHER_EMAIL", "").strip(),
        publisher_website=env.get("HANDRAIL_PUBLISHER_WEBSITE", "").strip(),
    )


def _demo(env: Mapping[str, str]) -> bool:
    said = env.get("HANDRAIL_DEMO", "").strip().lower()
    if said:
        return _yes(said)
    # Any of these means someone is setting up a real installation: never seed demo people into it.
    return not any(env.get(PREFIX + name) for name in ("DATABASE_URL", "SECRET_KEY", "KEYS", "PUBLIC_URL"))


def _yes(said: str) -> bool:
    return said.strip().lower() in {"1", "true", "yes", "on"}


def _keys_path(env: Mapping[str, str], data_dir: Path) -> Path:
    said = env.get("HANDRAIL_KEYS")
    return Path(said).expanduser().resolve() if said else data_dir.parent / "keys" / "handrail-keys.json"


def _path(env: Mapping[str, str], name: str) -> Path | None:
    said = env.get(name)
    return Path(said).expanduser() if said else None


def _number(env: Mapping[str, str], name: str, default: int, allowed: range) -> int:
    said = env.get(name, "").strip()
    if not said:
        return default
    if not said.isascii() or not said.isdigit() or int(said) not in allowed:
        msg = f"{name} must be a whole number from {allowed.start} to {allowed.stop - 1}."
        raise UnsafeSettingsError(msg)
    return int(said)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
