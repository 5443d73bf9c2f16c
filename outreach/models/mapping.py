"""Power maps: who decides, who stands where, who knows whom; and what a community has."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.models import State, User
from access.records import Record
from access.scope import ScopedQuerySet, scoped
from crm.models import Organization
from outreach.models.program import Program


class PowerMapQuerySet(ScopedQuerySet):
    def own(self, actor):
        return Q(author_id=actor.user_id)


class PowerMap(Record):
    """A question that somebody decides, and the board of those who have a say in it."""

    program = models.ForeignKey(
        Program, on_delete=models.PROTECT, related_name="power_maps", verbose_name=_("program")
    )
    question = models.CharField(_("what we want"), max_length=160)
    day = models.DateField(_("begun"), editable=False)
    author = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    home = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+", editable=False)

    part_of = ("program",)
    derived = frozenset({"home"})
    may_be_hidden = frozenset({"program"})
    objects = scoped(PowerMapQuerySet)

    class Meta:
        verbose_name = _("power map")
        verbose_name_plural = _("power maps")
        indexes: ClassVar = [models.Index(fields=["home", "day", "uid"], name="power_map_by_day")]

    def __str__(self):
        return self.question


class MapActorQuerySet(ScopedQuerySet):
    def visible_to(self, actor, under=""):
        # Its name may be that of its partner, wherever the row is told of.
        return super().visible_to(actor, under).select_related("organization")


class MapActor(Record):
    """Somebody with a say in the question of a map. One that stands for a partner bears its name,
    and is seen by who sees the partner.
    """

    class Kind(models.TextChoices):
        GROUP = "group", _("Group or organization")
        BODY = "body", _("Public body")
        OFFICE = "office", _("Office, by its role")
        MEDIA = "media", _("Media")
        BUSINESS = "business", _("Business")

    power_map = models.ForeignKey(PowerMap, on_delete=models.PROTECT, related_name="actors")
    name = models.CharField(_("name"), max_length=120, blank=True)
    kind = models.CharField(_("what it is"), max_length=8, choices=Kind, default=Kind.GROUP)
    about = models.CharField(_("in a few words"), max_length=120, blank=True)
    organization = models.ForeignKey(
        Organization,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("organization"),
    )
    decides = models.BooleanField(_("decides the question"), default=False)

    seen_through = ("power_map", "organization")
    part_of = ("power_map",)
    objects = scoped(MapActorQuerySet)

    class Meta:
        verbose_name = _("actor of a power map")
        verbose_name_plural = _("actors of power maps")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(name="") | Q(organization__isnull=False), name="map_actor_named"
            )
        ]

    def __str__(self):
        return self.label

    @property
    def label(self) -> str:
        """Its name: that of the organization which it stands for, else its own."""
        return self.organization.name if self.organization else self.name


class Stance(models.IntegerChoices):
    """The columns of a map."""

    WITH = 1, _("With us")
    LEANS_WITH = 2, _("Leaning with us")
    UNDECIDED = 3, _("Undecided")
    LEANS_AGAINST = 4, _("Leaning against us")
    AGAINST = 5, _("Against us")


class Influence(models.IntegerChoices):
    """The rows of a map, from the top."""

    HIGH = 4, _("High influence")
    MEDIUM = 3, _("Medium influence")
    LOW = 2, _("Low influence")
    NONE = 1, _("No influence")

    @property
    def short(self):
        """The label without the word influence, for a column of that name."""
        return {4: _("High"), 3: _("Medium"), 2: _("Low"), 1: _("None")}[self.value]


class Placement(Record):
    """Where an actor was judged to stand from a day on. The newest day holds."""

    map_actor = models.ForeignKey(MapActor, on_delete=models.PROTECT, related_name="placements")
    day = models.DateField(_("since"))
    stance = models.PositiveSmallIntegerField(_("stands"), choices=Stance)
    influence = models.PositiveSmallIntegerField(_("influence"), choices=Influence)
    note = models.CharField(_("how we know"), max_length=200, blank=True)
    author = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    seen_through = ("map_actor",)
    part_of = ("map_actor",)
    objects = scoped()

    class Meta:
        verbose_name = _("place on a power map")
        verbose_name_plural = _("places on power maps")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["map_actor", "day"], name="placed_once_a_day"),
            models.CheckConstraint(
                condition=Q(stance__in=Stance.values) & Q(influence__in=Influence.values),
                name="placed_on_the_map",
            ),
        ]

    def __str__(self):
        return str(self.day)


class MapTie(Record):
    """That two actors of a map are tied. Of families and faith nothing is asked or kept."""

    class Kind(models.TextChoices):
        WORK = "work", _("Work")
        POLITICAL = "political", _("Political")
        CIVIC = "civic", _("Civic")
        NEIGHBORHOOD = "neighborhood", _("Neighborhood")
        MEMBER = "member-of", _("Member of")

    one = models.ForeignKey(MapActor, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(MapActor, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("tie"), max_length=12, choices=Kind)

    seen_through = ("one", "other")
    part_of = ("one", "other")
    objects = scoped()

    class Meta:
        verbose_name = _("tie on a power map")
        verbose_name_plural = _("ties on power maps")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["one", "other", "kind"], name="tied_once"),
            models.CheckConstraint(condition=~Q(one=F("other")), name="tied_to_another"),
        ]

    def __str__(self):
        return self.get_kind_display()


class Asset(Record):
    """Something that a community has, of use to a program. People are named by their role."""

    class Kind(models.TextChoices):
        PEOPLE = "people", _("People, by their role")
        ASSOCIATION = "association", _("Associations")
        INSTITUTION = "institution", _("Institutions")
        PLACE = "place", _("Places")
        ECONOMY = "economy", _("Economy")
        CULTURE = "culture", _("Culture and stories")

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="assets")
    kind = models.CharField(_("what it is"), max_length=11, choices=Kind)
    name = models.CharField(_("what is there"), max_length=120)
    note = models.CharField(_("what it is good for"), max_length=200, blank=True)

    seen_through = ("program",)
    part_of = ("program",)
    objects = scoped()

    class Meta:
        verbose_name = _("asset")
        verbose_name_plural = _("assets")

    def __str__(self):
        return self.name
