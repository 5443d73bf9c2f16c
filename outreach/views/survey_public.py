"""The page on which members answer a survey: without an account, or anything told back."""

import re
from uuid import UUID, uuid4

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from access.middleware import needs
from access.roles import Action
from access.system import surveyor
from outreach.commands import AnswerSurvey
from outreach.commands.survey_answer import LONGEST, MOST
from outreach.models import SurveyRound, SurveyTie

TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")
TRAP = "website"  # a field that nobody sees, so that what fills it in is a program


@needs(Action.PUBLIC)
def answer_survey(request, token):
    """Ask, and take an answer. Whatever takes no answers looks the same: unknown, not open yet,
    closed, archived, renewed.
    """
    survey = _survey(token)
    if survey is None or not survey.takes_answers(timezone.now()):
        return kept_nowhere(render(request, "outreach/survey_over.html", status=404))
    if request.method == "POST":
        return kept_nowhere(_take(request, survey))
    if "sent" in request.GET:
        return kept_nowhere(render(request, "outreach/survey_sent.html", _words(request, survey)))
    return kept_nowhere(_ask(request, survey, AnswerSurvey(surveyor())))


def _survey(token: str) -> SurveyRound | None:
    """The round of a token. Of it the page tells its own words and its affiliate's name."""
    if not TOKEN.fullmatch(token):
        return None
    rows = SurveyRound.objects.visible_to(surveyor()).filter(token=token)
    return rows.select_related("program__affiliate").first()


def _take(request: HttpRequest, survey: SurveyRound) -> HttpResponse:
    thanks = redirect(f"{request.path}?sent=yes")
    if request.POST.get(TRAP):
        return thanks  # it is told nothing, and nothing is kept
    data = request.POST.copy()
    data["round"] = str(survey.uid)
    command = AnswerSurvey(surveyor(), data)
    if not ratelimit.consume(request, action="survey", key=survey.token):
        return _ask(request, survey, command, status=429)
    if command.attempt() is None:
        return _ask(request, survey, command, status=command.status)
    return thanks


def kept_nowhere(response: HttpResponse) -> HttpResponse:
    """The answer of a public page, which no cache keeps and no search engine lists."""
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _words(request: HttpRequest, survey: SurveyRound) -> dict:
    """What the page says of the round, in the visitor's language where it is written in it."""
    asked = request.headers.get("Accept-Language", "").strip().lower()
    is_spanish = (get_language() or "").startswith("es") or asked.startswith("es")
    return {
        "affiliate": survey.program.affiliate.name,
        "title": (is_spanish and survey.title_es) or survey.title,
        "title_lang": "es" if is_spanish and survey.title_es else "",
        "consent": (is_spanish and survey.consent_es) or survey.consent,
        "consent_lang": "es" if is_spanish and survey.consent_es else "",
        "closes": survey.closes,
        "zone": survey.zone.rpartition("/")[2].replace("_", " "),
    }


def _ask(request: HttpRequest, survey: SurveyRound, command, status: int = 200) -> HttpResponse:
    typed = command.data if command.is_bound else {}
    context = _words(request, survey) | {
        "answer": _answer(typed.get("answer", "")),
        "categories": [
            (value, label, typed.get("category") == value)
            for value, label in SurveyTie.Category.choices
        ],
        "groups": _groups(typed),
        "missing": typed.get("missing", ""),
        "agreed": bool(typed.get("agree")),
        "errors": _errors(command, status),
        "wrong": _wrong(command, status),
        "longest": LONGEST,
        "trap": TRAP,
    }
    return render(request, "outreach/survey_public.html", context, status=status)


def _answer(typed: str) -> UUID:
    """What tells this answer from others; the same when the form is shown again."""
    try:
        return UUID(typed)
    except ValueError:
        return uuid4()


def _groups(typed) -> list[dict]:
    """The groups as they were typed into this form, with empty ones up to the most that fit."""
    found = []
    for n in range(MOST):
        part = {
            name: typed.get(f"groups-{n}-{name}", "")
            for name in ("name", "introduce", "introducer", "reach")
        }
        ties = [
            (value, label, bool(typed.get(f"groups-{n}-{value}")))
            for value, label in SurveyTie.Kind.choices
        ]
        is_filled = any(part.values()) or any(on for _value, _label, on in ties)
        found.append(part | {"n": n, "ties": ties, "is_open": is_filled})
    for before, after in zip(reversed(found[:-1]), reversed(found[1:]), strict=True):
        before["is_open"] = before["is_open"] or after["is_open"]
    return found


def _wrong(command, status: int) -> dict[str, str]:
    """The first sentence on what is wrong with each field."""
    if status == 429 or not command.is_bound:
        return {}
    return {name: str(some[0]) for name, some in command.errors.items()}


def _errors(command, status: int) -> list[tuple[str, str]]:
    """(id of the field, sentence) of what is wrong, for the top of the page."""
    if status == 429:
        text = _("Too many answers come from your connection. Nothing was sent. Wait an hour.")
        return [("", text)]
    ids = {"category": "category-educator", "groups": "groups-0-name", "agree": "agree"}
    ids["missing"] = "missing"
    return [(ids.get(name, ""), text) for name, text in _wrong(command, status).items()]
