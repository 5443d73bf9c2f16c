"""Search beside `icontains`, in one interleaved run, on a scratch database of invented people.

    DATABASE_URL=sqlite:////tmp/scratch.sqlite3 python -m bench.search --people 300000

fills an empty database the first time, and measures it each time. Two users ask: one who sees all,
one of two regions. What is printed are milliseconds and ratios; compare ratios within a run only.
"""

import argparse
import os
import random
import sys
import time
from datetime import date, timedelta

import django
from django.core.management import call_command

LETTERS, BATCH, QUERIES = 200, 5_000, 500
SYLLABLES_TEXT = """
ka na mo ri ta lo se vi do ber man son gar cia per ez ro guez mar ti nez lin chen wang kim park
nov ak hal ver stone wood field ó á ñu thị ăn łi béé keo la ni zza ssi fer dú qu yaz
"""
FIRST_TEXT = """
José Maria Ana Rosa Kama Nguyễn Lan Minh Fátima Ahmed John Mary James Linda Susan Karen Luis
Carlos Elena Sofía Ada Begaye Yazzie Tsosie Keola Leilani Zoë Ingrid Øystein Chidi
"""
KINDS_TEXT = """
Center Council Parents Casa Church Library Families Workers Youth Alliance
"""
SYLLABLES, FIRST, KINDS = SYLLABLES_TEXT.split(), FIRST_TEXT.split(), KINDS_TEXT.split()


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class Names:
    """Invented names, the same each time."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)

    def last(self) -> str:
        return "".join(self.random.choices(SYLLABLES, k=self.random.choice((2, 2, 3)))).capitalize()

    def person(self) -> str:
        return f"{self.random.choice(FIRST)} {self.last()}"

    def partner(self) -> str:
        return f"{self.last()} {self.random.choice(FIRST)} {self.random.choice(KINDS)}"

    def day(self) -> date:
        if self.random.random() < 0.3:
            return date(2026, 11, 1) - timedelta(days=self.random.randint(0, 2_000))
        return date.min


def fill(people: int) -> None:
    """Fill an empty database by bulk insert, without history: nobody will work on it."""
    from access.models import State, User
    from access.settling import every
    from crm.models import (
        Affiliate,
        AffiliateKind,
        Contact,
        ContactEmail,
        ContactPhone,
        Organization,
    )
    from lists import index
    from lists.folding import fold, search_key

    names = Names(5)
    states = list(State.objects.order_by("code").values_list("pk", flat=True))
    shares = [1 / (n + 3) for n in range(len(states))]
    kind = AffiliateKind.objects.first()

    def common(name: str) -> dict:
        return {
            "name": name,
            "home_id": names.random.choices(states, shares)[0],
            "sort_name": fold(name)[:200],
            "search_key": search_key(name),
        }

    def put(model, count: int, make) -> None:
        index.drop(model._meta.db_table)
        for start in range(0, count, BATCH):
            rows = [make() for _n in range(min(BATCH, count - start))]
            every(model).bulk_create(rows)
            if model is Contact:
                parts(rows)
        index.create(model._meta.db_table)
        say(f"{count} {model._meta.verbose_name_plural}")

    def parts(rows) -> None:
        phones = [ContactPhone(contact_id=row.pk, number=f"(509) {row.pk:07}") for row in rows]
        for phone in phones:
            phone.e164 = f"+1509{phone.contact_id:07}"
        every(ContactPhone).bulk_create(phones)
        mails = [ContactEmail(contact_id=row.pk, email=f"p{row.pk}@mail.example") for row in rows]
        every(ContactEmail).bulk_create(mails)

    def person():
        hidden = "restricted" if names.random.random() < 0.01 else "team"
        return Contact(**common(names.person()), last_contact=names.day(), visibility=hidden)

    owners = [User.objects.create_user(email=f"o{n}@bench.example", name=str(n)) for n in range(50)]

    def partner():
        owner = names.random.choice(owners) if names.random.random() < 0.4 else None
        return Organization(**common(names.partner()), last_contact=names.day(), owner=owner)

    put(Contact, people, person)
    put(Organization, people * 2 // 5, partner)
    put(Affiliate, people // 100, lambda: Affiliate(**common(names.partner()), kind=kind))


def meet(user) -> None:
    """A few hundred meetings of the user, with partners and people of her areas."""
    from access.actors import actor_of
    from access.settling import every
    from crm.models import (
        Contact,
        Interaction,
        InteractionContact,
        InteractionKind,
        InteractionOrganization,
        InteractionOrganizer,
        Organization,
    )

    actor, kind = actor_of(user), InteractionKind.objects.first()
    partners = Organization.objects.visible_to(actor).order_by("uid")[:300]
    people = Contact.objects.visible_to(actor).order_by("uid")[:300]
    for partner, person in zip(partners, people, strict=True):
        meeting = Interaction(kind=kind, day=date(2026, 10, 1), home_id=partner.home_id)
        every(Interaction).bulk_create([meeting])
        there = {"interaction": meeting, "position": 0}
        every(InteractionOrganization).bulk_create(
            [InteractionOrganization(organization=partner, **there)]
        )
        every(InteractionContact).bulk_create([InteractionContact(contact=person, **there)])
        every(InteractionOrganizer).bulk_create([InteractionOrganizer(user=user, **there)])


def users():
    """One who sees all, and one of two regions, each with meetings of her own."""
    from access.models import Access, Area, Region, State, User
    from access.settling import every

    home = State.objects.exclude(code="--").first()
    for name, everywhere in (("all areas", True), ("two regions", False)):
        user = User.objects.filter(name=name).first()
        if user is None:
            user = User.objects.create_user(email=f"{name[:3]}@bench.example", name=name)
            access = Access(user=user, role="organizer", everywhere=everywhere, home=home)
            every(Access).bulk_create([access])
            if not everywhere:
                areas = [Area(access=access, region=r) for r in Region.objects.all()[:2]]
                every(Area).bulk_create(areas)
            meet(user)
        yield user


def texts() -> list[str]:
    """What people type: beginnings and words above all, and the worst that can be typed."""
    names = Names(9)
    pick = names.random.choice

    def word() -> str:
        return pick(names.person().split())

    kinds = (
        (lambda: pick("abcdefghijklmnopqrstuvwxyz"), 10),
        (lambda: word()[:2], 10),
        (lambda: word()[:3], 15),
        (lambda: word()[:4], 15),
        (word, 20),
        (lambda: f"{word()} {word()[:3]}", 8),
        (lambda: f"{pick(FIRST)} zzzq", 5),
        (lambda: "zzzq" + word(), 8),
        (lambda: (word() * LETTERS)[:LETTERS], 2),
        (lambda: f"{pick('ab')} {pick('jk')} {word()[:2]}", 2),
        (lambda: f"509 {names.random.randint(1, 99_999):07}", 3),
        (lambda: f"p{names.random.randint(1, 99_999)}@mail.example", 2),
    )
    made = names.random.choices([k for k, _n in kinds], [n for _k, n in kinds], k=QUERIES)
    return [one() for one in made]


def by_icontains(actor, text: str) -> list:
    """What is usually done: any part of name, e-mail or phone, by name, twelve of each list."""
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


def timed(function, *given) -> tuple[float, float]:
    """Milliseconds on the clock, and of work in this process: all of it, where SQLite runs here."""
    began, worked = time.perf_counter(), time.process_time()
    function(*given)
    return 1_000 * (time.perf_counter() - began), 1_000 * (time.process_time() - worked)


def at(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def measure(user, every_nth: int) -> None:
    from access.actors import actor_of
    from config.pages import SEARCHED
    from lists.search import search

    actor, asked = actor_of(user), texts()
    for text in asked[:20]:  # warm both up
        search(actor, text, SEARCHED)
    by_icontains(actor, "jose")
    ours = []
    usual = []
    for number, text in enumerate(asked):
        ours.append((*timed(search, actor, text, SEARCHED), text))
        if number % every_nth == 0:
            usual.append(timed(by_icontains, actor, text))
    say(f"\n{user.name}: {len(ours)} searches, {len(usual)} of them by icontains too (ms)")
    for which, name in enumerate(("on the clock", "work of this process")):
        times, others = [one[which] for one in ours], [one[which] for one in usual]
        say(f"{name:<21}    p50      p95    worst")
        for kind, values in (("search", times), ("icontains", others)):
            say(f"{kind:<21}" + "".join(f"{at(values, s):9.2f}" for s in (0.5, 0.95, 1)))
        say(
            f"  p95: 1/{at(others, 0.95) / max(at(times, 0.95), 0.01):.0f} of icontains; "
            f"10 x p50 + 10: {10 * at(times, 0.5) + 10:.1f}"
        )
    for ms, work, text in sorted(ours, reverse=True)[:6]:
        say(f"{ms:9.2f} {work:9.2f}  {text[:40]!r}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=300_000)
    parser.add_argument("--every", type=int, default=5, help="icontains for each n-th search")
    asked = parser.parse_args()
    if "DATABASE_URL" not in os.environ:
        parser.error("DATABASE_URL must name a scratch database: it is filled with invented rows.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import connection

    from access.settling import every
    from crm.models import Contact, Organization

    call_command("migrate", verbosity=0)
    if not every(Organization).exists() and not every(Contact).exists():
        call_command("load_defaults", verbosity=0)
        fill(asked.people)
    people = list(users())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for user in people:
        measure(user, asked.every)


if __name__ == "__main__":
    main()
