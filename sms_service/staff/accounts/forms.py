"""Forms of logging in and of accounts, with GOV.UK's widgets and sentences that say what to do."""

from __future__ import annotations

from flask_security.forms import (
    LoginForm,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
)
from flask_security.recovery_codes import MfRecoveryForm
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovPasswordInput, GovTextArea, GovTextInput
from wtforms import EmailField, HiddenField, PasswordField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from sms_service.service.access import ROLE_WORDS
from sms_service.service.accounts.passkeys import LONGEST_NAME
from sms_service.service.accounts.passwords import ADVISED, LONGEST, SHORTEST

_PASSWORD = {"autocomplete": "current-password"}
_NEW_PASSWORD = {"autocomplete": "new-password", "maxlength": str(LONGEST)}
_CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
_ADDRESS = {"autocomplete": "username", "spellcheck": "false", "type": "email"}

_TOO_LONG = Length(max=LONGEST, message=f"A password has {LONGEST} characters or fewer")
_ADVICE = (
    f"{ADVISED} characters or more are best, {SHORTEST} the least. "
    "Three or four words that do not belong together are easy to remember."
)
WRONG_PASSWORD = "The email address or the password is wrong"  # noqa: S105 - a sentence
WRONG_CODE = "This code is wrong, too old, or has been used. Wait for the next one"
WRONG_RECOVERY_CODE = "This code is wrong, or has been used"


class StaffLoginForm(LoginForm):
    """Says the same for an unknown address, a wrong password and a disabled account."""

    email = EmailField(
        "Email address",
        widget=GovTextInput(),
        render_kw=_ADDRESS,
        validators=[InputRequired("Enter your email address")],
    )
    password = PasswordField(
        "Password",
        widget=GovPasswordInput(),
        render_kw=_PASSWORD,
        validators=[InputRequired("Enter your password"), _TOO_LONG],
    )
    remember = None

    def validate(self, **kwargs: object) -> bool:
        """Check, and say the same whatever was wrong."""
        if super().validate(**kwargs):
            return True
        if self.email.data and self.password.data and len(self.password.data) <= LONGEST:
            self.email.errors = []
            self.password.errors = [WRONG_PASSWORD]
        return False


class StaffVerifyForm(VerifyForm):
    """Asks for the password once more."""

    password = PasswordField(
        "Password",
        widget=GovPasswordInput(),
        render_kw=_PASSWORD,
        validators=[InputRequired("Enter your password"), _TOO_LONG],
    )

    def validate(self, **kwargs: object) -> bool:
        """Check, and say the same whatever was wrong."""
        if super().validate(**kwargs):
            return True
        if self.password.data:
            self.password.errors = ["The password is wrong"]
        return False


class StaffSetupForm(TwoFactorSetupForm):
    """Flask-Security's own, with choices as WTForms wants them now."""

    setup = RadioField("Method", choices=[SelectChoice("authenticator", "Authenticator app")], validate_choice=False)


class StaffRescueForm(TwoFactorRescueForm):
    """Same; never shown: the page has a link to the recovery codes."""

    help_setup = RadioField("Help", choices=[SelectChoice("help", "Ask an administrator")])


class StaffCodeForm(TwoFactorVerifyCodeForm):
    """Asks for the code of the authenticator app."""

    code = StringField(
        "Code",
        widget=GovTextInput(),
        render_kw=_CODE,
        description="6 digits from your authenticator app",
        validators=[InputRequired("Enter the code from your authenticator app"), Length(max=20, message=WRONG_CODE)],
    )

    def validate(self, **kwargs: object) -> bool:
        """Check, and say the same whatever was wrong."""
        if self.code.data:
            self.code.data = "".join(self.code.data.split())
        if super().validate(**kwargs):
            return True
        if self.code.data:
            self.code.errors = [WRONG_CODE]
        return False


