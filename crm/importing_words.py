"""How a page offers the fields of an import: what columns are usually called, what is fixed."""

from collections.abc import Iterable
from dataclasses import replace

from access.models import State
from access.scope import Actor
from crm import models
from lists.mapping import Target

# What a column that feeds a field is called besides its name and its label, folded.
CALLED = {
    "name": ("organization name", "organization", "org name", "org", "agency name", "agency",
             "partner", "partner name", "company", "nombre", "organizacion"),
    "street": ("address", "street address", "address 1", "address line 1", "mailing address",
               "direccion", "calle"),
    "city": ("town", "ciudad"),
    "state": ("st", "province", "estado"),
    "zip": ("zip code", "zipcode", "postal code", "postcode", "codigo postal"),
    "country": ("pais",),
    "phone": ("phone number", "phone numbers", "phones", "telephone", "tel", "phone 1", "phone 2",
              "telefono"),
    "email": ("e mail", "email address", "e mail address", "emails", "correo",
              "correo electronico"),
    "website": ("web", "web site", "url", "website url", "homepage", "sitio web"),
    "language": ("languages", "idioma", "idiomas"),
    "community": ("communities", "comunidad", "comunidades"),
    "focus_area": ("focus areas", "area de enfoque"),
    "tag": ("tags", "etiqueta", "etiquetas"),
    "external_id": ("ein", "tax id", "external id"),
    "note": ("notes", "description", "nota", "notas", "descripcion"),
    "kind": ("type", "organization type", "tipo"),
    "role": ("title", "job title", "position", "cargo", "puesto"),
}  # fmt: skip
OF_PEOPLE = CALLED | {
    "name": ("full name", "person", "contact", "contact name", "nombre", "nombre completo"),
    "phone": (*CALLED["phone"], "cell", "cell phone", "mobile", "celular"),
    "organization": CALLED["name"],
}
OF_MEMBERS = {
    "name": ("contact", "contact name", "contact person", "person", "full name", "contacto"),
    "email": ("contact email", "contact e mail", "contact email address"),
    "phone": ("contact phone", "contact phone number", "cell", "cell phone", "mobile", "celular"),
    "role": (*CALLED["role"], "contact title", "contact role"),
}
FIXED = {
    "state": State,
    "kind": models.OrganizationKind,
    "language": models.Language,
    "community": models.Community,
    "focus_area": models.FocusArea,
}
FOR_ALL = frozenset({"state", "city", "kind", "language", "community", "focus_area", "tag"})


def offered(
    targets: Iterable[Target], called: dict[str, tuple[str, ...]], actor: Actor
) -> list[Target]:
    """The fields as a page offers them; states are those that the actor works in."""
    return [
        replace(
            target,
            called=called.get(target.name, ()),
            choices=_choices(FIXED[target.name], actor) if target.name in FIXED else None,
            for_all=target.name in FOR_ALL,
        )
        for target in targets
    ]


def _choices(model, actor: Actor):
    def read() -> list[tuple[str, str]]:
        rows = model.objects.filter(retired=False).order_by("position", "pk")
        if model is State:
            rows = [row for row in rows if row.code != State.OUTSIDE and actor.covers(row.pk)]
        return [(row.code, row.label) for row in rows]

    return read
