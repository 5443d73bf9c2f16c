"""What follows from partners, people and meetings: homes, reach, today's stage, last contact."""

from collections import defaultdict
from datetime import date

from access import registers
from access.models import Access, State, StoredFile
from access.recording import Touched, outside_id
from access.scope import Visibility
from access.settling import FEW, every, looked_up, newest, settles, slices, write, write_reach
from crm.models import (
    NEVER,
    Affiliate,
    Affiliation,
    Channel,
    Contact,
    ContactList,
    DoNotContact,
    Interaction,
    InteractionContact,
    InteractionKind,
    InteractionOrganization,
    Location,
    Organization,
    OwnerSince,
    StageSince,
    Strength,
    Task,
)
from lists.settling import place_owned


@settles
def affiliates(touched: Touched) -> None:
    ids = touched.ids(Affiliate)
    if not ids:
        return
    outside = outside_id()
    rows = looked_up(Affiliate, "pk", ids, "pk", "state_id")
    write(Affiliate, {pk: {"home_id": state or outside} for pk, state in rows})


@settles
def partners(touched: Touched) -> None:
    """Home, city, owner, stage and strength of organizations; then what moves along."""
    ids = touched.ids(Organization)
    for part in (Location, OwnerSince, StageSince, Strength):
        ids |= touched.ids(part, "organization_id")
    judged = touched.older(Interaction)
    ids |= {pk for (pk,) in looked_up(Strength, "interaction_id", judged, "organization_id")}
    if not ids:
        _move(touched, set())
        return
    outside = outside_id()
    places = _main_places(ids)
    owners = newest(OwnerSince, "organization_id", ids, "day", "id")
    first_owners = newest(OwnerSince, "organization_id", ids, "-day", "-id")
    stages = newest(StageSince, "organization_id", ids, "day", "id")
    strengths = _strengths(ids)
    homes, rest = {}, {}
    for pk, author in looked_up(Organization, "pk", ids, "pk", "author_id"):
        place = places.get(pk)
        owner, stage, strength = owners.get(pk), stages.get(pk), strengths.get(pk)
        homes[pk] = {"home_id": (place.state_id if place else None) or outside}
        rest[pk] = {
            "city": place.city if place else "",
            "owner_id": owner.owner_id if owner else None,
            "confirmed_owner_id": _confirmed(owner, first_owners.get(pk), author),
            "stage_id": stage.stage_id if stage else None,
            "stage_day": stage.day if stage else None,
            "strength": strength.value if strength else None,
            "strength_day": strength.day if strength else None,
        }
    write(Organization, rest)
    _move(touched, write(Organization, homes))


def _main_places(ids) -> dict[int, Location]:
    """The location that decides where a partner is: the main physical one, else the main
    mailing one.
    """
    found: dict[int, tuple] = {}
    for some in slices(ids):
        for place in every(Location).filter(organization_id__in=some).order_by("id"):
            rank = (place.kind == Location.Kind.MAILING, not place.is_main, place.pk)
            if place.organization_id not in found or rank < found[place.organization_id][0]:
                found[place.organization_id] = (rank, place)
    return {pk: place for pk, (_rank, place) in found.items()}


def _strengths(ids) -> dict[int, Strength]:
    """The newest judgement of each partner that does not come from a restricted meeting."""
    open_ones = newest(Strength, "organization_id", ids, "day", "id", interaction__isnull=True)
    for some in slices(ids):
        from_meetings = every(Strength).filter(
            organization_id__in=some, interaction__visibility=Visibility.TEAM
        )
        for row in from_meetings.order_by("day", "id"):
            kept = open_ones.get(row.organization_id)
            if kept is None or (kept.day, kept.pk) < (row.day, row.pk):
                open_ones[row.organization_id] = row
    return open_ones


