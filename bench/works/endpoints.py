"""The API: a hundred rows, beside the bare query and beside a serializer of the same columns."""

from bench.measuring import Pair, least, most, work
from bench.world import TWO, World

ROWS = 100
COLUMNS = (
    "uid", "revision", "name", "preferred_name", "pronouns", "home__code", "preferred_channel",
    "last_contact", "visibility",
)  # fmt: skip


def _rows(world: World):
    from crm.models import Contact

    actor = world.actor(TWO)
    return lambda: Contact.objects.visible_to(actor).order_by("sort_name", "uid")


def _asked(world: World):
    client = world.client(TWO)
    return lambda: world.got(client, f"/api/v1/contacts/?page_size={ROWS}")


@work("api.values", "API, 100 people, two regions", "values_list of their columns", most(2.5))
def values(world: World):
    from crm.models import Affiliation

    rows = _rows(world)
    actor = world.actor(TWO)

    def read():
        found = list(rows().values_list("pk", *COLUMNS)[:ROWS])
        ties = Affiliation.objects.visible_to(actor).filter(contact_id__in=[r[0] for r in found])
        list(ties.values_list("contact_id", "organization__uid", "organization__name", "role"))

    yield Pair(_asked(world), read)


@work("api.serializer", "API, 100 people, two regions", "ModelSerializer", least(2.5))
def serializer(world: World):
    from rest_framework import serializers
    from rest_framework.renderers import JSONRenderer

    from access.models import State
    from crm.models import Affiliation, Contact, Organization

    class OfOrganization(serializers.ModelSerializer):
        class Meta:
            model = Organization
            fields = ("uid", "name")

    class OfTie(serializers.ModelSerializer):
        organization = OfOrganization()

        class Meta:
            model = Affiliation
            fields = ("organization", "role")

    class OfState(serializers.ModelSerializer):
        class Meta:
            model = State
            fields = ("code",)

    class OfPerson(serializers.ModelSerializer):
        home = OfState()
        affiliations = OfTie(many=True)

        class Meta:
            model = Contact
            fields = (
                "uid", "revision", "name", "preferred_name", "pronouns", "home", "affiliations",
                "preferred_channel", "no_contact", "no_email", "no_phone", "no_text", "no_mail",
                "last_contact", "visibility",
            )  # fmt: skip

    rows, actor = _rows(world), world.actor(TWO)

    def serialized():
        from django.db.models import Prefetch

        ties = Affiliation.objects.visible_to(actor).select_related("organization")
        seen = rows().select_related("home").prefetch_related(Prefetch("affiliations", ties))
        many = OfPerson(seen[:ROWS], many=True).data
        JSONRenderer().render({"count": rows().order_by()[:10_001].count(), "results": many})

    yield Pair(_asked(world), serialized)
