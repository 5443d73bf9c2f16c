"""What is said of an import that ended: why it stopped, and what the audit entry keeps of it."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from access.recording import Refused
from lists.fingerprints import sha256_of

if TYPE_CHECKING:
    from lists.importing import Plan
    from lists.pairs import PairPlan


def reason_of(error: Exception) -> str:
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, PermissionDenied):
        return _("It would have written a row that you could not see.")
    return _("An error of ours, %(name)s.") % {"name": type(error).__name__}


def words_of(plan: "Plan | PairPlan") -> dict[str, Any]:
    """What the audit entry says: no file name and no constant, which may hold names."""
    return {
        "kind": plan.kind.name,
        "sha256": sha256_of(plan.source.source),
        "mapping": {c["name"]: c["field"] for c in plan.mapping.columns if c["field"]},
        "constants": sorted(plan.mapping.constants),
        "rows": plan.source.count,
        "set_aside": len({note.row for note in plan.aside}),
    }
