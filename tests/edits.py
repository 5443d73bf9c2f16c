"""Random edits of everything that has a name, and the answer of search by reading every row."""

import random
from datetime import date, timedelta

from access.models import Run
from access.recording import Refused
from access.undo import may_undo, undo
from config.pages import SEARCHED
from crm.commands import (
    AddAffiliate,
    AddContact,
    AddOrganization,
    ChangeAffiliate,
    ChangeContact,
    ChangeOrganization,
    DeleteContact,
    DeleteOrganization,
    LogInteraction,
)
from crm.models import (
    Affiliate,
    Contact,
    ContactEmail,
    ContactPhone,
    Interaction,
    InteractionContact,
    InteractionOrganization,
    InteractionOrganizer,
    Organization,
    OrganizationEmail,
    OrganizationName,
    OrganizationPhone,
)
from lists import search as box
from lists.columns import NEVER
from lists.folding import words_of
from lists.search import MOST, search
from tests import make

LETTERS = """
José Núñez Nā Kama Hội Phụ Huynh Diné Bizaad Casa Unida Łichííʼii Ánh Sáng Trung Tâm O’Brien Ana
Joseph Martí Keiki ʻOhana 华人社区中心 社区 한인회 مركز Ødegård Al-Noor Read Reading Ed Li Ng
Fátima Zoë Maria Mariana Josefina Council Center Parents Teachers Valley
"""
WORDS = LETTERS.split()
DAY = date(2026, 1, 1)


