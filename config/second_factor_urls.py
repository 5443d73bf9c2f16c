"""The addresses of allauth's second factors: its own, but loaded with the first request to one.

Passkeys and recovery codes bring cryptography and a list of all public domains, a sixth of what a
worker would hold; many are never asked. A test compares them with `allauth.mfa.urls`.
"""

from django.urls import path

from config.later import LaterView

VIEWS = {
    "": "base.views.index",
    "authenticate/": "base.views.authenticate",
    "reauthenticate/": "base.views.reauthenticate",
    "totp/activate/": "totp.views.activate_totp",
    "totp/deactivate/": "totp.views.deactivate_totp",
    "recovery-codes/": "recovery_codes.views.view_recovery_codes",
    "recovery-codes/generate/": "recovery_codes.views.generate_recovery_codes",
    "recovery-codes/download/": "recovery_codes.views.download_recovery_codes",
    "webauthn/": "webauthn.views.list_webauthn",
    "webauthn/add/": "webauthn.views.add_webauthn",
    "webauthn/reauthenticate/": "webauthn.views.reauthenticate_webauthn",
    "webauthn/keys/<int:pk>/remove/": "webauthn.views.remove_webauthn",
    "webauthn/keys/<int:pk>/edit/": "webauthn.views.edit_webauthn",
    "webauthn/login/": "webauthn.views.login_webauthn",
}
urlpatterns = [
    path(route, LaterView(f"allauth.mfa.{view}"), name=f"mfa_{view.rpartition('.')[2]}")
    for route, view in VIEWS.items()
]
