"""What pages share: finding the row that an address names, and carrying out a command."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.commands import Command
from access.fields import LinesOf
from access.middleware import ActorRequest
from access.models import Former


class Moved(Exception):
    """The row was merged into another one; its page has a new address."""


def row_of(request: ActorRequest, model, uid, *related: str):
    """The row that an address names, with related rows, if the viewer sees it; else Http404."""
    rows = model.objects.visible_to(request.actor)
    rows = rows.select_related(*related) if related else rows
    row = rows.filter(uid=uid).first()
    if row is None and (former := Former.objects.filter(uid=uid).first()):
        row = rows.filter(uid=former.now).first()
    if row is None:
        raise Http404
    return row


def named(rows, uid: str):
    """The one of these rows that is named after the `?` of an address, or None: no crash and no
    telling whether it is there.
    """
    try:
        return rows.filter(uid=UUID(uid)).first()
    except ValueError:
        return None


def link_to(request: HttpRequest, path: str) -> str:
    """The whole address of a page, to be sent to others: under SITE_URL where it is set, else under
    the host and the port at which this page was asked for.
    """
    return settings.SITE_NAMED + path if settings.SITE_NAMED else request.build_absolute_uri(path)


def carry_out(
    request: HttpRequest,
    command: Command,
    template: str,
    to: Callable[[Any], str],
    context: dict[str, Any] | Callable[[], dict[str, Any]] | None = None,
    said: str | Callable[[Any], str] = "",
) -> HttpResponse:
    """Run the command of a posted form and go on to `to(row)`; else show the form, with its errors.

    `said` is the message beside Undo, or makes it of the row. What the form shows beside its fields
    is `context`; a function is called only where the form is shown.
    A form that somebody else's save overtook is shown again with both versions (409).
    """
    row = command.attempt(lambda row: (302, {"location": to(row)}))
    if row is not None:
        if not command.repeated:
            say_saved(request, command, said(row) if callable(said) else said)
        return redirect(command.reply["location"])
    theirs = _theirs(command) if command.stale else None
    shown = context() if callable(context) else context or {}
    context = {"command": command, "theirs": theirs} | shown
    return render(request, template, context, status=command.status if command.is_bound else 200)


def at_once(
    request: HttpRequest,
    command: Command,
    back: str,
    said: str | Callable[[Any], str] = "",
) -> HttpResponse:
    """Run the command of a button that has no page of its own, and go back to where it was pressed;
    else a page says why nothing changed, with the way back.

    `said` is the message beside Undo, or makes it of the command.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if command.attempt(lambda _row: (302, {"location": back})) is None:
        template = "409.html" if command.stale else "not_done.html"
        context = {"command": command, "back_url": back}
        return render(request, template, context, status=command.status)
    if not command.repeated:
        say_saved(request, command, said(command) if callable(said) else said)
    return redirect(back)


def say_saved(request: HttpRequest, command: Command, said: str = "") -> None:
    """A message that stays until closed, with Undo."""
    tags = "banner"
    if command.run_made is not None:
        tags = f"banner undo:{reverse('access:undo', args=[command.run_made.uid])}"
    messages.success(request, said or _("Saved."), extra_tags=tags)


def _theirs(command: Command) -> list[tuple[Any, str, str]]:
    """(label, theirs, yours) of each field that differs from what is stored now."""
    fresh = command.rows.filter(pk=command.instance.pk).first()
    if fresh is None:
        raise Http404  # it was deleted, or moved out of sight, in the meantime
    stored = type(command)(command.actor, instance=fresh)
    posted: Any = command.data
    posted = posted.copy()
    posted["revision"] = str(fresh.revision)  # the next save is made in the knowledge of theirs
    command.data = posted
    found = []
    for name, field in stored.fields.items():
        if name in Command.housekeeping or not hasattr(command, "cleaned_data"):
            continue
        yours = _said(field, command.cleaned_data.get(name))
        now = _said(field, stored.initial.get(name))
        if yours != now:
            found.append((field.label or name, now, yours))
    return found


def _said(field: Any, value: Any) -> str:
    """What a field of a form holds, in words, whether cleaned or stored."""
    if isinstance(field, LinesOf):
        return "; ".join(filter(None, (_one_line(field, line) for line in value or [])))
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        shown: dict = dict(cast(Any, field.choices))
        return str(shown.get(value, "")) if value not in (None, "") else ""
    return words(value)


def _one_line(field: LinesOf, line: Any) -> str:
    if isinstance(line, tuple):  # a cleaned line: (uid, {field: value})
        line = line[1]
    if not isinstance(line, dict):
        line = {name: getattr(line, name) for name in field.names}
    told = []
    for name, value in line.items():
        if value is True:
            told.append(str(field.form_class.base_fields[name].label).lower())
        elif value not in (None, "", False):
            told.append(words(value))
    return ", ".join(told)


def words(value: Any) -> str:
    """A field's value in words, whether cleaned or stored."""
    if value is None or value == "":
        return ""
    if isinstance(value, list | tuple):
        return "; ".join(filter(None, (words(v) for v in value)))
    return str(getattr(value, "label", None) or value)
