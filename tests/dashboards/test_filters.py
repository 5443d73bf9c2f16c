"""What narrows the page: in the address, by the viewer's choices, never by what is not there."""

import pytest
from django.urls import reverse

from dashboards.asking import LONG
from tests import make
from tests.dashboards.test_api import WRONG

pytestmark = pytest.mark.django_db
WHERE = "dashboards:where"
YEAR = {"first": "2026-01-01", "last": "2026-12-31"}


def test_a_wrong_value_shows_no_figure_and_says_so(client, here, organizer):
    make.interaction(state=here)
    client.force_login(organizer)
    for query in (*WRONG, "kind=a&kind=b", "first=1899-12-31", "first=9995-01-01&last=9999-12-31"):
        page = client.get(f"{reverse(WHERE)}?{query}")
        assert page.status_code == 422, query
        assert "figures" not in page.context and page.context["form"].errors
        assert 'role="alert"' in page.content.decode()
        assert client.get(f"{reverse('dashboards:plots')}?{query}").status_code == 422
        csv = client.get(f"{reverse('dashboards:by_kind_csv')}?{query}")
        assert csv.status_code == 422
        assert csv.content.decode().startswith("Nothing was exported.")


def test_values_out_of_sight_and_unknown_ones_get_the_same_page(client, here, elsewhere, organizer):
    """But for the value itself, which no list offers."""
    client.force_login(organizer)
    theirs = {
        "region": elsewhere.region.code,
        "state": elsewhere.code,
        "affiliate": make.affiliate(elsewhere).uid,
        "owner": make.organization(state=elsewhere, owner=make.user(elsewhere)).owner.uid,
        "community": make.community(retired=True).code,
    }
    unknown = {"affiliate": make.user().uid, "owner": make.affiliate(here).uid}
    for name, value in theirs.items():
        pages = [
            client.get(reverse(WHERE), {name: one}) for one in (value, unknown.get(name, "unknown"))
        ]
        assert [page.status_code for page in pages] == [422, 422]
        assert len({str(page.context["form"].errors) for page in pages}) == 1, name


def test_a_folded_filter_that_is_wrong_is_named_and_unfolded(client, here, organizer):
    client.force_login(organizer)
    text = client.get(reverse(WHERE), {"owner": "x"}).content.decode()
    assert "Owner: That choice is not there." in text
    assert '<details class="panel end" open>' in text
    assert '<details class="panel end">' in client.get(reverse(WHERE)).content.decode()


def test_only_what_the_viewer_sees_is_offered(client, here, elsewhere, organizer):
    mine, theirs = (make.organization(state=s, owner=make.user(s)) for s in (here, elsewhere))
    bodies = [make.affiliate(state, name=f"Body {state.code}") for state in (here, elsewhere)]
    for partner, body in zip((mine, theirs), bodies, strict=True):
        make.interaction(organization=partner, affiliate=body)
    client.force_login(organizer)
    offered = {}
    for name in ("region", "state", "affiliate", "owner"):
        query = {"offer": name} if name in LONG else {}
        field = client.get(reverse(WHERE), query).context["form"].fields[name]
        offered[name] = {str(key) for key, _label in field.choices}
    assert offered["region"] == {"", here.region.code}
    assert offered["state"] == {"", here.code}
    assert offered["affiliate"] == {"", str(bodies[0].uid)}
    assert offered["owner"] == {"", str(mine.owner.uid), str(organizer.uid)}


def test_each_filter_in_force_is_a_chip_that_takes_it_off(client, here, organizer):
    black = make.community(name="Black")
    partner = make.organization(state=here, communities=[black], owner=organizer)
    make.interaction(organization=partner)
    make.interaction(organization=make.organization(state=here))
    client.force_login(organizer)
    query = YEAR | {"community": black.code, "owner": str(organizer.uid)}
    page = client.get(reverse(WHERE), query)
    assert [chip["label"] for chip in page.context["chips"]] == [
        "Community: Black",
        f"Owner: {organizer.name}",
    ]
    assert page.context["heat"].total.value == 1
    without = client.get(reverse(WHERE) + page.context["chips"][0]["url"])
    assert [chip["label"] for chip in without.context["chips"]] == [f"Owner: {organizer.name}"]
    cleared = client.get(reverse(WHERE) + page.context["clear_url"])
    assert cleared.context["chips"] == [] and cleared.context["heat"].total.value == 2
    preset = client.get(reverse(WHERE) + page.context["presets"][0].url)
    assert len(preset.context["chips"]) == 2


def test_the_columns_are_narrowed_with_the_community(client, here, organizer):
    """A child of a community has a column of its own when it is asked for."""
    south = make.community(parent=make.community(name="Asian"), name="South Asian")
    make.interaction(
        organization=make.organization(state=here, communities=[south, make.community()])
    )
    client.force_login(organizer)
    heat = client.get(reverse(WHERE), YEAR | {"community": south.code}).context["heat"]
    assert [name for _key, _short, name in heat.columns] == ["South Asian"]
    assert [cell.value for cell in heat.rows[0].cells] == [1]
    page = client.get(heat.rows[0].cells[0].url)
    assert page.context["pager"]["count"] == 1


def test_a_retired_community_keeps_its_meetings_in_a_column_of_their_own(client, here, organizer):
    gone = make.community()
    make.interaction(organization=make.organization(state=here, communities=[gone]))
    gone.retired = True
    make.saved(gone)
    client.force_login(organizer)
    heat = client.get(reverse(WHERE), YEAR).context["heat"]
    assert [name for _key, _short, name in heat.columns] == ["No longer used", "Not given"]
    assert [cell.value for cell in heat.rows[0].cells] == [1, None]
    assert client.get(heat.rows[0].cells[0].url).context["pager"]["count"] == 1
