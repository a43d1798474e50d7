"""The sign-in forms where ours differ from Flask-Security's."""

from __future__ import annotations

from flask_security.forms import TwoFactorRescueForm, TwoFactorSetupForm
from wtforms import RadioField, StringField


class AuthenticatorForm(TwoFactorSetupForm):
    """Asks to set up an authenticator app: the only second factor besides recovery codes, so nothing is chosen."""

    setup: StringField = StringField()  # type: ignore[assignment]


class NoRescueForm(TwoFactorRescueForm):
    """Stands where Flask-Security offers a rescue by mail, which would weaken the second factor; never shown."""

    help_setup = RadioField(choices=[], validate_choice=False)
