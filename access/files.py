"""Private files: kept outside any served folder, typed by their content, sent only to who may
see them.
"""

import hashlib
import secrets
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import registers
from access.commands import Command
from access.deleting import DAYS, Deletion
from access.models import Change, Installation, StoredFile
from access.roles import Action, Limit
from access.settling import every

MOST_BYTES = 10 * 2**20
_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_OFFICE = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def type_of(head: bytes) -> str | None:
    """The content type by what the bytes are, not by what the name says; None for what is not
    taken.
    """
    for signature, content_type in _SIGNATURES:
        if head.startswith(signature):
            return content_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"PK\x03\x04"):
        return next((t for part, t in _OFFICE.items() if part in head), None)
    try:
        head.decode()
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return None
    return None if b"\x00" in head or not head.strip() else "text/plain"


class AttachFile(Command):
    """Put a file beside a partner, a person or a meeting."""

    action = Action.LOG
    did = gettext_lazy("Attached a file")
    upload = forms.FileField(label=gettext_lazy("File"), allow_empty_file=True)
    about_kind = forms.CharField(widget=forms.HiddenInput)
    about = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = StoredFile
        fields = ()

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        if upload.size > MOST_BYTES:
            raise ValidationError(
                _("A file may have 10 MB. This one is larger, and was not saved.")
            )
        if not upload.size:
            raise ValidationError(_("This file is empty, and was not saved."))
        self.content_type = type_of(upload.read(65_536))
        upload.seek(0)
        if self.content_type is None:
            raise ValidationError(
                _(
                    "This kind of file is not taken, and was not saved. Send a PDF, a picture, "
                    "plain text, or a document of Word, Excel or PowerPoint without macros."
                )
            )
        return upload

    def clean(self):
        cleaned = super().clean()
        subject = registers.subject(cleaned.get("about_kind") or "")
        about = cleaned.get("about")
        rows = subject.model.objects.visible_to(self.actor) if subject else None
        row = rows.filter(uid=about).first() if rows is not None and about else None
        if row is None:
            raise ValidationError(_("What this file belongs to is not there."))
        if not self.actor.covers(row.home_id):  # it would land where she could not see it
            raise ValidationError(_("This lies mainly outside your areas, and takes no file here."))
        return cleaned

    def apply(self):
        upload, row = self.cleaned_data["upload"], self.instance
        row.name = Path(upload.name).name[:200] or "file"
        row.content_type, row.size = self.content_type, upload.size
        row.about_kind, row.about = self.cleaned_data["about_kind"], self.cleaned_data["about"]
        row.author_id = self.actor.user_id
        row.path = secrets.token_hex(16)
        row.sha256 = keep(upload, row.path)
        row.save()
        return row


def file_at(path: str) -> Path:
    """Where a private file lies."""
    return Path(settings.MEDIA_ROOT) / path


def create(path: str) -> BinaryIO:
    """A new private file, open for writing."""
    target = file_at(path)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    stream = target.open("xb")
    target.chmod(0o600)
    return stream


def keep(upload, path: str) -> str:
    """Write the upload into a new private file. Returns its SHA-256 in hex."""
    digest = hashlib.sha256()
    with create(path) as target:
        for chunk in upload.chunks():
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()


class RemoveFile(Deletion):
    """Take a file away. Its bytes stay for as long as it can be brought back."""

    action = Action.LOG
    did = gettext_lazy("Removed a file")

    class Meta:
        model = StoredFile
        fields = ()

    def allow(self):
        super().allow()
        if self.instance.author_id != self.actor.user_id and not may_remove_any(self.actor):
            raise PermissionDenied


def may_remove_any(actor) -> bool:
    """Whether the actor may remove files of others; everybody who logs may remove her own."""
    return actor.limit(Action.DELETE) == Limit.AREAS


def forget_files() -> int:
    """Delete the bytes that no row holds and none can get back: how many.

    What was put there a day ago or less may belong to an upload that is not saved yet.
    """
    folder = Path(settings.MEDIA_ROOT)
    held = set(every(StoredFile).values_list("path", flat=True))
    since = timezone.now() - timedelta(days=DAYS)
    removed = Change.objects.filter(
        table=StoredFile._meta.label_lower, after={}, run__at__gte=since
    )
    held |= {change.before.get("path") for change in removed}
    held |= _logos(since) | registers.kept_files()
    a_day_ago = (timezone.now() - timedelta(days=1)).timestamp()
    count = 0
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_file() and path.name not in held and path.stat().st_mtime < a_day_ago:
            path.unlink()
            count += 1
    return count


def _logos(since) -> set[str]:
    """The logo of now, and those that an undo may still bring back."""
    changes = Change.objects.filter(table=Installation._meta.label_lower, run__at__gte=since)
    held = {change.before.get("logo") for change in changes}
    return held | set(Installation.objects.values_list("logo", flat=True))
