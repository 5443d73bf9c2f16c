"""How people sign in: by invitation only; and whom mail to them is from."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend

from access import audit
from access.actors import actor_of, signed_in
from access.installation import sender
from access.mailing import product_name


class Backend(AuthenticationBackend):
    """Finds the user of a session together with what each of her requests asks of her."""

    def get_user(self, user_id):
        user = signed_in(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


def record_sign_in(user) -> None:
    """Note in the record that somebody came in."""
    if actor := actor_of(user):
        audit.record("SignIn", actor)


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by herself; mail carries the name and sender of this installation."""

    def is_open_for_signup(self, request):
        return False

    def post_login(self, request, user, **kwargs):
        record_sign_in(user)
        return super().post_login(request, user, **kwargs)

    def get_from_email(self):
        return sender()

    def render_mail(self, template_prefix, email, context, headers=None):
        named = context | {"product_name": product_name()}
        return super().render_mail(template_prefix, email, named, headers)
