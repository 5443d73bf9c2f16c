"""Rows by the partners they are tied to: the same answer for few partners and for many."""

import pytest
from django.http import QueryDict

from crm.lists import CONTACTS, INTERACTIONS
from lists.saved_views import Asking
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("few", [0, 1_000])
@pytest.mark.parametrize("page", [INTERACTIONS, CONTACTS], ids=lambda p: p.name)
def test_few_partners_and_many_give_the_same_rows(here, elsewhere, actor, page, few, monkeypatch):
    monkeypatch.setattr("crm.lists.organization.FEW", few)
    black = make.community()
    ours = make.organization(state=here, communities=[black])
    other, hidden = make.organization(state=here), make.organization(elsewhere, [black])
    for partner in (ours, other, hidden):
        make.interaction(organization=partner, contacts=[make.contact(organization=partner)])
    found = page.find(Asking(actor), QueryDict(f"community={black.code}"))
    assert found.problems == [] and found.rows.count() == 1
    assert (found.among is None) == (few > 0)  # few are counted to the end
