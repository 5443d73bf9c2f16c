from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.deleting import Deletion
from access.fields import lines_of, one_of
from access.models import State
from access.roles import Action
from access.settling import every
from crm.commands.widgets import bar, chips, picker, words
from crm.models import (
    Affiliate,
    Affiliation,
    Channel,
    Consent,
    Contact,
    ContactEmail,
    ContactLanguage,
    ContactPhone,
    DoNotContact,
    Language,
    Organization,
)


class AddContact(Command):
    """Add a person, with her organizations, e-mails, phones and languages."""

    action = Action.WRITE
    did = gettext_lazy("Added a person")
    state = one_of(
        State,
        label=gettext_lazy("State"),
        help_text=gettext_lazy("Only for a person without an organization."),
    )
    member_affiliate = one_of(
        Affiliate, label=gettext_lazy("Member of"), widget=picker("affiliates")
    )
    affiliations = lines_of(
        Affiliation,
        ["organization", "role", "start", "end", "is_primary"],
        chooses={
            "organization": one_of(
                Organization,
                required=True,
                label=gettext_lazy("Organization"),
                widget=picker("organizations"),
            )
        },
        label=gettext_lazy("Organizations"),
    )
    emails = lines_of(ContactEmail, ["email", "label"], label=gettext_lazy("E-mail addresses"))
    phones = lines_of(ContactPhone, ["number", "label"], label=gettext_lazy("Phones"))
    languages = lines_of(
        ContactLanguage,
        ["language"],
        chooses={"language": one_of(Language, required=True, label=gettext_lazy("Language"))},
        label=gettext_lazy("Languages"),
    )

    class Meta:
        model = Contact
        fields = (
            "name",
            "preferred_name",
            "pronouns",
            "preferred_channel",
            "state",
            "visibility",
            "member_affiliate",
            "member_category",
            "union_role",
            "trainings",
            "note",
        )
        widgets = {"visibility": bar(), "note": words()}

    def clean_languages(self):
        seen, kept = set(), []
        for uid, line in self.cleaned_data["languages"]:
            if line["language"].pk not in seen:
                seen.add(line["language"].pk)
                kept.append((uid, line))
        return kept

    def clean_affiliations(self):
        """One primary at the most; the first current one where none is marked."""
        lines = self.cleaned_data["affiliations"]
        for _uid, line in lines:
            if line["start"] and line["end"] and line["end"] < line["start"]:
                raise ValidationError(_("A tie cannot end before it starts."))
        marked = [line for _uid, line in lines if line["is_primary"]]
        if len(marked) > 1:
            raise ValidationError(_("Mark one organization as the main one, not several."))
        if not marked and lines:
            current = [line for _uid, line in lines if not line["end"]] or [lines[0][1]]
            current[0]["is_primary"] = True
        return lines

    def apply(self):
        contact = self.instance
        if self.adding:
            contact.author_id = self.actor.user_id
        elif not contact.member_affiliate_id and self.initial.get("member_affiliate") is None:
            contact.member_affiliate_id = contact._loaded["member_affiliate_id"]
        return super().apply()

    def _save_lines(self, form_field, wanted):
        if form_field.model is not Affiliation or self.adding:
            return super()._save_lines(form_field, wanted)
        stored = {row.uid: row for row in self._lines(form_field)}
        unseen = every(Affiliation).filter(contact_id=self.instance.pk, is_primary=True)
        if unseen.exclude(
            uid__in=stored
        ).exists():  # the main one is a partner of other areas: it stays
            for _uid, line in wanted:
                line["is_primary"] = False
        for uid, line in wanted:
            row = stored.get(uid)
            if row and row.end and line["end"] != row.end:
                if line["end"] is not None:
                    raise_on(self, "affiliations", _("An end date that is set stays as it is."))
                line["end"] = row.end
        return super()._save_lines(
            form_field, sorted(wanted, key=lambda pair: pair[1]["is_primary"])
        )


