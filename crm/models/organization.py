from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from access.models import State, User
from access.records import Record
from access.scope import scoped
from crm.models.organization_rows import NEVER, OrganizationQuerySet
from crm.models.taxonomy import Community, FocusArea, Language, OrganizationKind, Stage
from crm.phones import is_address, parsed, spellings
from lists.folding import FoldedField


class Organization(Record):
    """A community partner."""

    class Scope(models.TextChoices):
        LOCAL = "local", _("Local")
        STATE = "state", _("State")
        NATIONAL = "national", _("National")

    name = models.CharField(_("name"), max_length=200)
    kind = models.ForeignKey(
        OrganizationKind,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("kind"),
    )
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="branches",
        verbose_name=_("part of"),
    )
    scope = models.CharField(_("works"), max_length=10, choices=Scope, blank=True)
    service_area = models.CharField(_("service area"), max_length=200, blank=True)
    quiet_after_days = models.PositiveSmallIntegerField(
        _("quiet after days"),
        null=True,
        blank=True,
        help_text=_("Empty: what the stage says. A partner met twice a year by plan is not quiet."),
    )
    protocol_note = models.TextField(
        _("protocol"), blank=True, help_text=_("What a visitor must know and respect.")
    )
    they_bring = models.TextField(_("they bring"), blank=True)
    they_want = models.TextField(_("they want"), blank=True)
    we_bring = models.TextField(_("we bring"), blank=True)
    we_want = models.TextField(_("we want"), blank=True)
    note = models.TextField(_("note"), blank=True)
    author = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    sort_name = FoldedField()

    # Settled from dated rows, locations and meetings; never written by a command.
    home = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+", editable=False)
    city = models.CharField(_("city"), max_length=100, blank=True, editable=False)
    owner = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("owner"),
    )
    # The owner, unless she took the partner over by herself: then restricted rows stay closed to
    # her until somebody who assigns owners says so.
    confirmed_owner = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    stage = models.ForeignKey(
        Stage,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("stage"),
    )
    stage_day = models.DateField(null=True, editable=False)
    strength = models.PositiveSmallIntegerField(_("strength"), null=True, editable=False)
    strength_day = models.DateField(null=True, editable=False)
    last_contact = models.DateField(_("last contact"), default=NEVER, editable=False)
    search_key = models.TextField(blank=True, editable=False)

    derived = frozenset(
        {
            "home",
            "city",
            "owner",
            "confirmed_owner",
            "stage",
            "stage_day",
            "strength",
            "strength_day",
            "last_contact",
            "search_key",
        }
    )
    may_be_hidden = frozenset({"parent"})
    objects = scoped(OrganizationQuerySet)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        indexes: ClassVar = [
            models.Index(fields=["home", "sort_name", "uid"]),
            models.Index(fields=["sort_name", "uid"]),
            models.Index(fields=["home", "last_contact", "uid"]),
            models.Index(fields=["last_contact", "uid"]),
            models.Index(fields=["owner", "home"]),
            # To count who has gone quiet without reading the rows.
            models.Index(fields=["home", "quiet_after_days", "stage", "last_contact"]),
            # Few have days of their own, which gone_quiet looks for, or a parent: a whole index
            # seems to a planner to say little.
            models.Index(
                fields=["quiet_after_days"],
                condition=models.Q(quiet_after_days__isnull=False),
                name="crm_organization_quiet_days",
            ),
            models.Index(
                fields=["parent"],
                condition=models.Q(parent__isnull=False),
                name="crm_organization_with_parent",
            ),
        ]

    def __str__(self):
        return self.name

    def prepare(self):
        self.sort_name = self._meta.get_field("sort_name").clip(self.name)


class Part(Record):
    """A small row that belongs to an organization and is seen with it."""

    organization: models.ForeignKey

    seen_through = ("organization",)
    part_of = ("organization",)

    class Meta:
        abstract = True


def _organization(name: str) -> models.ForeignKey:
    return models.ForeignKey(Organization, on_delete=models.PROTECT, related_name=name)


