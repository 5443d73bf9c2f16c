from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from access.models import State, User
from access.records import Record, Reference
from access.scope import ScopedQuerySet, Visibility, scoped


class Purpose(Reference):
    """What an export is for, and the channel that it will be used on (empty: none)."""

    channel = models.CharField(_("channel"), max_length=10, blank=True)


SHARING = [(Visibility.RESTRICTED, _("Only me")), (Visibility.TEAM, _("Shared"))]


class OwnedQuerySet(ScopedQuerySet):
    """What somebody keeps for herself: seen by her alone until she shares it.

    What is shared is seen by who works in one of its owner's areas. Her own she sees wherever she
    works today: it holds her words, and no rows.
    """

    def own(self, actor):
        return Q(owner_id=actor.user_id)

    def readers(self, actor):
        return self.own(actor)

    def homes(self, actor):
        return Q() if actor.everywhere else super().homes(actor) | self.own(actor)


class Owned(Record):
    """A row that one user keeps, alone or shared. Its home and reach follow from her areas."""

    owner = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("kept by"),
    )
    visibility = models.CharField(
        _("who sees it"),
        max_length=10,
        choices=SHARING,
        default=Visibility.RESTRICTED,
    )
    home = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+", editable=False)

    reaches = True
    derived = frozenset({"home"})
    objects: ClassVar[Any] = scoped(OwnedQuerySet)

    class Meta:
        abstract = True

    @property
    def is_shared(self) -> bool:
        return self.visibility == Visibility.TEAM


class SavedView(Owned):
    """Filters, order and columns of a list under a name. Never rows, and never a search text."""

    page = models.CharField(max_length=40, editable=False)  # the name of the list
    name = models.CharField(_("name"), max_length=80)
    query = models.JSONField(default=dict, editable=False)  # {parameter: [values]}

    class Meta:
        verbose_name = _("view")
        verbose_name_plural = _("views")
        indexes: ClassVar = [models.Index(fields=["page", "owner"])]

    def __str__(self):
        return self.name

    @property
    def parameters(self) -> str:
        """The query of the address that shows it."""
        return urlencode({"view": self.uid, **self.query}, doseq=True)


class DefaultView(Owned):
    """The view with which a list opens for one user. Others do not see which.

    It names the view by its uid and not by a key, so that nobody's choice keeps another from
    deleting a view.
    """

    page = models.CharField(max_length=40, editable=False)
    view = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("first view")
        verbose_name_plural = _("first views")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "page"], name="one_first_view_a_list")
        ]

    def __str__(self):
        return self.page


class KeptColumns(Owned):
    """The columns that a user took out of a list the last time. Others do not see which."""

    page = models.CharField(max_length=40, editable=False)
    columns = models.JSONField(default=list, editable=False)  # names

    class Meta:
        verbose_name = _("columns of an export")
        verbose_name_plural = _("columns of exports")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "page"], name="one_choice_of_columns_a_list")
        ]

    def __str__(self):
        return self.page
