"""One mail a day to each user who has something new or due. It names no person and no follow-up."""

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from access.actors import actor_of
from access.installation import sender
from access.mailing import product_name
from access.models import User
from access.notices import counted_since, due_now

log = logging.getLogger("partnerships.digest")

SALT = "daily mail off"
LOOK_BACK = timedelta(days=1)  # for who never had one


def send_digests() -> int:
    """Send the mail of every user whose hour has come today; returns how many went out.

    A user with nothing to tell gets none. One whose mail could not be handed over is tried again.
    """
    sent = 0
    for user in User.objects.filter(is_active=True, digest=True).order_by("pk"):
        if _is_time(user) and _claim(user):
            sent += _send(user)
    return sent


def _is_time(user: User) -> bool:
    if (actor := actor_of(user)) is None:
        return False
    now = actor.now()
    if now.hour < user.digest_hour:
        return False
    return user.digest_at is None or user.digest_at.astimezone(now.tzinfo).date() < now.date()


def _claim(user: User) -> bool:
    """Take the mail of today on oneself, so that two workers do not both send it."""
    same = Q(digest_at=user.digest_at) if user.digest_at else Q(digest_at__isnull=True)
    rows = User.objects.filter(same, pk=user.pk)
    return bool(rows.update(digest_at=timezone.now()))


def _send(user: User) -> int:
    before = user.digest_at
    message = digest_of(user)
    if message is None:
        return 0
    try:
        message.send()
    except (SMTPException, OSError):
        log.exception("the daily mail could not be handed over", extra={"user": str(user.uid)})
        User.objects.filter(pk=user.pk).update(digest_at=before)
        return 0
    return 1


def digest_of(user: User) -> EmailMultiAlternatives | None:
    """The mail of a user as things stand, in her language; None when there is nothing to tell."""
    if (actor := actor_of(user)) is None:
        return None
    since = user.digest_at or timezone.now() - LOOK_BACK
    installed = user.language in dict(settings.LANGUAGES)
    with translation.override(user.language if installed else settings.LANGUAGE_CODE):
        due, new = due_now(actor), counted_since(actor, user, since)
        if not due and not new:
            return None
        off = settings.SITE_URL + reverse("access:digest_off", args=[token_of(user)])
        context = {
            "due": [(words, settings.SITE_URL + path) for words, path in due],
            "new": new,
            "notices_url": settings.SITE_URL + reverse("access:notices"),
            "off_url": off,
            "product_name": product_name(),
        }
        subject = render_to_string("access/email/digest_subject.txt", context).strip()
        text = render_to_string("access/email/digest_message.txt", context).strip() + "\n"
        page = render_to_string("access/email/digest_message.html", context)
    headers = {
        "List-Unsubscribe": f"<{off}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    message = EmailMultiAlternatives(subject, text, sender(), [user.email], headers=headers)
    message.attach_alternative(page, "text/html")
    return message


def token_of(user: User) -> str:
    """What lets its holder switch the user's daily mail off, and nothing else."""
    return signing.dumps(str(user.uid), salt=SALT)


def user_of(token: str) -> User | None:
    """Whose daily mail the token is for, or None for one that is not ours."""
    try:
        return User.objects.filter(uid=signing.loads(token, salt=SALT)).first()
    except signing.BadSignature:
        return None
