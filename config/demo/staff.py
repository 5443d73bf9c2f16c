"""The invented staff who sign in to the demonstration."""

from dataclasses import dataclass

ALL = "all"
OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Staff:
    """One user; `areas` are codes of regions and states, or "all", or "outside"."""

    name: str
    email: str
    role: str
    areas: tuple[str, ...]
    home: str
    time_zone: str
    language: str = "en"
    title: str = ""


ORGANIZER, LEAD, LEADER = "organizer", "regional lead", "leader"
DATA_MANAGER, ADMINISTRATOR = "data manager", "administrator"
ROLES = (ORGANIZER, LEAD, LEADER, DATA_MANAGER, ADMINISTRATOR)

# One for all of them: it opens invented rows only, and the demonstration listens on this machine
# alone.
PASSWORD = "one-table-many-porches"  # noqa: S105

STAFF: tuple[Staff, ...] = (
    Staff("Marisol Quintana Vega", "marisol@partnerships.example", ORGANIZER,
          ("mountain", "TX"), "NM", "America/Denver", "es", "Community organizer"),
    Staff("Deshawn Whitlow", "deshawn@partnerships.example", ORGANIZER,
          ("south-atlantic", "east-south-central"), "GA", "America/New_York", "en",
          "Community organizer"),
    Staff("Pa Kou Vangxiong", "pakou@partnerships.example", ORGANIZER,
          ("east-north-central", "west-north-central"), "MN", "America/Chicago", "en",
          "Community organizer"),
    Staff("Noelani Kaʻaihue Brandt", "noelani@partnerships.example", ORGANIZER,
          ("pacific", "territories"), "HI", "Pacific/Honolulu", "en", "Community organizer"),
    Staff("Oluwaseun Adébìsí-Carter", "seun@partnerships.example", ORGANIZER,
          ("new-england", "middle-atlantic"), "MA", "America/New_York", "en",
          "Community organizer"),
    Staff("Yolanda Ríos Maldonado", "yolanda@partnerships.example", ORGANIZER,
          ("PR", "VI", "FL", OUTSIDE), "PR", "America/Puerto_Rico", "es", "Community organizer"),
    Staff("Tallis Redcherry", "tallis@partnerships.example", ORGANIZER,
          ("OK", "AR", "LA", "KS"), "OK", "America/Chicago", "en", "Tribal liaison"),
    Staff("Ruth Ellingsworth", "ruth@partnerships.example", LEAD,
          ("new-england", "middle-atlantic", "south-atlantic"), "PA", "America/New_York", "en",
          "Regional lead, East"),
    Staff("Guadalupe Arreola", "lupe@partnerships.example", LEAD,
          ("mountain", "pacific", "territories", OUTSIDE), "CA", "America/Los_Angeles", "es",
          "Regional lead, West"),
    Staff("Henrik Oyelaran", "henrik@partnerships.example", LEAD,
          ("east-north-central", "west-north-central", "east-south-central",
           "west-south-central"), "IL", "America/Chicago", "en", "Regional lead, Center"),
    Staff("Constance Abernethy-Wu", "constance@partnerships.example", LEADER,
          (ALL,), "DC", "America/New_York", "en", "Director of community engagement"),
    Staff("Rafael Ibarrola Santos", "rafael@partnerships.example", LEADER,
          ("mountain", "west-south-central", "pacific"), "AZ", "America/Phoenix", "es",
          "Deputy director"),
    Staff("Priyanka Narayanswamy", "priyanka@partnerships.example", DATA_MANAGER,
          (ALL,), "VA", "America/New_York", "en", "Data manager"),
    Staff("Wendell Troutbeck", "wendell@partnerships.example", DATA_MANAGER,
          ("new-england", "middle-atlantic", "south-atlantic", "east-north-central"), "OH",
          "America/New_York", "en", "Data manager"),
    Staff("Ines Halvorsen", "ines@partnerships.example", ADMINISTRATOR,
          (ALL,), "DC", "America/New_York", "en", "Systems administrator"),
)  # fmt: skip

FORMER = Staff("Beatriz Sandoval-Pruitt", "beatriz@partnerships.example", ORGANIZER,
               ("mountain",), "CO", "America/Denver", "en",
               "Community organizer")  # fmt: skip
"""She left and handed her partners over; what she did stays under her name."""