class Edits:
    """Edits rows as one user, at random but the same each time, through the product's commands."""

    def __init__(self, actor, states, colleague, seed=1):
        self.actor, self.states, self.colleague = actor, states, colleague
        self.random = random.Random(seed)
        self.kind, self.body = make.kind(), make.affiliate(states[0]).kind
        self.runs: list[int] = []
        self.refused = 0

    def name(self) -> str:
        return " ".join(self.random.choices(WORDS, k=self.random.randint(1, 4)))

    def phones(self) -> list[dict]:
        number = self.random.choice(
            [
                "(509) 555-{:04}",
                "+1 206 555 {:04}",
                "+52 55 1234 {:04}",
                "555-{:04}",
                "+44 20 7946 {:04}",
            ]
        )
        found = [{"number": number.format(self.random.randint(0, 40)), "label": ""}]
        return found if self.random.random() < 0.5 else []

    def emails(self) -> list[dict]:
        text = f"{self.random.choice('aBcD')}{self.random.randint(0, 20)}@Mail.example"
        return [{"email": text, "label": ""}] if self.random.random() < 0.5 else []

    def one(self) -> None:
        """One edit; one that the product refuses counts as made."""
        kinds = (
            (self.add_person, 5),
            (self.add_partner, 3),
            (self.add_affiliate, 1),
            (self.change_person, 5),
            (self.change_partner, 5),
            (self.change_affiliate, 1),
            (self.delete, 3),
            (self.take_back, 4),
            (self.meet, 3),
            (self.add_many, 1),
        )
        edit = self.random.choices([k for k, _n in kinds], [n for _k, n in kinds])[0]
        try:
            run = edit()
        except Refused:
            self.refused += 1
            return
        if run is not None:
            self.runs = [*self.runs[-20:], run.pk]

    def run(self, command):
        command.run()
        return command.run_made

    def any(self, model):
        ids = list(model.objects.visible_to(self.actor).values_list("pk", flat=True))
        return model.objects.visible_to(self.actor).get(pk=self.random.choice(ids)) if ids else None

    def person(self) -> dict:
        values = {
            "name": self.name(),
            "preferred_name": self.random.choice(["", "", self.name()]),
            "visibility": self.random.choice(["team", "team", "team", "restricted"]),
            "phones": self.phones(),
            "emails": self.emails(),
        }
        partner = self.any(Organization)
        if partner and self.random.random() < 0.6:
            tie = {"organization": str(partner.uid), "role": "", "is_primary": True}
            return values | {"affiliations": [tie]}
        return values | {"state": self.random.choice(self.states).code}

    def partner(self) -> dict:
        place = {
            "kind": "physical",
            "city": self.random.choice(["Yakima", "Hilo", "San José", ""]),
            "state": self.random.choice(self.states).code,
            "is_main": True,
        }
        names = [
            {"name": self.name(), "kind": "alternate"} for _n in range(self.random.randint(0, 2))
        ]
        values = {"name": self.name(), "names": names, "locations": [place]}
        if self.random.random() < 0.2:
            values["owner"] = str(self.colleague.uid)
        return values | {"phones": self.phones(), "emails": self.emails()}

    def add_person(self):
        return self.run(AddContact(self.actor, self.person()))

    def add_partner(self):
        return self.run(AddOrganization(self.actor, self.partner()))

    def add_affiliate(self):
        values = {"name": self.name(), "kind": self.body.code, "state": self.states[0].code}
        return self.run(AddAffiliate(self.actor, values))

    def add_many(self):
        command, values = self.random.choice(
            [(AddContact, self.person), (AddOrganization, self.partner)]
        )
        return command.many(self.actor, [values() for _n in range(3)]).run

    def change(self, model, command, values):
        row = self.any(model)
        if row is None:
            return None
        some = dict(self.random.sample(sorted(values.items()), self.random.randint(1, len(values))))
        some["revision"] = row.revision
        return self.run(command(self.actor, some, instance=row, partial=True))

    def change_person(self):
        return self.change(Contact, ChangeContact, self.person())

    def change_partner(self):
        return self.change(Organization, ChangeOrganization, self.partner())

    def change_affiliate(self):
        return self.change(Affiliate, ChangeAffiliate, {"name": self.name(), "city": "Hilo"})

    def delete(self):
        model, command = self.random.choice(
            [(Contact, DeleteContact), (Contact, DeleteContact), (Organization, DeleteOrganization)]
        )
        row = self.any(model)
        if row is None:
            return None
        return self.run(command(self.actor, {"revision": row.revision}, instance=row))

    def take_back(self):
        if not self.runs:
            return None
        run = Run.objects.get(pk=self.random.choice(self.runs))
        return undo(self.actor, run).run if may_undo(self.actor, run) else None

    def meet(self):
        partner, person = self.any(Organization), self.any(Contact)
        if partner is None or person is None:
            return None
        values = make.meeting_values(
            partner,
            kind=self.kind.code,
            day=str(DAY + timedelta(days=self.random.randint(0, 300))),
            contacts=[str(person.uid)],
            organizers=[str(self.random.choice([self.colleague.uid, self.actor.user_uid]))],
            visibility=self.random.choice(["team", "team", "restricted"]),
        )
        return self.run(LogInteraction(self.actor, values))

    def text(self) -> str:
        """Something to look for: words, parts of words, phones, addresses, nothing there."""
        word = self.random.choice(WORDS)
        start = self.random.randint(0, len(word) - 1)
        digits = f"{self.random.randint(0, 40):04}"
        return self.random.choice(
            [
                word,
                word[start : start + self.random.randint(1, 4)],
                word[0],
                f"{self.random.choice(WORDS)} {word}",
                f"{word[:2]} {self.random.choice(WORDS)[:3]}",
                f"{word} zzzq",
                f"509 555 {digits}",
                f"+1 (206) 555-{digits}",
                f"55 1234 {digits}",
                f"020 7946 {digits}",
                f"555{digits}",
                digits,
                f"{self.random.choice('abcd')}{self.random.randint(0, 20)}@mail.example",
                "mail.example",
            ]
        )


# -- the answer by reading every row -------------------------------------------------------------


class Reading:
    """All that one actor sees, read once; `found(text)` is what search must answer."""

    def __init__(self, actor):
        self.rows = [row for model in _NAMES for row in _NAMES[model](actor)]

    def found(self, text: str) -> list:
        best = []
        for model in _NAMES:
            rows = [row for row in self.rows if row["model"] is model]
            named = [row for row in rows if _names(row, text)]
            if len(named) > box.CLOSE:
                met = sorted(
                    (r for r in rows if r["day"] != NEVER), key=lambda r: (r["day"], r["uid"].int)
                )
                last = {row["pk"] for row in met[-box.MET :]}
                named = named[: box.CLOSE] + [
                    r for r in named[box.CLOSE :] if r["own"] or r["pk"] in last
                ]
            best += named
            best += [row for row in rows if row not in named and _has(row, text)]
        best.sort(key=lambda r: (not r["own"], -r["day"].toordinal(), r["sort_name"]))
        return [_told(row) for row in best[:MOST]]


