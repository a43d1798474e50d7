"""Every word that is stored in a column, and nothing else.

Imports nothing of ours, so that the pure rules (state machines, quiet hours, permissions) can use the words without
a database.
"""

from enum import StrEnum, unique


@unique
class OrgKind(StrEnum):
    """Tenant kinds (security.md section 4)."""

    CARE = "care"
    AGENCY = "agency"
    DIRECTORY = "directory"


@unique
class Role(StrEnum):
    """A role belongs to a membership (user x org), never to a user."""

    NAVIGATOR = "navigator"
    SUPERVISOR = "supervisor"
    CARE_ADMIN = "care_admin"
    AGENCY_WORKER = "agency_worker"
    AGENCY_ADMIN = "agency_admin"
    CURATOR = "curator"
    DIRECTORY_ADMIN = "directory_admin"
    AUDITOR = "auditor"
    SITE_ADMIN = "site_admin"


@unique
class ActorKind(StrEnum):
    """Who does something. `clock` and `webhook` are the system's own hands, named so that events say which."""

    USER = "user"
    LINK = "link"
    WEBHOOK = "webhook"
    CLOCK = "clock"
    SYSTEM = "system"
    IMPORT = "import"


@unique
class Side(StrEnum):
    """Whose word an event carries."""

    NAVIGATOR = "navigator"
    AGENCY = "agency"
    PATIENT = "patient"
    CLOCK = "clock"
    SYSTEM = "system"


@unique
class Channel(StrEnum):
    """How a word reached us or leaves us."""

    PAGE = "page"
    LINK = "link"
    SMS = "sms"
    EMAIL = "email"
    PHONE = "phone"
    IN_PERSON = "in_person"
    PRINT = "print"
    CLI = "cli"
    API = "api"
    CLOCK = "clock"


@unique
class ReferralState(StrEnum):
    """States of one attempt with one agency (referrals.md section 2)."""

    DRAFT = "draft"
    SENT = "sent"
    SEEN = "seen"
    ACCEPTED = "accepted"
    CONTACTING = "contacting"
    SCHEDULED = "scheduled"
    MISSED = "missed"
    NEEDS_CLIENT = "needs_client"
    RECEIVING = "receiving"
    WAITLISTED = "waitlisted"
    SERVED = "served"
    PARTLY_SERVED = "partly_served"
    DECLINED = "declined"
    NOT_SERVED = "not_served"
    WITHDRAWN = "withdrawn"
    NO_RESPONSE = "no_response"
    ERROR = "error"


@unique
class BusinessStatus(StrEnum):
    """The finer word beside the state; becomes FHIR Task.businessStatus."""

    SENT = "sent"
    VIEWED = "viewed"
    ACCEPTED = "accepted"
    ATTEMPT_1 = "attempt-1"
    ATTEMPT_2 = "attempt-2"
    ATTEMPT_3 = "attempt-3"
    SCHEDULED = "scheduled"
    NO_SHOW = "no-show"
    NEEDS_DOCUMENTS = "needs-documents"
    NEEDS_APPLICATION = "needs-application"
    ENROLLED = "enrolled"
    SERVICE_STARTED = "service-started"
    WAITLIST = "waitlist"
    COMPLETED = "completed"
    COMPLETED_PARTLY = "completed-partly"
    DECLINED = "declined"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@unique
class Reason(StrEnum):
    """Reason codes of all groups (referrals.md section 3); `referrals.lifecycle` says which group allows which."""

    NO_CAPACITY = "no-capacity"
    WAITLIST_ONLY = "waitlist-only"
    NOT_ELIGIBLE = "not-eligible"
    OUT_OF_AREA = "out-of-area"
    SERVICE_NOT_OFFERED = "service-not-offered"
    PROGRAM_CLOSED = "program-closed"
    FUNDING_EXHAUSTED = "funding-exhausted"
    LANGUAGE_UNAVAILABLE = "language-unavailable"
    NEEDS_MORE_INFORMATION = "needs-more-information"
    DUPLICATE = "duplicate"
    SAFETY = "safety"
    OTHER = "other"
    COULD_NOT_REACH = "could-not-reach"
    NO_SHOW = "no-show"
    CLIENT_DECLINED_HELP = "client-declined-help"
    FOUND_INELIGIBLE = "found-ineligible"
    DOCUMENTS_MISSING = "documents-missing"
    CLIENT_MOVED = "client-moved"
    DIED = "died"
    CLIENT_DECLINED = "client-declined"
    CONSENT_REVOKED = "consent-revoked"
    NEED_MET_ELSEWHERE = "need-met-elsewhere"
    WRONG_SERVICE = "wrong-service"
    WRONG_PATIENT = "wrong-patient"
    ADMITTED_OR_INCARCERATED = "admitted-or-incarcerated"
    UNSAFE_CONTACT = "unsafe-contact"
    AWAITING_ELIGIBILITY = "awaiting-eligibility"
    AWAITING_DOCUMENTS = "awaiting-documents"
    SEASONAL = "seasonal"


