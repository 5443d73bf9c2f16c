"""`manage.py invite`: the way in to a new installation, and for whom no mail reaches."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from access import audit
from access.models import Access, Area, Region, State, User
from access.people import invite
from access.recording import running
from access.roles import Role
from access.system import inviter
from access.views.administration import invitation_path

OUTSIDE = "outside"  # for the state --, which a command line would not take as a value


class Command(BaseCommand):
    help = "Invites a person and prints her link, which works once and lasts three days."

    def add_arguments(self, parser):
        parser.add_argument("email", help="the address that she will sign in with")
        parser.add_argument("--role", default="", help=", ".join(role.value for role in Role))
        parser.add_argument("--name", default="", help="her name; the e-mail address otherwise")
        where = parser.add_mutually_exclusive_group()
        where.add_argument(
            "--areas",
            nargs="+",
            default=[],
            metavar="CODE",
            help="codes of regions and states, such as pacific or CA; or outside",
        )
        where.add_argument("--everywhere", action="store_true", help="all areas")
        parser.add_argument(
            "--home", default="", metavar="STATE", help="where her rows without a partner land"
        )
        parser.add_argument("--host", default="", help="the name in the link; else the first host")
        parser.add_argument(
            "--again", action="store_true", help="a fresh link for somebody who never signed in"
        )

    def handle(self, *, email, host, again, **options):
        email = email.strip().lower()
        user = send_again(email) if again else let_in(email, **_wanted(email, options))
        self.stderr.write(f"For {email} only; it works once, for three days:")
        self.stdout.write(address(user, host))


def let_in(email: str, name: str, role: str, everywhere: bool, areas: list, home: State) -> User:
    """Make the user and what she may do, as one recorded run."""
    try:
        validate_email(email)
    except ValidationError:
        raise CommandError(f"{email} is not an e-mail address.")
    if User.objects.filter(email=email).exists():
        raise CommandError(
            f"{email} is here already. With --again you get a fresh link for somebody who has "
            "never signed in."
        )
    actor = inviter()
    with running("InviteUser", actor) as work:
        user = invite(email, name, home.time_zone)
        access = Access(user=user, role=role, everywhere=everywhere, home=home)
        access.save()
        for row in areas:
            part = "region" if isinstance(row, Region) else "state"
            Area(access=access, **{part: row}).save()
        words = {"role": role, "by": "command line"}
        work.flush()
        audit.record("InviteUser", actor, row=access, run=work.run, words=words)
    return user


def send_again(email: str) -> User:
    """The user, if she was invited and never came in."""
    user = User.objects.filter(email=email).first()
    if user is None:
        raise CommandError(f"Nobody here has the address {email}: invite her without --again.")
    if not user.is_active:
        raise CommandError(f"{email} was deactivated. An administrator can give the access back.")
    if user.last_login is not None or user.has_usable_password():
        raise CommandError(
            f"{email} has signed in before: she can ask for a new password on the sign-in page."
        )
    audit.record("InviteAgain", inviter(), row=user.uid)
    return user


def address(user: User, host: str) -> str:
    """The one-time link, on the host that people type."""
    host = host.strip() or settings.ALLOWED_HOSTS[0].lstrip(".")
    return f"{'https' if settings.HTTPS else 'http'}://{host}{invitation_path(user)}"


def _wanted(email: str, options: dict) -> dict:
    """The role, areas and home that were asked for, checked."""
    role = options["role"].strip()
    if role not in [known.value for known in Role]:
        known = ", ".join(known.value for known in Role)
        raise CommandError(f"Say with --role which of these she is: {known}.")
    if not State.objects.exists():
        raise CommandError("The states are not there yet: run load_defaults first.")
    areas = [_area(code) for code in dict.fromkeys(options["areas"])]
    everywhere = options["everywhere"] or (role == Role.ADMINISTRATOR and not areas)
    if not areas and not everywhere:
        raise CommandError("Say where she works: --areas with codes, or --everywhere.")
    home = _home(options["home"].strip(), areas, everywhere)
    name = options["name"].strip() or email
    if len(name) > 200:
        raise CommandError("A name has 200 characters at the most.")
    return {"name": name, "role": role, "everywhere": everywhere, "areas": areas, "home": home}


def _area(code: str) -> Region | State:
    found = _state(code) or Region.objects.filter(code__iexact=code).first()
    if found is None:
        raise CommandError(f"There is no region or state with the code {code}.")
    return found


def _state(code: str) -> State | None:
    code = State.OUTSIDE if code == OUTSIDE else code
    return State.objects.filter(code__iexact=code).first()


def _home(code: str, areas: list, everywhere: bool) -> State:
    """The home state: the one asked for, else `--` for all areas, else the first of the areas."""
    if not code:
        if everywhere:
            code = OUTSIDE
        elif isinstance(areas[0], State):
            return areas[0]
        else:
            first = State.objects.filter(region=areas[0]).order_by("position", "code").first()
            if first is None:
                raise CommandError(f"{areas[0].name} has no states: name a home with --home.")
            return first
    home = _state(code)
    if home is None:
        raise CommandError(f"There is no state with the code {code}.")
    inside = {row.pk for row in areas if isinstance(row, State)}
    regions = {row.pk for row in areas if isinstance(row, Region)}
    if not (everywhere or home.pk in inside or home.region_id in regions):
        raise CommandError("The home state must lie in the areas.")
    return home