def _move(touched: Touched, moved: set[int]) -> None:
    """Home and reach of people, then of meetings, then of follow-ups and files."""
    people = _settle_people(touched, moved)
    meetings = _settle_meetings(touched, moved, people)
    _settle_subjects(touched, moved, people, meetings)


def _settle_people(touched: Touched, moved: set[int]) -> set[int]:
    ids = touched.ids(Contact) | touched.ids(Affiliation, "contact_id")
    ids |= {pk for (pk,) in looked_up(Affiliation, "organization_id", moved, "contact_id")}
    if not ids:
        return set()
    made = touched.made(Contact)
    tied = ids - made.keys() | touched.ids(Affiliation, "contact_id")
    ties = defaultdict(list)
    names = ("contact_id", "organization__home_id", "is_primary", "id")
    for contact_id, home, primary, pk in looked_up(Affiliation, "contact_id", tied, *names):
        ties[contact_id].append((not primary, pk, home))
    columns = ("state_id", "author_id", "home_id")
    rows = [(pk, *map(row.get, columns)) for pk, row in made.items()]
    rows += looked_up(Contact, "pk", ids - made.keys(), "pk", *columns)
    authors = _homes_of({author for _pk, _state, author, _home in rows if author})
    values, reach = {}, {}
    for pk, state, author, _home in rows:
        mine = sorted(ties[pk])
        primary = [home for not_primary, _id, home in mine if not not_primary]
        home = (
            primary[0]
            if primary
            else state or authors.get(author) or (mine[0][2] if mine else outside_id())
        )
        values[pk] = {"home_id": home}
        if pk in tied:
            reach[pk] = {h for _p, _id, h in mine} - {home}
    stored = {pk: (home,) for pk, _state, _author, home in rows}
    return write(Contact, values, stored) | write_reach(Contact, reach)


def _settle_meetings(touched: Touched, moved: set[int], people: set[int]) -> set[int]:
    ids = touched.ids(Interaction)
    for link in (InteractionOrganization, InteractionContact):
        ids |= touched.ids(link, "interaction_id")
    for link, column, gone in (
        (InteractionOrganization, "organization_id", moved),
        (InteractionContact, "contact_id", people),
    ):
        ids |= {pk for (pk,) in looked_up(link, column, gone, "interaction_id")}
    if not ids:
        return set()
    partners_met, people_met = defaultdict(list), defaultdict(list)
    for link, other, found in (
        (InteractionOrganization, "organization", partners_met),
        (InteractionContact, "contact", people_met),
    ):
        columns = ("interaction_id", "position", "id", f"{other}__home_id")
        for pk, position, link_id, home in looked_up(link, "interaction_id", ids, *columns):
            found[pk].append((position, link_id, home))
    made = touched.made(Interaction)
    rows = [(pk, row["author_id"], row["home_id"]) for pk, row in made.items()]
    rows += looked_up(Interaction, "pk", ids - made.keys(), "pk", "author_id", "home_id")
    alone = {pk for pk, *_rest in rows if not partners_met[pk] and not people_met[pk]}
    authors = _homes_of({author for pk, author, _home in rows if author and pk in alone})
    values, reach = {}, {}
    for pk, author, stored in rows:
        met = [home for _p, _id, home in sorted(partners_met[pk])]
        met += [home for _p, _id, home in sorted(people_met[pk])]
        home = met[0] if met else authors.get(author) or stored
        values[pk] = {"home_id": home}
        reach[pk] = set(met) - {home}
    stored = {pk: (home,) for pk, _author, home in rows}
    return write(Interaction, values, stored) | write_reach(Interaction, reach, made.keys())


def _settle_subjects(touched: Touched, moved, people, meetings) -> None:
    """Tasks and files lie where their subject lies, and are restricted with it."""
    subjects = (
        moved | touched.ids(Organization),
        people | touched.ids(Contact),
        meetings | touched.ids(Interaction),
        touched.ids(Affiliate),
    )
    uids = set()
    for model, ids in zip((Organization, Contact, Interaction, Affiliate), subjects, strict=True):
        older = ids - touched.made(model).keys()  # nothing hangs on what is new
        uids |= {uid for (uid,) in looked_up(model, "pk", older, "uid")}
    _place_about(uids, touched)


