"""Fields that choose rows: forms share how rows are found, and nothing that was found."""

import pytest

from crm.commands import LogInteraction
from tests import make

pytestmark = pytest.mark.django_db


def names_of(form, name):
    return [label for value, label in form.fields[name].choices if value]


def test_a_form_offers_what_came_after_another_was_shown(actor):
    make.kind(name="Meeting")
    before = LogInteraction(actor)
    assert [row.name for row in before.fields["kind"].queryset] == ["Meeting"]
    make.kind(name="Call")
    after = LogInteraction(actor)
    assert sorted(row.name for row in after.fields["kind"].queryset) == ["Call", "Meeting"]
    assert sorted(names_of(after, "kind")) == ["Call", "Meeting"]


def test_each_form_shows_the_choices_of_its_own_actor(here, elsewhere):
    make.organization(state=here, name="Casa")
    make.organization(state=elsewhere, name="Hogan")
    forms = {
        name: LogInteraction(make.actor(state))
        for name, state in (("Casa", here), ("Hogan", elsewhere))
    }
    for name, form in forms.items():
        assert names_of(form, "organizations") == [name]
        assert [label for value, label in form.fields["organizations"].widget.choices] == [name]
        assert [row.name for row in form.fields["organizations"].queryset] == [name]


def test_the_state_of_a_new_partner_is_one_of_the_areas(here, elsewhere):
    form = LogInteraction(make.actor(here))
    assert list(form.fields["new_organization_state"].queryset) == [here]
    assert names_of(form, "new_organization_state") == [here.name]
