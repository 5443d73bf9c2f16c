"""The paper of an event: a sign-in sheet to print, and the same sheet typed in afterwards."""

from typing import Any

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.middleware import needs
from access.roles import Action
from crm.models import Contact
from lists.templatetags.form_parts import whole
from lists.views import carry_out, row_of
from outreach.commands import EnterSheet
from outreach.commands.sheet import LINES as MOST_LINES
from outreach.commands.sheet import twins
from outreach.guests import guesses, organizations_of
from outreach.models import Attendance, Event
from outreach.views.event import address as event_address

# What stands on the sheet, in both languages whatever the reader of the page speaks.
PRINTED = {
    "sign_in": ("Sign-in", "Hoja de registro"),
    "count": ("Head count", "Asistentes"),
    "name": ("Name", "Nombre"),
    "group": ("Group or school", "Grupo o escuela"),
    "here": ("Here", "Presente"),
    "first": ("First time", "Primera vez"),
    "news": ("News", "Noticias"),
    "notice": (
        "You do not have to sign. We keep your name to thank you and to count guests. Want news? "
        "Tick the box and take a card.",
        "No tiene que firmar. Guardamos su nombre para darle las gracias y contar a quienes "
        "vinieron. ¿Quiere noticias? Marque la casilla y tome una tarjeta.",
    ),
    "card": ("How we may reach you", "Cómo podemos comunicarnos con usted"),
    "phone": ("Phone", "Teléfono"),
    "email": ("E-mail", "Correo electrónico"),
    "agree": (
        "You may send me news about events and schools. I can end this at any time.",
        "Pueden enviarme noticias sobre eventos y escuelas. Puedo cancelarlo cuando quiera.",
    ),
}
BLANK = 12  # empty lines at first
CARDS = 8  # on two pages
LINES = 20  # empty lines of the page that takes the sheet; more come as they are filled


class SheetForm(forms.Form):
    """How a sheet is printed."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[
            ("both", gettext_lazy("Both languages")),
            ("en", gettext_lazy("English")),
            ("es", gettext_lazy("Spanish")),
        ],
        required=False,
    )
    lines = forms.IntegerField(
        label=gettext_lazy("Empty lines"),
        min_value=0,
        max_value=200,
        required=False,
        error_messages=dict.fromkeys(
            ("min_value", "max_value", "invalid"), gettext_lazy("Write a number from 0 to 200.")
        ),
    )
    paper = forms.ChoiceField(
        label=gettext_lazy("Paper"), choices=[("letter", "Letter"), ("a4", "A4")], required=False
    )
    names = forms.BooleanField(label=gettext_lazy("Print expected names"), required=False)
    cards = forms.BooleanField(label=gettext_lazy("Contact cards"), required=False)


def expected(actor, event: Event) -> list[tuple[Attendance, str, str]]:
    """(row, name, organization) of who may come, by name."""
    rows = Attendance.objects.visible_to(actor).filter(event=event.pk).expected()
    rows = list(rows.order_by("contact__sort_name", "pk"))
    people = Contact.objects.visible_to(actor).in_bulk([row.contact_id for row in rows])
    at = organizations_of(actor, people)
    return [(row, people[row.contact_id].name, at.get(row.contact_id, "")) for row in rows]


@needs(Action.LOG, of=Event)
def sheet(request, uid):
    """A sheet to print: the names of who is expected, and empty lines; no phone and no e-mail."""
    event = row_of(request, Event, uid)
    asked = request.GET if request.GET else {"names": "on", "lines": BLANK}
    form = SheetForm(asked)
    chosen = form.cleaned_data if form.is_valid() else {"names": True}
    blank = chosen.get("lines")
    blank = BLANK if blank is None else blank
    names = expected(request.actor, event) if chosen.get("names") else []
    context = {
        "event": event,
        "event_url": event_address(event),
        "form": form,
        "names": [(name, group) for _row, name, group in names],
        "blank": range(len(names) + 1, len(names) + blank + 1),
        "blank_count": blank,
        "words": _words(chosen.get("language") or "both"),
        "paper": chosen.get("paper") or "letter",
        "cards": range(CARDS) if chosen.get("cards") else (),
        "title": _title(len(names), blank),
    }
    return render(request, "outreach/sheet.html", context, status=200 if form.is_valid() else 422)


def _words(language: str) -> dict[str, tuple[str, str]]:
    """(main words, those of the other language or nothing) for each text of the sheet."""
    if language == "es":
        return {name: (spanish, "") for name, (_english, spanish) in PRINTED.items()}
    both = language == "both"
    return {
        name: (english, spanish if both else "") for name, (english, spanish) in PRINTED.items()
    }


def _title(names: int, blank: int) -> str:
    words = {"names": whole(names), "blank": whole(blank)}
    if names:
        return _("%(names)s expected: this sheet has room for %(blank)s more") % words
    return _("This sheet has room for %(blank)s names") % words


@needs(Action.WRITE, of=Event)
def enter_sheet(request, uid):
    """Type in a sheet: tick who of the printed names was there, and write the others below."""
    event = row_of(request, Event, uid)
    command = EnterSheet(request.actor, request.POST or None, instance=event)
    to = event_address(event)

    def context() -> dict[str, Any]:
        names = expected(request.actor, event)
        return {
            "event": event,
            "event_url": to,
            "names": [(row, name, group, _ticked(request, row)) for row, name, group in names],
            "lines": _lines(request, command),
        }

    def said(_row) -> str:
        there = Attendance.objects.visible_to(request.actor).filter(event=event.pk).came().count()
        words = _("Entered. %(new)s more are written down as having been there, %(all)s in all.")
        return words % {"new": whole(command.new), "all": whole(there)}

    return carry_out(request, command, "outreach/enter_sheet.html", lambda _row: to, context, said)


@needs(Action.WRITE, of=Event)
def sheet_like(request, uid):
    """Who may be meant by the name of one line, while the sheet is typed in; the names of the lines
    before it come along.
    """
    event = row_of(request, Event, uid)
    name, line = request.POST.get("name", "").strip()[:200], request.POST.get("line", "")
    found = guesses(request.actor, event, [name])[name] if name else []
    same = [one for one in found if one.is_listed and one.is_exact]
    before = request.POST.getlist("before")[:MOST_LINES]
    twin = twins([*before, name]).get(len(before) + 1)
    is_sure = twin is None and len(same) == 1
    context = {"guesses": [] if is_sure else found, "twin": twin}
    context["name"] = line if line.isdigit() else "0"
    return render(request, "outreach/sheet_who.html", context)


def _ticked(request, row: Attendance) -> dict[str, bool]:
    if request.method != "POST":
        return {"here": row.is_here, "first_time": row.first_time, "news": False}
    uid = str(row.uid)
    return {name: uid in request.POST.getlist(name) for name in ("here", "first_time", "news")}


def _lines(request, command: EnterSheet) -> list[dict[str, Any]]:
    """The written lines as they were typed, with whom each may mean, and empty ones after them."""
    typed: list[dict[str, Any]] = []
    if request.method == "POST":
        field = command.fields["lines"]
        typed = [dict(one) for one in field.widget.value_from_datadict(request.POST, {}, "lines")]
    undecided = getattr(command, "undecided", {})
    for number, line in enumerate(typed, 1):
        line["guesses"] = undecided.get(number, [])
        line["twin"] = command.twins.get(number) if number in undecided else None
    return typed + [{} for _n in range(max(1, LINES - len(typed)))]
