"""How a person may be contacted, in words: stands on top of the record and wherever somebody would call or text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from i18n.catalog import gettext as _

if TYPE_CHECKING:
    from resources_db.models.people import Patient


@dataclass(frozen=True, slots=True)
class SafeContact:
    """`rule` is what must not be done, `note` the team's own words; both may be empty. `phone` only where calls may."""

    rule: str
    note: str
    prohibited: bool
    phone: str

    def __bool__(self) -> bool:
        return bool(self.rule or self.note)


def of(patient: Patient) -> SafeContact:
    """The rules of a patient."""
    may_call = not (patient.never_call or patient.contact_prohibited)
    return SafeContact(
        rule=_rule(patient),
        note=patient.safe_contact,
        prohibited=patient.contact_prohibited,
        phone=patient.phone if may_call else "",
    )


def _rule(patient: Patient) -> str:
    if patient.contact_prohibited:
        return _("Do not contact. Nothing is sent, and no agency may call.")
    if patient.never_text and patient.never_call:
        return _("Do not call and do not text.")
    if patient.never_call:
        return _("Do not call.")
    return _("Do not text.") if patient.never_text else ""
