"""What an administrator sets for everybody, and what mail and limits make of it."""

import secrets
from email.utils import formataddr

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.files import keep, type_of
from access.kept import kept
from access.models import Installation
from access.roles import EXPORT_BOUNDS, EXPORT_ROWS_A_DAY, ROLE_NAMES, Action, Role

LOGO_BYTES = 200 * 2**10
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def this_installation() -> Installation:
    """What is set; a row with what is shipped while nobody has set anything. Only to be read."""
    return kept("installation", stored)


def stored() -> Installation:
    """The same as a row of one's own, for a form."""
    return Installation.objects.first() or Installation()


def sender() -> str:
    """Who outgoing mail is from: the name and address that are set, else MAIL_FROM."""
    row = this_installation()
    address = row.sender_address or settings.DEFAULT_FROM_EMAIL
    name = row.sender_name or row.name
    if not name or "<" in address:
        return address
    return formataddr((name, address))


def password_again_seconds() -> int:
    """How long after giving her password a user may export, or change what she signs in with."""
    return 60 * this_installation().password_again_minutes


def column_of(role: str) -> str:
    """The column of Installation that holds a role's export rows a day."""
    return f"export_rows_{role.replace('-', '_')}"


def rows_a_day(role: str) -> int:
    """How many rows a role may take out a day: what is set, within its bounds, else as shipped."""
    wanted = getattr(this_installation(), column_of(role))
    if wanted is None:
        return EXPORT_ROWS_A_DAY[role]
    least, most = EXPORT_BOUNDS[role]
    return min(max(wanted, least), most)


class ChangeInstallation(Command):
    """Set the name, logo, fiscal year, sender of mail and limits of this installation."""

    action = Action.ADMINISTER
    did = gettext_lazy("Changed this installation")

    new_logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/gif,image/webp"}),
        help_text=gettext_lazy(
            "PNG, JPEG, GIF or WebP, 200 kB at the most. Everyone sees it, on the sign-in page too."
        ),
    )
    no_logo = forms.BooleanField(label=gettext_lazy("Take the logo away"), required=False)

    class Meta:
        model = Installation
        fields = (
            "name",
            "fiscal_year_start",
            "sender_name",
            "sender_address",
            "digest_hour",
            "password_again_minutes",
            *(column_of(role) for role in Role),
        )
        labels = {
            "name": gettext_lazy("Name of your organization"),
            "password_again_minutes": gettext_lazy("Ask for the password again after"),
        }
        help_texts = {
            "name": gettext_lazy(
                "In the header, in page titles, in mail and on paper. Empty: Partnerships."
            ),
            "fiscal_year_start": gettext_lazy("Figures offer this fiscal year and the last one."),
            "sender_name": gettext_lazy("Empty: the name of your organization."),
            "sender_address": gettext_lazy(
                "Your mail server must be allowed to send from it. "
                "Empty: the address that the server was set up with."
            ),
            "password_again_minutes": gettext_lazy(
                "Exports and changes of a second factor ask for the password. Once given, it is "
                "not asked for again for so long."
            ),
            "digest_hour": gettext_lazy(
                "For who is invited from now on, in her own time zone. "
                "Each person can change hers, or switch the mail off."
            ),
        }

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        for role in Role:
            if field := self.fields.get(column_of(role)):
                least, most = EXPORT_BOUNDS[role]
                field.label = ROLE_NAMES[role]
                field.help_text = _(
                    "From %(least)s to %(most)s. Empty: %(shipped)s, as shipped."
                ) % {
                    "least": f"{least:,}",
                    "most": f"{most:,}",
                    "shipped": f"{EXPORT_ROWS_A_DAY[role]:,}",
                }
        if not self.instance.logo:
            self.fields.pop("no_logo", None)

    def clean_new_logo(self):
        upload = self.cleaned_data["new_logo"]
        if upload is None:
            return None
        if upload.size > LOGO_BYTES:
            raise ValidationError(
                _("A logo may have 200 kB. This one is larger, and was not saved.")
            )
        self.logo_type = type_of(upload.read(65_536)) if upload.size else None
        upload.seek(0)
        if self.logo_type not in PICTURES:
            raise ValidationError(
                _("This is not a picture that pages can show, and was not saved. Send a PNG.")
            )
        return upload

    def apply(self):
        row = self.instance
        if upload := self.cleaned_data.get("new_logo"):
            # The bytes of the logo before stay on the disk, so that Undo brings it back.
            row.logo, row.logo_type = secrets.token_hex(16), self.logo_type
            keep(upload, row.logo)
        elif self.cleaned_data.get("no_logo"):
            row.logo = row.logo_type = ""
        row.save()
        return row
