"""Every page, as several roles see it: nothing for axe to find, and never wider than the window."""

import os
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from access import audit, jobs
from access.actors import actor_of
from access.jobs import rights_of
from access.models import Job
from access.settling import every
from crm.models import (
    AffiliateFigure,
    ContactEmail,
    ContactPhone,
    DoNotContact,
    Interaction,
    Strength,
)
from lists import imports
from tests import make
from tests.browser.conftest import LAPTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Widths and colors: every rule of axe holds in each.
LOOKS = (((320, 640), "dark"), (PHONE, "light"), (LAPTOP, "light"))
if os.environ.get("EVERY_LOOK"):  # every width in both colors
    LOOKS = tuple((s, c) for s in ((320, 640), PHONE, LAPTOP) for c in ("light", "dark"))


@pytest.fixture
def rows():
    """One of everything that a page can show, and a viewer for each role."""
    make.outside()
    region = make.region(name="Pacific")
    state = make.state(region, name="Washington")
    viewers = {
        role: make.user(region, home=state, role=role, name="Amalia Reyes Quintero")
        for role in ("organizer", "leader", "data-manager", "administrator")
    }
    owner = viewers["organizer"]
    today = date.today()
    stage = make.stage(code="active", name="Active partner", quiet_after_days=60)
    communities = [make.community(name="Hispanic"), make.community(name="Immigrant")]
    focus = make.focus_area(name="Family engagement")
    partner = make.organization(
        state,
        communities=communities,
        focus_areas=[focus],
        owner=owner,
        stage=stage,
        name="Casa Unida del Valle",
        they_bring="A hall for two hundred.",
        protocol_note="Greet the elders first.",
    )
    for _n in range(3):
        make.organization(state, communities=communities, stage=stage)
    person = make.contact(
        organization=partner,
        name="Rosa Delgado Santillán",
        emails=["rosa@casa.example"],
        phones=["+1 509 555 0142"],
        author=owner,
        pronouns="she/ella",
    )
    make.saved(DoNotContact(contact=person, channel="phone", source="asked in person", day=today))
    meeting = make.interaction(
        organization=partner,
        contacts=[person],
        organizers=[owner],
        day=today - timedelta(days=12),
        summary="Parents want the reading night in both languages and near the bus line.",
        author=owner,
    )
    make.interaction(
        organization=partner, status=Interaction.Status.PLANNED, day=today + timedelta(days=9)
    )
    judged = {"organization": partner, "interaction": meeting, "author": owner}
    make.saved(Strength(value=4, day=today, **judged))
    task = make.task(about=partner, owner=owner, title="Send the bilingual flyer", due=today)
    affiliate = make.affiliate(state, name="Washington Education Alliance")
    make.saved(
        AffiliateFigure(
            affiliate=affiliate, measure="members", year=2026, value=4812, source="Roll"
        )
    )
    make.purpose(channel="phone", code="phone-calls")
    for status in ("running", "done", "failed", "stopped"):
        export(viewers["data-manager"], status)
    return SimpleNamespace(
        viewers=viewers, partner=partner, person=person, meeting=meeting, task=task,
        affiliate=affiliate, region=region, word=communities[0],
        lists=came_in(viewers["data-manager"], state),
        contact_list=make.contact_list(viewers["data-manager"], [person], shared=True),
        token=make.token(viewers["data-manager"])[0],
        view=make.saved_view(viewers["data-manager"], query={"mine": ["yes"]}, shared=True),
    )  # fmt: skip


def export(person, status: str) -> None:
    """An export of hers that stands like this."""
    made = {
        "running": {"done": 31_000, "total": 100_000},
        "done": {"path": "none", "until": timezone.now() + timedelta(hours=20), "sha256": "0" * 64},
        "failed": {"message": "This ended because your role or your areas changed."},
    }
    rights = rights_of(actor_of(person))
    job = Job.objects.create(
        kind="export-list", user=person, rights=rights, status=status, **made.get(status, {})
    )
    words = {
        "list": "organizations",
        "filters": {"stage": ["active"]},
        "columns": ["name", "city", "contacts"],
        "purpose": "phone-calls",
        "words": "Reading night in December",
        "format": "xlsx",
        "rows": 100_000,
        "people": 31,
    }
    audit.record("Export", actor_of(person), row=job.uid, count=100_031, words=words)
    if status == "done":
        said = {"list": "organizations", "sha256": "0" * 64, "complete": True}
        audit.record("ExportMade", actor_of(person), row=job.uid, count=100_000, words=said)


def came_in(manager, state) -> list:
    """A list at each step: to match, to confirm, waiting, imported with a row set aside."""
    text = f"Organization,State,Contact,DOB,x\nCasa,{state.code},Rosa,1,a\n,{state.code},Ben,,b\n"
    rows = [make.uploaded(manager, text, kind="both") for _n in range(4)]
    actor = make.actor_of(manager)
    for row in rows[1:]:
        imports.choose(actor, row, [(0, "name"), (1, "state"), (2, "person.name")], [])
    for row in rows[3:] + rows[2:3]:
        plan = imports.imports_of(actor).get(pk=row.pk).plan
        imports.confirm(actor, row, str(plan.uid))
        if row is rows[3]:
            jobs.run_waiting()
    return rows


