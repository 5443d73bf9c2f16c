"""A list of organizations becomes rows: mapping, values, the same row, rights and undo."""

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied

from access.actors import actor_of
from access.keys import uuid7
from access.models import AuditDetail, AuditEntry, Change, Reach, Run
from access.recording import Refused
from access.records import Record
from access.settling import every
from crm import models
from crm.commands.importing import CompleteOrganization, ImportOrganization
from crm.importing import Organizations
from lists import importing
from lists.csv_cells import guarded
from lists.importing import carry_out
from lists.planning import plan_import
from lists.reports import undo_import
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(here):
    """A data manager of the region of `here`."""
    return actor_of(make.user(here.region, home=here, role="data-manager"))


@pytest.fixture
def administrator(here):
    return make.actor(everywhere=True, role="administrator")


def planned(actor, text, *pairs, **constants):
    header = text.split("\n", 1)[0].split(",")
    pairs = [pair.rsplit("=", 1) for pair in pairs] or [(name, name) for name in header]
    return plan_import(actor, text.encode(), Organizations, pairs, constants.items())


def imported(actor, text, *pairs, **constants):
    return carry_out(actor, planned(actor, text, *pairs, **constants))


def partners(actor):
    return list(models.Organization.objects.visible_to(actor).order_by("pk"))


def parts(model, column, partner=None):
    rows = every(model).order_by("pk")
    if partner:
        rows = rows.filter(organization=partner)
    return list(rows.values_list(column, flat=True))


def counts():
    """How many rows every table holds that commands write, and Reach."""
    tables = [m for m in apps.get_models() if issubclass(m, Record)] + [Reach]
    return {m._meta.label: m._base_manager.count() for m in tables}


# What comes in


def test_a_row_becomes_an_organization_with_all_its_parts(here, manager):
    stage = make.stage(code="identified")
    kind = make.saved(models.OrganizationKind(code="youth", name="Youth organization"))
    community = make.community(name="Black")
    focus, spanish = make.focus_area(name="Fair funding"), make.language(code="es", name="Spanish")
    report = imported(
        manager,
        "name,kind,street,city,state,zip,phone,email,website,language,community,focus_area,tag,"
        "external_id,note\n"
        f"Casa,{kind.name},1 Main St,Reno,{here.name},00501,509-555-0142 x3,A@B.example,b.example,"
        'spanish,BLACK,fair  funding,"youth; arts",12-3456789,"Two\nlines"\n',
    )
    (partner,) = partners(manager)
    assert (partner.name, partner.note, partner.kind_id) == ("Casa", "Two\nlines", kind.pk)
    assert (partner.home_id, partner.city, partner.stage_id) == (here.pk, "Reno", stage.pk)
    assert partner.author_id == manager.user_id
    place = every(models.Location).get()
    assert (place.street, place.zip, place.is_main) == ("1 Main St", "00501", True)
    phone = every(models.OrganizationPhone).get()
    assert (phone.e164, phone.extension) == ("+15095550142", "3")
    assert parts(models.OrganizationEmail, "email") == ["a@b.example"]
    assert parts(models.Website, "url") == ["https://b.example"]
    assert parts(models.OrganizationLanguage, "language_id") == [spanish.pk]
    assert parts(models.OrganizationCommunity, "community_id") == [community.pk]
    assert parts(models.OrganizationFocusArea, "focus_area_id") == [focus.pk]
    assert parts(models.Tag, "name") == ["youth", "arts"]
    assert parts(models.ExternalId, "value") == ["12-3456789"]
    assert report.created == {"organizations": 1}
    assert report.as_dict()["warnings"] == []


def test_an_import_is_one_run_with_one_audit_entry_that_names_nobody(here, manager):
    report = imported(manager, "name,x\nA,1\nB,2\n", "name=name", state=here.code)
    run = Run.objects.get(command="ImportList")
    assert (run.uid, run.status, run.user_id) == (report.run_id, "done", manager.user_id)
    entry = AuditEntry.objects.get(run_uid=run.uid)
    assert (entry.action, entry.count) == ("ImportList", 2)
    words = AuditDetail.objects.get(entry=entry).words
    assert (words["kind"], words["mapping"], words["constants"]) == (
        "organizations",
        {"name": "name"},
        ["state"],
    )
    assert len(words["sha256"]) == 64


