"""What a process loaded is left out of garbage collection once it has answered."""

import gc

import pytest

from config import collecting
from config.management.commands.background import Background


@pytest.mark.django_db
def test_what_the_first_answer_needed_is_set_aside_once(client, monkeypatch):
    gc.unfreeze()
    monkeypatch.setattr(collecting, "_done", False)
    client.get("/robots.txt")
    count = gc.get_freeze_count()
    assert count > 10_000
    client.get("/robots.txt")
    assert gc.get_freeze_count() <= count  # nothing more was added


def test_work_in_the_background_sets_aside_what_was_loaded(monkeypatch):
    gc.unfreeze()
    monkeypatch.setattr(collecting, "_done", False)
    background = Background()
    background.stopping.set()
    background.run()
    assert gc.get_freeze_count() > 10_000
