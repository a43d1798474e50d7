"""Which reason codes a refusal, a failure, a withdrawal or a wait may carry, and what they say of the listing. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from resources_db.vocab import CapacityState, Reason, ReferralState, Side

DECLINED = (
    Reason.NO_CAPACITY,
    Reason.WAITLIST_ONLY,
    Reason.NOT_ELIGIBLE,
    Reason.OUT_OF_AREA,
    Reason.SERVICE_NOT_OFFERED,
    Reason.PROGRAM_CLOSED,
    Reason.FUNDING_EXHAUSTED,
    Reason.LANGUAGE_UNAVAILABLE,
    Reason.NEEDS_MORE_INFORMATION,
    Reason.DUPLICATE,
    Reason.SAFETY,
    Reason.OTHER,
)
NOT_SERVED = (
    Reason.COULD_NOT_REACH,
    Reason.NO_SHOW,
    Reason.CLIENT_DECLINED_HELP,
    Reason.FOUND_INELIGIBLE,
    Reason.DOCUMENTS_MISSING,
    Reason.FUNDING_EXHAUSTED,
    Reason.CLIENT_MOVED,
    Reason.DIED,
    Reason.OTHER,
)
WITHDRAWN = (
    Reason.CLIENT_DECLINED,
    Reason.CONSENT_REVOKED,
    Reason.NEED_MET_ELSEWHERE,
    Reason.DUPLICATE,
    Reason.WRONG_SERVICE,
    Reason.WRONG_PATIENT,
    Reason.CLIENT_MOVED,
    Reason.ADMITTED_OR_INCARCERATED,
    Reason.DIED,
    Reason.UNSAFE_CONTACT,
)
WAITLISTED = (Reason.NO_CAPACITY, Reason.AWAITING_ELIGIBILITY, Reason.AWAITING_DOCUMENTS, Reason.SEASONAL)

OF_STATE: Mapping[ReferralState, tuple[Reason, ...]] = MappingProxyType(
    {
        ReferralState.DECLINED: DECLINED,
        ReferralState.NOT_SERVED: NOT_SERVED,
        ReferralState.WITHDRAWN: WITHDRAWN,
        ReferralState.WAITLISTED: WAITLISTED,
    }
)
"""States whose entry needs a reason, and the codes offered, in the order of the page."""

AGENCY_WITHDRAWS = frozenset(
    {
        Reason.CLIENT_DECLINED,
        Reason.NEED_MET_ELSEWHERE,
        Reason.CLIENT_MOVED,
        Reason.ADMITTED_OR_INCARCERATED,
        Reason.DIED,
    }
)
"""An agency withdraws on the client's word only; the other reasons are not its to know."""

CAPACITY_SAID: Mapping[Reason, CapacityState] = MappingProxyType(
    {
        Reason.NO_CAPACITY: CapacityState.FULL,
        Reason.WAITLIST_ONLY: CapacityState.WAITLIST,
        Reason.FUNDING_EXHAUSTED: CapacityState.OUT_OF_FUNDS,
    }
)
"""What a refusal also says about room at the listing."""

NO_ROOM = frozenset(CAPACITY_SAID)
"""Reasons counted by the no-capacity rate."""


def allowed(state: ReferralState, side: Side) -> tuple[Reason, ...]:
    """The codes this side may give when entering `state`; empty when no reason is asked."""
    codes = OF_STATE.get(state, ())
    if state is not ReferralState.WITHDRAWN:
        return codes
    if side is Side.AGENCY:
        return tuple(code for code in codes if code in AGENCY_WITHDRAWS)
    if side is Side.SYSTEM:
        return (Reason.CONSENT_REVOKED, Reason.DUPLICATE)  # duplicate: set aside by its own correction
    return codes
