"""The columns that somebody takes out of a list, kept for the next time."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.roles import Action
from access.scope import Actor
from lists.leaving import NEEDED, exportable
from lists.models import KeptColumns, Purpose

if TYPE_CHECKING:
    from lists.pages import ListPage


class KeepColumns(Command):
    """Keep which columns of a list one takes out, for oneself alone."""

    action = Action.EXPORT
    did = gettext_lazy("Chose the columns of an export")
    page = forms.CharField(max_length=40)
    names = forms.JSONField()

    class Meta:
        model = KeptColumns
        fields = ()

    def apply(self):
        page = self.cleaned_data["page"]
        now = self.rows.filter(owner_id=self.actor.user_id, page=page).first()
        row = now or self.instance
        row.owner_id, row.page, row.columns = self.actor.user_id, page, self.cleaned_data["names"]
        row.save()
        return row


def first_columns(page: "ListPage", actor: Actor, purpose: Purpose | None) -> list[str]:
    """The names of the columns that are ticked at first: those of the last time.

    The first time all but people and their details. With a purpose, the one that its channel needs.
    """
    needed = NEEDED.get(purpose.channel if purpose else "")
    kept = _kept(page, actor)
    return [
        column.name
        for column in exportable(page, actor)
        if column.name == needed
        or (not (column.detail or column.brings) if kept is None else column.name in kept.columns)
    ]


def keep_columns(page: "ListPage", actor: Actor, names: list[str]) -> None:
    """Keep the columns for the next time, if they are others than those of the last."""
    kept = _kept(page, actor)
    if kept is None or kept.columns != names:
        # Two exports at once may both want to be the first: then one of them is kept.
        KeepColumns(actor, {"page": page.name, "names": names}).attempt()


def _kept(page: "ListPage", actor: Actor) -> KeptColumns | None:
    rows = KeptColumns.objects.visible_to(actor).filter(owner_id=actor.user_id, page=page.name)
    return rows.first()
