"""Whether a filled database is as the product would have left it: for small ones, all in memory."""

from django.apps import apps
from django.db import transaction

from access import audit
from access.models import Reach
from access.recording import Touched
from access.records import Record
from access.settling import every, settle
from lists.upkeep import check


def problems() -> list[str]:
    """What settling every row anew changes, and what audit and search say, a sentence each."""
    models = [m for m in apps.get_app_config("crm").get_models() if issubclass(m, Record)]
    touched = Touched()
    for model in models:
        for row in every(model).values():
            touched.note(model, row, row)  # not as if it were new: much is there of it already
    with transaction.atomic():
        before = _stored(models)
        settle(touched)
        after = _stored(models)
        transaction.set_rollback(True)
    found = [
        f"{name}: settling changes {len(before[name] ^ after[name])} rows, such as "
        f"{min(before[name] ^ after[name])}"
        for name in before
        if before[name] != after[name]
    ]
    verdict = audit.verify()
    if verdict.unsealed:
        found.append(f"{verdict.unsealed} audit entries are not sealed.")
    return [*found, *verdict.problems, *check()]


def _stored(models) -> dict[str, set[str]]:
    """Every row of the models as text, and of Reach without its ids."""
    found = {}
    for model in [*models, Reach]:
        columns = [f.attname for f in model._meta.concrete_fields]
        columns = columns[1:] if model is Reach else columns
        rows = model._base_manager.values_list(*columns)
        found[model._meta.db_table] = set(map(str, rows.iterator()))
    return found
