"""What every user has: account, language, hide now, undo, files."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import FileResponse, Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_deny

from access import registers
from access.actors import has_second_factor
from access.api_tokens import tokens_of
from access.deleting import deleted_row
from access.files import AttachFile, RemoveFile, file_at
from access.middleware import needs
from access.models import Access, Area, Run, StoredFile
from access.people import ChangeMyself
from access.recording import Refused
from access.roles import Action
from access.undo import Undone, may_undo, undo


def safe_next(request, fallback: str = "/") -> str:
    """Where a form, or the link to it, asks to go back to, if that lies here."""
    back = request.POST.get("next") or request.GET.get("next", "")
    here = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return back if here and back.startswith("/") else fallback


@needs(Action.SIGNED_IN)
def account(request):
    """My account: name, language, time zone, what I may do and where, my tokens."""
    form = ChangeMyself(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."), extra_tags="banner")
        return redirect("access:account")
    access = Access.objects.visible_to(request.actor).select_related("home").get(user=request.user)
    areas = (
        Area.objects.visible_to(request.actor)
        .filter(access=access)
        .select_related("region", "state")
    )
    context = {
        "form": form,
        "access": access,
        "areas": list(areas),
        "tokens": list(tokens_of(request.user.pk)),
        "has_second_factor": has_second_factor(request.user),
    }
    return render(request, "access/account.html", context, status=422 if form.errors else 200)


@needs(Action.PUBLIC)
def language(request):
    """Change the language, and come back to the same page; what was typed is kept by the page."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    wanted = request.POST.get("language", "")
    response = redirect(safe_next(request))
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=365 * 86_400,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
        )
        translation.activate(wanted)
        if request.user.is_authenticated:
            request.user.language = wanted
            request.user.save(update_fields=["language"])
    return response


@needs(Action.PUBLIC)
@xframe_options_deny
def hide(request):
    """Sign out at once and show an empty page without name or colors; clears what the browser
    kept.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    logout(request)
    response = HttpResponse("<!doctype html><html lang=en><title>-</title><body></body></html>")
    response["Clear-Site-Data"] = '"cache", "storage"'
    response["Cache-Control"] = "no-store"
    return response


@needs(Action.SIGNED_IN)
def second_factor(request):
    """Says that a second factor is needed for what was asked, and how to switch one on."""
    return render(request, "access/second_factor.html", status=403)


@needs(Action.SIGNED_IN, of=Run)
def undo_run(request, uid):
    """Take back what a run changed. Only by who did it, for 24 hours (imports: 30 days)."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    run = Run.objects.filter(uid=uid).first()
    if run is None or not (run.user_id == request.actor.user_id or may_undo(request.actor, run)):
        raise Http404
    back = safe_next(request)
    was_deletion = deleted_row(run) is not None
    try:
        done = undo(request.actor, run)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect(back)
    messages.success(request, _said(done, was_deletion), extra_tags="banner")
    return redirect(_still_there(request, run, back))


def _said(done: Undone, was_deletion: bool) -> str:
    """What an undo put back and what it left, in words."""
    text = _("Undone.")
    if was_deletion and done.restored:
        text = _("Brought back.")
    elif done.rows > 1:
        text = _("Undone: %(count)d rows are as they were before.") % {"count": done.rows}
    if not done.stayed:
        return text
    names = ", ".join(done.left[:5]) or _("some rows")
    if done.stayed == 1:
        left = _("One stays as it is, because it was changed since: %(names)s.")
        return f"{text} {left % {'names': names}}"
    left = _("%(count)d stay as they are, because they were changed since: %(names)s.")
    return f"{text} {left % {'count': done.stayed, 'names': names}}"


def _still_there(request, run: Run, back: str) -> str:
    """The page to go back to, unless it was that of a row that is gone now."""
    if run.subject and str(run.subject) in back.partition("?")[0]:
        added = any(not change.before for change in run.changes.filter(row_uid=run.subject))
        return "/" if added else back
    return back


@needs(Action.LOG)
def attach_file(request):
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    command = AttachFile(request.actor, request.POST, request.FILES)
    back = safe_next(request)
    if command.attempt(lambda row: (302, {"location": back})) is None:
        context = {"command": command, "back_url": back}
        return render(request, "access/attach_file.html", context, status=command.status)
    messages.success(request, _("The file is saved."), extra_tags="banner")
    return redirect(back)


@needs(Action.VIEW, of=StoredFile)
def stored_file(request, uid):
    """Send a file to who may see what it hangs on. Never shown by the browser itself."""
    row = StoredFile.objects.visible_to(request.actor).filter(uid=uid).first()
    if row is None or _subject_is_hidden(request.actor, row):
        raise Http404
    try:
        source = file_at(row.path).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        source, as_attachment=True, filename=row.name, content_type=row.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _subject_is_hidden(actor, row: StoredFile) -> bool:
    """Whether the file hangs on a row that the actor cannot read (its role may lack the right)."""
    if row.about_kind == "interaction" and not actor.may(Action.VIEW_MEETINGS):
        return True
    return row.about not in registers.subjects(actor, [(row.about_kind, row.about)])


@needs(Action.LOG, of=StoredFile)
def remove_file(request, uid):
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    row = StoredFile.objects.visible_to(request.actor).filter(uid=uid).first()
    if row is None:
        raise Http404
    command = RemoveFile(request.actor, request.POST, instance=row)
    back = safe_next(request)
    if command.attempt(lambda _row: (302, {"location": back})) is None:
        return render(request, "409.html", {"command": command, "back_url": back}, status=409)
    if command.run_made is not None:  # None when the same click came before
        tags = f"banner undo:{reverse('access:undo', args=[command.run_made.uid])}"
        messages.success(request, _("The file is removed."), extra_tags=tags)
    return redirect(back)
