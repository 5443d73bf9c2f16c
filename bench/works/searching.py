"""Search as one types, beside `icontains`: what is usually done."""

import random
from functools import partial

from bench.measuring import Pair, Values, at, least, most, timed, work
from bench.world import ALL, TWO, World, each

QUERIES, EVERY, LETTERS = 500, 40, 200
FIRST = [
    "José", "Maria", "Ana", "Nguyễn", "Lan", "Ahmed", "John", "Lashonda", "Terrence", "Keola",
    "Zoë", "Wojciech", "Ngọzi",
]  # fmt: skip


def texts(world: World) -> list[str]:
    """What people type: beginnings and words above all, and the worst that can be typed."""
    pick = random.Random(9)
    ids = [pick.randrange(1, 100_000) for _n in range(2_000)]
    names = [row[0] for row in world.sql(
        f"SELECT name FROM crm_contact WHERE id IN ({', '.join(map(str, ids))}) ORDER BY id"
    )]  # fmt: skip

    def word() -> str:
        return pick.choice(pick.choice(names).split())

    kinds = (
        (lambda: pick.choice("abcdefghijklmnopqrstuvwxyz"), 10),
        (lambda: word()[:2], 10),
        (lambda: word()[:3], 15),
        (lambda: word()[:4], 15),
        (word, 20),
        (lambda: f"{word()} {word()[:3]}", 8),
        (lambda: f"{pick.choice(FIRST)} zzzq", 5),
        (lambda: "zzzq" + word(), 8),
        (lambda: (word() * LETTERS)[:LETTERS], 2),
        (lambda: f"{pick.choice('ab')} {pick.choice('jk')} {word()[:2]}", 2),
        (lambda: f"505 555 {pick.randrange(10_000):04}", 3),
        (lambda: f"p{pick.randrange(1, 99_999)}@mail.example", 2),
    )
    made = pick.choices([kind for kind, _n in kinds], [n for _kind, n in kinds], k=QUERIES)
    return [one() for one in made]


def by_icontains(actor, text: str) -> list:
    """Any part of name, e-mail or phone, by name, twelve of each list."""
    from django.db.models import Exists, OuterRef, Q

    from crm.models import Affiliate, Contact, ContactEmail, ContactPhone, Organization

    here = Q(contact_id=OuterRef("pk"))
    mail = ContactEmail.objects.visible_to(actor).filter(here, email__icontains=text)
    phone = ContactPhone.objects.visible_to(actor).filter(here, number__icontains=text)
    found: list = []
    for model in (Contact, Organization, Affiliate):
        wanted = Q(name__icontains=text)
        if model is Contact:
            wanted |= Q(Exists(mail)) | Q(Exists(phone))
        rows = model.objects.visible_to(actor).filter(wanted).order_by("sort_name")
        found += rows.values_list("pk", "name")[:12]
    return found


def _timed(function, asked: list[str]) -> Values:
    """Milliseconds of each of these texts: the same ones in every round."""
    return Values(timed(partial(function, text))[0] for text in asked)


def _search(world: World, who: str):
    """Each round: each fourth text by search, each fortieth by icontains too."""
    from config.pages import SEARCHED
    from lists.search import search

    actor, asked = world.actor(who), texts(world)
    yield Pair(
        lambda: _timed(lambda text: search(actor, text, SEARCHED), asked[::4]),
        lambda: _timed(lambda text: by_icontains(actor, text), asked[::EVERY]),
    )


for _name, _who in (("all", ALL), ("two", TWO)):
    for _database, _times in (("sqlite", 100), ("postgresql", 30)):
        work(
            f"search.{_name}.{_database}", f"Search, {_who}", "icontains",
            least(_times, at="p95"), databases=(_database,), grows=3,
        )(lambda world, who=_who: _search(world, who))  # fmt: skip


def _worst(world: World, who: str):
    """The worst of all 500 texts, beside their own median."""
    from config.pages import SEARCHED
    from lists.search import search

    actor, asked = world.actor(who), texts(world)
    taken: list[float] = []

    def median() -> Values:
        taken[:] = _timed(lambda text: search(actor, text, SEARCHED), asked)
        return Values([at(taken, 0.5)])

    yield Pair(lambda: Values([max(taken or median())]), median)


for _name, _who in (("all", ALL), ("two", TWO)):
    work(
        f"search.worst.{_name}", f"The worst of 500 searches, {_who}", "their median",
        most(10, plus=10)
    )(lambda world, who=_who: _worst(world, who))  # fmt: skip


@work("search.page", "The search box as a page, two regions", "search itself", most(3, plus=5))
def page(world: World):
    from config.pages import SEARCHED
    from lists.search import search

    actor, client, asked = world.actor(TWO), world.client(TWO), texts(world)
    ours, same = each(asked), each(asked)
    headers = {"HX-Request": "true", "HX-Target": "found"}

    def answer():
        done = client.post("/find/", {"q": ours()}, headers=headers)
        if done.status_code != 200:
            raise RuntimeError(f"/find/ answered {done.status_code}")

    yield Pair(answer, lambda: search(actor, same(), SEARCHED), calls=100, seconds=5)