def test_one_cell_may_hold_several_values_and_unknown_ones_are_told(here, manager):
    for code, name in (("es", "Spanish"), ("fr", "French"), ("tl", "Tagalog (Filipino)")):
        make.language(code=code, name=name)
    text = (
        "name;language\nA;Spanish or French\nB;Filipino (Tagalog), Klingon\n"
        "C;Over 150 languages through services\nD;N/A\n"
    )
    report = imported(manager, text, "name=name", "language=language", state=here.code)
    assert len(parts(models.OrganizationLanguage, "pk")) == 3
    assert [(w["row"], w["column"]) for w in report.as_dict()["warnings"]] == [
        (2, "language"),
        (3, "language"),
    ]
    assert "“Klingon”" in report.notes[0].message
    assert report.rows_set_aside == []


def test_words_are_known_by_code_spanish_name_and_own_name(here, manager):
    make.language(code="nv", name="Navajo", name_es="Navajo", own_name="Diné bizaad")
    make.language(code="ar", name="Arabic", name_es="Árabe")
    text = "name,language\nA,NV\nB,dine bizaad\nC,arabe\n"
    report = imported(manager, text, state=here.code)
    assert (report.notes, len(parts(models.OrganizationLanguage, "pk"))) == ([], 3)


def test_half_a_name_that_two_words_share_names_neither(here, manager):
    make.language(code="yue", name="Chinese (Cantonese)")
    make.language(code="cmn", name="Chinese (Mandarin)")
    report = imported(manager, "name,language\nA,Chinese\nB,Mandarin\n", state=here.code)
    assert [note.row for note in report.notes] == [1]


def test_marks_in_columns_stand_for_a_language_or_a_tag(here, manager):
    make.language(code="es", name="Spanish")
    text = "name,Spanish,Youth\nA,X,\nB,,yes\nC,no,some\n"
    report = imported(
        manager, text, "name=name", "Spanish=language:spanish", "Youth=tag:Youth", state=here.code
    )
    assert len(parts(models.OrganizationLanguage, "pk")) == 1
    assert parts(models.Tag, "name") == ["Youth"]
    assert [(note.row, note.column, note.value) for note in report.notes] == [(3, "Youth", "some")]


def test_several_columns_may_feed_one_field(here, manager):
    text = "name,p1,p2,line 1,line 2\nA,509-555-0101,509-555-0102,1 Main St,Floor 2\n"
    pairs = ["name=name", "p1=phone", "p2=phone", "line 1=street", "line 2=street"]
    imported(manager, text, *pairs, state=here.code)
    assert parts(models.OrganizationPhone, "number") == ["509-555-0101", "509-555-0102"]
    assert parts(models.Location, "street") == ["1 Main St, Floor 2"]


def test_a_constant_fills_only_empty_cells(here, elsewhere, administrator):
    text = f"name,state\nA,{elsewhere.code}\nB,\n"
    imported(administrator, text, "name=name", "state=state", state=here.code, city="Reno")
    assert [(p.home_id, p.city) for p in partners(administrator)] == [
        (elsewhere.pk, "Reno"),
        (here.pk, "Reno"),
    ]


def test_rows_without_a_state_lie_outside_regions(administrator):
    text = "name,country\nA,\nB,Kenya\nC,USA\n"
    imported(administrator, text)
    assert {p.home_id for p in partners(administrator)} == {make.outside().pk}
    assert parts(models.Location, "country") == ["Kenya"]


def test_bad_addresses_are_left_out_and_any_phone_comes_in(here, manager):
    text = (
        "name,email,website,phone\n"
        "A,not one,http://,varies\n"
        'B,"x@y.example; bad@","www.y.example, z.example",415.999.9999\n'
    )
    report = imported(manager, text, state=here.code)
    assert parts(models.OrganizationEmail, "email") == ["x@y.example"]
    assert parts(models.Website, "url") == ["https://www.y.example", "https://z.example"]
    assert parts(models.OrganizationPhone, "number") == ["varies", "415.999.9999"]
    assert [(note.row, note.column) for note in report.notes] == [
        (1, "email"),
        (1, "website"),
        (2, "email"),
    ]


def test_rows_without_a_name_and_values_too_long_are_set_aside(here, manager):
    text = f"name,city\n,Reno\n***,Reno\nLong,{'x' * 101}\nFine,Reno\n"
    report = imported(manager, text, state=here.code)
    assert [(n.row, n.column, n.value[:3]) for n in report.rows_set_aside] == [
        (1, "name", ""),
        (2, "name", "***"),
        (3, "city", "xxx"),
    ]
    found = report.as_dict()
    assert found["rows_read"] == found["rows_imported"] + len(found["rows_set_aside"]) == 4