def raise_on(command: Command, name: str, message: str) -> None:
    """Refuse the command with a message at one of its fields."""
    command.add_error(name, message)
    raise ValidationError(command.errors.as_data())


class ChangeContact(AddContact):
    """Change a person. Fields that are not sent stay as they are."""

    did = gettext_lazy("Changed a person")


class DeleteContact(Deletion):
    """Take a person out. Refused while meetings name her; brought back for 30 days."""

    action = Action.DELETE
    did = gettext_lazy("Deleted a person")

    class Meta:
        model = Contact
        fields = ()


class SetDoNotContact(Command):
    """Record which channels a person asked us to keep off. Every change is a dated row."""

    action = Action.WRITE
    did = gettext_lazy("Recorded do not contact")
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Do not use"),
        required=False,
        widget=chips(**{"data-optional": "quiet"}),
        choices=[(DoNotContact.ALL, gettext_lazy("Every channel")), *Channel.choices],
    )
    source = forms.CharField(
        label=gettext_lazy("How we know"),
        max_length=200,
        help_text=gettext_lazy("For instance: asked in person, replied to a text."),
    )
    day = forms.DateField(label=gettext_lazy("On"), widget=forms.DateInput({"type": "date"}))

    class Meta:
        model = Contact
        fields = ()

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        self.initial.setdefault("channels", blocked_channels(self.instance))
        self.initial.setdefault("day", actor.today())

    def clean_day(self):
        """The newest day holds, so one ahead would outlive whatever is asked until then."""
        if (day := self.cleaned_data["day"]) > self.actor.today():
            raise ValidationError(_("This day lies in the future."))
        return day

    def clean(self):
        cleaned = super().clean()
        if {"day", "channels"} <= cleaned.keys():
            changed = set(blocked_channels(self.instance)) ^ set(cleaned["channels"])
            later = self.instance.do_not_contact.visible_to(self.actor).filter(
                channel__in=changed, day__gt=cleaned["day"]
            )
            if later.exists():
                self.add_error("day", _("A later day is recorded already, and would still hold."))
        return cleaned

    def apply(self):
        before, after = set(blocked_channels(self.instance)), set(self.cleaned_data["channels"])
        for channel in sorted(before ^ after):
            DoNotContact(
                contact=self.instance,
                channel=channel,
                asked=channel in after,
                source=self.cleaned_data["source"],
                day=self.cleaned_data["day"],
                author_id=self.actor.user_id,
            ).save()
        return self.instance


def blocked_channels(contact: Contact) -> list[str]:
    """The channels that the person asked us to keep off."""
    found = [DoNotContact.ALL] if contact.no_contact else []
    return found + [c for c in Channel.values if getattr(contact, f"no_{c}")]


class AddConsent(Command):
    """Record what a person agreed to."""

    action = Action.WRITE
    did = gettext_lazy("Recorded a consent")
    scope = forms.CharField(label=gettext_lazy("For what"), max_length=200)
    source = forms.CharField(label=gettext_lazy("How we know"), max_length=200)
    day = forms.DateField(label=gettext_lazy("On"), widget=forms.DateInput({"type": "date"}))

    class Meta:
        model = Contact
        fields = ()

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        self.initial.setdefault("day", actor.today())

    def apply(self):
        values = {name: self.cleaned_data[name] for name in ("scope", "source", "day")}
        Consent(contact=self.instance, author_id=self.actor.user_id, **values).save()
        return self.instance


class CheckDetails(Command):
    """Say that the phones and e-mails of a person were checked today."""

    action = Action.WRITE
    did = gettext_lazy("Checked details")

    class Meta:
        model = Contact
        fields = ()

    def apply(self):
        self.instance.details_checked_on = self.actor.today()
        self.instance.details_checked_by_id = self.actor.user_id
        self.instance.save()
        return self.instance
