"""Who has access: invite, change, take away; and the way to one restricted row."""

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from allauth.account.adapter import get_adapter
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.forms import SetPasswordForm
from django.db.models import Q
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import registers
from access.actors import actor_of, has_second_factor, with_second_factor
from access.api_tokens import RevokeTokens, tokens_of
from access.history import history_of
from access.installation import rows_a_day
from access.middleware import needs
from access.models import Access, Area, Region, User
from access.opening import open_row
from access.people import ChangeAccess, InviteUser, SetActive, invitations
from access.rights_in_words import HOW_FAR, IN_WORDS, rights
from access.roles import ROLE_NAMES, ROLES, Action
from access.signing_in import record_sign_in

AWAY_DAYS = 90  # who was not in for so long is worth a look


@needs(Action.ADMINISTER)
def users(request):
    """Everyone with access: role, areas, second factor, last sign-in; and those who left."""
    rows = (
        Access.objects.visible_to(request.actor)
        .select_related("user", "home")
        .order_by("user__name")
    )
    role = request.GET.get("role", "")
    if role:
        rows = rows.filter(role=role) if role in ROLES else rows.none()
    every_area = Area.objects.visible_to(request.actor).select_related("region", "state")
    regions = list(Region.objects.visible_to(request.actor).offered())
    region = request.GET.get("region", "")
    if region and region not in {known.code for known in regions}:
        rows = rows.none()
    elif region:
        there = Q(region__code=region) | Q(state__region__code=region)
        working = every_area.filter(there).values("access_id")
        rows = rows.filter(Q(everywhere=True) | Q(pk__in=working))
    areas: dict[int, list[str]] = {}
    for area in every_area.order_by("id"):
        areas.setdefault(area.access_id, []).append(str(area))
    long_ago = timezone.now() - timedelta(days=AWAY_DAYS)
    guarded = with_second_factor()
    shown = [
        {
            "access": row,
            "user": row.user,
            "areas": _("All areas") if row.everywhere else ", ".join(areas.get(row.pk, [])),
            "has_second_factor": row.user_id in guarded,
            "is_away": bool(row.user.last_login and row.user.last_login < long_ago),
        }
        for row in rows
    ]
    context = {
        "active": [s for s in shown if s["user"].is_active],
        "left": [s for s in shown if not s["user"].is_active],
        "tab": "left" if request.GET.get("tab") == "left" else "people",
        "roles": ROLE_NAMES,
        "role": role,
        "regions": regions,
        "region": region,
        "away": sum(1 for s in shown if s["is_away"] and s["user"].is_active),
        "away_days": AWAY_DAYS,
    }
    return render(request, "access/users.html", context)


@needs(Action.ADMINISTER)
def roles(request):
    """Who may do what, in words, from the table that the code goes by."""
    table = [
        (IN_WORDS[action], [_how_far(role, action) for role in ROLE_NAMES]) for action in rights()
    ]
    rows = [rows_a_day(role) for role in ROLE_NAMES]
    context = {"roles": ROLE_NAMES.values(), "table": table, "rows_a_day": rows}
    return render(request, "access/roles.html", context)


def _how_far(role: str, action: Action):
    limit = ROLES[role].get(action)
    return HOW_FAR[limit] if limit else None


@needs(Action.ADMINISTER)
def invite_user(request):
    """Invite somebody by e-mail; the link is shown too, for when mail does not reach her."""
    command = InviteUser(request.actor, request.POST or None)
    access = command.attempt(
        lambda row: (302, {"location": reverse("access:user", args=[row.uid])})
    )
    if access is None:
        return render(
            request,
            "access/invite.html",
            {"command": command},
            status=command.status if command.is_bound else 200,
        )
    if not command.repeated:
        link = request.build_absolute_uri(invitation_path(access.user))
        get_adapter(request).send_mail("access/email/invitation", access.user.email, {"link": link})
        messages.success(
            request,
            _("Invited. The link went to %(email)s.") % {"email": access.user.email},
            extra_tags="banner",
        )
    return redirect(command.reply["location"])


def invitation_path(user: User) -> str:
    """The address that lets an invited person set her first password, once."""
    return reverse("access:accept_invitation", args=[user.uid, invitations.make_token(user)])


