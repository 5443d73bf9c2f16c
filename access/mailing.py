"""Mail: who it is from, and whether it gets out."""

import logging
import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from access import audit
from access.installation import sender, this_installation

log = logging.getLogger("partnerships.mail")


def product_name() -> str:
    """What this installation calls itself in pages and mail."""
    return this_installation().name or _("Partnerships")


def goes_out() -> bool:
    """Whether a mail server is set."""
    return settings.SENDS_MAIL


def send_test(actor, address: str) -> tuple[bool, str]:
    """Send one message to the address: whether the server took it, and what happened, in words."""
    message = EmailMessage(
        _("Test mail from %(name)s") % {"name": product_name()},
        _("This message shows that mail gets out. There is nothing to do."),
        sender(),
        [address],
    )
    try:
        message.send()
        sent = True
    except (OSError, smtplib.SMTPException, ValueError) as error:
        log.warning("test mail refused", extra={"error": type(error).__name__})
        sent, said = False, _refusal(error)
    if sent and not goes_out():
        said = _("No mail server is set, so no mail gets out. Who runs the server sets MAIL_URL.")
    elif sent:
        said = _("The mail server took the message for %(email)s. Look into your inbox.") % {
            "email": address
        }
    audit.record("SentTestMail", actor, words={"complete": sent and goes_out()})
    return sent and goes_out(), said


def _refusal(error: Exception) -> str:
    """Why a mail server did not take a message. Says nothing that it answered or was told."""
    nothing = _("Nothing was sent.")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        why = _("The mail server did not accept our name and password.")
    elif isinstance(error, smtplib.SMTPSenderRefused):
        why = _("The mail server does not let us send from this address.")
    elif isinstance(error, smtplib.SMTPRecipientsRefused):
        why = _("The mail server does not take mail for your address.")
    elif isinstance(error, smtplib.SMTPNotSupportedError | smtplib.SMTPHeloError):
        why = _("The mail server does not do what MAIL_URL asks of it, such as encryption.")
    elif isinstance(error, TimeoutError):
        why = _("The mail server did not answer within 15 seconds.")
    elif isinstance(error, smtplib.SMTPException):
        why = _("The mail server refused the message.")
    elif isinstance(error, ValueError):
        why = _("The address of the sender cannot be used.")
    else:
        why = _("The mail server cannot be reached at the address in MAIL_URL.")
    return f"{why} {nothing}"