def answered(actor, text: str) -> list:
    """What search answers, in the same shape: ties of name and day may stand either way."""
    return [(str(hit.kind), hit.name, hit.day) for hit in search(actor, text, SEARCHED)]


def _told(row) -> tuple:
    day = None if row["model"] is Affiliate or row["day"] == NEVER else row["day"]
    kind = {Contact: "Person", Organization: "Organization", Affiliate: "Affiliate"}[row["model"]]
    return kind, row["name"], day


def _names(row, text: str) -> bool:
    wanted = words_of(text)
    return bool(wanted) and all(
        any(w.startswith(word) if len(word) < 3 else word in w for w in row["words"])
        for word in wanted
    )


def _has(row, text: str) -> bool:
    if "@" in text:
        return text.lower() in row["emails"]
    digits = "".join(c for c in text if c.isdigit())
    if len(digits) < 7 or any(c.isalpha() for c in text):
        return False
    for number in row["phones"]:  # E.164
        for code in ("1", "52", "44"):
            if number.startswith(f"+{code}"):
                bare = number.removeprefix(f"+{code}")
                if digits == bare or digits == code + bare or digits == "0" + bare:
                    return True
    return False


def _base(model, actor, own, emails=None, phones=None):
    columns = ["pk", "uid", "name", "sort_name"]
    columns += ["last_contact"] if model is not Affiliate else []
    for values in model.objects.visible_to(actor).order_by("pk").values(*columns):
        yield values | {
            "model": model,
            "day": values.get("last_contact", NEVER),
            "own": values["pk"] in own,
            "emails": {e.lower() for pk, e in emails or () if pk == values["pk"]},
            "phones": {p for pk, p in phones or () if pk == values["pk"]},
        }


def _partners(actor):
    see = actor
    own = set(
        Organization.objects.visible_to(see)
        .filter(owner_id=actor.user_id)
        .values_list("pk", flat=True)
    ) | _met(actor, InteractionOrganization, "organization_id")
    mails = list(OrganizationEmail.objects.visible_to(see).values_list("organization_id", "email"))
    phones = list(OrganizationPhone.objects.visible_to(see).values_list("organization_id", "e164"))
    others, cities = {}, dict(Organization.objects.visible_to(see).values_list("pk", "city"))
    for pk, name in OrganizationName.objects.visible_to(see).values_list("organization_id", "name"):
        others.setdefault(pk, []).append(name)
    for row in _base(Organization, actor, own, mails, phones):
        names = [row["name"], *others.get(row["pk"], []), cities[row["pk"]]]
        yield row | {"words": [w for name in names for w in words_of(name)]}


def _people(actor):
    own = _met(actor, InteractionContact, "contact_id")
    mails = list(ContactEmail.objects.visible_to(actor).values_list("contact_id", "email"))
    phones = list(ContactPhone.objects.visible_to(actor).values_list("contact_id", "e164"))
    preferred = dict(Contact.objects.visible_to(actor).values_list("pk", "preferred_name"))
    for row in _base(Contact, actor, own, mails, phones):
        yield row | {"words": words_of(row["name"]) + words_of(preferred[row["pk"]])}


def _affiliates(actor):
    for row in _base(Affiliate, actor, set()):
        yield row | {"words": words_of(row["name"])}


def _met(actor, link, column) -> set[int]:
    mine = InteractionOrganizer.objects.visible_to(actor).filter(user_id=actor.user_id)
    last = set(mine.order_by("-id").values_list("interaction_id", flat=True)[:200])
    seen = set(Interaction.objects.visible_to(actor).values_list("pk", flat=True)) & last
    links = link.objects.visible_to(actor).values_list("interaction_id", column)
    return {pk for meeting, pk in links if meeting in seen}


_NAMES = {Contact: _people, Organization: _partners, Affiliate: _affiliates}
