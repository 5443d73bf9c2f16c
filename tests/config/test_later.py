"""What is loaded with its first request is the same as if it had been loaded at the start."""

import os
import subprocess
import sys

import allauth.mfa.urls
import pytest
from django.test import Client
from django.urls import URLResolver, resolve, reverse

from access.middleware import is_api
from config import second_factor_urls
from tests import make

LOADED = """
import sys, django
django.setup()
from django.urls import reverse
print(reverse("crm:organizations"), "config.api" in sys.modules)
print(reverse("api:organizations"), "config.api" in sys.modules)
"""


def listed(patterns, before=""):
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from listed(one.url_patterns, route)
        else:
            yield route, one.name, one.callback


def test_the_addresses_of_second_factors_are_those_of_their_library():
    ours = {(route, name) for route, name, _view in listed(second_factor_urls.urlpatterns)}
    theirs = {(route, name) for route, name, _view in listed(allauth.mfa.urls.urlpatterns)}
    assert ours == theirs
    assert len(ours) > 10


def test_each_leads_to_the_view_of_its_library():
    theirs = {name: view for _route, name, view in listed(allauth.mfa.urls.urlpatterns)}
    for _route, name, view in listed(second_factor_urls.urlpatterns):
        assert view.view is theirs[name]


def test_addresses_of_endpoints_are_loaded_when_one_is_asked_for():
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run(
        [sys.executable, "-c", LOADED], env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["/organizations/", "False", "/api/v1/organizations/", "True"]


@pytest.mark.django_db
def test_the_schema_is_an_endpoint_and_second_factors_are_pages(here, organizer):
    assert is_api(resolve(reverse("schema")).func)
    assert is_api(resolve(reverse("api_docs")).func)
    assert not is_api(resolve(reverse("mfa_index")).func)
    assert Client().get(reverse("schema")).status_code == 401
    assert Client().get(reverse("mfa_index")).status_code == 302
    assert make.signed_in(organizer).get(reverse("schema")).status_code == 200


@pytest.mark.django_db
def test_a_second_factor_is_not_set_up_by_a_form_of_another_site(organizer):
    client = Client(enforce_csrf_checks=True)
    client.force_login(organizer)
    assert client.post(reverse("mfa_activate_totp"), {"code": "1"}).status_code == 403
