"""What the phone page shows, made from the phone company's file and the names of the demo. Changes nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from i18n.locales import get
from messaging.opt_out_words import HELP, STOP
from messaging.sms_text import Measure, measure
from portal.sms.account_api import PRICE
from portal.sms.phone_people import PhoneOwner, stranger
from portal.sms.phone_store import IN
from portal.sms.scripts import SCRIPTS
from resources_db.vocab import MessageState

if TYPE_CHECKING:
    from datetime import datetime

    from i18n.lazy import LazyText
    from portal.sms.carrier import Tricks
    from portal.sms.phone_store import Mail, PhoneStore, Text

IN_SIGHT = 8
LINK = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)]")
STATE = {
    "queued": MessageState.SENDING,
    "sent": MessageState.SENT,
    "delivered": MessageState.DELIVERED,
    "undelivered": MessageState.UNDELIVERED,
    "failed": MessageState.FAILED,
}


_DIGITS = {"ar": "١٢٣"}
_TRICKS: dict[str, LazyText] = {
    "doubled": lazy("Reports come twice"),
    "reversed": lazy("Reports come in the wrong order"),
    "early": lazy("Reports come before the answer"),
    "never": lazy("No report comes"),
    "bad_signature": lazy("Reports are signed wrongly"),
    "list_down": lazy("The list of texts cannot be read"),
}


@dataclass(frozen=True, slots=True)
class PhoneRow:
    """One phone in the list."""

    owner: PhoneOwner
    number: str
    facts: str
    last: str
    waiting: int
    here: bool


@dataclass(frozen=True, slots=True)
class Bubble:
    """One text on the phone."""

    body: Markup
    mine: bool
    at: str
    state: str
    error: str
    lang: str
    measure: Measure

    @property
    def cents(self) -> str:
        """What it would cost, in US cents."""
        return formatting.number(PRICE * 100 * self.measure.segments)


@dataclass(frozen=True, slots=True)
class PhonePage:
    """The whole page."""

    here: PhoneOwner
    phones: list[PhoneRow]
    bubbles: list[Bubble]
    mails: list[MailRow]
    product_time: datetime
    real_time: datetime
    off: bool
    slow: bool
    tricks: Tricks

    @property
    def near(self) -> list[PhoneRow]:
        """The phones in sight: the one in the hand, those that heard last, and a few more."""
        return self._by_place(near=True)

    @property
    def far(self) -> list[PhoneRow]:
        """The other phones."""
        return self._by_place(near=False)

    def _by_place(self, *, near: bool) -> list[PhoneRow]:
        top = {row.number for row in self.phones[:IN_SIGHT]}
        return [row for row in self.phones if (row.here or row.number in top) is near]

    @property
    def replies(self) -> tuple[str, ...]:
        """What the owner of this phone may text back with one press, in her own digits and her own word for help."""
        digits = _DIGITS.get(self.here.lang, "123")
        return (*digits, HELP.get(self.here.lang, HELP["en"])[0].upper(), "START")

    @property
    def stops(self) -> tuple[str, ...]:
        """Her own word to stop, and the one that every phone company knows."""
        return tuple(dict.fromkeys((STOP.get(self.here.lang, STOP["en"])[0].upper(), "STOP")))

    @property
    def tricked(self) -> tuple[tuple[str, str, bool], ...]:
        """The tricks of the phone company: name, words, whether it is on."""
        lag = ("list_lag", _("The list of texts lags a minute behind"), bool(self.tricks.list_lag))
        return (*((name, str(words), bool(getattr(self.tricks, name))) for name, words in _TRICKS.items()), lag)

    @property
    def zone(self) -> str:
        """Where the phone in the hand is."""
        return self.here.zone

    @property
    def failures(self) -> list[tuple[str, str]]:
        """The numbers that fail: the last four digits and the code."""
        return [(end, script.fails_with or script.code) for end, script in SCRIPTS.items()]


@dataclass(frozen=True, slots=True)
class MailRow:
    """One mail; `body` is plain text with its links made clickable."""

    message_id: str
    sender: str
    receiver: str
    subject: str
    paragraphs: tuple[Markup, ...]
    lang: str
    at: str
    here: bool


def chosen(number: str, owners: dict[str, PhoneOwner], store: PhoneStore) -> PhoneOwner:
    """The phone in the hand: the asked one, else the one that heard last, else the first."""
    if number:
        return owners.get(number) or stranger(number)
    heard = sorted(store.phones().items(), key=lambda item: -item[1].number)
    if heard:
        return owners.get(heard[0][0]) or stranger(heard[0][0])
    return next(iter(owners.values()), stranger(""))


def rows(here: PhoneOwner, owners: dict[str, PhoneOwner], store: PhoneStore) -> list[PhoneRow]:
    """All phones, those that heard last on top."""
    last = store.phones()
    everyone = {**owners, **{number: stranger(number) for number in last if number not in owners}}
    if here.number:
        everyone.setdefault(here.number, here)
    order = sorted(everyone, key=lambda number: -last[number].number if number in last else 0)
    return [_row(everyone[number], last.get(number), store, number == here.number) for number in order]


def _row(owner: PhoneOwner, last: Text | None, store: PhoneStore, here: bool) -> PhoneRow:
    facts = [formatting.phone(owner.number), owner.kind]
    return PhoneRow(
        owner=owner,
        number=owner.number,
        facts=" · ".join(fact for fact in facts if fact),
        last=last.body if last is not None else "",
        waiting=_since_own_word(store.texts_of(owner.number)) if last is not None and not here else 0,
        here=here,
    )


def _since_own_word(texts: list[Text]) -> int:
    count = 0
    for text in reversed(texts):
        if text.direction == IN:
            return count
        count += 1
    return count


def bubbles(owner: PhoneOwner, store: PhoneStore) -> list[Bubble]:
    """The thread of a phone, oldest first."""
    return [_bubble(text, owner) for text in store.texts_of(owner.number)]


def _bubble(text: Text, owner: PhoneOwner) -> Bubble:
    mine = text.direction == IN
    return Bubble(
        body=with_links(text.body),
        mine=mine,
        at=when(text.shown, owner.zone),
        state="received" if mine else STATE.get(text.status, MessageState.SENDING).value,
        error=text.error_code,
        lang=(owner.wants if mine else owner.reads).tag,
        measure=measure(text.body),
    )


def mails(store: PhoneStore, asked: str, zone: str) -> list[MailRow]:
    """The agencies' inbox, newest first; the asked one is open, else the newest."""
    found = store.mails()
    known = {mail.message_id for mail in found}
    open_one = asked if asked in known else (found[0].message_id if found else "")
    return [_mail(mail, zone, mail.message_id == open_one) for mail in found]


