"""What may go wrong in a use case: a code and facts, never an English sentence. Pages make words and a status of it."""

import uuid
from datetime import datetime
from enum import StrEnum, unique

from referrals.lifecycle import Refusal
from resources_db.vocab import ReferralState


class ReferralError(Exception):
    """Base of all errors of this package. `code` is stable; facts are attributes."""

    code = "referral_error"

    def __init__(self) -> None:
        """The text is the code: an exception must never carry a name, a number or a need."""
        super().__init__(self.code)


class NotFoundError(ReferralError):
    """No such row for this actor; a foreign one looks the same (404)."""

    code = "not_found"


class MoveRefusedError(ReferralError):
    """The lifecycle says no (409, with the moves that are possible)."""

    code = "move_refused"

    def __init__(self, refusal: Refusal) -> None:
        """Keep the typed refusal for the page."""
        super().__init__()
        self.refusal = refusal


class ChangedMeanwhileError(ReferralError):
    """Somebody else was faster (409): the state now, who and when."""

    code = "changed_meanwhile"

    def __init__(self, state: ReferralState, said_by: str | None, at: datetime | None) -> None:
        """Keep what the page tells the loser of the race."""
        super().__init__()
        self.state, self.said_by, self.at = state, said_by, at


class TooLateError(ReferralError):
    """The undo window is over: the batch has left, or was decided already."""

    code = "too_late"


@unique
class Why(StrEnum):
    """Why a referral cannot be sent to one place, or a text cannot go out."""

    NO_PLACES = "no_places"
    UNKNOWN_LISTING = "unknown_listing"
    NO_NEED = "no_need"
    NO_CONSENT = "no_consent"
    ALREADY_OPEN = "already_open"
    DIRECTORY_ONLY = "directory_only"
    PART2_CONSENT = "part2_consent"
    PATIENT_CLOSED = "patient_closed"
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
        super().__init__()
        self.why, self.listing = why, listing


class BadInputError(ReferralError):
    """A field of a form does not hold (422): the field's name and a code for the message beside it."""

    code = "bad_input"

    def __init__(self, field: str, problem: str) -> None:
        """Keep the field and the problem; never the value."""
        super().__init__()
        self.field, self.problem = field, problem


class ConsentInvalidError(ReferralError):
    """A consent cannot be recorded as given: what is missing."""

    code = "consent_invalid"

    def __init__(self, missing: str) -> None:
        """Keep the name of the missing element."""
        super().__init__()
        self.missing = missing


class CodeRefusedError(ReferralError):
    """The six digits of a link do not open it. `left` tries remain; 0 means the link is locked now."""

    code = "code_refused"

    def __init__(self, left: int) -> None:
        """Keep how many tries are left."""
        super().__init__()
        self.left = left


class LinkLockedError(ReferralError):
    """Too many wrong codes: the link waits for a navigator."""

    code = "link_locked"


class ConsentRevokedError(ReferralError):
    """The person took consent back, so the agency's late word cannot become a new referral."""

    code = "consent_revoked"

    def __init__(self, referral_id: uuid.UUID) -> None:
        """Keep the referral the word was about."""
        super().__init__()
        self.referral_id = referral_id
