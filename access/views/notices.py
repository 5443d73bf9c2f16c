"""What a user is told, and how: the list behind the bell, and the daily mail."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from access import digest
from access.middleware import needs
from access.models import User
from access.notices import due_now, notices_of
from access.roles import Action


class DailyMailForm(forms.ModelForm):
    """Whether and when the daily mail comes."""

    digest_hour = forms.TypedChoiceField(
        label=gettext_lazy("Not before"),
        coerce=int,
        choices=[(hour, f"{hour}:00") for hour in range(24)],
    )

    class Meta:
        model = User
        fields = ("digest", "digest_hour")


@needs(Action.SIGNED_IN)
def notices(request):
    """What colleagues did that concerns the viewer, and what is due; it counts as seen then."""
    form = DailyMailForm(instance=request.user)
    context = {
        "due": due_now(request.actor),
        "told": notices_of(request.actor, request.user),
        "form": form,
        "sends_mail": settings.SENDS_MAIL,
    }
    response = render(request, "access/notices.html", context)
    User.objects.filter(pk=request.user.pk).update(notices_seen_at=timezone.now())
    return response


@needs(Action.SIGNED_IN)
def daily_mail(request):
    """Switch the daily mail on or off, and choose its hour."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = DailyMailForm(request.POST, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."), extra_tags="banner")
    else:
        messages.warning(request, _("Choose an hour from the list. Nothing was saved."))
    return redirect("access:notices")


@csrf_exempt  # a mail program posts here by itself (RFC 8058); the token says whose mail it is
@needs(Action.PUBLIC)
def digest_off(request, token):
    """Switch the daily mail off from a link in it, without signing in."""
    if (user := digest.user_of(token)) is None:
        raise Http404
    is_off = request.method == "POST"
    if is_off:
        user.digest = False
        user.save(update_fields=["digest"])
    return render(request, "access/digest_off.html", {"is_off": is_off})
