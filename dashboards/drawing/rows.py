"""The tables of figures as HTML, each as one string, for templates take milliseconds for each."""

from typing import TYPE_CHECKING

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lists.templatetags.cells import safe
from lists.templatetags.form_parts import whole

if TYPE_CHECKING:
    from dashboards.views.figures import Figure, FigureCell
    from dashboards.views.heat import Heat, HeatCell


def table(figure: "Figure") -> SafeString:
    """A figure's rows, and all of them in the last line; each number leads to its list."""
    caption = f'<caption class="vh">{safe(figure.measure)}</caption>'
    heads = "".join(f'<th scope="col" class="num">{safe(label)}</th>' for label in figure.columns)
    body = "".join(_row(row.name, row.name, row.cells) for row in figure.rows)
    return SafeString(
        f'<table class="mini">{caption}<thead><tr><th scope="col">{safe(figure.key_label)}</th>'
        f"{heads}</tr></thead><tbody>{body}</tbody>"
        f"<tfoot>{_row(_('All, each once'), _('all'), figure.totals)}</tfoot></table>"
    )


def _row(name: str, of: str, cells: "list[FigureCell]") -> str:
    name, of = safe(name), safe(of)
    numbers = "".join(_number(cell, of) for cell in cells)
    return f'<tr><th scope="row">{name}</th>{numbers}</tr>'


def _number(cell: "FigureCell", of: str) -> str:
    text = safe(_("Under 11")) if cell.value is None else whole(cell.value)
    if cell.url:
        text = f'<a href="{safe(cell.url)}">{text}<span class="vh">: {of}</span></a>'
    return f'<td class="num">{text}</td>'


def heat(of: "Heat") -> SafeString:
    """Region by community, darker where there are more meetings, with the totals."""
    caption = safe(_("Meetings held, by region and community"))
    every = safe(_("All"))
    heads = "".join(f'<th scope="col">{safe(name)}</th>' for _key, _short, name in of.columns)
    body = "".join(
        f'<tr><th scope="row">{safe(row.name)}</th>{"".join(map(_shaded, row.cells))}'
        f"{_total(row.total)}</tr>"
        for row in of.rows
    )
    totals = "".join(map(_total, [*of.totals, of.total]))
    return SafeString(
        f'<table class="heat"><caption class="vh">{caption}</caption><thead><tr><th scope="col">'
        f'<span class="vh">{safe(_("Region"))}</span></th>{heads}<th scope="col">{every}</th></tr>'
        f'</thead><tbody>{body}</tbody><tfoot><tr><th scope="row">{every}</th>{totals}</tr></tfoot>'
        "</table>"
    )


def _shaded(cell: "HeatCell") -> str:
    url, label = safe(cell.url), safe(cell.label)
    if cell.value is None:
        look = "gap" if cell.is_gap else "few"
        return (
            f'<td class="{look}"><a href="{url}">{safe(cell.shown)}'
            f'<span class="vh">: {label}</span></a></td>'
        )
    look = f"l{cell.level}" if cell.level else "few"
    return f'<td class="{look}"><a href="{url}" aria-label="{label}">{cell.shown}</a></td>'


def _total(cell: "HeatCell") -> str:
    return f'<td><a href="{safe(cell.url)}" aria-label="{safe(cell.label)}">{cell.shown}</a></td>'
