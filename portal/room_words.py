"""What is said of a wait beside the word "Waitlist", for staff and agencies."""

from i18n.catalog import ngettext


def wait(weeks: int | None) -> str:
    """How long the wait is, as the agency said it; nothing where it did not say."""
    return ngettext("about %(num)s week", "about %(num)s weeks", weeks) if weeks else ""
