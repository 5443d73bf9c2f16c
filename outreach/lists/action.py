"""The list of joint actions."""

from django.utils.translation import gettext_lazy as _

from lists import filters
from lists.columns import Column, Texts, options
from lists.pages import ListPage
from outreach.commands import AddJointAction, ChangeJointAction
from outreach.lists.step import program_of
from outreach.models import JointAction, JointActionPartner

partners = Texts(JointActionPartner, "joint_action_id", "organization__name", order="position")


class JointActions(ListPage):
    """What programs do together with partners."""

    model, name, title = JointAction, "joint-actions", _("Joint actions")
    one, icon = _("Joint action"), "hand"
    record, add_url = "outreach:joint_action", "outreach:add_joint_action"
    add, change = AddJointAction, ChangeJointAction
    order, search_in = "-start", ""
    empty_text = _("Joint actions appear here when a program plans one with partners.")
    columns = [
        Column("title", _("What we do together"), main=True),
        Column("program", _("Program"), kind="link", load=program_of(JointAction)),
        Column("partners", _("Partners"), kind="many", load=partners),
        Column("issue", _("Whose issue"), choices=options(JointAction, "issue")),
        Column("start", _("First day"), kind="day", sort="start"),
        Column("status", _("Status"), choices=options(JointAction, "status")),
        Column("owner", _("Owner"), kind="user"),
        Column("state", _("State"), path="home", kind="state"),
        Column("result", _("Result"), on_page=False),
    ]
    filters = {
        "mine": filters.Flag(lambda rows, actor: rows.filter(owner_id=actor.user_id), _("Mine")),
        "status": filters.Options("status", JointAction.Status.choices, _("Status")),
        "issue": filters.Options("issue", JointAction.Issue.choices, _("Whose issue")),
        "from": filters.Day("start", "gte", _("From")),
        "to": filters.Day("start", "lte", _("To")),
        "owner": filters.Colleague("owner", _("Owner")),
        "region": filters.region(),
        "state": filters.state(),
    }
