"""The reference pages of docs/, written from the code, so that they say what it does.

Each page is a function without arguments that returns Markdown. Nothing is read from the database,
and the words are those of English, wherever and in whichever language this runs.
"""

import inspect
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import override

FOLDER = Path(settings.BASE_DIR) / "docs" / "reference"
NOTE = "<!-- Written by `./run manage reference` from the code. Do not edit by hand. -->"


def roles() -> str:
    """Actions by roles, with how far each right goes."""
    from access.roles import EXPORT_BOUNDS, EXPORT_ROWS_A_DAY, GUARDED, ROLE_NAMES, ROLES, Action

    lines = [
        "# Roles and rights",
        "",
        "Who may do what, and how far. Whatever the limit, nobody acts outside her areas. An",
        "action with * asks for a second factor where `REQUIRE_SECOND_FACTOR` is on.",
        "",
        *table(
            ["action", *map(str, ROLE_NAMES.values())],
            [
                [
                    f"{action.value}{'*' if action in GUARDED else ''}",
                    *(str(ROLES[role].get(action, "-")) for role in ROLE_NAMES),
                ]
                for action in Action
                if action not in (Action.PUBLIC, Action.SIGNED_IN)
            ],
        ),
        "",
        "## Rows that one may export a day",
        "",
        *table(
            ["role", "rows", "an administrator may set"],
            [
                [
                    str(name),
                    f"{EXPORT_ROWS_A_DAY[role]:,}",
                    "{:,} to {:,}".format(*EXPORT_BOUNDS[role]),
                ]
                for role, name in ROLE_NAMES.items()
            ],
        ),
        "",
        "Details of people that are read through the API with `details=true` count too.",
    ]
    return page(lines)


def lists() -> str:
    """Every list: its addresses, columns and filters."""
    lines = [
        "# Lists",
        "",
        "Each list is declared once. Page, CSV and API show the same rows, columns and filters.",
        "*Shown* says where a column appears. *On demand* are details of people: masked on pages, ",
        "sent by the API with `details=true`; both are recorded.",
    ]
    lines[-2] = lines[-2].rstrip()
    for found in _pages():
        lines += ["", *_list(found)]
    return page(lines)


def _pages() -> Iterable:
    from crm.lists import PAGES

    return PAGES


def _list(found) -> list[str]:
    from django.urls import reverse

    from access.roles import Limit

    name = found.api_name or found.name
    facts = [
        ["page", f"`{reverse(f'crm:{found.name}')}`"],
        ["endpoint", f"`/api/v1/{name}/`"],
        ["action", found.action.value],
        ["adds with", _code(found.add.__name__) if found.add else "-"],
        ["changes with", _code(found.change.__name__) if found.change else "-"],
        ["sorted by", _sorted_by(found.order)],
        ["search", "names, without accents or case" if found.search_in else "-"],
        ["export", f"`{reverse(f'crm:{found.name}_export')}`" if found.has_export else "-"],
    ]
    if found.has_export and not found.has_owner:
        facts[-1][1] += f"; not for roles that may export only {Limit.PARTNERS.value}"
    if found.details:
        facts[-2][1] += "; one whole e-mail address or phone number"
    columns = [
        [
            _code(column.name),
            str(column.label),
            column.kind,
            "yes" if column.sort else "",
            _shown(column, found),
        ]
        for column in found.columns
    ]
    filters = [
        [_code(name), str(made.label or ""), _takes(made)] for name, made in found.filters.items()
    ]
    return [
        f"## {found.title}",
        "",
        *table(["", ""], facts),
        "",
        "### Columns",
        "",
        *table(["name", "label", "kind", "sortable", "shown"], columns),
        "",
        "### Filters",
        "",
        *table(["name", "label", "takes"], filters),
    ]


def _sorted_by(order: str) -> str:
    return f"`{order.lstrip('-')}`, {'newest first' if order.startswith('-') else 'upward'}"


def _shown(column, found) -> str:
    places = []
    if column.on_page or column.name in found.sub:
        places.append("page")
    if column.in_csv:
        places.append("CSV")
    if column.in_api:
        places.append("API")
    if column.detail:
        places.append("on demand")
    return ", ".join(places)


def _takes(made) -> str:
    """What a filter takes, in words; the values themselves where the code fixes them."""
    from django_filters import ModelMultipleChoiceFilter

    from lists import filters

    if isinstance(made, filters.Colleague):
        return "uids (user); any of them"
    if isinstance(made, filters.Choose):
        return f"codes ({_plain(made.of._meta.verbose_name)}); any of them"
    if isinstance(made, filters.Options):
        values = ", ".join(_code(value) for value, _label in made.extra["choices"])
        return f"{values}; any of them"
    if isinstance(made, filters.Day):
        return "a day, `YYYY-MM-DD`"
    if isinstance(made, ModelMultipleChoiceFilter | filters.OfRows):
        return "uids; any of them"
    return "`yes`"


