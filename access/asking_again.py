"""The password once more, before something that whoever finds an open screen must not do."""

import time
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import stash_and_reauthenticate
from django.http import HttpRequest, HttpResponseRedirect

from access.installation import password_again_seconds


def is_sure(request: HttpRequest) -> bool:
    """Whether the user signed in, or gave her password or passkey again, lately enough."""
    records = get_authentication_records(request, request.user)
    newest = max((record["at"] for record in records), default=0)
    return time.time() - newest < password_again_seconds()


def ask_again(request: HttpRequest, kept: dict[str, Any], then: str) -> HttpResponseRedirect:
    """Go and ask. `kept` lies in the session meanwhile; the function named by `then` gets it back
    as `then(request, kept)` and answers.
    """
    return stash_and_reauthenticate(request, kept, then)
