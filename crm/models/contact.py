from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from access.models import State, User
from access.records import Record
from access.scope import ScopedQuerySet, Visibility, scoped
from crm.models.affiliate import Affiliate
from crm.models.organization import NEVER, Organization
from crm.models.taxonomy import Language
from crm.phones import is_address, parsed, spellings
from lists.folding import FoldedField, search_key


class Channel(models.TextChoices):
    """A way to reach a person."""

    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    TEXT = "text", _("Text message")
    MAIL = "mail", _("Mail")


class ContactQuerySet(ScopedQuerySet):
    def of_own_partners(self, actor):
        tie = Affiliation._base_manager.filter(
            contact_id=OuterRef("pk"), organization__owner_id=actor.user_id
        )
        return Q(Exists(tie))

    def at_own_partners(self, actor):
        """People of partners that the actor owns: found from her side, where `of_own_partners` asks
        each row.
        """
        ties = Affiliation._base_manager.filter(organization__owner_id=actor.user_id)
        return self.filter(pk__in=ties.order_by().values("contact_id"))

    def of_partners_given(self, actor):
        tie = Affiliation._base_manager.filter(
            contact_id=OuterRef("pk"), organization__confirmed_owner_id=actor.user_id
        )
        return Q(Exists(tie))

    def without_organization(self, actor, today: date):
        """People whom the actor sees in no organization today."""
        ties = Affiliation.objects.visible_to(actor).filter(contact_id=OuterRef("pk"))
        return self.filter(~Exists(ties.current(today)))

    def unchecked(self, today: date):
        """People whose details nobody has checked for a year, or ever."""
        limit = today - timedelta(days=365)
        return self.filter(Q(details_checked_on__isnull=True) | Q(details_checked_on__lt=limit))

    def may_be_reached(self, channel: str):
        """People who did not ask us to keep off the channel, or off all of them."""
        return self.filter(no_contact=False, **({f"no_{channel}": False} if channel else {}))