@unique
class PatientReason(StrEnum):
    """Why a patient could not get help (their own word, never the agency's)."""

    NO_ANSWER = "no-answer"
    CLOSED = "closed"
    FULL = "full"
    NOT_ELIGIBLE = "not-eligible"
    COULD_NOT_GET_THERE = "could-not-get-there"
    LANGUAGE = "language"
    PAPERS = "papers"
    TOO_FAR = "too-far"
    COST = "cost"
    FELT_UNWELCOME = "felt-unwelcome"
    OTHER = "other"


@unique
class PatientWord(StrEnum):
    """What a patient said about a referral or a need."""

    GOT_HELP = "got_help"
    PARTLY = "partly"
    NOT_YET = "not_yet"
    COULD_NOT = "could_not"
    NOT_NEEDED = "not_needed"
    OTHER_HELP = "other_help"
    CALL_ME = "call_me"
    SOLVED = "solved"
    PARTLY_SOLVED = "partly_solved"
    NOT_SOLVED = "not_solved"
    WRONG_PERSON = "wrong_person"


@unique
class Question(StrEnum):
    """Questions we ask patients."""

    OPEN = "open"
    DAY_3 = "day_3"
    DAY_10 = "day_10"
    DAY_30 = "day_30"
    APPOINTMENT = "appointment"


@unique
class EventKind(StrEnum):
    """Kinds of referral event; the state is the fold of the moves."""

    MOVE = "move"
    NOTE = "note"
    MESSAGE = "message"
    CONTACT = "contact"
    ANSWER = "answer"
    CORRECTION = "correction"
    VIEW = "view"


@unique
class NeedStatus(StrEnum):
    OPEN = "open"
    IN_WORK = "in_work"
    MET = "met"
    UNMET_CLOSED = "unmet_closed"
    NOT_WANTED = "not_wanted"
    UNKNOWN = "unknown"


@unique
class NeedSource(StrEnum):
    SCREENING = "screening"
    TALK = "talk"
    PATIENT = "patient"
    EHR = "ehr"
    IMPORT = "import"


