"""What tests of the import pages do: upload a list, match its columns, confirm, and look."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from access import jobs
from crm import models
from lists.models import Import
from tests import make

START = "/data/import/"


@pytest.fixture
def manager(here):
    return make.user(here.region, home=here, role="data-manager", name="Tomás")


@pytest.fixture
def client(manager):
    return signed_in(manager)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def send(client, text, kind="organizations", name="list.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    return client.post(START, {"kind": kind, "file": SimpleUploadedFile(name, content)})


def uploaded(client, text, kind="organizations"):
    response = send(client, text, kind)
    assert response.status_code == 302, response.content
    return Import.objects.latest("pk")


def at(row, step):
    return f"{START}{row.uid}/{step}/"


def match(client, row, **more):
    """Send the columns as proposed, with these changes."""
    form = client.get(at(row, "columns")).context["form"]
    return client.post(at(row, "columns"), {c.key: c.chosen for c in form.columns} | more)


def confirmed(client, row):
    shown = client.get(at(row, "preview")).context["row"]
    return client.post(at(row, "preview"), {"plan": shown.plan.uid})


def imported(client, text, kind="organizations", **more):
    """A list that went through all the steps."""
    row = uploaded(client, text, kind)
    assert match(client, row, **more).status_code == 302
    assert confirmed(client, row).status_code == 302
    assert jobs.run_waiting() >= 1
    return Import.objects.select_related("run", "work", "undoing").get(pk=row.pk)


def names(model=models.Organization):
    return sorted(model.objects.visible_to(make.SETUP).values_list("name", flat=True))


# Upload


def begun(client, here, rows=8):
    row = uploaded(client, "name\n" + "".join(f"P{n}\n" for n in range(rows)))
    match(client, row, **{"all-state": here.code})
    confirmed(client, row)
    return row
