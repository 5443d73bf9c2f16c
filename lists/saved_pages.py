"""The pages of saved views: save one, change it, put what is shown now into it, delete it."""

from django.http import Http404, HttpResponseNotAllowed, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.middleware import needs
from access.roles import Action
from access.views.own import safe_next
from lists.models import SavedView
from lists.pages import PAGES, ListPage
from lists.saved_views import (
    WHOLE,
    ChangeView,
    DeleteView,
    OpenWith,
    SaveView,
    UpdateView,
    shown_columns,
)
from lists.views import carry_out, row_of, say_saved


def address(row: SavedView) -> str:
    """The list as the view shows it."""
    return f"{_path(row.page)}?{row.parameters}"


def _path(name: str) -> str:
    return reverse(f"{PAGES[name].namespace}:{name}")


def save_view_page(page: ListPage):
    """The view that asks for a name and keeps what the list shows."""

    def view(request):
        first = {"page": page.name, "query": request.GET.urlencode()}
        command = SaveView(request.actor, request.POST or None, initial=first)
        query = request.POST.get("query", first["query"])[:4_000]
        context = {"list": page, "list_url": f"{_path(page.name)}?{query}"}
        context |= _said(request, page, QueryDict(query))
        return carry_out(request, command, "lists/save_view.html", address, context, _("Saved."))

    view.__qualname__ = f"{type(page).__name__}.save_view"
    return needs(page.action)(view)


def _said(request, page: ListPage, data: QueryDict) -> dict:
    """What a view will hold, in words."""
    found = page.find(request, data)
    columns, wrong = shown_columns(page, data, request.actor)
    return {
        "chips": list(page.chips(request, found)),
        "problems": found.problems + wrong,
        "order": found.order,
        "columns": columns if data.get("columns") else [],
    }


def _view(request, uid) -> SavedView:
    """The view that an address names, of a list that this role reads; else Http404."""
    row = row_of(request, SavedView, uid, "owner")
    if row.page not in PAGES or not request.actor.may(PAGES[row.page].action):
        raise Http404
    return row


@needs(Action.SIGNED_IN, of=SavedView)
def change_view(request, uid):
    """Rename or share a view."""
    row = _view(request, uid)
    command = ChangeView(request.actor, request.POST or None, instance=row)
    command.allow()
    context = {"view": row, "list": PAGES[row.page], "list_url": address(row)}
    context["delete_form"] = DeleteView(request.actor, instance=row)
    return carry_out(request, command, "lists/change_view.html", address, context)


@needs(Action.SIGNED_IN, of=SavedView)
def update_view(request, uid):
    """Keep in a view what the list shows now."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    row = _view(request, uid)
    command = UpdateView(request.actor, request.POST, instance=row)
    if command.attempt(lambda view: (302, {"location": address(view)})) is None:
        back = f"{_path(row.page)}?{request.POST.get('query', '')[:4_000]}"
        context = {"command": command, "view": row, "list": PAGES[row.page], "back_url": back}
        return render(request, "lists/view_refused.html", context, status=command.status)
    if not command.repeated:
        say_saved(request, command, _("The view is saved."))
    return redirect(command.reply["location"])


@needs(Action.SIGNED_IN, of=SavedView)
def delete_view(request, uid):
    """Take a view away; the list stays as it is."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    row = _view(request, uid)
    command = DeleteView(request.actor, request.POST, instance=row)
    back = f"{_path(row.page)}?view={WHOLE}"
    if command.attempt(lambda _row: (302, {"location": back})) is None:
        context = {"command": command, "view": row, "list": PAGES[row.page], "back_url": back}
        return render(request, "lists/view_refused.html", context, status=command.status)
    if not command.repeated:
        say_saved(request, command, _("The view is deleted. No row was touched."))
    return redirect(back)


@needs(Action.SIGNED_IN, of=SavedView)
def open_with(request, uid):
    """Let the list open with this view from now on, or with the whole list again."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    row = _view(request, uid)
    values = {"view": str(row.uid), "off": request.POST.get("off", "")}
    command = OpenWith(request.actor, values)
    if command.attempt() is None:  # the same click twice, at once
        context = {"command": command, "view": row, "list": PAGES[row.page]}
        context["back_url"] = address(row)
        return render(request, "lists/view_refused.html", context, status=command.status)
    said = _("The list opens with this view from now on, for you alone.")
    if values["off"]:
        said = _("The list opens whole again.")
    say_saved(request, command, said)
    back = safe_next(request, address(row))
    return redirect(back if back.partition("?")[0] == _path(row.page) else address(row))
