from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models.places import State
from access.records import Record
from access.scope import ScopedQuerySet, Visibility, scoped


class StoredFile(Record):
    """A private file, seen where what it hangs on is seen.

    Its bytes lie outside any served folder.
    """

    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=100, unique=True)  # under MEDIA_ROOT; never shown
    about_kind = models.CharField(max_length=40)
    about = models.UUIDField(db_index=True)
    home = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+")
    visibility = models.CharField(
        max_length=10, choices=Visibility, default=Visibility.TEAM, editable=False
    )
    author = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    derived = frozenset({"home", "visibility"})
    objects: ClassVar[Any] = scoped(ScopedQuerySet)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self):
        return self.name