@needs(Action.ADMINISTER, of=Access)
def user(request, uid):
    """One user: change role, areas, home; take access away or give it back."""
    row = _access(request, uid)
    command = ChangeAccess(request.actor, request.POST or None, instance=row)
    if command.attempt(lambda r: (302, {"location": reverse("access:users")})) is not None:
        tags = "banner"
        if command.run_made is not None:
            tags = f"banner undo:{reverse('access:undo', args=[command.run_made.uid])}"
        messages.success(request, _("Saved. It holds from the next click on."), extra_tags=tags)
        return redirect("access:users")
    if command.stale:
        context = {"command": command, "back_url": request.path}
        return render(request, "409.html", context, status=409)
    person = row.user
    waits = person.is_active and person.last_login is None
    context = {
        "command": command,
        "access": row,
        "person": person,
        "link": request.build_absolute_uri(invitation_path(person)) if waits else "",
        "active_form": SetActive(request.actor, instance=row),
        "held": registers.held_by(request.actor, person.pk),
        "has_second_factor": has_second_factor(person),
        "tokens": tokens_of(person.pk).count(),
        "tokens_form": RevokeTokens(request.actor, instance=row),
        "is_me": person.pk == request.actor.user_id,
        "history": history_of(request.actor, row),
    }
    return render(
        request, "access/user.html", context, status=command.status if command.is_bound else 200
    )


def _access(request, uid) -> Access:
    row = (
        Access.objects.visible_to(request.actor)
        .select_related("user", "home")
        .filter(uid=uid)
        .first()
    )
    if row is None:
        raise Http404
    return row


@needs(Action.ADMINISTER, of=Access)
def set_active(request, uid):
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    row = _access(request, uid)
    command = SetActive(request.actor, request.POST, instance=row)
    if command.attempt(lambda r: (302, {})) is None:
        for text in command.non_field_errors() or [
            _("Somebody else saved this first. Nothing changed.")
        ]:
            messages.warning(request, str(text))
        return redirect("access:user", uid)
    messages.success(request, _("Saved. It holds from the next click on."), extra_tags="banner")
    return redirect("access:users")


@needs(Action.ADMINISTER, of=Access)
def revoke_tokens(request, uid):
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    row = _access(request, uid)
    command = RevokeTokens(request.actor, request.POST, instance=row)
    if command.attempt(lambda r: (302, {})) is None:
        text = _("Somebody else saved this first. Nothing changed.")
        messages.warning(request, text)
    else:
        text = _("All API tokens are revoked: the next request with one is refused.")
        messages.success(request, text, extra_tags="banner")
    return redirect("access:user", uid)


@needs(Action.PUBLIC)
def accept_invitation(request, uid, token):
    """An invited person sets her first password, and is signed in. The link works once."""
    person = User.objects.filter(uid=uid, is_active=True).first()
    if person is None or not invitations.check_token(person, token):
        return render(request, "access/invitation_over.html", status=404)
    form = SetPasswordForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
        record_sign_in(person)
        return redirect("/")
    context = {"form": form, "person": person}
    return render(
        request, "access/accept_invitation.html", context, status=422 if form.errors else 200
    )


class OpenForm(forms.Form):
    """Which restricted row, and why."""

    address = forms.CharField(
        label=gettext_lazy("Address of the page"),
        max_length=300,
        help_text=gettext_lazy("Copy it from the person who asks for help."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        min_length=10,
        widget=forms.Textarea,
        help_text=gettext_lazy("Those who may read the row see who opened it, when and why."),
    )

    def clean_address(self) -> UUID:
        for part in reversed(urlsplit(self.cleaned_data["address"].strip()).path.split("/")):
            try:
                return UUID(part)
            except ValueError:
                continue
        raise forms.ValidationError(_("This is not the address of a person or a meeting."))


@needs(Action.ADMINISTER)
def open_restricted(request):
    """An administrator states a reason and may read one restricted row for thirty minutes."""
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        uid = form.cleaned_data["address"]
        open_row(request.actor, uid, form.cleaned_data["reason"])
        seen = [(kind, uid) for kind in registers.subject_kinds()]
        found = registers.subjects(actor_of(User.objects.get(pk=request.user.pk)), seen)
        if uid in found:
            messages.success(
                request, _("Open for you for 30 minutes. It is recorded."), extra_tags="banner"
            )
            return redirect(found[uid][1])
        form.add_error("address", _("There is nothing here. That you asked is recorded."))
    return render(
        request, "access/open_restricted.html", {"form": form}, status=422 if form.errors else 200
    )
