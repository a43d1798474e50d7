"""What may go wrong in a use case: a code and facts, never an English sentence. Pages make words and a status of it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum, unique

from referrals.lifecycle import Refusal
from resources_db.vocab import ReferralState


class ReferralError(Exception):
    """Base of all errors of this package. `code` is stable; `facts` fill the sentence of the page."""

    code = "referral_error"

    def __init__(self, **facts: object) -> None:
        """The text is the code alone: an exception must never carry a name, a number or a need."""
        super().__init__(self.code)
        self.facts: Mapping[str, object] = facts


class NotFoundError(ReferralError):
    """No such row for this actor; a foreign one looks the same (404)."""

    code = "not_found"


class MoveRefusedError(ReferralError):
    """The lifecycle says no (409, with the moves that are possible)."""

    code = "move_refused"

    def __init__(self, refusal: Refusal) -> None:
        """Keep the typed refusal for the page."""
        super().__init__(why=refusal.code.value, state=refusal.state.value)
        self.refusal = refusal


class ChangedMeanwhileError(ReferralError):
    """Somebody else was faster (409): the state now, who and when."""

    code = "changed_meanwhile"

    def __init__(self, state: ReferralState, said_by: str, at: datetime | None) -> None:
        """Keep what the page tells the loser of the race."""
        super().__init__(state=state.value, said_by=said_by, at=at)
        self.state, self.said_by, self.at = state, said_by, at


class TooLateError(ReferralError):
    """The time to undo is over (409)."""

    code = "too_late"


@unique
class Why(StrEnum):
    """Why a referral cannot be sent to one place, or a text cannot go out."""

    NO_PLACES = "no_places"
    UNKNOWN_LISTING = "unknown_listing"
    NO_NEED = "no_need"
    NO_CONSENT = "no_consent"
    ALREADY_OPEN = "already_open"
    CHOSEN_TWICE = "chosen_twice"
    DIRECTORY_ONLY = "directory_only"
    PART2_CONSENT = "part2_consent"
    PATIENT_CLOSED = "patient_closed"
    CONTACT_PROHIBITED = "contact_prohibited"
    FIELD_NOT_ALLOWED = "field_not_allowed"
    NO_PHONE = "no_phone"
    NEVER_TEXT = "never_text"
    NO_TEXTING_CONSENT = "no_texting_consent"
    STOPPED = "stopped"
    ON_HOLD = "on_hold"
    SAFE_ONLY = "safe_only"
    NUMBER_BAD = "number_bad"


class NotSendableError(ReferralError):
    """Send was pressed but must not happen (422): which place, and why."""

    code = "not_sendable"

    def __init__(self, why: Why, listing: str = "") -> None:
        """Keep the reason and the listing key it is about."""
        super().__init__(why=why.value, listing=listing)
        self.why, self.listing = why, listing


class BadInputError(ReferralError):
    """A field of a form does not hold (422): the field's name and a code for the message beside it."""

    code = "bad_input"

    def __init__(self, field: str, problem: str) -> None:
        """Keep the field and the problem; never the value."""
        super().__init__(field=field, problem=problem)
        self.field, self.problem = field, problem


class LinkLockedError(ReferralError):
    """Too many wrong codes: the link waits for a navigator (403)."""

    code = "link_locked"


class StepUpNeededError(ReferralError):
    """The link must be confirmed with a code before it shows anything of a person (403)."""

    code = "step_up_needed"