def move_subjects(model, ids: set[int]) -> None:
    """Take tasks and files along with rows of another app that moved."""
    if ids:
        _place_about({uid for (uid,) in looked_up(model, "pk", ids, "uid")})


def _place_about(uids: set, touched: Touched | None = None) -> None:
    for model, columns in ((Task, ("about", "made_in")), (StoredFile, ("about",))):
        wanted = touched.ids(model) if touched else set()
        for column in columns:
            wanted |= {pk for (pk,) in looked_up(model, column, uids, "pk")}
        if wanted:
            _place(model, wanted, touched)


def _place(model, ids: set[int], touched: Touched | None) -> None:
    columns = ["id", "about_kind", "about", "author_id", "home_id", "visibility"]
    columns += ["made_in", "owner_id", "first_contact"] if model is Task else []
    made = touched.made(model) if touched else {}
    found = looked_up(model, "pk", ids - made.keys(), *columns)
    rows = [*made.values(), *(dict(zip(columns, row, strict=True)) for row in found)]
    homes, hidden = _subject_facts(rows)
    kept = [row for row in rows if row.get("first_contact") or row["about"] not in homes]
    owners = _homes_of({row.get("owner_id") or row["author_id"] for row in kept} - {None})
    values = {}
    for row in rows:
        keeper = owners.get(row.get("owner_id") or row["author_id"])
        subjects = {row["about"], row.get("made_in")} - {None}
        restricted = bool(subjects & hidden)
        if subjects - homes.keys():  # deleted since: what was restricted with it stays so
            restricted |= row["visibility"] == Visibility.RESTRICTED
            keeper = row["home_id"]
        if row.get("first_contact"):
            keeper = _within(row["first_contact"], keeper)
        values[row["id"]] = {
            "home_id": homes.get(row["about"]) or keeper or row["home_id"],
            "visibility": Visibility.RESTRICTED if restricted else Visibility.TEAM,
        }
    write(model, values, {row["id"]: (row["home_id"], row["visibility"]) for row in rows})


def _within(first_contact: str, keeper: int | None) -> int | None:
    """A state where a first contact is planned, so that its people see that: the owner's if it is
    one of them, else the first.
    """
    region, _community, *some = first_contact.split("/")
    states = State.objects.filter(region__code=region)
    if some:
        states = states.filter(code__in=some[0].split("+"))
    ids = list(states.values_list("pk", flat=True))
    return keeper if keeper in ids or not ids else ids[0]


def _subject_facts(rows) -> tuple[dict, set]:
    """(home by subject uid, uids of restricted subjects)."""
    homes, hidden = {}, set()
    wanted = defaultdict(set)
    for row in rows:
        if row["about"]:
            wanted[row["about_kind"]].add(row["about"])
        if row.get("made_in"):
            wanted["interaction"].add(row["made_in"])
    for kind, uids in wanted.items():
        if known := registers.subject(kind):
            has_visibility = hasattr(known.model, "visibility")
            columns = ["uid", "home_id"] + (["visibility"] if has_visibility else [])
            for uid, home, *visibility in looked_up(known.model, "uid", uids, *columns):
                homes[uid] = home
                if visibility == [Visibility.RESTRICTED]:
                    hidden.add(uid)
    return homes, hidden


@settles
def contact_lists(touched: Touched) -> None:
    """Home and reach of contact lists, by their owner's areas."""
    place_owned(ContactList, touched)


