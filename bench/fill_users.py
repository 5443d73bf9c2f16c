"""Writes the staff and the union's own bodies of the invented world."""

from datetime import date, timedelta
from random import Random

from allauth.account.models import EmailAddress
from django.utils import timezone

from access.models import Access, Area, Region, State, User
from access.recording import running
from access.settling import every
from access.system import demonstrator
from bench.bulk import Book, as_user, moment, uid_at
from bench.fill_partners import Cast
from bench.generate import LEAD_EMAIL, LEAD_REGIONS, MANAGER_EMAIL
from bench.plan import Size
from config.demo import affiliates as union
from config.demo import names, people
from config.demo.staff import STAFF
from config.demo.world import World
from config.management.commands.load_defaults import TABLES
from crm import models as crm
from lists.folding import fold, search_key


def add_users(rng: Random, size: Size, today: date) -> None:
    """The staff of the demonstration, a lead of two regions, and organizers of a region each."""
    world = World(rng, 1, {})
    people.add_staff(world)
    secret = User.objects.get(email=STAFF[0].email).password
    regions = list(Region.objects.order_by("position"))
    wanted = [(LEAD_EMAIL, "Mele Arceneaux", "regional-lead", LEAD_REGIONS)]
    while len(wanted) <= size.organizers:
        region = regions[len(wanted) % len(regions)]
        name = names.person(rng).full_name
        wanted.append(
            (f"organizer{len(wanted)}@partnerships.example", name, "organizer", (region.code,))
        )
    users = User.objects.bulk_create(
        User(email=email, name=name, password=secret, last_login=timezone.now())
        for email, name, _role, _areas in wanted
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    by_code = {region.code: region for region in regions}
    with running("DemoData", demonstrator()):
        for number, (user, (_email, _name, role, areas)) in enumerate(
            zip(users, wanted, strict=True)
        ):
            states = list(State.objects.filter(region__code=areas[0]).order_by("position"))
            access = Access(user=user, role=role, home=states[number // 10 % len(states)])
            access.save()
            for code in areas:
                Area(access=access, region=by_code[code]).save()


def add_affiliates(rng: Random, size: Size, book: Book, today: date) -> dict[int | None, list[int]]:
    """The union's bodies, each below its parent, with figures of three years; ids by state id."""
    found = union.affiliates(rng)
    found += union.more_locals(rng, max(0, size.affiliates - len(found)), found)
    book.renew()
    kinds = dict(crm.AffiliateKind.objects.values_list("code", "pk"))
    states = dict(State.objects.values_list("code", "pk"))
    importer = as_user(User.objects.get(email=MANAGER_EMAIL))
    start = today.toordinal() - 830
    run = book.run("AddAffiliate", importer, moment(start, 30_000), None, count=len(found))
    ids: dict[str, int] = {}
    by_state: dict[int | None, list[int]] = {}
    for it in found:
        at = moment(start, 30_001)
        state = None if it.state == "--" else states[it.state]
        row = book.put(
            crm.Affiliate,
            {
                "uid": uid_at(at),
                "name": it.name,
                "kind_id": kinds[it.kind],
                "parent_id": ids.get(it.parent),
                "state_id": state,
                "city": it.city,
                "home_id": state or states["--"],
                "sort_name": fold(it.name)[:200],
                "search_key": search_key(it.name),
            },
            run,
        )
        ids[it.name] = row["id"]
        by_state.setdefault(row["home_id"], []).append(row["id"])
        for measure, value, year, source in (
            ("members", it.members, it.members_year, it.members_source),
            ("students", it.students, it.students_year, it.students_source),
        ):
            for back in range(3):
                figure = {"affiliate_id": row["id"], "measure": measure, "year": year - back}
                figure |= {"value": value - value * back // 40, "source": source}
                book.put(crm.AffiliateFigure, figure | {"uid": uid_at(at)}, run)
    _employ(book, run, by_state, ids[union.NATIONAL_NAME], start)
    return by_state


def _employ(book: Book, run: int, by_state, national: int, start: int) -> None:
    since = (date.fromordinal(start) - timedelta(days=200)).isoformat()
    for user_id, home in every(Access).order_by("pk").values_list("user_id", "home_id"):
        affiliate = by_state.get(home, [national])[0]
        row = {"user_id": user_id, "affiliate_id": affiliate, "start": since}
        book.put(crm.Employment, row | {"uid": uid_at(moment(start, 30_002))}, run)


def cast_of(affiliates: dict[int | None, list[int]]) -> Cast:
    """Everyone and everything that rows are drawn from."""
    rows = list(State.objects.order_by("position", "pk").values_list("code", "pk", "region__code"))
    organizers: list[list[tuple[int, str]]] = []
    users = {user.pk: as_user(user) for user in User.objects.all()}
    covering: dict[str, list[tuple[int, str]]] = {}
    for user_id, region, state in (
        every(Area).order_by("pk").values_list("access__user_id", "region__code", "state__code")
    ):
        covering.setdefault(region or f"state {state}", []).append(users[user_id])
    lead = as_user(User.objects.get(email=LEAD_EMAIL))
    for code, _pk, region in rows:
        here = covering.get(region or "", []) + covering.get(f"state {code}", [])
        organizers.append([one for one in here if one != lead] or [lead])
    return Cast(
        states=[code for code, _pk, _region in rows],
        state_ids=[pk for _code, pk, _region in rows],
        regions=[region or "outside" for _code, _pk, region in rows],
        codes={
            name: dict(model._base_manager.values_list("code", "pk"))
            for name, model in TABLES.items()
        },
        organizers=organizers,
        importer=as_user(User.objects.get(email=MANAGER_EMAIL)),
        lead=lead,
        affiliates=[affiliates.get(pk, []) for _code, pk, _region in rows],
    )
