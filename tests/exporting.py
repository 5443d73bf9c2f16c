"""What tests of exports do: ask for one, have it made, take the file, and read it."""

import io

from django.urls import reverse
from python_calamine import CalamineWorkbook

from access.jobs import run_waiting
from access.models import Job
from tests import make

PEOPLE, MINE, ALL = "/people/export/", "/data/exports/", "/data/exports/all/"


def sent(columns, count, **more):
    return {
        "columns": columns,
        "purpose": make.purpose(channel="", name="Mailing").code,
        "words": "For the fair",
        "confirm": str(count),
        "format": "xlsx",
    } | more


def made(client, columns, count, url=PEOPLE, **more) -> Job:
    answer = client.post(url, sent(columns, count, **more))
    assert (answer.status_code, answer["Location"]) == (302, MINE), answer.content
    run_waiting()
    return Job.objects.latest("pk")


def download(client, job):
    return client.post(reverse("lists:download_export", args=[job.uid]))


def taken(client, job) -> bytes:
    return b"".join(download(client, job).streaming_content)


def sheet(data: bytes) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
