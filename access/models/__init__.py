"""Who may see and do what, and the record of it."""

from access.models.files import StoredFile
from access.models.installation import Installation
from access.models.jobs import Job
from access.models.notices import Notice
from access.models.people import Access, Area, Token, User
from access.models.places import Former, Reach, Region, State
from access.models.record_keeping import (
    AuditDetail,
    AuditEntry,
    Change,
    Opening,
    RequestKey,
    Run,
    Stamp,
    Tick,
)

__all__ = [
    "Access",
    "Area",
    "AuditDetail",
    "AuditEntry",
    "Change",
    "Former",
    "Installation",
    "Job",
    "Notice",
    "Opening",
    "Reach",
    "Region",
    "RequestKey",
    "Run",
    "Stamp",
    "State",
    "StoredFile",
    "Tick",
    "Token",
    "User",
]
