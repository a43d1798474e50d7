"""Which settings are not safe to start with; each problem is one sentence that names the setting."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from portal import text_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.config import Settings

SECRET_LENGTH = 32
EXAMPLES = frozenset({"change-me", "changeme", "secret", "example", "replace-with-a-long-random-value"})
TILE_URL = re.compile(r"https://[A-Za-z0-9.-]+(?::\d+)?/[\w./{}@?=&%~+-]*")


def problems(settings: Settings, env: Mapping[str, str]) -> list[str]:
    """What must be mended before a start; empty when all is well."""
    return [
        *_half_twilio(settings),
        *_bent_tiles(settings),
        *_bent_ages(settings),
        *text_settings.problems(settings.text_hours, settings.text_limits),
        *(_demo_problems(settings) if settings.demo else _live_problems(settings, env)),
    ]


def _half_twilio(settings: Settings) -> list[str]:
    parts = {
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": settings.twilio_auth_token,
        "TWILIO_MESSAGING_SERVICE_SID": settings.twilio_messaging_service_sid,
    }
    missing = [name for name, value in parts.items() if not value]
    return [f"Set {missing[0]} too, or none of the Twilio settings."] if 0 < len(missing) < len(parts) else []


def _bent_tiles(settings: Settings) -> list[str]:
    # the origin goes into the content policy, where a space or a semicolon would start something else
    if not settings.tile_url or (TILE_URL.fullmatch(settings.tile_url) and _has_tile_numbers(settings.tile_url)):
        return []
    return ["HANDRAIL_TILE_URL must be an https address with {z}, {x} and {y}."]


def _bent_ages(settings: Settings) -> list[str]:
    if settings.ageing_days >= settings.fresh_days:
        return []
    return ["HANDRAIL_AGEING_DAYS must not be below HANDRAIL_FRESH_DAYS: what is fresh cannot be stale."]


def _has_tile_numbers(address: str) -> bool:
    return all(part in urlsplit(address).path for part in ("{z}", "{x}", "{y}"))


def _demo_problems(settings: Settings) -> list[str]:
    if not settings.loopback:
        return ["Unset HANDRAIL_HOST: the demo listens on this machine only; a real installation sets HANDRAIL_DEMO=0."]
    return []


def _live_problems(settings: Settings, env: Mapping[str, str]) -> list[str]:
    checks = (
        (not env.get("HANDRAIL_KEYS"), "Set HANDRAIL_KEYS to the key file made by `handrail keys init`."),
        (not settings.secret_key, "Set HANDRAIL_SECRET_KEY to at least 32 random characters."),
        (
            _weak(settings.secret_key),
            "HANDRAIL_SECRET_KEY is too short or an example: set at least 32 random characters.",
        ),
        (not settings.https, "Set HANDRAIL_PUBLIC_URL to the https address that people use."),
        (bool(env.get("FLASK_DEBUG")), "Unset FLASK_DEBUG: debug pages show personal data."),
        (
            settings.keys_path.is_relative_to(settings.data_dir),
            "Move the file named by HANDRAIL_KEYS out of HANDRAIL_DATA_DIR.",
        ),
    )
    return [sentence for wrong, sentence in checks if wrong]


def _weak(secret: str) -> bool:
    return len(secret) < SECRET_LENGTH or secret.lower() in EXAMPLES or len(set(secret)) < len("abcdefgh")
