"""Who will read a row once it is restricted: the sentence under the switch."""

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from access.models import Access, User
from access.roles import Role
from access.settling import every
from crm.models import Organization


def who_will_read(actor, organizations) -> str:
    """A sentence that names the people who will read a restricted row about these partners."""
    names = [_("you")]
    partners = Organization.objects.visible_to(actor).filter(uid__in=organizations)
    given = partners.exclude(confirmed_owner_id=actor.user_id).values("confirmed_owner_id")
    owners = User.objects.filter(pk__in=given, is_active=True)
    names += [_("%(name)s, who owns the partner") % {"name": owner.name} for owner in owners[:3]]
    leads = every(Access).filter(role=Role.LEAD, user__is_active=True).select_related("user")
    home = {str(uid): pk for uid, pk in partners.values_list("uid", "home_id")}
    first = next((home[str(uid)] for uid in organizations if str(uid) in home), actor.home_id)
    names += [
        lead.user.name for lead in leads if lead.user_id != actor.user_id and covers(lead, {first})
    ]
    return _("Only %(names)s will read this.") % {
        "names": get_text_list(list(dict.fromkeys(names)), _("and"))
    }


def covers(access: Access, homes: set[int]) -> bool:
    """Whether the areas of an Access hold one of the states."""
    from access.actors import states_of

    return access.everywhere or bool(states_of(access.pk) & homes)
