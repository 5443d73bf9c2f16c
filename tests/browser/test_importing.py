"""A list through the import pages by the keyboard alone, reloaded while it runs, and undone."""

import pytest

from access import jobs
from crm.models import Organization
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def press(page, selector, key="Enter"):
    """Press a key on what the selector finds, and wait for the next page."""
    page.focus(selector)
    with page.expect_navigation():
        page.keyboard.press(key)
    page.wait_for_selector("body[data-ready]")


def count():
    return Organization.objects.visible_to(make.SETUP).count()


def test_a_list_comes_in_by_the_keyboard_and_goes_again(browser, transactional_db, monkeypatch):
    make.outside()
    state = make.state(name="Washington")
    manager = make.user(state.region, home=state, role="data-manager")
    window = browser(manager)
    page = window.page
    window.open("/data/")
    press(page, "a[href='/data/import/']")
    names = "".join(f"Partner {n}\n" for n in range(8))
    content = ("Organization\n" + names + ",\n").encode()
    page.set_input_files(
        "#id_file", {"name": "list.csv", "mimeType": "text/csv", "buffer": content}
    )
    press(page, "main form button.main")
    assert page.input_value("#column-0") == "name"
    page.select_option("#all-state", state.code)
    press(page, "main form.stack button.main")
    assert page.locator("dl.figures dd").all_inner_texts() == ["8", "0", "0", "0"]
    assert count() == 0 and window.axe() == []
    press(page, "button:has-text('Import 8 rows')")
    assert "waits for its turn" in page.inner_text("h1")

    usual, seen = jobs.Work.progress, []

    def progress(work, done, total=None):
        usual(work, done, total)
        if total == 8 and done == 4 and not seen:
            page.reload()
            seen.append((page.inner_text("h1"), page.locator("progress").get_attribute("value")))

    monkeypatch.setattr(jobs, "EVERY", 0)
    monkeypatch.setattr("lists.importing.SLICE", 2)
    monkeypatch.setattr(jobs.Work, "progress", progress)
    jobs.run_waiting()
    assert seen == [("4 of 8 done", "50")]
    page.wait_for_selector("a:has-text('See what became')")  # without a reload
    assert "It has ended." in page.inner_text("#told")
    press(page, "a:has-text('See what became')")
    assert page.inner_text("h1") == "8 rows are in" and count() == 8
    press(page, "a:has-text('Undo the whole')")
    assert "Nothing: none of it was changed since." in page.inner_text("main")
    press(page, "button:has-text('Undo the whole')")
    jobs.run_waiting()
    page.wait_for_selector("a:has-text('See what became')")
    press(page, "a:has-text('See what became')")
    assert page.inner_text("h1") == "This import was undone" and count() == 0


def test_a_workbook_is_refused_and_the_choice_kept(browser, transactional_db):
    make.outside()
    window = browser(make.user(everywhere=True, role="data-manager"), (360, 740))
    page = window.page
    window.open("/data/import/")
    page.check("input[name=kind][value=people]")
    workbook = {"name": "list.csv", "mimeType": "text/csv", "buffer": b"PK\x03\x04 xl/workbook.xml"}
    page.set_input_files("#id_file", workbook)
    press(page, "main form button.main")
    assert page.title().startswith("Error:") and "This is a workbook" in page.inner_text(".errors")
    assert page.is_checked("input[name=kind][value=people]")
    assert window.overflow() <= 0 and window.axe() == []
