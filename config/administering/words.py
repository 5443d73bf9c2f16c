"""Lists of words: what forms offer, in two languages, in an order."""

from django.contrib import messages
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.history import history_of
from access.middleware import needs
from access.records import Reference
from access.roles import Action
from crm.commands.words import WORD_COMMANDS
from crm.words import WORD_LISTS, WordList, uses_of, word_of
from lists.views import carry_out, say_saved


@needs(Action.ADMINISTER)
def words(request):
    """Every list of words, with how many it offers."""
    found = [(one, one.model.objects.offered().count()) for one in WORD_LISTS]
    return render(request, "settings/words.html", {"found": found})


def list_page(found: WordList):
    """The page of one list: its words in order, then the retired ones."""

    @needs(Action.ADMINISTER)
    def view(request):
        rows = found.model.objects.visible_to(request.actor).select_related("merged_into")
        if "parent" in found.more:
            rows = rows.select_related("merged_into", "parent")
        move = WORD_COMMANDS[found.name]["move"]
        offered = _in_order([row for row in rows if not row.retired])
        context = {
            "found": found,
            "offered": [(row, move(request.actor, instance=row)) for row in offered],
            "retired": [row for row in rows if row.retired],
            "add_url": reverse(f"settings:add_{found.name}"),
        }
        return render(request, "settings/word_list.html", context)

    return view


def _in_order(rows: list) -> list:
    """The rows in their order, what lies below another right after it."""
    tops = [row for row in rows if not getattr(row, "parent_id", None)]
    known = {row.pk for row in tops}
    below: dict[int, list] = {}
    for row in rows:
        if row not in tops:
            below.setdefault(row.parent_id if row.parent_id in known else 0, []).append(row)
    return [one for top in tops for one in (top, *below.get(top.pk, []))] + below.get(0, [])


def add_page(found: WordList):
    """The page that adds a word to one list."""

    @needs(Action.ADMINISTER)
    def view(request):
        command = WORD_COMMANDS[found.name]["add"](request.actor, request.POST or None)
        back = reverse(f"settings:{found.name}")
        context = {"found": found, "back": back}
        return carry_out(request, command, "settings/word_add.html", lambda _r: back, context)

    return view


def _word(uid) -> tuple[WordList, Reference]:
    found = word_of(uid)
    if found is None:
        raise Http404
    return found


@needs(Action.ADMINISTER, of=Reference)
def word(request, uid):
    """One word: rename it, retire it or bring it back, and its history."""
    found, row = _word(uid)
    made = WORD_COMMANDS[found.name]
    command = made["change"](request.actor, request.POST or None, instance=row)
    other = "bring_back" if row.retired else "retire"
    context = {
        "found": found,
        "row": row,
        "back": reverse(f"settings:{found.name}"),
        "state_form": made[other](request.actor, instance=row),
        "history": history_of(request.actor, row),
    }
    to = reverse(f"settings:{found.name}")
    return carry_out(request, command, "settings/word.html", lambda _r: to, context)


def _do(request, uid, name: str):
    """Carry out a command without a page of its own, and go back to the list."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    found, row = _word(uid)
    command = WORD_COMMANDS[found.name][name](request.actor, request.POST, instance=row)
    back = reverse(f"settings:{found.name}")
    if command.attempt(lambda _r: (302, {"location": back})) is None:
        if command.stale:
            here = reverse("settings:word", args=[uid])
            context = {"command": command, "back_url": here}
            return render(request, "409.html", context, status=409)
        said = command.non_field_errors() or [_("Nothing changed: the form was not complete.")]
        for text in said:
            messages.warning(request, str(text))
        return redirect(back) if name == "move" else redirect("settings:word", uid)
    say_saved(request, command)
    return redirect(back)


@needs(Action.ADMINISTER, of=Reference)
def move_word(request, uid):
    return _do(request, uid, "move")


@needs(Action.ADMINISTER, of=Reference)
def retire_word(request, uid):
    return _do(request, uid, "retire")


@needs(Action.ADMINISTER, of=Reference)
def bring_back_word(request, uid):
    return _do(request, uid, "bring_back")


@needs(Action.ADMINISTER, of=Reference)
def merge_word(request, uid):
    """Merge one word into another of its list, with what that does said before."""
    found, row = _word(uid)
    command = WORD_COMMANDS[found.name]["merge"](request.actor, request.POST or None, instance=row)
    back = reverse(f"settings:{found.name}")
    context = {"found": found, "row": row, "back": back, "uses": _uses(request.actor, row)}
    return carry_out(request, command, "settings/word_merge.html", lambda _r: back, context)


def _uses(actor, row) -> list[tuple[str, int]]:
    """What uses a word, as far as the administrator sees it: (what, how many)."""
    counted: dict[str, int] = {}
    for model, key in uses_of(type(row)):
        if issubclass(model, Reference) and key.name == "merged_into":
            continue
        number = model.objects.visible_to(actor).filter(**{key.attname: row.pk}).order_by().count()
        parent = next(iter(model.part_of), None)
        whole = model._meta.get_field(parent).related_model if parent else model
        title = next((found.title for found in WORD_LISTS if found.model is whole), None)
        label = str(title or whole._meta.verbose_name_plural)
        if number:
            counted[label] = counted.get(label, 0) + number
    return sorted(counted.items())
