"""Flask-Security's messages in our words: it has no translations of its own without Flask-Babel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from i18n.catalog import lazy_gettext as _

if TYPE_CHECKING:
    from flask import Flask

    from i18n.lazy import LazyText

WRONG: Final = _("That e-mail and password do not go together. Try again.")
WRONG_CODE: Final = _("That code is not right. Check that your phone shows the correct time, and type the newest code.")
MAIL_IF_KNOWN: Final = _("If we know this address, a mail with the next step is on its way.")
START_AGAIN: Final = _("That took too long, or the link was used before. Please start again.")

MESSAGES: Final[dict[str, tuple[LazyText, str]]] = {
    "ANONYMOUS_USER_REQUIRED": (_("Sign out first."), "error"),
    "API_ERROR": (_("We could not read that."), "error"),
    "CHANGE_EMAIL_CONFIRMED": (_("Your new e-mail address is confirmed."), "success"),
    "CHANGE_EMAIL_EXPIRED": (START_AGAIN, "error"),
    "CHANGE_EMAIL_SENT": (MAIL_IF_KNOWN, "success"),
    "CODE_HAS_BEEN_SENT": (MAIL_IF_KNOWN, "info"),
    "DISABLED_ACCOUNT": (WRONG, "error"),
    "EMAIL_NOT_PROVIDED": (_("Type your e-mail address."), "error"),
    "FAILED_TO_SEND_CODE": (_("We could not send that. Try again in a few minutes."), "error"),
    "FORGOT_PASSWORD": (_("Forgot your password?"), "info"),
    "GENERIC_AUTHN_FAILED": (WRONG, "error"),
    "GENERIC_RECOVERY": (MAIL_IF_KNOWN, "info"),
    "IDENTITY_NOT_REGISTERED": (WRONG, "error"),
    "INVALID_CODE": (WRONG_CODE, "error"),
    "INVALID_EMAIL_ADDRESS": (_("Type an e-mail address like name@example.org."), "error"),
    "INVALID_INPUT": (_("Choose one of the answers."), "error"),
    "INVALID_PASSWORD": (_("That is not your password. Try again."), "error"),
    "INVALID_PASSWORD_CODE": (WRONG, "error"),
    "INVALID_RECOVERY_CODE": (_("That recovery code is not right, or it was used before."), "error"),
    "INVALID_REDIRECT": (_("We could not go on to that page."), "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (START_AGAIN, "error"),
    "LOGIN": (_("Please sign in."), "info"),
    "NO_RECOVERY_CODES_SETUP": (_("You have no recovery codes yet."), "info"),
    "PASSWORD_CHANGE": (_("Your password is changed."), "success"),
    "PASSWORD_INVALID_LENGTH": (_("Use at least %(length)s characters. Several words in a row are fine."), "error"),
    "PASSWORD_IS_THE_SAME": (_("Choose a password that is different from the old one."), "error"),
    "PASSWORD_MISMATCH": (_("The two passwords are not the same."), "error"),
    "PASSWORD_NOT_PROVIDED": (_("Type your password."), "error"),
    "PASSWORD_RESET": (_("Your password is changed."), "success"),
    "PASSWORD_RESET_EXPIRED": (START_AGAIN, "error"),
    "PASSWORD_RESET_NO_LOGIN": (_("Your password is changed. Sign in with the new one."), "success"),
    "PASSWORD_RESET_REQUEST": (MAIL_IF_KNOWN, "info"),
    "REAUTHENTICATION_REQUIRED": (_("Type your password once more."), "error"),
    "REAUTHENTICATION_SUCCESSFUL": (_("Thank you."), "info"),
    "REFRESH": (_("Type your password once more."), "info"),
    "RETYPE_PASSWORD_MISMATCH": (_("The two passwords are not the same."), "error"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (_("Your authenticator app is set up."), "success"),
    "TWO_FACTOR_DISABLED": (_("The authenticator app is switched off."), "success"),
    "TWO_FACTOR_INVALID_TOKEN": (WRONG_CODE, "error"),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": (_("You are signed in."), "success"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": (_("Choose one of the answers."), "error"),
    "TWO_FACTOR_PERMISSION_DENIED": (_("Please sign in first."), "error"),
    "TWO_FACTOR_SETUP_EXPIRED": (START_AGAIN, "error"),
    "UNAUTHENTICATED": (_("Please sign in."), "error"),
    "UNAUTHORIZED": (_("Your role does not include this."), "error"),
    "USER_DOES_NOT_EXIST": (WRONG, "error"),
}
SUBJECTS: Final[dict[str, LazyText]] = {
    "PASSWORD_RESET": _("Set a new password for Handrail"),
    "PASSWORD_NOTICE": _("Your Handrail password was changed"),
    "PASSWORD_CHANGE_NOTICE": _("Your Handrail password was changed"),
}


def install(app: Flask) -> None:
    """Let Flask-Security speak our words in the reader's language."""
    for name, message in MESSAGES.items():
        app.config[f"SECURITY_MSG_{name}"] = message
    for name, subject in SUBJECTS.items():
        app.config[f"SECURITY_EMAIL_SUBJECT_{name}"] = subject
