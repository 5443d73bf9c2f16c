"""What the schema promises holds for any request that it can make: for each role, and for nobody.

A few requests to each endpoint in every run; `--cases 2000` sends so many for each role.
"""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from rest_framework.throttling import UserRateThrottle

from access.choosing import ManyOf, OneOf
from access.models import Token, User
from access.roles import Role
from access.settling import every
from lists.pages import PAGES
from tests import make, world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("untold_contexts")]
SENDERS = [*Role, "nobody", "a wrong token"]
PLAIN = {"Accept-Encoding": "identity"}  # it does not unpack what comes without a network
FEW = 200  # up to so many requests they are the same ones each time


@cache
def operations() -> list:
    """Every operation of the schema, called in this process."""
    import schemathesis
    from django.core.wsgi import get_wsgi_application
    from drf_spectacular.generators import SchemaGenerator

    schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
    schema.app = get_wsgi_application()
    return [found.ok() for found in schema.get_all_operations()]


def checks() -> list:
    from schemathesis import checks as known

    known.load_all_checks()
    names = (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "ignored_auth",
    )
    return known.CHECKS.get_by_names(names)


def values_of(found: world.World) -> dict[str, list[Any]]:
    """What exists, by the name under which a request sends it: a random one never hits it."""
    values: dict[str, list[Any]] = {"If-Match": ['"0"', '"1"', '"2"', "junk"]}
    for page in PAGES.values():
        uids = [str(found.uid(kind, page.model)) for kind in ("own", "own", "hidden", "restricted")]
        values[f"/{page.api_name or page.name}/"] = uids
        for command in filter(None, (page.add, page.change)):
            for name, field in command.base_fields.items():
                if isinstance(field, OneOf | ManyOf):
                    rows = field.model.objects.all() if field.model is User else every(field.model)
                    offered = [str(getattr(row, field.to_field_name)) for row in rows[:9]]
                    values.setdefault(name, []).extend(offered)
    return {name: found for name, found in values.items() if found}


def put_in(case, draw, values: dict[str, list[Any]]) -> None:
    """Put values that exist in the place of some random ones."""
    import hypothesis.strategies as st

    group = case.operation.path.removeprefix("/api/v1").removesuffix("{uid}/")
    values = values | {"uid": values[group]} if group in values else values
    for place in (case.path_parameters, case.headers, case.query, case.body):
        for name in list(place) if isinstance(place, Mapping) else []:
            if values.get(name) and draw(st.sampled_from([True, True, False])):
                chosen = draw(st.sampled_from(values[name]))
                place[name] = [chosen] if isinstance(place[name], list) else chosen


def answers(cases: int, headers: dict[str, str], values: dict) -> tuple[Counter, dict[Any, str]]:
    """How often each status came for so many requests, and what was wrong, once each."""
    import hypothesis
    import hypothesis.strategies as st
    from schemathesis import GenerationMode
    from schemathesis.core.failures import FailureGroup

    wrong: dict[Any, str] = {}
    tally: Counter[int] = Counter()
    each = max(1, round(cases / len(operations())))
    for operation in operations():
        # As the schema says, and wrong in some way.
        made = st.one_of([operation.as_strategy(generation_mode=mode) for mode in GenerationMode])

        @hypothesis.settings(
            max_examples=each,
            deadline=None,
            database=None,
            derandomize=cases <= FEW,
            phases=[hypothesis.Phase.generate],
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(case=made, data=st.data())
        def send(case, data):
            put_in(case, data.draw, values)
            response = case.call(headers=headers | PLAIN)
            tally[response.status_code] += 1
            try:
                case.validate_response(response, checks=checks(), headers=headers)
            except FailureGroup as failures:
                for one in failures.exceptions:
                    at = (case.operation.label, response.status_code, type(one).__name__)
                    wrong.setdefault(at, str(one)[:1000] + case.as_curl_command()[:600])

        send()
    return tally, wrong


@pytest.mark.parametrize("who", SENDERS)
def test_answers_are_what_the_schema_says(here, elsewhere, who, pytestconfig, monkeypatch):
    monkeypatch.setattr(UserRateThrottle, "rate", "1000000/min", raising=False)
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda self: None)
    role = who if who in set(Role) else "organizer"
    viewer = make.user(here.region, home=here, role=role)
    found = world.build(here, elsewhere, viewer)
    _row, token = Token.objects.create(user=viewer, name="test")
    headers = {"Authorization": f"Token {token}"}
    if who == "nobody":
        headers = {}
    elif who == "a wrong token":
        headers = {"Authorization": f"Token {token[:-1]}{'0' if token[-1] != '0' else '1'}"}
    cases = pytestconfig.getoption("cases")
    tally, wrong = answers(cases, headers, values_of(found))
    print(who, tally.total(), "requests:", sorted(tally.items()))  # noqa: T201  (-s shows it)
    assert wrong == {}, "\n\n".join(f"{at}: {told}" for at, told in wrong.items())
    if who in set(Role):
        assert tally[200] and not tally[401]
    else:
        assert tally[401] and set(tally) <= {401, 404, 405}  # an address may be no address
