"""Who received what about a patient, and every agreement there was: one page, one file, on demand."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import url_for

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from portal import db, exports, htmx, limits, need_words
from portal.auth import current
from portal.auth.guards import needs
from portal.caseload import presenters
from portal.caseload.agreement_forms import GIVEN_BY, TOLD
from portal.caseload.blueprint import blueprint
from portal.caseload.send_words import FIELDS
from referrals import consent, disclosure_log, people, senders
from referrals.disclosure import Field
from resources_db import audit
from resources_db.vocab import Channel, ConsentMethod, TextingLevel

if TYPE_CHECKING:
    import datetime as dt

    from flask.typing import ResponseReturnValue

    from i18n.lazy import LazyText
    from referrals.disclosure_log import Received
    from resources_db.models.consents import Consent, TextingConsent

HOW: Final[dict[Channel, LazyText]] = {
    Channel.LINK: lazy("page behind a link"),
    Channel.PAGE: lazy("inbox of the agency"),
    Channel.SMS: lazy("text"),
    Channel.EMAIL: lazy("mail"),
    Channel.PHONE: lazy("phone"),
    Channel.IN_PERSON: lazy("in person"),
    Channel.PRINT: lazy("paper"),
    Channel.CLI: lazy("command line"),
    Channel.API: lazy("another system"),
    Channel.CLOCK: lazy("by itself"),
}
METHODS: Final[dict[ConsentMethod, LazyText]] = {
    ConsentMethod.VERBAL: lazy("spoken"),
    ConsentMethod.E_SIGN: lazy("signed on a screen"),
    ConsentMethod.PAPER_SCAN: lazy("signed on paper"),
    ConsentMethod.PATIENT_PAGE: lazy("on the patient’s own page"),
}
ENDED: Final[dict[str, LazyText]] = {
    "staff": lazy("taken back, told to us"),
    "page": lazy("taken back on the patient’s page"),
    "replaced": lazy("replaced by a newer one"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One time that something left the house."""

    when: str
    who: str
    what: str
    how: str
    note: str
    protected: bool


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """One agreement: with whom, until when, and how it was given and ended."""

    label: str
    holds: bool
    facts: tuple[str, ...]


@blueprint.get("/patients/<uuid:patient_id>/disclosures")
@needs("person.read")
def disclosures(patient_id: uuid.UUID) -> ResponseReturnValue:
    """The page; reading it is audited."""
    now = db.now()
    with db.transaction() as session:
        patient = people.get(session, patient_id)
        zone = senders.org_of(session, patient.org_id).timezone
        received = disclosure_log.of_patient(session, patient_id, now=now)
        given = disclosure_log.agreements(session, patient_id)
        names = disclosure_log.names_of(session, given)
        texts = disclosure_log.texting_agreements(session, patient_id)
        audit.record(session, action="disclosures.read", subject_kind="patient", subject_id=patient_id, now=now)
        person = presenters.person(patient, now=now)
        agreements = [_agreement(one, names, zone, now) for one in given]
        agreements += [_texting(one, zone) for one in texts]
    return htmx.render(
        "caseload/disclosures.html",
        person=person,
        lines=[_line(one, zone) for one in received],
        agreements=agreements,
        file_url=url_for("caseload.disclosures_file", patient_id=patient_id),
    )


@blueprint.get("/patients/<uuid:patient_id>/disclosures.csv")
@needs("person.read")
def disclosures_file(patient_id: uuid.UUID) -> ResponseReturnValue:
    """The same as a file, for the person who asks for it."""
    person = current.member()
    assert person is not None
    limits.count(limits.EXPORT, str(person.org_id))
    now = db.now()
    with db.transaction() as session:
        received = disclosure_log.of_patient(session, patient_id, now=now)
        header = ["at", "recipient", "facts", "way", "referral", "agreement", "notice_42_cfr_part_2", "withdrawn"]
        rows: list[list[exports.Cell]] = [
            [
                *(one.at.isoformat(timespec="seconds"), one.recipient, " ".join(one.fields), one.channel.value),
                *(one.ref, str(one.consent_id or ""), "yes" if one.protected else "no", one.withdrawn),
            ]
            for one in received
        ]
        return exports.download(session, "disclosures", header, rows, what={"patient": str(patient_id)}, now=now)


def _line(one: Received, zone: str) -> Line:
    return Line(
        when=formatting.date_time(one.at, zone),
        who=one.recipient,
        what=formatting.list_of(str(FIELDS[Field(field)]) for field in one.fields if field in set(Field)),
        how=str(HOW[one.channel]),
        note=_("Sent by mistake. The link was closed.") if one.withdrawn else "",
        protected=one.protected,
    )


def _agreement(one: Consent, names: dict[uuid.UUID, str], zone: str, now: dt.datetime) -> AgreementLine:
    who = [names.get(part.organization_id, "") for part in one.recipients if part.organization_id]
    who += [need_words.domain(part.domain) for part in one.recipients if part.domain]
    facts = [
        _("%(how)s on %(date)s", how=METHODS[one.method], date=formatting.date_time(one.effective_at, zone)),
        _("by: %(who)s", who=GIVEN_BY.get(one.given_by, one.given_by)) if one.given_by != "patient" else "",
        _("with an interpreter") if one.interpreter else "",
        _("until %(date)s", date=_day(one.expires_at, zone)) if one.expires_at else "",
        _("what for: %(purpose)s", purpose=one.purpose) if one.purpose else "",
        _("only: %(facts)s", facts=_facts(one.categories)) if one.categories else "",
        *(str(TOLD[code]) for code in TOLD if code.value in one.told),
        _ended(one.revoked_how, one.revoked_at, zone),
    ]
    label = formatting.list_of(who)
    if consent.PART2 in one.flags:
        label = _("%(agencies)s (42 CFR Part 2)", agencies=label)
    return AgreementLine(label, consent.is_valid(one, now), tuple(fact for fact in facts if fact))


def _texting(one: TextingConsent, zone: str) -> AgreementLine:
    level = _("may name the place") if one.level is TextingLevel.DETAILS else _("neutral words only")
    ended = _("taken back on %(date)s", date=_day(one.withdrawn_at, zone)) if one.withdrawn_at else ""
    given = _("given on %(date)s", date=formatting.date_time(one.given_at, zone))
    facts = tuple(fact for fact in (given, level, ended) if fact)
    return AgreementLine(_("Texts"), one.withdrawn_at is None, facts)


def _ended(how: str | None, at: dt.datetime | None, zone: str) -> str:
    if at is None:
        return ""
    return f"{ENDED.get(how or '', _('ended'))}, {_day(at, zone)}"


def _facts(codes: list[str]) -> str:
    return formatting.list_of(str(FIELDS[Field(code)]) for code in codes if code in set(Field))


def _day(moment: dt.datetime | None, zone: str) -> str:
    return formatting.date(formatting.local(moment, zone).date()) if moment else ""