class Contact(Record):
    """A person we know. There is no field for status, birthplace, faith, ethnicity or family."""

    class Category(models.TextChoices):
        EDUCATOR = "educator", _("Educator")
        SUPPORT = "support", _("Support professional")
        RETIRED = "retired", _("Retired")
        ASPIRING = "aspiring", _("Aspiring educator")
        OTHER = "other", _("Other")

    name = models.CharField(_("name"), max_length=200)
    preferred_name = models.CharField(_("preferred name"), max_length=100, blank=True)
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True)
    preferred_channel = models.CharField(_("prefers"), max_length=10, choices=Channel, blank=True)
    state = models.ForeignKey(
        State,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("state"),
        help_text=_("Only for a person without an organization: decides who sees her."),
    )
    visibility = models.CharField(
        _("who may read this"), max_length=10, choices=Visibility, default=Visibility.TEAM
    )
    member_affiliate = models.ForeignKey(
        Affiliate,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("member of"),
    )
    member_category = models.CharField(
        _("member category"), max_length=10, choices=Category, blank=True
    )
    union_role = models.CharField(_("role in the union"), max_length=100, blank=True)
    trainings = models.CharField(_("leadership trainings"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    details_checked_on = models.DateField(_("details last checked"), null=True, blank=True)
    details_checked_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    author = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    sort_name = FoldedField()

    home = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+", editable=False)
    last_contact = models.DateField(_("last contact"), default=NEVER, editable=False)
    no_contact = models.BooleanField(default=False, editable=False)
    no_email = models.BooleanField(default=False, editable=False)
    no_phone = models.BooleanField(default=False, editable=False)
    no_text = models.BooleanField(default=False, editable=False)
    no_mail = models.BooleanField(default=False, editable=False)
    search_key = models.TextField(blank=True, editable=False)

    reaches = True
    derived = frozenset(
        {
            "home",
            "last_contact",
            "no_contact",
            "no_email",
            "no_phone",
            "no_text",
            "no_mail",
            "search_key",
        }
    )
    may_be_hidden = frozenset({"member_affiliate"})
    objects = scoped(ContactQuerySet)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes: ClassVar = [
            # To read in order, and to count without reading the rows.
            models.Index(fields=["home", "sort_name", "uid", "visibility", "author", "id"]),
            models.Index(fields=["sort_name", "uid"]),
            models.Index(fields=["last_contact", "uid"]),
        ]

    def __str__(self):
        return self.name

    def prepare(self):
        self.sort_name = self._meta.get_field("sort_name").clip(self.name)
        if self._state.adding:  # as settling finds them right, it need not write them again
            self.home_id = self.home_id or self.state_id
            self.search_key = search_key(self.name, self.preferred_name)


class ContactPart(Record):
    """A small row that belongs to a person and is seen with her."""

    contact: models.ForeignKey

    seen_through = ("contact",)
    part_of = ("contact",)

    class Meta:
        abstract = True


def _contact(name: str, **more: bool) -> models.ForeignKey:
    return models.ForeignKey(Contact, on_delete=models.PROTECT, related_name=name, **more)


class ContactEmail(ContactPart):
    contact = _contact("emails", db_index=False)
    email = models.EmailField(_("e-mail"))
    label = models.CharField(_("label"), max_length=40, blank=True)
    masked = frozenset({"email"})
    objects = scoped()

    class Meta:
        verbose_name = _("e-mail")
        indexes: ClassVar = [
            models.Index(fields=["email"]),
            # In their order, so that PostgreSQL need not sort those of each person of an export.
            models.Index(fields=["contact", "id"], name="contact_email_in_order"),
        ]

    def __str__(self):
        return self.email

    def prepare(self):
        self.email = self.email.strip().lower()

    @classmethod
    def whole(cls, text: str) -> Q | None:
        """Rows with exactly this address, or None where the text is none."""
        return Q(email=text.strip().lower()) if is_address(text) else None


class ContactPhone(ContactPart):
    contact = _contact("phones", db_index=False)
    number = models.CharField(_("phone"), max_length=40)
    label = models.CharField(_("label"), max_length=40, blank=True)
    e164 = models.CharField(max_length=20, blank=True, editable=False)
    extension = models.CharField(max_length=10, blank=True, editable=False)
    masked = frozenset({"number"})
    objects = scoped()

    class Meta:
        verbose_name = _("phone")
        indexes: ClassVar = [
            models.Index(fields=["e164"], name="contact_phone_e164"),
            models.Index(fields=["contact", "id"], name="contact_phone_in_order"),
        ]

    def __str__(self):
        return self.number

    def prepare(self):
        self.e164, self.extension = parsed(self.number)

    @classmethod
    def whole(cls, text: str) -> Q | None:
        """Rows with exactly this number, or None where the text is none."""
        found = spellings(text)
        return Q(e164__in=found) if found else None


class ContactLanguage(ContactPart):
    contact = _contact("languages")
    language = models.ForeignKey(
        Language, on_delete=models.PROTECT, related_name="+", verbose_name=_("language")
    )
    objects = scoped()

    class Meta:
        verbose_name = _("language")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contact", "language"], name="contact_language_once")
        ]

    def __str__(self):
        return str(self.language_id)


class AffiliationQuerySet(ScopedQuerySet):
    def current(self, today: date):
        """Ties that have not ended."""
        return self.filter(Q(end__isnull=True) | Q(end__gte=today))


class Affiliation(Record):
    """A person's tie to an organization: role, from, until. One is the primary one."""

    contact = _contact("affiliations")
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="affiliations",
        verbose_name=_("organization"),
    )
    role = models.CharField(_("role"), max_length=100, blank=True)
    start = models.DateField(_("from"), null=True, blank=True)
    end = models.DateField(_("until"), null=True, blank=True)
    is_primary = models.BooleanField(_("main organization"), default=False)

    seen_through = ("contact", "organization")
    part_of = ("contact",)
    objects = scoped(AffiliationQuerySet)

    class Meta:
        verbose_name = _("organization")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contact"], condition=Q(is_primary=True), name="one_primary_affiliation"
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True)
                | Q(start__isnull=True)
                | Q(end__gte=models.F("start")),
                name="affiliation_ends_after_it_starts",
            ),
        ]

    def __str__(self):
        return self.role or "-"

    def is_current(self, today: date) -> bool:
        return self.end is None or self.end >= today


class Consent(ContactPart):
    """What a person agreed to, when, and how we know."""

    contact = _contact("consents")
    day = models.DateField(_("on"))
    scope = models.CharField(_("for what"), max_length=200)
    source = models.CharField(_("how we know"), max_length=200)
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    objects = scoped()

    class Meta:
        verbose_name = _("consent")

    def __str__(self):
        return self.scope


class DoNotContact(ContactPart):
    """A person asked us to keep off a channel, or lifted that.

    The newest row of a channel holds.
    """

    ALL = "all"

    contact = _contact("do_not_contact")
    channel = models.CharField(
        _("channel"), max_length=10, choices=[(ALL, _("Every channel")), *Channel.choices]
    )
    asked = models.BooleanField(_("asked not to be contacted"), default=True)
    source = models.CharField(_("how we know"), max_length=200)
    day = models.DateField(_("on"))
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    objects = scoped()

    class Meta:
        verbose_name = _("do not contact")

    def __str__(self):
        return self.channel
