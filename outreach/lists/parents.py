"""The row that each row of a list belongs to: its name and uid, where the viewer sees it."""

from uuid import UUID

from django.db.models import Exists, F, OuterRef

from lists.columns import Texts


def named(found: list[tuple[str, str, str]]) -> dict[str, str]:
    """The first of the loaded rows as a link: its uid and its name."""
    name, _other, uid = found[0]
    return {"uid": str(UUID(uid)), "name": name}


def parent_of(rows, key: str, model) -> Texts:
    """Loads what `key` points at, for each of these rows: a row of the model with a name."""

    def seen(links, actor):
        there = model.objects.visible_to(actor).filter(pk=OuterRef(f"{key}_id"))
        return links.filter(Exists(there))

    return Texts(
        rows,
        "pk",
        f"{key}__name",
        key=f"{key}__uid",
        made=named,
        said=lambda: F(f"{key}__name"),
        one=True,
        narrow=seen,
    )
