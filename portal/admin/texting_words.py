"""The state of texting in words and numbers: alarms with what to do, bars, codes, the checklist step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from i18n.catalog import ngettext
from messaging.errors import rule_of
from messaging.figures import EDGES, TARGETS, Alarm
from messaging.going_live import ready
from portal.admin import checklist_words
from portal.admin.checklist_words import Note
from resources_db.vocab import MessageState

if TYPE_CHECKING:
    from datetime import timedelta
    from decimal import Decimal

    from i18n.lazy import LazyText
    from messaging.figures import Figures, Histogram
    from messaging.going_live import Finding
    from resources_db.models.access import Setting
    from resources_db.models.messages import Message

ALARMS: dict[Alarm, tuple[LazyText, LazyText]] = {
    Alarm.PAUSED: (lazy("Sending is paused."), lazy("Nothing is lost: texts wait. Mend the reason, then go on.")),
    Alarm.DOUBLED: (
        lazy("A text arrived twice."),
        lazy("The provider took one text under two ids. Look whether a server stood still for minutes."),
    ),
    Alarm.UNCONFIRMED: (
        lazy("Texts are in doubt for more than 15 minutes."),
        lazy("The provider neither reports nor lists them. They are not sent again until it does."),
    ),
    Alarm.OLD_QUEUE: (
        lazy("Texts wait for more than 5 minutes."),
        lazy("Look whether the worker runs, and whether the pace fits your campaign."),
    ),
    Alarm.FEW_DELIVERED: (
        lazy("Fewer than 85 of 100 texts arrived in the last hour."),
        lazy("Look at the codes below: carriers may be filtering them."),
    ),
}
PAUSES: dict[str, LazyText] = {
    "credentials": lazy("The provider refuses our account or its secret."),
    "bad_sender": lazy("The number or service that texts leave from cannot be used."),
    "account": lazy("The account is blocked, or its campaign is not registered."),
}
CODES: dict[str, LazyText] = {
    "invalid_number": lazy("not a number"),
    "not_mobile": lazy("a landline"),
    "opted_out": lazy("said STOP to the phone company"),
    "not_routable": lazy("cannot be reached from our sender"),
    "too_long": lazy("too long"),
    "bad_sender": lazy("sender cannot be used"),
    "credentials": lazy("account or secret refused"),
    "account": lazy("account blocked or campaign not registered"),
    "too_many": lazy("too fast"),
    "queue_full": lazy("the provider’s queue was full"),
    "daily_cap": lazy("the carrier’s daily limit"),
    "unreachable": lazy("phone off or out of reach"),
    "unknown_destination": lazy("unknown number"),
    "filtered": lazy("filtered by the carrier"),
    "carrier_unknown": lazy("the carrier does not say why"),
    "too_old": lazy("too late"),
}
TEST_STATES: dict[MessageState, LazyText] = {
    MessageState.QUEUED: lazy("waits"),
    MessageState.SENDING: lazy("on its way to the provider"),
    MessageState.UNKNOWN: lazy("not confirmed yet"),
    MessageState.ACCEPTED: lazy("taken by the provider"),
    MessageState.SENT: lazy("sent to the carrier"),
    MessageState.DELIVERED: lazy("delivered"),
    MessageState.SUPPRESSED: lazy("not sent: this number said STOP"),
    MessageState.EXPIRED: lazy("not sent: it waited too long"),
    MessageState.CANCELLED: lazy("taken back"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a histogram."""

    label: str
    number: int
    percent: int


@dataclass(frozen=True, slots=True)
class Times:
    """A histogram and what was promised of it."""

    title: str
    bars: tuple[Bar, ...]
    n: int
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the page shows."""

    alarms: tuple[Note, ...]
    paused: bool
    facts: tuple[tuple[str, str], ...]
    times: tuple[Times, ...]
    failures: tuple[tuple[str, str, str], ...]
    steps: tuple[Note, ...]
    ready: bool
    looked_at: str
    test: str


def page(
    found: Figures, zone: str, looked: Setting | None, findings: tuple[Finding, ...], test: Message | None
) -> Page:
    """`looked` is when the checklist was last gone through, `test` the last test text of the reader."""
    return Page(
        alarms=tuple(_alarm(alarm, found) for alarm in found.alarms),
        paused=bool(found.paused_why),
        facts=_facts(found, findings),
        times=(
            _times(_("From ready to the provider"), found.to_provider, targets=True),
            _times(_("From the provider to the phone"), found.to_phone),
        ),
        failures=tuple(
            (code, str(CODES.get(rule_of(code).meaning, _("unknown code"))), formatting.number(n))
            for code, n in found.failures
        ),
        steps=tuple(checklist_words.step(one) for one in findings),
        ready=ready(findings),
        looked_at=formatting.date_time(looked.changed_at, zone) if looked else "",
        test=_test(test),
    )


def test_text(label: str) -> str:
    """The words of the test text."""
    return _("%(org)s: This is a test. Texts leave and arrive.", org=label or "Handrail")


def _alarm(alarm: Alarm, found: Figures) -> Note:
    title, words = ALARMS[alarm]
    reason = PAUSES.get(found.paused_why) if alarm is Alarm.PAUSED else None
    return Note("stop", str(title), f"{reason} {words}" if reason else str(words))


def _facts(found: Figures, findings: tuple[Finding, ...]) -> tuple[tuple[str, str], ...]:
    return (
        (_("Ready and waiting"), formatting.number(found.waiting)),
        (_("The oldest waits"), _age(found.oldest_due) if found.waiting else ""),
        (_("Not confirmed yet"), formatting.number(found.unconfirmed)),
        (_("Segments this month"), formatting.number(found.segments_this_month)),
        (_("About what they cost"), _cost(found.segments_this_month, checklist_words.price_of(findings))),
    )


def _cost(segments: int, price: Decimal | None) -> str:
    return formatting.money(price * segments) if price is not None else ""


def _age(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    return ngettext("%(num)s minute", "%(num)s minutes", minutes) if minutes else _("less than a minute")


def _times(title: str, measured: Histogram, *, targets: bool = False) -> Times:
    labels = [*(_("at most %(time)s", time=_seconds(edge)) for edge in EDGES), _("longer")]
    bars = tuple(
        Bar(label, n, round(100 * n / (measured.n or 1))) for label, n in zip(labels, measured.bars, strict=True)
    )
    promised = tuple(
        _(
            "%(share)s within %(time)s; promised %(target)s",
            share=formatting.percent(measured.within(seconds)),
            time=_seconds(seconds),
            target=formatting.percent(share),
        )
        for seconds, share in TARGETS
    )
    return Times(title, bars, measured.n, promised if targets and measured.n else ())


def _seconds(seconds: float) -> str:
    whole = int(seconds)
    if whole < 60:
        return ngettext("%(num)s second", "%(num)s seconds", whole)
    return ngettext("%(num)s minute", "%(num)s minutes", whole // 60)


def _test(message: Message | None) -> str:
    if message is None:
        return ""
    if message.error_code:
        meaning = CODES.get(rule_of(message.error_code).meaning)
        return f"{message.error_code}: {meaning}" if meaning else message.error_code
    return str(TEST_STATES.get(message.state, message.state.value))
