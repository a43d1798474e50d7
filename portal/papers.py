"""Papers that listings often ask for, in the patient's words. Others are shown as the listing wrote them."""

from __future__ import annotations

from i18n.catalog import patient

# Translators: papers to bring to a place that helps
PAPERS = {
    "photo id": patient.lazy_gettext("A photo ID"),
    "id": patient.lazy_gettext("A photo ID"),
    "any id": patient.lazy_gettext("Any ID"),
    "proof of address": patient.lazy_gettext("Proof of where you live"),
    "proof of residence": patient.lazy_gettext("Proof of where you live"),
    "proof of income": patient.lazy_gettext("Proof of income"),
    "social security card": patient.lazy_gettext("Social Security card"),
    "birth certificate": patient.lazy_gettext("Birth certificate"),
    "insurance card": patient.lazy_gettext("Insurance card"),
    "lease": patient.lazy_gettext("Your lease"),
    "utility bill": patient.lazy_gettext("Your newest bill"),
    "shut-off notice": patient.lazy_gettext("The shut-off notice"),
    "eviction notice": patient.lazy_gettext("The eviction notice"),
    "pay stubs": patient.lazy_gettext("Pay stubs"),
    "prescription": patient.lazy_gettext("Your prescription"),
    "doctor’s order": patient.lazy_gettext("A note from your doctor"),
    "doctor's order": patient.lazy_gettext("A note from your doctor"),
    "medical records": patient.lazy_gettext("Your health papers"),
    "immunization record": patient.lazy_gettext("Your child’s shot record"),
    "letters from the landlord": patient.lazy_gettext("Letters from the landlord"),
    "appointment letter": patient.lazy_gettext("The letter about your visit"),
    "bills": patient.lazy_gettext("Your bills"),
    "school id": patient.lazy_gettext("A school ID"),
    "a school id": patient.lazy_gettext("A school ID"),
    "a bag": patient.lazy_gettext("A bag"),
    "none": patient.lazy_gettext("Nothing"),
    "nothing": patient.lazy_gettext("Nothing"),
    "no papers needed": patient.lazy_gettext("No papers needed"),
}


def known(document: str) -> str | None:
    """The paper in the language of the moment, or None where it has to stay as written."""
    words = PAPERS.get(document.strip().rstrip(".").casefold())
    return None if words is None else str(words)