@unique
class HelpWanted(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@unique
class Priority(StrEnum):
    ROUTINE = "routine"
    URGENT = "urgent"


@unique
class RequestStatus(StrEnum):
    """FHIR ServiceRequest.status words."""

    DRAFT = "draft"
    ACTIVE = "active"
    ON_HOLD = "on_hold"
    REVOKED = "revoked"
    COMPLETED = "completed"
    ENTERED_IN_ERROR = "entered_in_error"


@unique
class ConsentMethod(StrEnum):
    PAPER_SCAN = "paper_scan"
    E_SIGN = "e_sign"
    VERBAL = "verbal"
    PATIENT_PAGE = "patient_page"


@unique
class ConsentScope(StrEnum):
    ONE_REFERRAL = "one_referral"
    PROGRAM = "program"
    OPERATIONS = "treatment_payment_operations"


@unique
class RecipientKind(StrEnum):
    """A consent names an organization or a class of services (a need domain)."""

    ORGANIZATION = "organization"
    DOMAIN = "domain"


@unique
class TextingLevel(StrEnum):
    NEUTRAL = "neutral"
    DETAILS = "details"


@unique
class LinkPurpose(StrEnum):
    PATIENT = "patient"
    AGENCY = "agency"
    LISTING_CHECK = "listing_check"
    DIGEST = "digest"


@unique
class BatchState(StrEnum):
    """One press of Send: it waits ten seconds, then leaves, or was undone, or was blocked."""

    WAITING = "waiting"
    RELEASED = "released"
    UNDONE = "undone"
    BLOCKED = "blocked"


@unique
class TaskKind(StrEnum):
    """Due rows of a referral (never sleeping workflows)."""

    ASK_DAY_3 = "ask_day_3"
    ASK_DAY_10 = "ask_day_10"
    ASK_DAY_30 = "ask_day_30"
    AGENCY_NOTICE_2 = "agency_notice_2"
    AGENCY_NOTICE_3 = "agency_notice_3"
    AGENCY_OVERDUE = "agency_overdue"
    NO_RESPONSE = "no_response"
    FIRST_CONTACT = "first_contact"
    WAITLIST_CHECK = "waitlist_check"
    APPOINTMENT_CHECK = "appointment_check"
    SILENT_AFTER_YES = "silent_after_yes"
    APPOINTMENT_REMINDER = "appointment_reminder"
    CHECK_IN = "check_in"
    TELL_PATIENT = "tell_patient"
    AGENCY_CONFIRM = "agency_confirm"
    CONTACT_DUE = "contact_due"
    NEED_UNSURE = "need_unsure"


@unique
class WhyCode(StrEnum):
    """Why a worklist item exists; the words are made from code and facts in the reader's language."""

    NO_REPLY = "no_reply"
    AGENCY_FULL = "agency_full"
    AGENCY_SAID_NO = "agency_said_no"
    NOT_SERVED = "not_served"
    NO_RESPONSE = "no_response"
    PATIENT_COULD_NOT = "patient_could_not"
    PATIENT_OTHER_HELP = "patient_other_help"
    PATIENT_WANTS_CALL = "patient_wants_call"
    PATIENT_WROTE = "patient_wrote"
    PATIENT_NOT_NEEDED = "patient_not_needed"
    PATIENT_FOUND_IT = "patient_found_it"
    DISAGREEMENT = "disagreement"
    PARTLY_SERVED = "partly_served"
    NEEDS_PAPERS = "needs_papers"
    HOME_FROM_HOSPITAL = "home_from_hospital"
    DATE_AT_RISK = "date_at_risk"
    TEXT_NOT_DELIVERED = "text_not_delivered"
    STOPPED_TEXTS = "stopped_texts"
    MAY_WANT_STOP = "may_want_stop"
    WRONG_PERSON = "wrong_person"
    NO_ANSWER_TWICE = "no_answer_twice"
    WAITLIST_30_DAYS = "waitlist_30_days"
    LINK_LOCKED = "link_locked"
    CONSENT_ENDS = "consent_ends"
    SEND_BLOCKED = "send_blocked"
    UNSENT_DRAFT = "unsent_draft"
    AGENCY_QUESTION = "agency_question"
    LATE_ANSWER = "late_answer"
    NOTICE_NOT_CONFIRMED = "notice_not_confirmed"
    NO_NEXT_STEP = "no_next_step"
    PLACE_OPENED = "place_opened"
    WAITLIST_OTHERS = "waitlist_others"
    NO_PLACE = "no_place"
    WRONG_PATIENT = "wrong_patient"
    SCREENING_WAITS = "screening_waits"
    CONTACT_DUE = "contact_due"
    HANDED_OVER = "handed_over"
    GOAL_DUE = "goal_due"
    NEED_UNSURE = "need_unsure"
    SELF_REFERRED = "self_referred"
    MANUAL = "manual"


@unique
class GoalState(StrEnum):
    """FHIR Goal.lifecycleStatus words, those that are used."""

    ACTIVE = "active"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered_in_error"


@unique
class ScreeningState(StrEnum):
    """FHIR QuestionnaireResponse.status words, those that are used; `declined` is a person's no to being asked."""

    OPEN = "in_progress"
    DONE = "completed"
    STOPPED = "stopped"
    DECLINED = "declined"
    ENTERED_IN_ERROR = "entered_in_error"


@unique
class IntakeState(StrEnum):
    """A request for help from the public pages."""

    NEW = "new"
    TAKEN = "taken"
    ANSWERED = "answered"
    DUPLICATE = "duplicate"
    NOT_REAL = "not_real"


@unique
class SavedSearchMove(StrEnum):
    """What can happen to a saved search."""

    SAVED = "saved"
    WATCHED = "watched"
    UNWATCHED = "unwatched"
    OPENED = "opened"
    SEEN = "seen"
    REMOVED = "removed"
    RESTORED = "restored"


@unique
class Tier(StrEnum):
    """Outreach tiers of referrals.md section 12; stored as words so that 1 and 2 are never summed."""

    TODAY = "1_today"
    THIS_WEEK = "2_this_week"
    IN_WORK = "3_in_work"
    STEADY = "4_steady"


@unique
class ContactResult(StrEnum):
    REACHED = "reached"
    LEFT_MESSAGE = "left_message"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"


@unique
class MessageChannel(StrEnum):
    SMS = "sms"
    EMAIL = "email"


@unique
class MessageState(StrEnum):
    """States of one outbox row (messaging.md section 2)."""

    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@unique
class Purpose(StrEnum):
    """Template ids of messaging.md section 10, and the mails that stand beside them."""

    WELCOME = "welcome"
    REFERRAL = "referral"
    DETAILS = "details"
    REMINDER = "reminder"
    APPOINTMENT = "appointment"
    SAID_YES = "said_yes"
    NEWS = "news"
    NUDGE = "nudge"
    SOLVED = "solved"
    ANSWER_1 = "answer_1"
    ANSWER_2 = "answer_2"
    ANSWER_3 = "answer_3"
    FREE_TEXT = "free_text"
    CODE = "code"
    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"
    HELP = "help"
    AGENCY_NEW = "agency_new"
    AGENCY_REMINDER = "agency_reminder"
    AGENCY_CONFIRM = "agency_confirm"
    AGENCY_STOP = "agency_stop"
    AGENCY_ACK = "agency_ack"
    AGENCY_WHICH = "agency_which"
    AGENCY_DIGEST = "agency_digest"
    AGENCY_LINK = "agency_link"
    AGENCY_WHY = "agency_why"
    LISTING_CHECK = "listing_check"
    LISTING_DIGITS = "listing_digits"
    LISTING_SAVED = "listing_saved"
    LISTING_CHANGE = "listing_change"
    LISTING_DECIDED = "listing_decided"
    ROOM_CHECK = "room_check"
    SCREENING = "screening"
    BUNDLE = "bundle"
    STAFF_TEXT = "staff_text"
    STAFF_REPLY = "staff_reply"
    ACCOUNT = "account"
    TEST = "test"


@unique
class SuppressionWhy(StrEnum):
    STOP_WORD = "stop_word"
    PAGE = "page"
    STAFF = "staff"
    PROVIDER_21610 = "provider_21610"
    WRONG_NUMBER = "wrong_number"


@unique
class Visibility(StrEnum):
    PUBLIC = "public"
    STAFF = "staff"
    HIDDEN = "hidden"


@unique
class ServiceStatus(StrEnum):
    """HSDS 3.1 service.status."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DEFUNCT = "defunct"
    TEMPORARILY_CLOSED = "temporarily closed"


@unique
class LocationType(StrEnum):
    """HSDS 3.1 location.location_type and address.address_type."""

    PHYSICAL = "physical"
    POSTAL = "postal"
    VIRTUAL = "virtual"


@unique
class Access(StrEnum):
    WALK_IN = "walk_in"
    CALL_FIRST = "call_first"
    APPOINTMENT = "appointment"
    REFERRAL_ONLY = "referral_only"
    ONLINE = "online"


@unique
class NeedsOrigin(StrEnum):
    """Who said which needs a listing serves; a suggestion is the importer's guess from its words."""

    TAXONOMY = "taxonomy"
    SUGGESTED = "suggested"
    STAFF = "staff"


@unique
class CostKind(StrEnum):
    FREE = "free"
    SLIDING = "sliding"
    FEE = "fee"
    INSURANCE = "insurance"
    UNKNOWN = "unknown"


@unique
class Delivery(StrEnum):
    SITE = "site"
    HOME = "home"
    PHONE = "phone"
    ONLINE = "online"


@unique
class GeocodeQuality(StrEnum):
    ROOFTOP = "rooftop"
    STREET = "street"
    ZIP = "zip"
    CITY = "city"
    NONE = "none"


@unique
class Confidentiality(StrEnum):
    PUBLIC = "public"
    AREA_ONLY = "area_only"
    HIDDEN = "hidden"


@unique
class ScheduleKind(StrEnum):
    REGULAR = "regular"
    HOLIDAY = "holiday"
    EXCEPTION = "exception"
    EVENT = "event"


@unique
class CapacityState(StrEnum):
    OPEN = "open"
    LIMITED = "limited"
    WAITLIST = "waitlist"
    FULL = "full"
    PAUSED = "paused"
    OUT_OF_FUNDS = "out_of_funds"


@unique
class FieldGroup(StrEnum):
    """Groups of listing fields that are confirmed and protected together (directory.md section 9)."""

    CONTACT = "contact"
    HOURS = "hours"
    PLACE = "place"
    WHO_CAN_GO = "who_can_go"
    WHAT = "what"
    CAPACITY = "capacity"


@unique
class FieldOrigin(StrEnum):
    IMPORT = "import"
    AGENCY = "agency"
    STAFF = "staff"


@unique
class ConfirmMethod(StrEnum):
    AGENCY_LINK = "agency_link"
    SMS_REPLY = "sms_reply"
    PHONE_CALL = "phone_call"
    VISIT = "visit"
    WEBSITE = "website"
    IMPORT = "import"


@unique
class ChangeOrigin(StrEnum):
    AGENCY_MEMBER = "agency_member"
    AGENCY_LINK = "agency_link"
    NAVIGATOR = "navigator"
    PATIENT_REPORT = "patient_report"
    IMPORT = "import"
    CAMPAIGN = "campaign"


@unique
class ChangeState(StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    PARTLY = "partly"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


@unique
class ImportState(StrEnum):
    PLANNED = "planned"
    APPLIED = "applied"
    ROLLED_BACK = "rolled_back"
    FAILED = "failed"


@unique
class ImportAction(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    SAME = "same"
    WITHDRAW = "withdraw"
    SKIP = "skip"
    ERROR = "error"


@unique
class ImportStage(StrEnum):
    """Where the background work on one file stands; what it did stands in its ImportRun."""

    WAITING = "waiting"
    READING = "reading"
    READY = "ready"
    APPLYING = "applying"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"
    CANCELLED = "cancelled"


@unique
class ReviewWhy(StrEnum):
    """Why the directory team is asked to look at a listing."""

    WRONG_NUMBER = "wrong_number"
    WRONG_HOURS = "wrong_hours"
    CLOSED = "closed"
    MOVED = "moved"
    NOT_OFFERED = "not_offered"
    OUT_OF_AREA = "out_of_area"
    FULL = "full"
    OUTDATED = "outdated"
    NEVER_CONFIRMED = "never_confirmed"
    NO_ANSWER = "no_answer"
    BOUNCED = "bounced"
    CALL_THEM = "call_them"
    WORDS_OUTDATED = "words_outdated"
    SAMPLE = "sample"
    REPORTED = "reported"


@unique
class ReviewState(StrEnum):
    OPEN = "open"
    SNOOZED = "snoozed"
    DONE = "done"
    DISMISSED = "dismissed"


@unique
class CampaignState(StrEnum):
    DRAFT = "draft"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    STOPPED = "stopped"


@unique
class AskState(StrEnum):
    """How one contact stands in a campaign."""

    WAITING = "waiting"
    SENT = "sent"
    OPENED = "opened"
    ANSWERED = "answered"
    SNOOZED = "snoozed"
    DECLINED = "declined"
    BOUNCED = "bounced"
    PHONE_TASK = "phone_task"
    LEFT_OUT = "left_out"


@unique
class PairState(StrEnum):
    OPEN = "open"
    NOT_SAME = "not_same"
    MERGED = "merged"
    GONE = "gone"


@unique
class ClaimState(StrEnum):
    ASKED = "asked"
    MAILED = "mailed"
    VERIFIED = "verified"
    REFUSED = "refused"
    ENDED = "ended"


@unique
class PolicyDecision(StrEnum):
    """What happens to a proposed field of a group: live at once, live and some looked at, or a person decides."""

    LIVE = "live"
    SAMPLED = "sampled"
    REVIEW = "review"


@unique
class WordsOrigin(StrEnum):
    """Who wrote the words of a listing in another language."""

    HUMAN = "human"
    AGENCY = "agency"
    MACHINE = "machine"


@unique
class WordsState(StrEnum):
    DRAFT = "draft"
    REVIEWED = "reviewed"


@unique
class LowerState(StrEnum):
    """A wish to make a place less confidential; two people are needed."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
