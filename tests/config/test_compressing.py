"""Pages go compressed to who can read that; exports begin at once."""

import gzip

import brotli
import pytest
from django.urls import reverse

from config.compressing import packed_with_padding
from tests import make
from tests.exporting import PEOPLE, sent

pytestmark = pytest.mark.django_db
TAKES = {"accept-encoding": "gzip, deflate, br"}
OLDER = {"accept-encoding": "gzip, deflate"}


@pytest.mark.parametrize(
    ("takes", "name", "unpack"),
    [(TAKES, "br", brotli.decompress), (OLDER, "gzip", gzip.decompress)],
)
def test_a_page_is_sent_compressed_and_says_the_same(here, organizer, takes, name, unpack):
    make.organization(state=here, name="Casa Unida")
    client = make.signed_in(organizer)
    plain, packed = (
        client.get(reverse("crm:organizations"), headers=headers) for headers in ({}, takes)
    )
    assert not plain.has_header("Content-Encoding")
    assert packed["Content-Encoding"] == name
    assert packed["Content-Length"] == str(len(packed.content))
    assert len(packed.content) < len(plain.content) / 3
    assert b"Casa Unida" in unpack(packed.content)
    assert "Accept-Encoding" in packed["Vary"]


@pytest.mark.parametrize("takes", [TAKES, OLDER])
def test_the_size_of_a_page_does_not_tell_what_is_in_it(here, organizer, takes):
    client = make.signed_in(organizer)
    sizes = {
        len(client.get(reverse("crm:organizations"), headers=takes).content) for _n in range(12)
    }
    assert len(sizes) > 3


def test_a_reader_skips_what_pads_a_page():
    content = b"<p>Casa Unida</p>" * 99
    packed = {padding: packed_with_padding(content, padding) for padding in (1, 100, 256)}
    assert all(brotli.decompress(one) == content for one in packed.values())
    assert len(packed[256]) - len(packed[1]) == 255


def test_an_export_goes_as_it_is(here):
    client = make.signed_in(make.user(here.region, home=here, role="data-manager"))
    make.contact(state=here, name="Ana Canary")
    answer = client.post(PEOPLE, sent(["name"], 1, format="csv"), headers=TAKES)
    assert answer.streaming
    assert not answer.has_header("Content-Encoding")
    assert b"Ana Canary" in b"".join(answer.streaming_content)
