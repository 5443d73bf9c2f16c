"""How people sign in: by invitation only."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by herself."""

    def is_open_for_signup(self, request):
        return False
