"""The public form as it was typed: read, checked, and signed so that robots, double taps and replays show."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from i18n import locales
from i18n.catalog import current_language, patient
from portal import db
from portal.security import clean_text
from referrals import intake
from referrals.intake import Asked
from resources_db.listing_key import BadListingKeyError, ListingKey
from search import needs as reading

if TYPE_CHECKING:
    from i18n.lazy import LazyText

P = patient.lazy_gettext
HONEYPOT: Final = "website"
"""Hidden from people; a program that fills in everything fills it in too."""
SHORTEST_SECONDS: Final = 2
SURE: Final = 0.5
MOST_TYPED: Final = 4_000

# Translators: a person agrees to this sentence when asking for help. It is stored word for word.
KEEP = P("A care team may keep what I write here and contact me about it.")
# Translators: a person agrees to this sentence when asking for help. It is stored word for word.
SHARE = P("They may share my name, my phone number and what I need with places that can help.")
TEXT = P(
    # Translators: a person agrees to texts with these sentences. They are stored word for word.
    "You may text me about help near me. About 2 to 6 texts a month. My phone company may charge. "
    "I can text STOP at any time."
)
PROBLEMS: Final[dict[tuple[str, str], LazyText]] = {
    ("name", "missing"): P("Tell us your name. A first name is enough."),
    ("phone", "no_way"): P("Give a phone number, or another way to reach you."),
    ("phone", "not_a_phone"): P("Type the 10 digits of a US phone number."),
    ("zip", "five_digits"): P("Type the 5 digits of your ZIP code."),
    ("words", "missing"): P("Tell us what help you need."),
    ("agree", "missing"): P("Tick this box, so that we may read and keep your request."),
    ("name", "too_long"): P("This is too long. Please write less."),
    ("reach", "too_long"): P("This is too long. Please write less."),
    ("words", "too_long"): P("This is too long. Please write less."),
    ("send", "again"): P("Please look at it once more, then press Send."),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What came with the form. `key` is empty when the form was not ours."""

    asked: Asked
    key: str
    seconds: int
    robot: bool


def new_key() -> str:
    """A signed mark of a form: which one it is, and when it was shown."""
    return _signer().dumps({"k": secrets.token_urlsafe(12), "t": int(db.wall_clock().timestamp())})


def read() -> Typed:
    """The form of this request."""
    key, shown_at = _opened(request.form.get("key", "")[:200])
    words = _text("words")
    language = request.form.get("language", "")
    known = {one.code for one in locales.preferable()}
    read_as = reading.read(words[: intake.MOST_WORDS], current_language().code) if words else None
    first = read_as.needs[0] if read_as and read_as.needs else None
    asked = Asked(
        name=" ".join(_text("name").split()),
        phone=_text("phone"),
        reach=_text("reach"),
        zip=_text("zip")[:10].strip(),
        words=words,
        language=language if language in known else current_language().code,
        listing=listing_of(request.form.get("listing", "")),
        may_text=request.form.get("may_text") == "on",
        may_share=request.form.get("may_share") == "on",
        agreed=_agreed(),
        subneed=first.need if first and first.confidence >= SURE else "",
        danger=read_as.urgent if read_as else (),
    )
    age = int(db.wall_clock().timestamp()) - shown_at
    return Typed(asked, key, age, robot=bool(request.form.get(HONEYPOT, "")))


def listing_of(typed: str) -> ListingKey | None:
    """The place somebody asks about; nothing for what is no key."""
    try:
        return ListingKey.parse(typed) if typed else None
    except BadListingKeyError:
        return None


def words_of(problems: dict[str, str]) -> dict[str, str]:
    """The sentences beside the fields."""
    return {name: str(PROBLEMS[name, code]) for name, code in problems.items()}


def _agreed() -> dict[str, str]:
    """The sentences that were ticked, as they stood on the page."""
    ticked = {"keep": ("agree", KEEP), "text": ("may_text", TEXT), "share": ("may_share", SHARE)}
    return {name: str(words) for name, (box, words) in ticked.items() if request.form.get(box) == "on"}


def _text(name: str) -> str:
    return clean_text(request.form.get(name, "")[:MOST_TYPED]).strip()


def _opened(signed: str) -> tuple[str, int]:
    try:
        mark = _signer().loads(signed)
        return str(mark["k"]), int(mark["t"])
    except (BadSignature, KeyError, TypeError, ValueError):
        return "", 0


def _signer() -> URLSafeSerializer:
    secret = current_app.secret_key
    assert secret is not None
    return URLSafeSerializer(secret, salt="ask")
