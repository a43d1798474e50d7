"""What is said of a code that does not fit, or that could not be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from i18n.catalog import gettext as _
from referrals.codes import Sent

if TYPE_CHECKING:
    from referrals.codes import Checked


def wrong(checked: Checked) -> str:
    """Of a typed code; nothing when the link is locked, the page says that itself."""
    if checked.locked or not checked.left:
        return "" if checked.locked else _("This code is too old. Ask for a new one.")
    return (
        _("This is not the code. You can try %(count)s more times.", count=checked.left)
        if checked.left > 1
        else _("This is not the code. You can try once more.")
    )


def not_sent(sent: Sent) -> str:
    """Of a code that was asked for."""
    if sent is Sent.TOO_MANY:
        return _("We sent several codes already. Please wait an hour, or call us.")
    return "" if sent is Sent.LOCKED else _("We have no address for a code. Please call us.")