def _mail(mail: Mail, zone: str, here: bool) -> MailRow:
    paragraphs = tuple(_lines(part) for part in re.split(r"\n\s*\n", mail.body.strip()))
    return MailRow(
        message_id=mail.message_id,
        sender=mail.sender,
        receiver=mail.receiver,
        subject=mail.subject,
        paragraphs=paragraphs,
        lang=get(mail.lang).tag,
        at=when(mail.shown, zone),
        here=here,
    )


def _lines(paragraph: str) -> Markup:
    return Markup("<br>").join(with_links(line) for line in paragraph.splitlines())


def with_links(text: str) -> Markup:
    """Plain text, escaped, with its addresses made links, as a phone does it."""
    pieces, end = [], 0
    for found in LINK.finditer(text):
        pieces += [escape(text[end : found.start()]), _anchor(found[0])]
        end = found.end()
    return Markup("").join([*pieces, escape(text[end:])])


def _anchor(address: str) -> Markup:
    # a tab of its own, as a phone opens its browser beside the texts
    return Markup('<a href="{0}" target="_blank" rel="noopener">{0}</a>').format(address)


def when(moment: datetime, zone: str) -> str:
    """A weekday and time of day where the phone is."""
    wall = formatting.local(moment, zone)
    day = formatting.weekday(wall.weekday(), short=True)
    return _("%(day)s %(time)s", day=day, time=formatting.time(moment, zone))