class StaffRecoveryForm(MfRecoveryForm):
    """Asks for a recovery code."""

    code = StringField(
        "Recovery code",
        widget=GovTextInput(),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
        description="16 letters and digits",
        validators=[InputRequired("Enter one of your recovery codes"), Length(max=60, message=WRONG_RECOVERY_CODE)],
    )

    def validate(self, **kwargs: object) -> bool:
        """Check, and say the same whatever was wrong."""
        if super().validate(**kwargs):
            return True
        if self.code.data:
            self.code.errors = [WRONG_RECOVERY_CODE]
        return False


class NewPasswordForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Chooses a password, for somebody whose name is known."""

    password = PasswordField(
        "Password",
        widget=GovPasswordInput(),
        render_kw=_NEW_PASSWORD,
        description=_ADVICE,
        validators=[InputRequired("Choose a password")],
    )


class FirstAdminForm(NewPasswordForm):
    """The first administrator names themself."""

    name = StringField(
        "Your name",
        widget=GovTextInput(),
        render_kw={"autocomplete": "name"},
        validators=[InputRequired("Enter your name"), Length(max=100)],
    )
    email = EmailField(
        "Email address",
        widget=GovTextInput(),
        render_kw=_ADDRESS,
        validators=[InputRequired("Enter your email address")],
    )


class ChangePasswordForm(NewPasswordForm):
    """Somebody who is logged in chooses another."""

    old = PasswordField(
        "Current password",
        widget=GovPasswordInput(),
        render_kw=_PASSWORD,
        validators=[InputRequired("Enter your current password"), _TOO_LONG],
    )


class ChangeEmailForm(FlaskForm):  # type: ignore[misc]  # same
    """Another address to log in with."""

    email = EmailField(
        "New email address",
        widget=GovTextInput(),
        render_kw={**_ADDRESS, "autocomplete": "email"},
        validators=[InputRequired("Enter your new email address")],
    )


class NewCodeForm(FlaskForm):  # type: ignore[misc]  # same
    """The first code of another authenticator app."""

    code = StringField(
        "Code",
        widget=GovTextInput(),
        render_kw=_CODE,
        description="6 digits from the new app",
        validators=[InputRequired("Enter the code from the new app"), Length(max=20, message=WRONG_CODE)],
    )


class PasskeyForm(FlaskForm):  # type: ignore[misc]  # same
    """Names a new passkey, and brings what the browser says of it."""

    name = StringField(
        "Name",
        widget=GovTextInput(),
        render_kw={"autocomplete": "off", "maxlength": str(LONGEST_NAME), "required": True},
        description="So that you know it from others later",
        validators=[InputRequired("Give the passkey a name"), Length(max=LONGEST_NAME)],
    )
    credential = HiddenField()


ROLE_CHOICES = [SelectChoice(role.value, f"{name} – {what}") for role, (name, what) in ROLE_WORDS.items()]


class StandingForm(FlaskForm):  # type: ignore[misc]  # same
    """Roles."""

    roles = SelectMultipleField("Roles", widget=GovCheckboxesInput(), choices=ROLE_CHOICES)


class InviteForm(StandingForm):
    """Somebody new."""

    name = StringField(
        "Name",
        widget=GovTextInput(),
        render_kw={"autocomplete": "off"},
        validators=[InputRequired("Enter a name"), Length(max=100)],
    )
    email = EmailField(
        "Email address",
        widget=GovTextInput(),
        render_kw={"autocomplete": "off", "spellcheck": "false", "type": "email"},
        validators=[InputRequired("Enter an email address")],
    )


class ReasonForm(FlaskForm):  # type: ignore[misc]  # same
    """Why, for the history."""

    reason = TextAreaField(
        "How did you make sure that it is them?",
        widget=GovTextArea(),
        description="Such as: spoke to her in the office. It is kept in the history.",
        render_kw={"autocomplete": "off"},
        validators=[
            InputRequired("Write how you made sure that it is them"),
            Length(max=120, message="Use 120 characters or fewer"),
        ],
    )
