"""Facts that hold for every command, every list and every metric, whoever adds the next one."""

import csv
import io
from datetime import date
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

import crm.commands
import crm.lists  # noqa: F401  (fills PAGES)
import outreach.commands
import outreach.lists  # noqa: F401
from access.actors import actor_of
from access.commands import Command
from access.models import Region, State
from access.recording import Refused
from access.roles import ROLES, Action, Role
from crm.models import Organization
from dashboards.asking import Ask
from dashboards.metrics import METRICS
from dashboards.tables import Period
from lists.filters import Choose
from lists.pages import PAGES
from outreach.models import Observance
from tests import make, world

pytestmark = pytest.mark.django_db
WITHOUT_WORDS = {
    "attendances",
    "follow-ups",
    "contact-lists",
    "joint-actions",
    "power-maps",
    "promises",
}  # lists without a filter of words


def commands(base=Command):
    for command in base.__subclasses__():
        yield command
        yield from commands(command)


# A class without a model is a base of commands, not one.
COMMANDS = sorted({c for c in commands() if c._meta.model}, key=lambda c: c.__name__)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_refused_every_command_without_its_action(here, role):
    actor = actor_of(make.user(here.region, home=here, role=role))
    done = []
    for command in COMMANDS:
        if command.action in ROLES[role]:
            continue
        try:
            command(actor, {}).run()
        except PermissionDenied:
            continue
        except (ValidationError, Refused) as other:
            done.append((command.__name__, other))
        else:
            done.append((command.__name__, "ran"))
    assert done == []


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.__name__)
def test_command_says_what_it_does(command):
    assert command.__doc__ and command.action in Action


def test_every_choice_of_a_command_is_the_actors(here, elsewhere):
    """No field of any command offers a row of another region."""
    actor = actor_of(make.user(here.region, home=here, role="regional-lead"))
    person = make.user(here.region, home=here)
    world.build(here, elsewhere, person)
    offered, foreign = 0, []
    for command in COMMANDS:
        for name, field in command(actor).fields.items():
            queryset = getattr(field, "queryset", None)
            if queryset is None or not hasattr(queryset.model, "seen_through"):
                continue
            for row in queryset:
                if hasattr(row, "home_id") and not hasattr(row, "role"):
                    offered += 1
                    if row.home_id != here.pk:
                        foreign.append((command.__name__, name, row))
    assert foreign == [] and offered


def exported(client, url) -> list[list[str]]:
    """All columns of an export, with the number that its page asks for."""
    purpose = make.purpose(channel="")
    page = client.get(url)
    columns = [value for value, _label in page.context["form"].fields["columns"].choices]
    sent = {"columns": columns, "purpose": purpose.code, "words": "t"}
    counted = client.post(url, sent | {"confirm": ""}).context["leaving"]
    response = client.post(url, sent | {"confirm": counted.typed})
    assert response.status_code == 200, response.content[:400]
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("role", list(Role))
def test_lists_csv_and_api_show_the_same_rows(here, elsewhere, role):
    person = make.user(here.region, home=here, role=role)
    world.build(here, elsewhere, person)
    client = make.signed_in(person)
    for name in PAGES:
        shows_the_same_everywhere(client, name, role)


def shows_the_same_everywhere(client, name, role):
    page = PAGES[name]
    table = client.get(reverse(f"{PAGES[name].namespace}:{name}"))
    if page.action not in ROLES[role]:
        assert table.status_code == 403
        assert client.get(reverse(f"{PAGES[name].namespace}:{name}_export")).status_code == 403
        return
    api = client.get(f"/api/v1/{page.api_name or page.name}/").json()
    uids = [str(shown["row"].uid) for shown in table.context["rows"]]
    assert [row["uid"] for row in api["results"]] == uids
    assert api["count"] == table.context["pager"]["count"] == len(uids)
    if Action.EXPORT in ROLES[role] and role != Role.ORGANIZER:
        rows = exported(client, reverse(f"{PAGES[name].namespace}:{name}_export"))
        assert len(rows) == len(uids) + 1


PART = {"HX-Request": "true"}  # the table without the frame around it


WRONG = ["no-such-code", "2026-99-99", "\x00", "a" * 300, "'; --"]


@pytest.mark.parametrize("name", list(PAGES))
def test_a_wrong_filter_value_never_shows_everything(here, organizer, name):
    page = PAGES[name]
    world.build(here, make.state(), organizer)
    client = Client()
    client.force_login(organizer)
    for filter_name, wrong in product(page.filters, WRONG):
        table = client.get(
            reverse(f"{PAGES[name].namespace}:{name}"), {filter_name: wrong}, headers=PART
        )
        assert table.status_code == 422, (filter_name, wrong)
        assert table.context["rows"] == [] and table.context["problems"]
        api = client.get(f"/api/v1/{page.api_name or page.name}/", {filter_name: wrong})
        assert api.status_code == 400, (filter_name, wrong)
        assert "results" not in api.json()


@pytest.mark.parametrize("name", list(PAGES))
def test_a_retired_filter_value_says_so(here, organizer, name):
    page = PAGES[name]
    client = Client()
    client.force_login(organizer)
    offered = {n: made.of for n, made in page.filters.items() if isinstance(made, Choose)}
    tried = {n: model for n, model in offered.items() if model not in (State, Region)}
    assert tried or name in WITHOUT_WORDS
    for filter_name, model in tried.items():
        needed = {"month": 12, "day": 12} if model is Observance else {}
        row = make.saved(model(code="gone", name="Gone", retired=True, **needed))
        table = client.get(reverse(f"{PAGES[name].namespace}:{name}"), {filter_name: row.code})
        assert table.status_code == 422
        make.saved_delete(row)


@pytest.mark.parametrize("name", list(PAGES))
@pytest.mark.parametrize("query", ["sort=name__x", "sort=password", "page=junk", "sort=-"])
def test_a_wrong_sort_or_page_is_refused(here, organizer, name, query):
    client = Client()
    client.force_login(organizer)
    assert client.get(f"{reverse(f'{PAGES[name].namespace}:{name}')}?{query}").status_code == 422
    api = query.replace("page=", "cursor=")
    page = PAGES[name]
    assert client.get(f"/api/v1/{page.api_name or page.name}/?{api}").status_code == 400


@pytest.mark.parametrize("name", list(METRICS))
def test_hidden_rows_change_no_metric(name, here, elsewhere, organizer):
    actor = actor_of(organizer)
    found = world.build(here, elsewhere, organizer)
    year = Ask(Period(date(2026, 1, 1), date(2026, 12, 31)))
    before = METRICS[name].table(actor, year)
    make.interaction(state=elsewhere)
    ours = found.own[Organization]
    make.interaction(organization=ours, visibility="restricted", author=organizer)
    after = METRICS[name].table(actor, year)
    assert (after.rows, after.facts) == (before.rows, before.facts)


@pytest.mark.parametrize("name", list(METRICS))
def test_metric_says_how_it_is_counted(name):
    assert len(METRICS[name].how_counted) > 40
    assert METRICS[name].counts in ("work", "people")