@settles
def do_not_contact(touched: Touched) -> None:
    """The channels that a person asked us to keep off: the newest row of each channel holds."""
    ids = touched.ids(DoNotContact, "contact_id")
    if not ids:
        return
    channels = [DoNotContact.ALL, *Channel.values]
    newest_rows: dict[int, dict[str, bool]] = {pk: {} for pk in ids}
    names = ("contact_id", "channel", "asked")
    for pk, channel, asked in looked_up(
        DoNotContact, "contact_id", ids, *names, order=("day", "id")
    ):
        newest_rows[pk][channel] = asked
    columns = {c: "no_contact" if c == DoNotContact.ALL else f"no_{c}" for c in channels}
    write(
        Contact,
        {
            pk: {columns[c]: held.get(c, False) for c in channels}
            for pk, held in newest_rows.items()
        },
    )


@settles
def last_contact(touched: Touched) -> None:
    """The newest day of contact with partners and people, from every app that makes contact.

    A meeting that is new can only make the day newer: that needs no look at the others.
    """
    meetings = touched.older(Interaction)  # of a new one, the links are new too
    days = _days_of_new(touched)
    for model, link, column in (
        (Organization, InteractionOrganization, "organization_id"),
        (Contact, InteractionContact, "contact_id"),
    ):
        ids, met_on = _met_in_new(touched, link, column, days)
        ids |= {pk for (pk,) in looked_up(link, "interaction_id", meetings, column)}
        if ids:
            met = registers.last_contacts(model, ids)
            write(model, {pk: {"last_contact": met.get(pk, NEVER)} for pk in ids})
        for day, met_ids in met_on.items():
            rows = every(model).filter(pk__in=met_ids - ids, last_contact__lt=day)
            rows.update(last_contact=day)


def _days_of_new(touched: Touched) -> dict[int, date | None]:
    """The day of each meeting that the run made; None for one that does not count as contact."""
    made = touched.made(Interaction)
    kinds = {row["kind_id"] for row in made.values()}
    counted = dict(looked_up(InteractionKind, "pk", kinds, "pk", "counts_as_contact"))
    is_day = Interaction._meta.get_field("day")
    return {
        pk: is_day.to_python(row["day"])
        if row["status"] == Interaction.Status.HELD
        and row["visibility"] == Visibility.TEAM
        and counted[row["kind_id"]]
        else None
        for pk, row in made.items()
    }


def _met_in_new(
    touched: Touched, link, column: str, days: dict[int, date | None]
) -> tuple[set[int], dict[date, set[int]]]:
    """(ids whose day has to be worked out anew, {day: ids that a new meeting met on it}).

    Where meetings of many days are new, as of a list, all are worked out together.
    """
    ids, met_on = set(), defaultdict(set)
    for before, after in touched.pairs(link):
        if before or after.get("interaction_id") not in days:
            ids |= {values[column] for values in (before, after) if values}
        elif day := days[after["interaction_id"]]:
            met_on[day].add(after[column])
    if len(met_on) > FEW:
        return ids.union(*met_on.values()), {}
    return ids, met_on


@registers.contacts_made
def meetings_held(model, ids):
    """Held, unrestricted meetings of a kind that counts as contact."""
    links = {
        Organization: (InteractionOrganization, "organization_id"),
        Contact: (InteractionContact, "contact_id"),
    }
    if model not in links:
        return
    link, column = links[model]
    yield from looked_up(
        link,
        column,
        ids,
        column,
        most="interaction__day",
        interaction__status=Interaction.Status.HELD,
        interaction__visibility=Visibility.TEAM,
        interaction__kind__counts_as_contact=True,
    )


def _confirmed(owner, first, author_id: int | None) -> int | None:
    """The owner's id, unless she claimed a partner that she had not added, or had given up."""
    if owner is None:
        return None
    is_hers = owner.owner_id == author_id and owner.pk == first.pk
    is_claim = owner.author_id == owner.owner_id and not is_hers
    return None if is_claim else owner.owner_id


def _homes_of(user_ids) -> dict[int, int]:
    """The home state of each user."""
    return dict(looked_up(Access, "user_id", user_ids, "user_id", "home_id"))
