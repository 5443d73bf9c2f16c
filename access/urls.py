from django.urls import path

from access.views import administration, notices, own, past, tokens

app_name = "access"
urlpatterns = [
    path("account/", own.account, name="account"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/tokens/<uuid:uid>/revoke/", tokens.revoke_token, name="revoke_token"),
    path("account/changes/", past.changes, name="changes"),
    path("account/deleted/", past.deleted, name="deleted"),
    path("notices/", notices.notices, name="notices"),
    path("notices/mail/", notices.daily_mail, name="daily_mail"),
    path("mail-off/<str:token>/", notices.digest_off, name="digest_off"),
    path("put-back/", past.put_value_back, name="put_back"),
    path("language/", own.language, name="language"),
    path("hide/", own.hide, name="hide"),
    path("second-factor/", own.second_factor, name="second_factor"),
    path("undo/<uuid:uid>/", own.undo_run, name="undo"),
    path("files/", own.attach_file, name="attach_file"),
    path("files/<uuid:uid>/", own.stored_file, name="stored_file"),
    path("files/<uuid:uid>/remove/", own.remove_file, name="remove_file"),
    path("settings/people/", administration.users, name="users"),
    path("settings/people/invite/", administration.invite_user, name="invite_user"),
    path("settings/people/<uuid:uid>/", administration.user, name="user"),
    path("settings/people/<uuid:uid>/active/", administration.set_active, name="set_active"),
    path("settings/people/<uuid:uid>/tokens/", administration.revoke_tokens, name="revoke_tokens"),
    path("settings/roles/", administration.roles, name="roles"),
    path("settings/open/", administration.open_restricted, name="open_restricted"),
    path(
        "invitation/<uuid:uid>/<str:token>/",
        administration.accept_invitation,
        name="accept_invitation",
    ),
]