def test_a_formula_comes_in_unchanged_and_leaves_guarded(here, manager):
    formula = '=HYPERLINK("https://x.example")'
    text = 'name,note\n"=HYPERLINK(""https://x.example"")",-1+1\n'
    imported(manager, text, state=here.code)
    (partner,) = partners(manager)
    assert (partner.name, partner.note) == (formula, "-1+1")
    assert guarded(partner.name) == f"'{formula}"
    again = imported(manager, text.replace('"=H', "\"'=H"), state=here.code)
    assert again.matched == {"organizations": 1}  # what our own export guarded is the same again


# The same row


def test_rows_of_one_name_and_state_are_one_and_only_add_what_is_missing(here, manager):
    make.language(code="es", name="Spanish")
    text = (
        "name,street,phone,email,website,language,tag,note\n"
        "Éclair,1 Main St,509-555-0101,a@b.example,b.example,,One,First\n"
        "ECLAIR,1 main st,(509) 555-0101,A@b.example,https://www.b.example/,Spanish,ONE,Second\n"
        "éclair,2 Main St,509-555-0102,c@b.example,c.example,es,two,First\n"
    )
    report = imported(manager, text, state=here.code)
    assert report.same_as == [(2, 1), (3, 1)]
    (partner,) = partners(manager)
    assert (partner.name, partner.note) == ("Éclair", "First")
    assert report.left_to_first_row == {"note": 1}
    assert parts(models.Location, "street") == ["1 Main St", "2 Main St"]
    assert parts(models.Location, "is_main") == [True, False]
    assert parts(models.OrganizationPhone, "number") == ["509-555-0101", "509-555-0102"]
    assert parts(models.OrganizationEmail, "email") == ["a@b.example", "c@b.example"]
    assert len(parts(models.Website, "url")) == 2
    assert len(parts(models.OrganizationLanguage, "pk")) == 1
    assert parts(models.Tag, "name") == ["One", "two"]


def test_the_same_name_in_another_state_is_another_organization(here, elsewhere, administrator):
    report = imported(
        administrator, f"name,state\nCasa,{here.code}\nCasa,{elsewhere.code}\nCasa,\n"
    )
    assert report.created == {"organizations": 3}


def test_one_that_is_there_keeps_what_it_has_and_gets_what_it_lacks(here, manager):
    partner = make.organization(state=here, name="Casa", note="Ours")
    make.saved(models.Tag(organization=partner, name="Youth"))
    text = "name,street,tag,note\nCASA,1 Main St,youth; arts,Theirs\n"
    report = imported(manager, text, state=here.code)
    assert (report.created, report.updated) == ({"organizations": 0}, {"organizations": 1})
    partner = make.fresh(partner)
    assert (partner.name, partner.note, partner.revision) == ("Casa", "Ours", 2)
    assert parts(models.Tag, "name") == ["Youth", "arts"]
    assert parts(models.Location, "street") == ["", "1 Main St"]
    run = Run.objects.get(uid=report.run_id)
    assert sorted(run.changes.values_list("table", flat=True)) == [
        "crm.location",
        "crm.organization",
        "crm.tag",
    ]


def test_the_same_file_a_second_time_changes_nothing(here, manager):
    text = "name,street,phone,tag\nA,1 Main St,509-555-0101,x\nA,2 Main St,varies,y\nB,,,\n"
    imported(manager, text, state=here.code)
    before = counts(), Change.objects.count()
    report = imported(manager, text, state=here.code)
    assert (counts(), Change.objects.count()) == before
    assert (report.created, report.updated, report.matched) == (
        {"organizations": 0},
        {"organizations": 0},
        {"organizations": 2},
    )


def test_one_row_takes_no_more_values_than_its_page_shows(here, manager):
    numbers = ";".join(f"509-555-{n:04d}" for n in range(1, 40))
    more = ";".join(f"509-555-{n:04d}" for n in range(30, 70))
    text = f"name,phone\nA,{numbers}\nA,{more}\n".replace(";", "; ")
    report = imported(manager, text, state=here.code)
    assert (len(parts(models.OrganizationPhone, "pk")), report.notes_in_all) == (50, 19)
    assert imported(manager, text, state=here.code).matched == {"organizations": 1}


# Rights


