"""Who calls the API: a token in the header, or the cookie of a signed-in page."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed

SEEN_EVERY = timedelta(minutes=1)  # how exactly a token's last use is kept


class TokenAuthentication(KnoxAuthentication):
    """`Authorization: Token …`.

    Refuses expired tokens and deactivated users; notes the last use.
    """

    def authenticate_credentials(self, token):
        # Knox decodes and looks up whatever is sent; bytes that are no text would be its error.
        if not token.isalnum():
            raise AuthenticationFailed(_("This token is not valid."))
        return super().authenticate_credentials(token)

    def validate_user(self, auth_token):
        user, token = super().validate_user(auth_token)
        now = timezone.now()
        if token.last_used_at is None or token.last_used_at < now - SEEN_EVERY:
            type(token).objects.filter(pk=token.pk).update(last_used_at=now)
        return user, token


class CookieAuthentication(SessionAuthentication):
    """The session cookie, with the CSRF token for anything that writes. Answers 401, not 403."""

    def authenticate_header(self, request):
        return "Session"
