"""Changes to many rows of a list: which ones, said with their number before anything happens."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.commands import Command
from access.many import Changed, Target, change_many
from access.middleware import ActorRequest
from access.roles import EXPORT_ROWS_A_DAY, Action
from access.scope import Actor
from lists.confirming import TypedNumber
from lists.paging import CAP

if TYPE_CHECKING:
    from lists.pages import Found, ListPage

TYPED_OVER = 50  # rows from which on their number is typed by hand
PICKED = 500  # rows that are ticked one by one
NAMED = 8  # rows that the question names
_ROW = re.compile(r"([0-9a-f-]{36})\.(\d{1,9})")


@dataclass(frozen=True)
class Bulk:
    """A change that can be made to many rows of a list.

    fields   the command's fields that are asked for, the same value for all rows
    needs    one more right than that of the command
    """

    name: str
    label: Any
    command: type[Command]
    fields: tuple[str, ...] = ()
    needs: Action | None = None
    says: Any = ""  # a sentence on the page that asks

    def is_for(self, actor: Actor) -> bool:
        """Whether the actor's role may do this."""
        return actor.may(self.command.action) and (self.needs is None or actor.may(self.needs))


@dataclass
class Chosen:
    """The rows that a request means, or the sentence that says why there are none."""

    targets: list[Target]
    count: int
    problem: str = ""


def bulks_for(page: "ListPage", actor: Actor) -> list[Bulk]:
    """The changes to many rows that the actor may make in this list."""
    return [one for one in page.bulk if one.is_for(actor)]


def most_rows(actor: Actor) -> int:
    """How many rows the actor may change at once."""
    # As shipped: what an administrator sets bounds what leaves, and does not stop work.
    return min(CAP, EXPORT_ROWS_A_DAY[actor.role])


def bulk_view(page: "ListPage"):
    """The view that asks (the first POST of the list's bar), and changes (the second)."""

    def view(request: ActorRequest):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        wanted = (one for one in bulks_for(page, request.actor) if one.name == _text(request, "do"))
        bulk = next(wanted, None)
        if bulk is None:
            raise PermissionDenied
        found = page.find(request, request.GET, _text(request, "q"))
        chosen = _chosen(page, found, request)
        form = _BulkForm(page, bulk, chosen, request)
        context: dict[str, Any] = {
            "list": page,
            "bulk": bulk,
            "form": form,
            "problems": found.problems or ([chosen.problem] if chosen.problem else []),
            "count": chosen.count,
            "names": form.names,
            "is_all": bool(_text(request, "all")),
            "typed_over": TYPED_OVER,
            "picked": request.POST.getlist("row")[:PICKED],
            "text": _text(request, "q"),
            "back_url": _back(page, request),
            "chips": list(page.chips(request, found)) if request.POST.get("all") else [],
        }
        if not context["problems"] and request.POST.get("go") and form.may_go():
            result = change_many(bulk.command, request.actor, form.values(), chosen.targets)
            _tell(request, page, result)
            return redirect(context["back_url"])
        status = 422 if context["problems"] or form.errors else 200
        return render(request, "lists/bulk.html", context, status=status)

    view.__qualname__ = f"{type(page).__name__}.bulk"
    return view


def _text(request, name: str) -> str:
    return request.POST.get(name, "").strip()


def _back(page: "ListPage", request) -> str:
    path = reverse(f"{page.namespace}:{page.name}")
    return f"{path}?{request.GET.urlencode() or 'view=all'}"


def _chosen(page: "ListPage", found: "Found", request) -> Chosen:
    """Which rows the request means: those that were ticked, or all that the filters leave."""
    most = most_rows(request.actor)
    if _text(request, "all"):
        rows = found.rows.order_by("pk").values_list("uid", "revision")
        targets: list[Target] = list(rows[: most + 1])
    else:
        ticked: dict[UUID, int] = {}
        for text in request.POST.getlist("row")[:PICKED]:
            if match := _ROW.fullmatch(text):
                ticked[UUID(match[1])] = min(int(match[2]), 2**31 - 1)
        targets = list(ticked.items())
    if len(targets) > most:
        words = _(
            "You may change %(most)s rows at once, and this is more. Nothing was changed. Narrow "
            "the list first."
        )
        return Chosen([], 0, words % {"most": number_format(most, force_grouping=True)})
    if not targets:
        return Chosen([], 0, _("No row is chosen. Tick some, and choose again."))
    return Chosen(targets, len(targets))


