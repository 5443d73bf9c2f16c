"""Where what somebody keeps lies: in her home state, and shared in all states of her areas."""

from access.actors import states_of
from access.models import Access, Area, Region, State
from access.recording import Touched, outside_id
from access.scope import Visibility
from access.settling import every, looked_up, settles, write, write_reach
from lists.models import DefaultView, KeptColumns, Owned, SavedView


@settles
def kept_views(touched: Touched) -> None:
    """Home and reach of saved views, and of columns that were chosen."""
    place_owned(SavedView, touched)
    place_owned(DefaultView, touched)
    place_owned(KeptColumns, touched)


def place_owned(model: type[Owned], touched: Touched) -> None:
    """Set home and reach of the model's rows that were touched, or whose owner's areas were."""
    ids = touched.ids(model)
    ids |= {pk for (pk,) in looked_up(model, "owner_id", _moved(touched), "pk")}
    if not ids:
        return
    rows = looked_up(model, "pk", ids, "pk", "owner_id", "visibility")
    places = {owner: _places(owner) for owner in {owner for _pk, owner, _v in rows}}
    homes, reach = {}, {}
    for pk, owner, visibility in rows:
        home, states = places[owner]
        homes[pk] = {"home_id": home}
        reach[pk] = states - {home} if visibility == Visibility.TEAM else set()
    write(model, homes)
    write_reach(model, reach)


def _moved(touched: Touched) -> set[int]:
    """The users whose areas, or whose home, may be others now."""
    if any(before for model in (Region, State) for before, _after in touched.pairs(model)):
        return set(every(Access).values_list("user_id", flat=True))
    found = touched.ids(Access, "user_id")
    if accesses := touched.ids(Area, "access_id"):
        found |= {pk for (pk,) in looked_up(Access, "pk", accesses, "user_id")}
    return found


def _places(user_id: int) -> tuple[int, set[int]]:
    """(home, the states of her areas) of a user."""
    access = every(Access).filter(user_id=user_id)
    found = access.values_list("pk", "everywhere", "home_id").first()
    if found is None:
        return outside_id(), set()
    pk, everywhere, home = found
    states = State.objects.values_list("pk", flat=True) if everywhere else states_of(pk)
    return home, set(states)
