"""The tables of figures as HTML, each as one string, for templates take milliseconds for each."""

from typing import TYPE_CHECKING

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lists.templatetags.cells import safe
from lists.templatetags.form_parts import whole

if TYPE_CHECKING:
    from dashboards.views.figures import Figure, FigureCell
    from dashboards.views.heat import Heat, HeatCell


def table(figure: "Figure", look: str = "mini") -> SafeString:
    """A figure's rows, and all of them in the last line; each number leads to its list.

    With "cards" in its look it falls into cards on a phone, each number with its word before it.
    """
    caption = f'<caption class="vh">{safe(figure.measure)}</caption>'
    labels = [str(safe(label)) for label in figure.columns]
    heads = "".join(
        f'<th role="columnheader" scope="col" class="num">{label}</th>' for label in labels
    )
    body = "".join(_row(row.name, row.name, labels, row.cells) for row in figure.rows)
    last = _row(_("All, each once"), _("all"), labels, figure.totals)
    return SafeString(
        f'<table class="{look}" role="table">{caption}<thead role="rowgroup"><tr role="row">'
        f'<th role="columnheader" scope="col">{safe(figure.key_label)}</th>{heads}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody><tfoot role="rowgroup">{last}</tfoot></table>'
    )


def _row(name: str, of: str, labels: list[str], cells: "list[FigureCell]") -> str:
    name, of = safe(name), safe(of)
    numbers = "".join(_number(cell, of, label) for label, cell in zip(labels, cells, strict=True))
    return f'<tr role="row"><th role="rowheader" scope="row">{name}</th>{numbers}</tr>'


def _number(cell: "FigureCell", of: str, label: str) -> str:
    text = safe(_("Under 11")) if cell.value is None else whole(cell.value)
    if cell.url:
        text = f'<a href="{safe(cell.url)}">{text}<span class="vh">: {of}</span></a>'
    return f'<td role="cell" class="num" data-l="{label}:">{text}</td>'


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
