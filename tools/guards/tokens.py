"""The guards of API tokens, for `./run prove`."""

from tools.guards import Guard

TOKENS = "tests/access/test_api_tokens.py"
GUARDS = [
    Guard(
        "right",
        "nobody makes or revokes a token of somebody else",
        "access/api_tokens.py",
        "        if self.adding or self.instance.user_id != self.actor.user_id:",
        "        if self.adding:",
        f"{TOKENS}::test_nobody_makes_or_revokes_one_for_somebody_else",
    ),
    Guard(
        "scope",
        "the token of somebody else is not there",
        "access/views/tokens.py",
        "    row = tokens_of(request.actor.user_id).filter(uid=uid).first()",
        "    row = Token.objects.filter(uid=uid).first()",
        f"{TOKENS}::test_nobody_elses_token_is_there",
    ),
    Guard(
        "right",
        "a token is made only by who gave her password lately",
        "access/views/tokens.py",
        "    if not is_sure(request):\n",
        "    if False:\n",
        f"{TOKENS}::test_the_password_is_asked_for_again_and_the_typing_kept",
    ),
    Guard(
        "right",
        "a token needs a second factor where exports need one",
        "access/views/tokens.py",
        "    if _needs_second_factor(request.actor):\n",
        "    if False:\n",
        f"{TOKENS}::test_a_second_factor_is_needed_where_exports_need_one",
    ),
    Guard(
        "right",
        "twenty tokens a user at the most",
        "access/api_tokens.py",
        "        if tokens_of(user.pk).count() >= MOST:",
        "        if False:",
        f"{TOKENS}::test_twenty_at_the_most_that_have_not_ended",
    ),
    Guard(
        "right",
        "access that is given back brings no token back",
        "access/people.py",
        "        if not active:  # for good",
        "        if False:  # for good",
        f"{TOKENS}::test_taking_access_away_ends_tokens_for_good",
    ),
    Guard(
        "right",
        "bytes that are no token are refused, and are no error",
        "lists/tokens.py",
        "        if not token.isalnum():",
        "        if False:",
        f"{TOKENS}::test_an_odd_token_is_refused",
    ),
]
