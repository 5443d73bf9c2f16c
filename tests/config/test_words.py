"""Lists of words: what an administrator changes, what stays, and what nobody may."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from access.actors import actor_of
from access.models import Change, Run
from access.recording import Refused, Stale
from access.undo import undo
from config.management.commands import load_defaults
from crm import models
from crm.commands import AddOrganization, words
from crm.commands.words import WORD_COMMANDS
from crm.words import WORD_LISTS, uses_of
from lists.models import Purpose
from tests import make

pytestmark = pytest.mark.django_db
NAMES = [found.name for found in WORD_LISTS]


@pytest.fixture
def ines(here):
    return actor_of(make.user(role="administrator", everywhere=True))


def run(actor, listed, verb, row=None, **values):
    made = WORD_COMMANDS[listed][verb]
    if row is not None:
        values = {"revision": make.fresh(row).revision} | values
    command = made(actor, values, instance=make.fresh(row) if row is not None else None)
    command.run()
    return command


@pytest.mark.parametrize("name", NAMES)
def test_a_word_is_added_renamed_retired_and_brought_back(ines, name):
    values = {"name": "Zuñi radio", "name_es": "Radio zuñi", "code": "zun"}
    word = run(ines, name, "add", **values).instance
    assert word.code == ("zun" if name == "languages" else "zuni-radio")
    other = run(ines, name, "add", name="Other", code="xx").instance
    assert other.position == word.position + 1
    renamed = {"name": "Zuñi station", "code": "changed"}
    run(ines, name, "change", word, **renamed)
    word = make.fresh(word)
    assert (word.name, word.name_es, word.code != "changed") == ("Zuñi station", "", True)
    run(ines, name, "retire", word)
    assert make.fresh(word).shown == "Zuñi station (retired)"
    assert word.pk not in type(word).objects.offered().values_list("pk", flat=True)
    command = run(ines, name, "bring_back", word)
    assert make.fresh(word).shown == "Zuñi station"
    undo(ines, command.run_made)
    assert make.fresh(word).retired


@pytest.mark.parametrize("role", ["organizer", "regional-lead", "leader", "data-manager"])
def test_nobody_else_changes_words(here, role):
    actor = actor_of(make.user(here.region, home=here, role=role))
    word = make.community()
    for verb in WORD_COMMANDS["communities"]:
        with pytest.raises(PermissionDenied):
            run(actor, "communities", verb, None if verb == "add" else word, name="x")


def test_two_words_of_one_name_are_refused(ines):
    make.focus_area(name="Educación bilingüe", retired=True)
    with pytest.raises(ValidationError, match="this name already"):
        run(ines, "focus-areas", "add", name="educacion bilingue")
    assert models.FocusArea.objects.count() == 1


def test_codes_made_from_names_differ(ines):
    one = run(ines, "outcomes", "add", name="Met!").instance
    two = run(ines, "outcomes", "add", name="Met?x").instance
    three = run(ines, "outcomes", "add", name="Met").instance if one.name != "Met!" else None
    assert one.code == "met" and two.code != one.code and three is None
    assert run(ines, "outcomes", "add", name="会った").instance.code == "outcome"


@pytest.mark.parametrize("code", ["ES", "spanish language", "x", "es_MX", ""])
def test_a_language_needs_a_tag(ines, code):
    with pytest.raises(ValidationError):
        run(ines, "languages", "add", name="Spanish", code=code)


def test_a_rename_under_somebody_elses_hands_is_refused(ines):
    word = make.community()
    stale = word.revision
    run(ines, "communities", "change", word, name="New")
    with pytest.raises(Stale):
        run(ines, "communities", "change", word, name="Newer", revision=stale)
    client = signed_in(ines)
    sent = {"revision": stale, "name": "Newest"}
    response = client.post(reverse("settings:word", args=[word.uid]), sent)
    assert response.status_code == 409
    retire = client.post(reverse("settings:retire_word", args=[word.uid]), {"revision": stale})
    assert retire.status_code == 409
    assert make.fresh(word).name == "New" and not make.fresh(word).retired


def signed_in(actor):
    from access.models import User

    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def test_words_change_places_with_their_neighbors(ines):
    words = [make.focus_area(name=n) for n in "ABC"]

    def order():
        return "".join(models.FocusArea.objects.values_list("name", flat=True))

    run(ines, "focus-areas", "move", words[2], direction="up")
    assert order() == "ACB"
    command = run(ines, "focus-areas", "move", words[0], direction="down")
    assert order() == "CAB"
    with pytest.raises(Refused):
        run(ines, "focus-areas", "move", words[2], direction="up")
    undo(ines, command.run_made)
    assert order() == "ACB"


def test_a_word_at_the_end_stays_and_so_does_the_page(ines):
    word = make.focus_area(name="Alone")
    url = reverse("settings:move_word", args=[word.uid])
    sent = {"revision": word.revision, "direction": "up"}
    page = signed_in(ines).post(url, sent, follow=True)
    assert page.redirect_chain == [(reverse("settings:focus-areas"), 302)]
    assert b"It is at the end of the list already." in page.content


def test_communities_lie_one_below_another_and_no_deeper(ines):
    top, below = make.community(name="Top"), make.community(name="Below")
    run(ines, "communities", "change", below, name="Below", parent=top.code)
    third = make.community(name="Third")
    for wrong in (below, third):
        with pytest.raises(ValidationError):
            run(ines, "communities", "change", third, name="Third", parent=wrong.code)
    with pytest.raises(ValidationError, match="below this one"):
        run(ines, "communities", "change", top, name="Top", parent=third.code)
    with pytest.raises(ValidationError, match="below this one"):
        run(ines, "communities", "retire", top)


def test_what_the_product_needs_stays(ines, here):
    first = make.stage(code="identified", name="Identified")
    make.stage()
    with pytest.raises(ValidationError, match="begins with this one"):
        run(ines, "stages", "retire", first)
    only = make.kind()
    with pytest.raises(ValidationError, match="last of its list"):
        run(ines, "interaction-kinds", "retire", only)
    run(ines, "stages", "change", first, name="Found", quiet_after_days="30")
    assert make.fresh(first).quiet_after_days == 30


def test_a_retired_word_stays_where_it_is_and_is_offered_nowhere(ines, here):
    word = make.community(name="Hmong")
    partner = make.organization(state=here, communities=[word])
    run(ines, "communities", "retire", word)
    assert "Hmong" not in str(AddOrganization(ines)["communities"])
    client = signed_in(ines)
    text = client.get(f"/organizations/{partner.uid}/").content.decode()
    assert "Hmong (retired)" in text


def test_a_merge_moves_all_rows_and_one_undo_brings_them_back(ines, here, elsewhere):
    one, two = make.community(name="Hmong"), make.community(name="Hmong people")
    partner = make.organization(state=here, communities=[one])
    both = make.organization(state=elsewhere, communities=[one, two])
    below = make.saved(models.Community(code="below", name="Below", parent=one))

    def links():
        found = models.OrganizationCommunity.objects.visible_to(make.SETUP)
        return set(found.values_list("organization_id", "community_id"))

    before = links()
    command = run(ines, "communities", "merge", one, into=two.code)
    assert links() == {(partner.pk, two.pk), (both.pk, two.pk)}
    assert make.fresh(below).parent_id == two.pk
    old = make.fresh(one)
    assert (old.retired, old.merged_into_id) == (True, two.pk)
    undo(ines, command.run_made)
    assert links() == before
    assert make.fresh(below).parent_id == one.pk
    assert not make.fresh(one).retired


def test_a_merge_reaches_restricted_rows_and_tells_nothing_of_them(here):
    actor = actor_of(make.user(here.region, home=here, role="administrator"))
    author = make.user(here.region, home=here)
    one, two = make.kind(name="Tea"), make.kind(name="Coffee")
    held = make.interaction(
        organization=make.organization(state=here),
        kind=one,
        visibility="restricted",
        author=author,
        summary="Canary",
    )
    client = signed_in(actor)
    page = client.get(reverse("settings:merge_word", args=[one.uid])).content.decode()
    assert "Nothing that you can see uses it." in page
    command = run(actor, "interaction-kinds", "merge", one, into=two.code)
    assert make.fresh(held).kind_id == two.pk
    assert Change.objects.filter(run=command.run_made, row_uid=held.uid).exists()
    done = undo(actor, command.run_made)
    assert make.fresh(held).kind_id == one.pk
    assert done.left == ()


def test_what_changed_since_a_merge_stays_and_is_not_named_to_who_cannot_see_it(here, elsewhere):
    actor = actor_of(make.user(here.region, home=here, role="administrator"))
    one, two, three = make.kind(), make.kind(), make.kind()
    seen = make.interaction(organization=make.organization(state=here), kind=one)
    hidden = make.interaction(organization=make.organization(state=elsewhere), kind=one)
    command = run(actor, "interaction-kinds", "merge", one, into=two.code)
    for row in (make.fresh(seen), make.fresh(hidden)):
        row.kind = three
        make.saved(row)
    done = undo(actor, command.run_made)
    assert len(done.left) == 1 and done.left_unseen == 1
    assert make.fresh(hidden).kind_id == three.pk


def test_stages_and_last_contact_are_right_after_a_merge(ines, here):
    one, two = make.stage(name="Warm"), make.stage(name="Active")
    partner = make.organization(state=here, stage=one)
    mail = make.kind(counts_as_contact=False)
    make.interaction(organization=partner, kind=mail, day=date(2026, 11, 20))
    assert make.fresh(partner).last_contact == models.NEVER
    run(ines, "stages", "merge", one, into=two.code)
    run(ines, "interaction-kinds", "merge", mail, into=make.kind().code)
    assert make.fresh(partner).stage_id == two.pk
    assert make.fresh(partner).last_contact == date(2026, 11, 20)


def test_a_list_that_comes_in_may_still_say_the_old_word(ines):
    from crm.cells import words

    one, two = make.community(name="Hmong"), make.community(name="Hmong people")
    assert words(models.Community, "short").one("hmong") == ([one.code], "")
    run(ines, "communities", "merge", one, into=two.code)
    found = words(models.Community, "short")
    assert found.one("hmong") == found.one(one.code) == ([two.code], "")
    run(ines, "communities", "retire", two)
    assert words(models.Community, "short").one("hmong")[0] == []


def test_a_word_is_not_merged_into_itself_or_a_retired_one(ines):
    word, gone = make.community(), make.community(retired=True)
    for code in (word.code, gone.code, "nothing"):
        with pytest.raises(ValidationError):
            run(ines, "communities", "merge", word, into=code)


@pytest.mark.parametrize("found", WORD_LISTS, ids=lambda f: f.name)
def test_every_use_of_a_word_is_known(found):
    assert all(key.related_model is found.model for _model, key in uses_of(found.model))
    names = {key.name for _model, key in uses_of(found.model)}
    # An export keeps the code of its purpose in the record, not a key.
    assert names > {"merged_into"} or found.model is Purpose


def test_loading_the_defaults_leaves_what_an_administrator_did(ines):
    load_defaults.load()
    black, hispanic = (models.Community.objects.get(code=c) for c in ("black", "hispanic"))
    run(ines, "communities", "change", black, name="Black families", name_es="Familias negras")
    run(ines, "communities", "move", hispanic, direction="up")
    gone = models.FocusArea.objects.first()
    run(ines, "focus-areas", "retire", gone)
    first, second = Purpose.objects.all()[:2]
    run(ines, "purposes", "merge", first, into=second.code)
    before = [list(found.model.objects.order_by("pk").values()) for found in WORD_LISTS]
    assert load_defaults.load() == 0
    assert [list(found.model.objects.order_by("pk").values()) for found in WORD_LISTS] == before


def test_the_pages_show_both_languages_and_what_is_retired(ines):
    make.community(name="Haitian", name_es="Haitianos")
    old = make.community(name="Haitians", retired=True)
    client = signed_in(ines)
    text = client.get(reverse("settings:communities")).content.decode()
    assert "Haitianos" in text and "Retired" in text
    text = client.get(reverse("settings:word", args=[old.uid])).content.decode()
    assert "Bring back" in text
    response = client.post(
        reverse("settings:add_communities"), {"name": "Diné", "name_es": "Diné"}, follow=True
    )
    assert "Undo" in response.content.decode()
    assert models.Community.objects.get(code="dine").name == "Diné"


def test_a_word_that_many_rows_use_is_merged_in_slices_of_one_run(ines, here, monkeypatch):
    monkeypatch.setattr(words, "AT_ONCE", 2)
    old, new = make.community(), make.community()
    partners = [make.organization(state=here) for _n in range(5)]
    for partner in partners:
        make.saved(models.OrganizationCommunity(organization=partner, community=old))
    make.saved(models.OrganizationCommunity(organization=partners[3], community=new))
    command = run(ines, "communities", "merge", old, into=new.code)
    links = models.OrganizationCommunity.objects.visible_to(make.SETUP)
    assert (links.filter(community=old).count(), links.filter(community=new).count()) == (0, 5)
    assert command.run_made.status == Run.Status.DONE
    assert Run.objects.filter(command="MergeCommunity").count() == 1
    undo(ines, command.run_made)
    assert (links.filter(community=old).count(), links.filter(community=new).count()) == (5, 1)
    assert not make.fresh(old).retired