def lists() -> list[str]:
    return [
        reverse(f"crm:{name}")
        for name in ("organizations", "people", "interactions", "follow-ups", "affiliates")
    ] + [
        "/organizations/?stage=active&mine=yes",
        "/organizations/?stage=nothing",
        "/organizations/views/save/?mine=yes",
        "/contact-lists/",
        "/people/?columns=languages&columns=state",
    ]


def records(rows) -> list[str]:
    partner, person = f"/organizations/{rows.partner.uid}/", f"/people/{rows.person.uid}/"
    return [
        *(f"{partner}?tab={tab}" for tab in ("timeline", "people", "details", "history")),
        *(f"{person}?tab={tab}" for tab in ("timeline", "organizations", "history")),
        *(f"/interactions/{rows.meeting.uid}/?tab={tab}" for tab in ("about", "history")),
        *(f"/affiliates/{rows.affiliate.uid}/?tab={tab}" for tab in ("about", "history")),
        f"/follow-ups/{rows.task.uid}/",
        f"/contact-lists/{rows.contact_list.uid}/",
        f"/contact-lists/{rows.contact_list.uid}/?tab=history",
        f"/organizations/?view={rows.view.uid}&quiet=yes",
    ]


def forms(rows) -> list[str]:
    partner, person = f"/organizations/{rows.partner.uid}/", f"/people/{rows.person.uid}/"
    return [
        "/log/",
        f"/log/?organization={rows.partner.uid}",
        "/organizations/add/",
        "/people/add/",
        "/affiliates/add/",
        f"/follow-ups/add/?about_kind=organization&about={rows.partner.uid}",
        *(f"{partner}{name}/" for name in ("change", "delete")),
        *(f"{person}{name}/" for name in ("change", "delete", "do-not-contact", "consent")),
        *(f"/interactions/{rows.meeting.uid}/{name}/" for name in ("change", "delete")),
        f"/affiliates/{rows.affiliate.uid}/change/",
        *(f"/follow-ups/{rows.task.uid}/{name}/" for name in ("change", "later", "give")),
        "/follow-ups/team/",
        "/data/",
        "/data/import/",
        *(
            f"/data/import/{row.uid}/{step}/"
            for row, steps in zip(
                rows.lists, (["columns"], ["preview"], ["run"], ["done", "undo"]), strict=True
            )
            for step in steps
        ),
        "/account/deleted/",
        "/account/tokens/",
        f"/account/tokens/{rows.token.uid}/revoke/",
        "/people/export/?purpose=phone-calls",
        "/data/exports/",
        f"/views/{rows.view.uid}/change/",
        "/contact-lists/add/",
        f"{person}lists/",
        *(f"/contact-lists/{rows.contact_list.uid}/{name}/" for name in ("change", "people")),
        f"/contact-lists/{rows.contact_list.uid}/call-sheet/",
    ]


def pages(role: str, rows) -> list[str]:
    everyone = [
        "/account/",
        "/more/",
        "/changes/",
        "/dashboards/where/",
        "/dashboards/where/?first=x",
    ]
    everyone.append("/dashboards/where/?state=WA&first=2026-01-01&last=2026-12-31")
    own = ["/today/", "/notices/", "/account/changes/"]
    access = f"/settings/people/{rows.viewers['organizer'].access.uid}/"
    return {
        "organizer": [*own, *lists(), *records(rows), *everyone],
        "data-manager": forms(rows),
        "leader": [*everyone, *records(rows)[:2], "/organizations/", "/people/"],
        "administrator": [
            "/data/exports/all/",
            "/data/exports/all/?first=x",
            "/settings/",
            "/settings/installation/",
            "/settings/regions/",
            "/settings/regions/add/",
            f"/settings/regions/{rows.region.uid}/",
            "/settings/words/",
            "/settings/words/communities/",
            "/settings/words/stages/",
            "/settings/words/languages/add/",
            f"/settings/words/{rows.word.uid}/",
            f"/settings/words/{rows.word.uid}/merge/",
            "/settings/people/",
            "/settings/people/?tab=left",
            "/settings/roles/",
            "/settings/people/invite/",
            "/settings/open/",
            "/settings/record/",
            "/settings/record/?what=exported&first=x",
            access,
            f"{access}work/",
            f"{access}handover/",
            f"{access}sees/",
        ],
    }[role]


def look(window, address: str) -> list[str]:
    """What is wrong with a page, everything on it unfolded: on small phones, then on a laptop."""
    status = window.open(address)
    if status not in (200, 422):
        return [f"{address} answers {status}"]
    window.unfold()
    found = []
    for size, scheme in LOOKS:
        window.turn_into(size, scheme)
        found += [f"{address} at {size[0]} px: {line}" for line in window.axe()]
        if (wider := window.overflow()) > 0:
            found.append(f"{address} is {wider} px wider than {size[0]}")
    return found


