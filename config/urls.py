"""Every address. A view says by @needs who may use it; those of libraries are listed here."""

from django.urls import include, path

from access.roles import Action
from config import pages
from config.later import LaterEndpoint, LaterUrls
from dashboards.views.changes import what_changed

urlpatterns = [
    path("", include("crm.urls")),  # first, since an address is looked for in this order
    path("", pages.home, name="home"),
    path("more/", pages.more, name="more"),
    path("find/", pages.find, name="find"),
    path("healthz", pages.healthz, name="healthz"),
    path("robots.txt", pages.robots, name="robots"),
    path("", include("config.administering.urls")),
    path("", include("access.urls")),
    path("", include("lists.urls")),
    path("", include("outreach.urls")),
    path("changes/", what_changed, name="changes"),
    path("dashboards/", include("dashboards.urls")),
    LaterUrls("api/v1/", "config.api", "api"),
    path("api/schema/", LaterEndpoint("drf_spectacular.views.SpectacularAPIView"), name="schema"),
    path(
        "api/",
        LaterEndpoint(
            "drf_spectacular.views.SpectacularSwaggerSplitView",
            url_name="schema",
            http_method_names=["get", "head"],
        ),
        name="api_docs",
    ),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("config.second_factor_urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
]

# view name -> action, for views that are not ours
LIBRARY_VIEWS = {
    "account_login": Action.PUBLIC,
    "account_logout": Action.PUBLIC,
    "account_signup": Action.PUBLIC,  # answers that there is none
    "account_signup_by_passkey": Action.PUBLIC,
    "account_inactive": Action.PUBLIC,
    "account_reset_password": Action.PUBLIC,
    "account_reset_password_done": Action.PUBLIC,
    "account_reset_password_from_key": Action.PUBLIC,
    "account_reset_password_from_key_done": Action.PUBLIC,
    "account_confirm_email": Action.PUBLIC,
    "account_email_verification_sent": Action.PUBLIC,
    "account_reauthenticate": Action.SIGNED_IN,
    "account_change_password": Action.SIGNED_IN,
    "account_set_password": Action.SIGNED_IN,
    "account_email": Action.SIGNED_IN,
    "account_confirm_login_code": Action.PUBLIC,
    "mfa_authenticate": Action.PUBLIC,
    "mfa_login_webauthn": Action.PUBLIC,
    "mfa_signup_webauthn": Action.PUBLIC,
    "mfa_trust": Action.PUBLIC,
    "mfa_index": Action.SIGNED_IN,
    "mfa_reauthenticate": Action.SIGNED_IN,
    "mfa_reauthenticate_webauthn": Action.SIGNED_IN,
    "mfa_activate_totp": Action.SIGNED_IN,
    "mfa_deactivate_totp": Action.SIGNED_IN,
    "mfa_generate_recovery_codes": Action.SIGNED_IN,
    "mfa_view_recovery_codes": Action.SIGNED_IN,
    "mfa_download_recovery_codes": Action.SIGNED_IN,
    "mfa_list_webauthn": Action.SIGNED_IN,
    "mfa_add_webauthn": Action.SIGNED_IN,
    "mfa_edit_webauthn": Action.SIGNED_IN,
    "mfa_remove_webauthn": Action.SIGNED_IN,
    "usersessions_list": Action.SIGNED_IN,
    "schema": Action.SIGNED_IN,
    "api_docs": Action.SIGNED_IN,
}

handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