def test_rows_outside_her_areas_are_set_aside_and_nothing_there_is_told(here, elsewhere, manager):
    make.organization(state=elsewhere, name="Casa")
    text = f"name,state\nCasa,{elsewhere.code}\nNew,{elsewhere.code}\nNowhere,\nOurs,{here.code}\n"
    report = imported(manager, text)
    reasons = [note.message for note in report.rows_set_aside]
    assert len(reasons) == 3
    assert reasons[0] == reasons[1] == "This state is not part of your areas."
    assert (report.created, report.matched) == ({"organizations": 1}, {"organizations": 0})
    assert [p.name for p in partners(manager)] == ["Ours"]


@pytest.mark.parametrize("role", ["organizer", "regional-lead", "leader"])
def test_who_may_not_import_is_refused(here, role):
    actor = make.actor(here.region, role=role)
    with pytest.raises(PermissionDenied):
        planned(actor, "name\nA\n", state=here.code)


def test_who_lost_the_right_since_the_plan_is_refused(here, manager):
    plan = planned(manager, "name\nA\n", state=here.code)
    with pytest.raises(PermissionDenied):
        carry_out(make.actor(here.region, role="organizer"), plan)
    assert partners(manager) == []


# Nothing, or all of it


def test_a_plan_writes_nothing_at_all(here, manager, django_assert_num_queries):
    before = counts(), Run.objects.count(), AuditEntry.objects.count()
    report = planned(manager, "name,tag\nA,x\nA,y\n", state=here.code).report().as_dict()
    assert (counts(), Run.objects.count(), AuditEntry.objects.count()) == before
    assert (report["dry_run"], report["run_id"]) == (True, None)
    assert (report["created"], report["same_as"]) == (
        {"organizations": 1},
        [{"row": 2, "first_row": 1}],
    )


def test_a_row_added_since_the_plan_is_found_when_it_is_carried_out(here, manager):
    plan = planned(manager, "name\nCasa\n", state=here.code)
    make.organization(state=here, name="Casa")
    assert carry_out(manager, plan).matched == {"organizations": 1}


@pytest.mark.parametrize("command", [ImportOrganization, CompleteOrganization])
def test_an_import_that_fails_half_way_leaves_nothing(here, manager, monkeypatch, command):
    monkeypatch.setattr(importing, "SLICE", 2)
    for name in "CDE":
        make.organization(state=here, name=name)
    before = counts()
    apply = command.apply
    done = []

    def break_at_third(self):
        done.append(self)
        if len(done) == 3:
            raise ValueError
        return apply(self)

    monkeypatch.setattr(command, "apply", break_at_third)
    with pytest.raises(Refused, match="Nothing was saved"):
        imported(manager, "name,tag\nA,x\nB,x\nC,x\nD,x\nE,x\nF,x\n", state=here.code)
    assert counts() == before
    assert Run.objects.get(command="ImportList").status == "undone"
    assert not AuditEntry.objects.filter(action="ImportList").exists()


def test_undo_leaves_every_table_as_it_was(here, manager):
    partner = make.organization(state=here, name="Casa")
    before = counts()
    text = "name,street,phone,tag\nCasa,1 Main St,509-555-0101,x\nNew,2 Main St,,y\nNew,,varies,z\n"
    report = imported(manager, text, state=here.code)
    assert counts() != before
    done = undo_import(manager, report.run_id)
    assert counts() == before
    assert (done.left, done.left_unseen) == ((), 0)
    assert done.removed["organization"] == 1
    assert make.fresh(partner).city == ""
    with pytest.raises(Refused, match="already undone"):
        undo_import(manager, report.run_id)


def test_undo_leaves_what_was_changed_since_and_names_it(here, manager):
    report = imported(manager, "name\nA\nB\n", state=here.code)
    kept = next(p for p in partners(manager) if p.name == "B")
    make.interaction(organization=kept)
    done = undo_import(manager, report.run_id)
    assert [p.name for p in partners(manager)] == ["B"]
    assert done.left == ("B",)


def test_only_an_import_can_be_taken_back_and_only_by_who_may(here, manager):
    report = imported(manager, "name\nA\n", state=here.code)
    stranger = make.actor(here.region, role="organizer")
    for actor, uid in ((stranger, report.run_id), (manager, uuid7()), (manager, "no id")):
        with pytest.raises(Refused, match="no import"):
            undo_import(actor, uid)
    assert len(partners(manager)) == 1
