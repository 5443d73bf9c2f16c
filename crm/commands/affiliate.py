from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.deleting import Deletion
from access.fields import lines_of, one_of
from access.models import State
from access.roles import Action
from crm.commands.widgets import picker
from crm.models import Affiliate, AffiliateFigure, AffiliateKind


class AddAffiliate(Command):
    """Add a body of the union: a state affiliate, a local, a UniServ unit."""

    action = Action.WRITE_AFFILIATES
    did = gettext_lazy("Added an affiliate")
    kind = one_of(AffiliateKind, required=True, label=gettext_lazy("Kind"))
    parent = one_of(Affiliate, label=gettext_lazy("Part of"), widget=picker("affiliates"))
    state = one_of(State, label=gettext_lazy("State"))
    figures = lines_of(
        AffiliateFigure,
        ["measure", "year", "value", "source"],
        label=gettext_lazy("Students reached and members represented"),
    )

    class Meta:
        model = Affiliate
        fields = ("name", "kind", "parent", "state", "city", "website")

    def choices(self, name, model):
        rows = super().choices(name, model)
        return rows.exclude(pk=self.instance.pk) if name == "parent" and self.instance.pk else rows

    def clean_parent(self):
        parent, seen = self.cleaned_data.get("parent"), {self.instance.pk}
        row = parent
        while row is not None and self.instance.pk:
            if row.pk in seen:
                raise ValidationError(_("An affiliate cannot be part of one of its own."))
            seen.add(row.pk)
            row = self.rows.filter(pk=row.parent_id).first() if row.parent_id else None
        return parent

    def apply(self):
        affiliate = self.instance
        if not self.adding and not affiliate.parent_id and self.initial.get("parent") is None:
            affiliate.parent_id = affiliate._loaded[
                "parent_id"
            ]  # one that the actor cannot see stays
        return super().apply()


class ChangeAffiliate(AddAffiliate):
    """Change an affiliate. Fields that are not sent stay as they are."""

    did = gettext_lazy("Changed an affiliate")


class DeleteAffiliate(Deletion):
    """Take an affiliate out. Refused while others hang on it."""

    action = Action.WRITE_AFFILIATES
    did = gettext_lazy("Deleted an affiliate")

    class Meta:
        model = Affiliate
        fields = ()
