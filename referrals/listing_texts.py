"""What texts to agencies say about their own listings: is it still right, is there room again."""

from i18n.catalog import patient
from i18n.lazy import LazyText
from resources_db.vocab import Purpose

TEXTS: dict[Purpose, tuple[LazyText, ...]] = {
    Purpose.LISTING_CHECK: (
        # Translators: SMS to an agency. One GSM-7 segment.
        patient.lazy_pgettext(
            "sms",
            "%(org)s: Is your listing still right? One tap if it is, 2 minutes to fix it: %(link)s Reply STOP to end.",
        ),
    ),
    Purpose.LISTING_DIGITS: (
        # Translators: SMS to an agency about its own listing; 1 and 2 are answers. One GSM-7 segment.
        patient.lazy_pgettext(
            "sms",
            "%(org)s: Is your listing still right? Reply 1 all right, 2 something changed. See it: %(link)s "
            "STOP to end.",
        ),
    ),
    Purpose.LISTING_SAVED: (
        # Translators: SMS to an agency that answered 1, "all right", about its listing. One GSM-7 segment.
        patient.lazy_pgettext(
            "sms", "%(org)s: Thank you. Your phone and hours are marked as right. See all: %(link)s STOP to end."
        ),
    ),
    Purpose.LISTING_CHANGE: (
        # Translators: SMS to an agency that answered 2, "something changed", about its listing. One GSM-7 segment.
        patient.lazy_pgettext("sms", "%(org)s: Thank you. Change your listing here: %(link)s STOP to end."),
    ),
    Purpose.ROOM_CHECK: (
        # Translators: SMS to an agency that said it was full until a day that is now over. One GSM-7 segment.
        patient.lazy_pgettext(
            "sms", "%(org)s: Do you have room again? Tell care teams with one tap: %(link)s Reply STOP to end."
        ),
    ),
}