class _BulkForm(forms.Form):
    """The fields of the command that are asked for, and the typed number of rows."""

    confirm = TypedNumber()

    def __init__(self, page: "ListPage", bulk: Bulk, chosen: Chosen, request: ActorRequest):
        super().__init__(request.POST if request.POST.get("go") else None)
        self.use_required_attribute = False
        self.bulk, self.count = bulk, chosen.count
        self.command: Command | None = None
        uids = [uid for uid, _revision in chosen.targets]
        seen = page.rows(request.actor).filter(uid__in=uids[:PICKED])
        first = list(seen.order_by("pk")[:NAMED])
        self.names = [str(row) for row in first]
        if first:
            self.command = bulk.command(request.actor, self._data(), instance=first[0])
            for name in bulk.fields:
                self.fields[name] = self.command.fields[name]
        self.order_fields([*bulk.fields, "confirm"])
        if self.count > TYPED_OVER:
            self.fields["confirm"].label = _("Type %(count)d to confirm the number of rows") % {
                "count": self.count
            }
        else:
            del self.fields["confirm"]

    def _data(self) -> Mapping[str, Any] | None:
        return self.data if self.is_bound else None

    def values(self) -> dict[str, Any]:
        """What was typed, for the command."""
        command = self.command
        return {
            name: command.fields[name].widget.value_from_datadict(self.data, {}, name)
            for name in self.bulk.fields
            if command is not None
        }

    def may_go(self) -> bool:
        """Whether the change may be made; if not, the errors say why."""
        if not self.is_valid():
            return False
        typed = self.cleaned_data.get("confirm")
        if "confirm" in self.fields and typed != self.count:
            words = _("Type the number %(count)d. Nothing was changed yet.")
            self.add_error("confirm", words % {"count": self.count})
        elif "confirm" not in self.fields and self.data.get("count") != str(self.count):
            words = _(
                "The list changed in the meantime: it is %(count)d rows now. Nothing was changed. "
                "Look at them, and confirm again."
            )
            self.add_error(None, words % {"count": self.count})
        if self.command is not None:
            self.command.full_clean()
            for name in self.bulk.fields:  # what its clean() finds depends on the row
                found: Any = self.command.errors.get(name)
                if found and hasattr(self.command, f"clean_{name}") and name not in self.errors:
                    self.add_error(name, found[0])
        return not self.errors


def _tell(request, page: "ListPage", result: Changed) -> None:
    """Say what became of the rows, with Undo."""
    meta = page.model._meta
    name = meta.verbose_name if result.changed == 1 else meta.verbose_name_plural
    number = number_format(result.changed, force_grouping=True)
    told = [_("%(count)s %(name)s changed.") % {"count": number, "name": name}]
    if not result.changed:
        told = [_("Nothing was changed.")]
    told += [sentence for count, sentence in _others(result) if count]
    tags = "banner"
    if result.changed and result.run is not None:
        tags = f"banner undo:{reverse('access:undo', args=[result.run.uid])}"
    say = messages.success if result.changed else messages.warning
    say(request, " ".join(told), extra_tags=tags)


def _others(result: Changed) -> list[tuple[int, str]]:
    """(how many, sentence) of the rows that stayed as they were."""
    found = [
        (
            result.unchanged,
            ngettext("%(n)d was so already.", "%(n)d were so already.", result.unchanged),
        ),
        (
            result.stale,
            ngettext(
                "%(n)d was changed by somebody since you opened the list, and stays as it is.",
                "%(n)d were changed by somebody since you opened the list, and stay as they are.",
                result.stale,
            ),
        ),
        (
            result.refused,
            ngettext(
                "%(n)d is not yours to change.", "%(n)d are not yours to change.", result.refused
            ),
        ),
        (
            result.missing,
            ngettext("%(n)d is not there.", "%(n)d are not there.", result.missing),
        ),
    ]
    told = [(count, sentence % {"n": count}) for count, sentence in found]
    return told + [(n, f"{n}: {sentence}") for sentence, n in result.reasons.items()]
