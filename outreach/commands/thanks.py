"""Follow-ups for all who came to an event, in one go."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.actors import actor_of
from access.commands import Command
from access.models import User
from access.recording import Refused
from access.roles import Action
from crm.commands.widgets import Due, bar
from crm.models import Affiliation, Contact, Organization, Task
from outreach.models import Attendance, Event

DUE_IN = timedelta(days=7)


class FollowUpAll(Command):
    """Make a follow-up for each person who came, or for each of their organizations.

    Who asked us not to contact them at all gets none, and whoever has an open one of the same words
    gets no second.
    """

    ME, OWNERS = "me", "owners"
    PEOPLE, PARTNERS = "people", "partners"

    action = Action.LOG
    did = gettext_lazy("Made follow-ups for who came to an event")
    is_of_row = False
    title = forms.CharField(max_length=200, label=gettext_lazy("What to do"))
    due = forms.DateField(label=gettext_lazy("Due"), widget=Due())
    each = forms.ChoiceField(
        label=gettext_lazy("One for each"),
        choices=[(PEOPLE, gettext_lazy("Person")), (PARTNERS, gettext_lazy("Organization"))],
        initial=PEOPLE,
        widget=bar(),
    )
    who = forms.ChoiceField(
        label=gettext_lazy("Who does it"),
        choices=[(ME, gettext_lazy("I")), (OWNERS, gettext_lazy("The partner’s owner"))],
        initial=ME,
        widget=bar(),
    )

    class Meta:
        model = Event
        fields = ()

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        self.initial.setdefault("title", _("Thank them for coming"))
        self.initial.setdefault("due", actor.today() + DUE_IN)
        if not actor.may(Action.ASSIGN):
            del self.fields["who"]

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self._people().exists():
            raise ValidationError(_("Nobody is written down as having been there yet."))
        return cleaned

    def _people(self):
        """Who came, and may be contacted."""
        came = Attendance.objects.visible_to(self.actor).filter(event=self.instance.pk).came()
        people = Contact.objects.visible_to(self.actor).filter(
            pk__in=came.order_by().values("contact_id")
        )
        return people.filter(no_contact=False)

    def apply(self):
        people = list(self._people().order_by("sort_name", "pk"))
        ties = Affiliation.objects.visible_to(self.actor).current(self.instance.day)
        ties = ties.filter(contact__among=[p.pk for p in people]).order_by("-is_primary", "pk")
        at: dict[int, int] = {}
        for contact_id, organization_id in ties.values_list("contact_id", "organization_id"):
            at.setdefault(contact_id, organization_id)
        partners = Organization.objects.visible_to(self.actor).in_bulk(set(at.values()))
        if self.cleaned_data["each"] == self.PARTNERS:
            about = [(partner, partner) for _pk, partner in sorted(partners.items())]
            if not about:
                raise Refused(_("None of them belongs to an organization that you see."))
        else:
            about = [(person, partners.get(at.get(person.pk, 0))) for person in people]
        self._make(about)
        return self.instance

    def _make(self, about: list[tuple]) -> None:
        title, due = self.cleaned_data["title"], self.cleaned_data["due"]
        uids = [row.uid for row, _partner in about]
        tasks = Task.objects.visible_to(self.actor).filter(title=title, status=Task.Status.OPEN)
        there = set(tasks.filter(about__in=uids).values_list("about", flat=True))
        self.made = self.elsewhere = 0
        for row, partner in about:
            if row.uid in there:
                continue
            if not self.actor.covers(row.home_id):  # it would land where she does not see it
                self.elsewhere += 1
                continue
            kind = row._meta.model_name
            task = Task(title=title, due=due, about_kind=kind, about=row.uid)
            task.author_id = self.actor.user_id
            task.owner_id = self._owner(partner)
            task.save()
            self.made += 1

    def _owner(self, partner: Organization | None) -> int | None:
        """Me, or whose partner it is where she still works there."""
        if self.cleaned_data.get("who") != self.OWNERS or partner is None:
            return self.actor.user_id
        known = self.__dict__.setdefault("_works", {None: False})
        if partner.owner_id not in known:
            theirs = actor_of(User.objects.get(pk=partner.owner_id))
            known[partner.owner_id] = theirs is not None and theirs.covers(partner.home_id)
        return partner.owner_id if known[partner.owner_id] else self.actor.user_id