class OrganizationName(Part):
    """Another name: legal, short, former, or in another language."""

    class Kind(models.TextChoices):
        LEGAL = "legal", _("Legal")
        SHORT = "short", _("Short")
        FORMER = "former", _("Former")
        ALTERNATE = "alternate", _("Also known as")
        TRANSLATED = "translated", _("In another language")

    organization = _organization("names")
    name = models.CharField(_("other name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.ALTERNATE)
    objects = scoped()

    class Meta:
        verbose_name = _("other name")

    def __str__(self):
        return self.name


class Location(Part):
    """Where a partner is, or gets its mail."""

    class Kind(models.TextChoices):
        PHYSICAL = "physical", _("Place")
        MAILING = "mailing", _("Mail")

    organization = _organization("locations")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PHYSICAL)
    street = models.CharField(_("street"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    state = models.ForeignKey(
        State,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("state"),
    )
    zip = models.CharField(_("ZIP or postal code"), max_length=12, blank=True)
    country = models.CharField(_("country, if not the United States"), max_length=60, blank=True)
    is_main = models.BooleanField(_("main"), default=False)
    objects = scoped()

    class Meta:
        verbose_name = _("address")

    def __str__(self):
        state = self.state.code if self.state_id else ""
        line = ", ".join(filter(None, [self.street, self.city, f"{state} {self.zip}".strip()]))
        return ", ".join(filter(None, [line, self.country]))


class OrganizationPhone(Part):
    """A phone of the partner's office."""

    organization = _organization("phones")
    number = models.CharField(_("phone"), max_length=40)
    label = models.CharField(_("label"), max_length=40, blank=True)
    e164 = models.CharField(max_length=20, blank=True, editable=False)
    extension = models.CharField(max_length=10, blank=True, editable=False)
    objects = scoped()

    class Meta:
        verbose_name = _("phone")
        indexes: ClassVar = [models.Index(fields=["e164"], name="organization_phone_e164")]

    def __str__(self):
        return self.number

    def prepare(self):
        self.e164, self.extension = parsed(self.number)

    @classmethod
    def whole(cls, text: str) -> Q | None:
        """Rows with exactly this number, or None where the text is none."""
        found = spellings(text)
        return Q(e164__in=found) if found else None


class OrganizationEmail(Part):
    """An e-mail address of the partner's office."""

    organization = _organization("emails")
    email = models.EmailField(_("e-mail"))
    label = models.CharField(_("label"), max_length=40, blank=True)
    objects = scoped()

    class Meta:
        verbose_name = _("e-mail")
        indexes: ClassVar = [models.Index(Lower("email"), name="organization_email_lower")]

    def __str__(self):
        return self.email

    @classmethod
    def whole(cls, text: str) -> Q | None:
        """Rows with exactly this address in any case, or None where the text is none."""
        return Q(Exact(Lower("email"), text.strip().lower())) if is_address(text) else None


class Website(Part):
    organization = _organization("websites")
    url = models.URLField(_("website"), max_length=300)
    objects = scoped()

    class Meta:
        verbose_name = _("website")

    def __str__(self):
        return self.url


class OrganizationLanguage(Part):
    organization = _organization("languages")
    language = models.ForeignKey(
        Language, on_delete=models.PROTECT, related_name="+", verbose_name=_("language")
    )
    note = models.CharField(_("note"), max_length=100, blank=True)
    objects = scoped()

    class Meta:
        verbose_name = _("language")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "language"], name="organization_language_once"
            )
        ]

    def __str__(self):
        return str(self.language_id)


class Tag(Part):
    """A free word on a partner, compared without accents or case."""

    organization = _organization("tags")
    name = models.CharField(_("tag"), max_length=60)
    sort_name = FoldedField(max_length=60)
    objects = scoped()

    class Meta:
        verbose_name = _("tag")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "sort_name"], name="tag_once")
        ]
        indexes: ClassVar = [models.Index(fields=["sort_name", "organization"])]

    def __str__(self):
        return self.name

    def prepare(self):
        self.sort_name = self._meta.get_field("sort_name").clip(self.name)


class ExternalId(Part):
    """What another register calls the partner: an EIN, an id of an imported list."""

    organization = _organization("external_ids")
    scheme = models.CharField(_("register"), max_length=40, blank=True)
    value = models.CharField(_("number"), max_length=80)
    objects = scoped()

    class Meta:
        verbose_name = _("number in another register")

    def __str__(self):
        return self.value


class OrganizationCommunity(Part):
    organization = _organization("community_links")
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    objects = scoped()

    class Meta:
        verbose_name = _("community")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "community"], name="organization_community_once"
            )
        ]


class OrganizationFocusArea(Part):
    organization = _organization("focus_links")
    focus_area = models.ForeignKey(FocusArea, on_delete=models.PROTECT, related_name="+")
    objects = scoped()

    class Meta:
        verbose_name = _("focus area")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "focus_area"], name="organization_focus_once"
            )
        ]


class OwnerSince(Part):
    """Who was responsible for the partner from a day on. Empty: nobody."""

    organization = _organization("owner_rows")
    owner = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner")
    )
    day = models.DateField(_("since"))
    author = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    objects = scoped()

    class Meta:
        verbose_name = _("owner")

    def __str__(self):
        return str(self.day)


class StageSince(Part):
    """The stage of the relationship from a day on."""

    organization = _organization("stage_rows")
    stage = models.ForeignKey(
        Stage, on_delete=models.PROTECT, related_name="+", verbose_name=_("stage")
    )
    day = models.DateField(_("since"))
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    objects = scoped()

    class Meta:
        verbose_name = _("stage")

    def __str__(self):
        return str(self.day)
