import pytest
from django.urls import reverse

from access.actors import actor_of
from crm.commands import LogInteraction, SetEmployment
from crm.models import Employment
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(here):
    return make.user(everywhere=True, role="administrator")


def works_for(person) -> list[tuple]:
    rows = Employment.objects.visible_to(make.SETUP).filter(user=person).order_by("id")
    return [(row.affiliate_id, row.end is None) for row in rows]


def test_an_administrator_says_whom_somebody_works_for(client, here, organizer, boss):
    first, second = make.affiliate(here), make.affiliate(here)
    client.force_login(boss)
    url = reverse("crm:set_employment", args=[organizer.access.uid])
    for chosen in (first, first, second):
        values = {"user": organizer.uid, "affiliate": chosen.uid}
        assert client.post(url, values).status_code == 302
    assert works_for(organizer) == [(first.pk, False), (second.pk, True)]
    assert client.post(url, {"user": organizer.uid, "affiliate": ""}).status_code == 302
    assert works_for(organizer) == [(first.pk, False), (second.pk, False)]


def test_a_meeting_is_for_the_affiliate_of_its_author_and_stays_there(here, organizer, actor, boss):
    old, new = make.affiliate(here), make.affiliate(here)
    SetEmployment(actor_of(boss), {"user": organizer.uid, "affiliate": old.uid}).run()
    data = make.meeting_values(make.organization(state=here))
    met = LogInteraction(actor, data).run()
    SetEmployment(actor_of(boss), {"user": organizer.uid, "affiliate": new.uid}).run()
    assert make.fresh(met).affiliate_id == old.pk
    assert LogInteraction(actor, data).run().affiliate_id == new.pk


def test_only_administrators_say_it(client, here, organizer):
    for role in ("organizer", "regional-lead", "leader", "data-manager"):
        client.force_login(make.user(here.region, home=here, role=role))
        url = reverse("crm:set_employment", args=[organizer.access.uid])
        assert client.get(url).status_code == 403
