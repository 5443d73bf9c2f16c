from django.urls import include, path

from crm.lists import (
    AFFILIATES,
    CONTACT_LISTS,
    CONTACTS,
    INTERACTIONS,
    ORGANIZATIONS,
    TASKS,
)
from crm.views import (
    affiliate,
    call_sheet,
    colleagues,
    contact,
    contact_list,
    data,
    employment,
    handing_over,
    interaction,
    organization,
    task,
    today,
)

app_name = "crm"


def record(name: str, one: str, views) -> list:
    """The addresses of one kind of record: its page, its form, its deletion."""
    return [
        path(f"{name}/<uuid:uid>/", getattr(views, one), name=one),
        path(f"{name}/<uuid:uid>/change/", getattr(views, f"change_{one}"), name=f"change_{one}"),
        path(f"{name}/<uuid:uid>/delete/", getattr(views, f"delete_{one}"), name=f"delete_{one}"),
    ]


urlpatterns = [
    path("colleagues/choices/", colleagues.colleague_choices, name="colleagues_choices"),
    path("organizations/add/", organization.add_organization, name="add_organization"),
    path("organizations/<uuid:uid>/owner/", organization.confirm_owner, name="confirm_owner"),
    path("organizations/<uuid:uid>/strength/", organization.judge_strength, name="judge_strength"),
    *record("organizations", "organization", organization),
    path("organizations/", include(ORGANIZATIONS.urls())),
    path("affiliates/add/", affiliate.add_affiliate, name="add_affiliate"),
    *record("affiliates", "affiliate", affiliate),
    path("affiliates/", include(AFFILIATES.urls())),
    path("people/add/", contact.add_contact, name="add_contact"),
    path("people/<uuid:uid>/do-not-contact/", contact.do_not_contact, name="do_not_contact"),
    path("people/<uuid:uid>/consent/", contact.add_consent, name="add_consent"),
    path("people/<uuid:uid>/checked/", contact.check_details, name="check_details"),
    path("people/<uuid:uid>/show/<uuid:part>/", contact.show_detail, name="show_detail"),
    path("people/<uuid:uid>/lists/", contact_list.put_on_list, name="put_on_list"),
    *record("people", "contact", contact),
    path("people/", include(CONTACTS.urls())),
    path("contact-lists/add/", contact_list.add_contact_list, name="add_contact_list"),
    path(
        "contact-lists/<uuid:uid>/people/", contact_list.fill_contact_list, name="fill_contact_list"
    ),
    path(
        "contact-lists/<uuid:uid>/take-off/<uuid:part>/",
        contact_list.take_off_contact_list,
        name="take_off_contact_list",
    ),
    path("contact-lists/<uuid:uid>/call-sheet/", call_sheet.call_sheet, name="call_sheet"),
    *record("contact-lists", "contact_list", contact_list),
    path("contact-lists/", include(CONTACT_LISTS.urls())),
    path("settings/people/<uuid:uid>/work/", employment.set_employment, name="set_employment"),
    path("settings/people/<uuid:uid>/handover/", handing_over.hand_over, name="hand_over"),
    path("data/", data.data, name="data"),
    path("today/", today.today, name="today"),
    path(
        "interactions/<uuid:uid>/cancel/", interaction.cancel_interaction, name="cancel_interaction"
    ),
    path("log/", interaction.log_interaction, name="log_interaction"),
    path("log/people/", interaction.log_people, name="log_people"),
    *record("interactions", "interaction", interaction),
    path("interactions/", include(INTERACTIONS.urls())),
    path("follow-ups/add/", task.add_task, name="add_task"),
    path("follow-ups/team/", task.team_tasks, name="team_tasks"),
    path("follow-ups/<uuid:uid>/later/", task.snooze_task, name="snooze_task"),
    path("follow-ups/<uuid:uid>/give/", task.reassign_task, name="reassign_task"),
    path("follow-ups/<uuid:uid>/", task.task, name="task"),
    path("follow-ups/<uuid:uid>/change/", task.change_task, name="change_task"),
    path("follow-ups/<uuid:uid>/done/", task.finish_task, name="finish_task"),
    path("follow-ups/<uuid:uid>/drop/", task.drop_task, name="drop_task"),
    path("follow-ups/", include(TASKS.urls())),
]