@pytest.mark.parametrize("role", ["organizer", "data-manager", "leader", "administrator"])
def test_pages_look(role, rows, browser):
    window = browser(rows.viewers[role], PHONE)
    wrong = [line for address in pages(role, rows) for line in look(window, address)]
    assert wrong == []


def test_before_sign_in(browser, live_server):
    window = browser(size=PHONE)
    assert [line for address in ("/accounts/login/",) for line in look(window, address)] == []


def test_logging_with_the_keyboard_alone(rows, browser):
    """Who, what happened, Save: the rest is filled in."""
    window = browser(rows.viewers["organizer"], PHONE)
    window.open(f"/log/?organization={rows.partner.uid}")
    page = window.page
    page.focus("[name=contacts]")
    page.keyboard.press("Space")
    page.focus("[name=summary]")
    page.keyboard.type("They offer the hall.")
    page.keyboard.press("Tab")
    page.keyboard.type("Send the flyer")
    page.focus("main button[type=submit].wide")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(f"/organizations/{rows.partner.uid}/")
    assert page.evaluate("document.activeElement.matches('.banner.good')")
    saved = every(Interaction).latest("pk")
    assert saved.summary == "They offer the hall."


def test_a_mistake_is_named_and_the_typing_kept(rows, browser):
    window = browser(rows.viewers["organizer"], PHONE)
    window.open(f"/log/?organization={rows.partner.uid}")
    window.page.fill("[name=next_step]", "Send the flyer")
    with window.page.expect_navigation():
        window.page.click("main button[type=submit].wide")
    assert window.page.title().startswith("Error:")
    assert window.page.evaluate("document.activeElement.matches('.errors')")
    assert window.page.input_value("[name=next_step]") == "Send the flyer"
    assert window.axe() == []


def test_a_filter_asks_for_the_list_alone(rows, browser):
    window = browser(rows.viewers["organizer"])
    window.open("/organizations/")
    page = window.page
    page.click(".panel > summary")
    with page.expect_response(lambda response: "mine=yes" in response.url):
        page.click("#filter-form label:has-text('Mine')")
    page.wait_for_selector("#results .chip.on")
    assert "mine=yes" in page.url
    assert page.inner_text("#results [role=status]").startswith("1 organization,")
    page.fill("#list-search", "nobody")
    page.keyboard.press("Enter")
    page.wait_for_selector("#results .empty")
    assert "nobody" not in page.url


def test_a_detail_is_shown_on_demand(rows, browser):
    window = browser(rows.viewers["organizer"])
    window.open(f"/people/{rows.person.uid}/")
    assert "rosa@casa.example" not in window.page.content()
    window.page.click("text=Show >> nth=0")
    window.page.wait_for_selector("a[href='mailto:rosa@casa.example']")


def test_forms_work_without_script(rows, browser):
    window = browser(rows.viewers["data-manager"], java_script_enabled=False)
    page = window.page
    window.open(f"/log/?organization={rows.partner.uid}")
    page.check("[name=contacts]", force=True)
    page.fill("[name=summary]", "They offer the hall.")
    page.click("main button[type=submit].wide")
    assert page.url.endswith(f"/organizations/{rows.partner.uid}/")
    window.open(f"/people/{rows.person.uid}/change/")
    page.fill("[name=phones-0-number]", "")
    page.fill("[name=emails-1-email]", "rosa.delgado@casa.example")
    page.click("main button[type=submit].main")
    assert page.url.endswith(f"/people/{rows.person.uid}/")
    emails = every(ContactEmail).filter(contact=rows.person).order_by("id")
    assert [one.email for one in emails] == ["rosa@casa.example", "rosa.delgado@casa.example"]
    assert not every(ContactPhone).filter(contact=rows.person).exists()


def test_a_slow_save_says_so_and_back_shows_the_button_again(rows, browser):
    window = browser(rows.viewers["organizer"])
    page = window.page
    window.open(f"/follow-ups/{rows.task.uid}/")
    click = """() => new Promise((told) => {
      const button = document.querySelector("main button.main[type=submit]");
      const sent = { bubbles: true, cancelable: true, submitter: button };
      button.form.dispatchEvent(new SubmitEvent("submit", sent));  // as a click does, unsent
      setTimeout(() => told([button.textContent, button.ariaBusy]), 900);
    })"""
    assert page.evaluate(click) == ["Saving…", "true"]
    back = """() => {
      dispatchEvent(new PageTransitionEvent("pageshow"));
      const button = document.querySelector("main button.main[type=submit]");
      return [button.textContent.trim(), button.ariaBusy];
    }"""
    assert page.evaluate(back) == ["Done", None]


def test_a_slow_part_is_dimmed_until_it_comes(rows, browser):
    window = browser(rows.viewers["organizer"])
    page = window.page
    window.open("/organizations/")
    held = []
    page.route("**/organizations/?*", lambda route: held.append(route))
    page.click(".panel > summary")
    page.click("#filter-form label:has-text('Mine')")
    page.wait_for_selector("#results[aria-busy=true]")
    held[0].continue_()
    page.wait_for_selector("#results:not([aria-busy])")