def commands() -> str:
    """Every command: what it does, whose right it asks for, what it takes."""
    from access.roles import ROLE_NAMES, ROLES

    lines = [
        "# Commands",
        "",
        "Everything that writes. A page, an endpoint and an import use the same commands. A field",
        "in bold must be given. *Several* takes a list; *lines* take a list of objects with the",
        "fields that are named. Every command also takes `key`, which makes it safe to send",
        "again; one that adds takes `uid`, one that changes takes the `revision` that was read.",
    ]
    for command in found_commands():
        may = [str(name) for role, name in ROLE_NAMES.items() if command.action in ROLES[role]]
        fields = [
            [f"**{name}**" if field.required else name, _words(field.label), _kind(field)]
            for name, field in command.base_fields.items()
            if name not in command.housekeeping
        ]
        lines += [
            "",
            f"## {command.__name__}",
            "",
            *paragraphs(command),
            "",
            f"Action: {command.action.value} ({', '.join(may).lower()}).",
        ]
        above = command.__bases__[0]
        if fields and list(command.base_fields) == list(getattr(above, "base_fields", ())):
            lines += [
                "",
                f"Takes the same fields as [{above.__name__}](#{above.__name__.lower()}).",
            ]
        elif fields:
            lines += ["", *table(["field", "label", "takes"], fields)]
    return page(lines)


def found_commands() -> list:
    """Every command of the product that writes rows of its own model, by name."""
    from access.commands import Command

    _load()

    def below(base):
        for command in base.__subclasses__():
            yield command
            yield from below(command)

    ours = {
        c for c in below(Command) if c._meta.model and c.__module__.split(".")[0] in _APPS
    }  # one without a model is a base of commands
    return sorted(ours, key=lambda command: command.__name__)


_APPS = {"access", "lists", "crm", "outreach", "dashboards", "config"}


def _load() -> None:
    """Import every module, so that the page does not depend on what happened to be loaded."""
    import importlib
    import pkgutil

    for app in sorted(_APPS):
        package = importlib.import_module(app)
        for found in pkgutil.walk_packages(package.__path__, f"{app}."):
            if not _NOT_LOADED & set(found.name.split(".")):
                importlib.import_module(found.name)


_NOT_LOADED = {"migrations", "wsgi", "settings"}


def _kind(field) -> str:
    """What a field takes."""
    from django import forms

    from access.choosing import ManyOf, OneOf
    from access.fields import LinesOf

    if isinstance(field, LinesOf):
        return f"lines of {', '.join(field.names)}"
    if isinstance(field, OneOf | ManyOf):
        many = isinstance(field, ManyOf)
        key = field.to_field_name
        what = _plain(field.model._meta.verbose_name)
        return f"several of {what}, by {key}" if many else f"{what}, by {key}"
    if isinstance(field, forms.MultipleChoiceField | forms.ChoiceField):
        values = [str(value) for value, _label in field.choices if value != ""]
        several = "several of " if isinstance(field, forms.MultipleChoiceField) else ""
        if len(values) > 30 or not values:
            return f"{several}a choice"
        return several + ", ".join(_code(value) for value in values)
    kinds: tuple[tuple[type, str], ...] = (
        (forms.UUIDField, "a uid"),
        (forms.BooleanField, "yes or no"),
        (forms.DateField, "a day"),
        (forms.TimeField, "a time"),
        (forms.IntegerField, "a whole number"),
        (forms.EmailField, "an e-mail address"),
        (forms.FileField, "a file"),
    )
    for kind, words in kinds:
        if isinstance(field, kind):
            return words
    most = getattr(field, "max_length", None)
    return f"text, at most {most} characters" if most else "text"


def api() -> str:
    """Every endpoint, from the OpenAPI schema."""
    from config.reference_api import endpoints

    return page(endpoints())


PAGES: dict[str, Callable[[], str]] = {
    "roles.md": roles,
    "lists.md": lists,
    "commands.md": commands,
    "api.md": api,
}


def written() -> dict[str, str]:
    """Every page by file name, in English."""
    with override("en"):
        return {name: made() for name, made in PAGES.items()}


def stale() -> list[str]:
    """The names of pages whose file is missing or says something else than the code."""
    return [
        name
        for name, text in written().items()
        if not (FOLDER / name).is_file() or (FOLDER / name).read_text(encoding="utf-8") != text
    ]


def write() -> list[str]:
    """Write the pages that are stale. Returns their names."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    pages = written()
    changed = stale()
    for name in changed:
        (FOLDER / name).write_text(pages[name], encoding="utf-8", newline="\n")
    return changed


# -- Markdown ------------------------------------------------------------------------------------


def page(lines: Iterable[str]) -> str:
    """A page of these lines, with the note that nobody should edit it."""
    first, *rest = lines
    return "\n".join([first, "", NOTE, *rest]) + "\n"


def table(heads: list[str], rows: list[list[str]]) -> list[str]:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return ["| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines]


def paragraphs(thing) -> list[str]:
    """The docstring as Markdown lines."""
    return (inspect.cleandoc(thing.__doc__) if thing.__doc__ else "").splitlines()


def _cell(text: str) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")


def _code(text: str) -> str:
    return f"`{text}`"


def _words(label: str | Promise | None) -> str:
    text = str(label or "")
    return text[:1].upper() + text[1:]


def _plain(name: str | Promise) -> str:
    return str(name).lower()
