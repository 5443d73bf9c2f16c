"""What stands on a sign-in sheet of paper, typed in afterwards."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.fields import LinesWidget, many_of
from access.roles import Action
from crm.models import Contact
from lists.folding import fold
from outreach.commands.door import AtTheDoor, refuse_unless_it_takes_place
from outreach.guests import Guess, guesses
from outreach.models import Attendance, Event
from outreach.rooms import alone_at

LINES = 200  # that are entered at once
PAPER = "paper"  # how we know of a consent that was ticked on the sheet
NEW = "new"
_SAME = re.compile(r"line-([1-9]\d{0,2})")


def twins(names: Iterable[str]) -> dict[int, int]:
    """{number of a line: number of the first line before it that bears the same name}, accents and
    case apart. Lines count from 1.
    """
    first: dict[str, int] = {}
    found = {}
    for number, name in enumerate(names, 1):
        if (key := fold(name)) and first.setdefault(key, number) != number:
            found[number] = first[key]
    return found


class SheetLine(forms.Form):
    """One line of a sheet: a name, and what was written or ticked beside it."""

    name = forms.CharField(max_length=200, required=False)
    group = forms.CharField(max_length=150, required=False)
    first_time = forms.BooleanField(required=False)
    news = forms.BooleanField(required=False)
    # A person's uid, "new", "line-4" for whoever line 4 means, or not said yet.
    who = forms.CharField(max_length=36, required=False)

    def clean_who(self):
        """A UUID, the number of a line, "new" or nothing."""
        who = self.cleaned_data["who"]
        if who in ("", NEW):
            return who
        if same := _SAME.fullmatch(who):
            return int(same[1])
        try:
            return UUID(who)
        except ValueError:
            raise ValidationError(_("This person is not there.")) from None


class SheetLines(forms.Field):
    """The written lines: a list of {field: value}. Empty ones are left out."""

    widget = LinesWidget

    def clean(self, value):
        if value in (None, ""):
            value = []
        if not isinstance(value, list) or not all(isinstance(line, dict) for line in value):
            raise ValidationError(_("Send a list of rows."), code="invalid_list")
        if len(value) > LINES:
            raise ValidationError(_("At most %(most)d rows fit here."), params={"most": LINES})
        cleaned, errors = [], []
        for number, line in enumerate(value, 1):
            form = SheetLine(line)
            form.full_clean()
            if not str(line.get("name") or "").strip():
                if str(line.get("group") or "").strip():
                    errors.append(_("Line %(number)d has no name.") % {"number": number})
                continue
            for problems in form.errors.values():
                errors += [f"{_('Line')} {number}: {problem}" for problem in problems]
            cleaned.append(form.cleaned_data | {"number": number})
        if errors:
            raise ValidationError(errors)
        return cleaned


class EnterSheet(AtTheDoor):
    """Enter a sign-in sheet: who of the printed names was there, and who wrote a name below."""

    action = Action.WRITE
    did = gettext_lazy("Entered a sign-in sheet")
    is_of_row = False
    here = many_of(Attendance, label=gettext_lazy("Here"))
    first_time = many_of(Attendance, label=gettext_lazy("First time"))
    news = many_of(Attendance, label=gettext_lazy("News"))
    lines = SheetLines(required=False, label=gettext_lazy("Written below"))

    class Meta:
        model = Event
        fields = ("head_count",)

    def choices(self, name, model):
        return super().choices(name, model).filter(event=self.instance.pk)

    def clean(self):
        cleaned = super().clean()
        self.undecided: dict[int, list[Guess]] = {}
        if "lines" in cleaned:
            self._find_people(cleaned["lines"])
        if self.undecided:
            numbers = ", ".join(map(str, self.undecided))
            words = _("Who is it? Choose in line %(numbers)s. Nothing is saved yet.")
            self.add_error("lines", words % {"numbers": numbers})
        told = any(cleaned.get(name) for name in ("lines", "here"))
        if not self.errors and not told and cleaned.get("head_count") is None:
            raise ValidationError(_("Nothing is entered yet."))
        return cleaned

    def _find_people(self, lines: list[dict[str, Any]]) -> None:
        """Put a person to each line, or what has to be chosen from.

        A name that the list of the event holds once, exactly so, is that person. Any other name
        that somebody bears whom we know has to be looked at, and so has one that stands on a line
        before: two people may have it.
        """
        self.twins = self._twins(lines)
        for line in lines:
            if isinstance(line["who"], int) and line["who"] != self.twins.get(line["number"]):
                line["who"] = ""  # one of the two names was changed since
        known = self._people(line["who"] for line in lines if isinstance(line["who"], UUID))
        open_lines = [line for line in lines if line["who"] == ""]
        found = guesses(self.actor, self.instance, [line["name"] for line in open_lines])
        sure = {}
        for line in lines:
            line["contact"] = known.get(line["who"])
            if isinstance(line["who"], UUID) and line["contact"] is None:
                words = _("The person of line %(number)d is not there any more. Choose again.")
                self.add_error("lines", words % {"number": line["number"]})
        for line in open_lines:
            meant, number = found[line["name"]], line["number"]
            same = [guess for guess in meant if guess.is_listed and guess.is_exact]
            if number in self.twins or (meant and len(same) != 1):
                self.undecided[number] = meant
            elif same:
                sure[number] = same[0].uid
        known = self._people(sure.values())
        for line in open_lines:
            line["contact"] = known.get(sure.get(line["number"]))

    def _twins(self, lines: list[dict[str, Any]]) -> dict[int, int]:
        names = {line["number"]: line["name"] for line in lines}
        return twins(names.get(number, "") for number in range(1, max(names, default=0) + 1))

    def _people(self, uids: Iterable[UUID]) -> dict[Any, Contact]:
        people = Contact.objects.visible_to(self.actor).filter(uid__in=set(uids))
        return {person.uid: person for person in people}

    def apply(self):
        event = alone_at(self.actor, self.instance.pk)
        refuse_unless_it_takes_place(event, self.actor)
        if self.cleaned_data.get("head_count") is not None:
            self.instance.counted = Event.Counted.SIGN_IN
            self.instance.save()
        self.new = 0  # written down as having been there, and not before
        self.entered: dict[UUID, Attendance] = {}
        self.meant: dict[int, Contact] = {}
        agreed = {row.pk for row in self.cleaned_data["news"]}
        first = {row.pk for row in self.cleaned_data["first_time"]}
        here = self.cleaned_data["here"]
        people = Contact.objects.visible_to(self.actor).in_bulk([row.contact_id for row in here])
        for row in here:
            row.first_time = row.first_time or row.pk in first
            self.welcome(row, None)
            if row.pk in agreed:
                self.agree(people[row.contact_id], PAPER, event)
        for line in self.cleaned_data["lines"]:
            self._enter(line, event)
        return self.instance

    def welcome(self, row: Attendance, at: datetime | None) -> Attendance:
        self.new += not row.is_here
        return super().welcome(row, at)

    def _enter(self, line: dict[str, Any], event: Event) -> None:
        contact = line["contact"] or self.meant.get(line["who"])
        contact = contact or self.newcomer(line["name"], line["group"], event)
        self.meant[line["number"]] = contact
        row = self._row(contact, event)
        row.group = row.group or line["group"]
        row.first_time = row.first_time or line["first_time"]
        self.welcome(row, None)
        if line["news"]:
            self.agree(contact, PAPER, event)

    def _row(self, contact: Contact, event: Event) -> Attendance:
        """Her row at the event; one, however many lines name her."""
        if contact.uid not in self.entered:
            row = self.listed(event, contact)
            if row._state.adding:
                row.source = Attendance.Source.PAPER
            self.entered[contact.uid] = row
        return self.entered[contact.uid]
