"""Pages go compressed to who can read that; exports begin at once."""

import gzip

import pytest
from django.urls import reverse

from tests import make
from tests.exporting import PEOPLE, sent

pytestmark = pytest.mark.django_db
TAKES = {"accept-encoding": "gzip, deflate, br"}


def test_a_page_is_sent_compressed_and_says_the_same(here, organizer):
    make.organization(state=here, name="Casa Unida")
    client = make.signed_in(organizer)
    plain, packed = (
        client.get(reverse("crm:organizations"), headers=headers) for headers in ({}, TAKES)
    )
    assert not plain.has_header("Content-Encoding")
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 3
    assert b"Casa Unida" in gzip.decompress(packed.content)
    assert "Accept-Encoding" in packed["Vary"]


def test_the_size_of_a_page_does_not_tell_what_is_in_it(here, organizer):
    client = make.signed_in(organizer)
    sizes = {
        len(client.get(reverse("crm:organizations"), headers=TAKES).content) for _n in range(12)
    }
    assert len(sizes) > 3


def test_an_export_goes_as_it_is(here):
    client = make.signed_in(make.user(here.region, home=here, role="data-manager"))
    make.contact(state=here, name="Ana Canary")
    answer = client.post(PEOPLE, sent(["name"], 1, format="csv"), headers=TAKES)
    assert answer.streaming
    assert not answer.has_header("Content-Encoding")
    assert b"Ana Canary" in b"".join(answer.streaming_content)
