"""Settings, read once from the environment. Unsafe values refuse to start."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils.csp import CSP
from django.utils.functional import lazy

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

PRODUCTION = env.bool("PRODUCTION", False)
DEMO = env.bool("DEMO", False)
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
HTTPS = env.bool("HTTPS", PRODUCTION)
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", PRODUCTION)
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)

if (
    len(SECRET_KEY) < 50
    or "sample" in SECRET_KEY
    or len(set(SECRET_KEY)) < (12 if PRODUCTION else 1)
):
    raise ImproperlyConfigured(
        "Set SECRET_KEY to a random text of 50 characters or more, not the sample key."
    )
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("Name the hosts in ALLOWED_HOSTS; * would answer to any name.")
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG must be off where real names are stored.")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    # Not rest_framework itself: only its browsable pages need that, and the tags for these would
    # load the whole library with the first template.
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_tasks_db",
    "access",
    "lists",
    "crm",
    "outreach",
    "dashboards",
    "config",
]
MIDDLEWARE = [
    "config.collecting.CollectingMiddleware",
    "config.frames.RoomyMiddleware",
    "config.compressing.CompressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Before the policy of pages: a style has no use for it, and each would bring a phone 250 bytes.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "config.errors.OnlyUtf8Middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "access.middleware.AccessMiddleware",
    "config.errors.BusyDatabaseMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "config.navigation.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": env.db_url("DATABASE_URL", f"sqlite:///{BASE_DIR / 'data.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    turns = env.bool("SQLITE_TURNS", True)  # False only to measure what they are worth
    if turns:
        DATABASES["default"]["ENGINE"] = "access.sqlite3"
    # The threads of the web server keep theirs: opening one reads the whole schema, and closing the
    # last one writes the log into the database and deletes it.
    keeps = env.bool("KEEP_CONNECTIONS", False)
    DATABASES["default"]["CONN_MAX_AGE"] = 600 if keeps else 0
    # Who has the turn meets only programs that are not ours, so she waits for them a little.
    wait = 5 if turns else 20
    DATABASES["default"]["OPTIONS"] = {
        "timeout": wait,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            f"PRAGMA secure_delete=ON; PRAGMA busy_timeout={wait * 1000}; PRAGMA cache_size=-8000;"
        ),
    }
else:
    DATABASES["default"] |= {"CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": 60}
    # An acknowledged write is on the disk, whatever the server's own default says. Compiling
    # statements takes longer than those of a page run. A table is read from its beginning: search
    # takes the rows that it finds first.
    options = "-c synchronous_commit=on -c jit=off -c datestyle=ISO -c synchronize_seqscans=off"
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = options
    # A connection keeps the plan of a statement that came so often (access/prepared.py).
    DATABASES["default"]["OPTIONS"]["prepare_threshold"] = 5
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FETCH_MODE = models.FETCH_PEERS

# Rate limits must outlive a restart and hold for every process, so they lie in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_rows",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["access.signing_in.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]


def _password_again_seconds() -> int:
    """What an administrator chose for all."""
    from access.installation import password_again_seconds

    return password_again_seconds()


LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "access.signing_in.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None  # asked at sign-in: "This is my own device"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_TIMEOUT = lazy(_password_again_seconds, int)()  # read at each use
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/h/ip,10/h/key",
    "reset_password": "20/h/ip,5/h/key",
    "reset_password_from_key": "20/h/ip",
    "reauthenticate": "10/h/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "survey": "100/h/ip,3000/d/key",  # a staff meeting answers from one address
}
MFA_ADAPTER = "allauth.mfa.adapter.DefaultMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Partnerships"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
USERSESSIONS_TRACK_ACTIVITY = False  # access.middleware notes it, once a minute and not each time
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600

# Where links in mails lead; links that a page shows to be sent lead there, too, if it is named.
SITE_NAMED = env.str("SITE_URL", "").rstrip("/")
SITE_URL = SITE_NAMED or f"{'https' if HTTPS else 'http'}://{ALLOWED_HOSTS[0].lstrip('.')}"
mail_url = env.str("MAIL_URL", "")
if PRODUCTION and not mail_url:
    raise ImproperlyConfigured(
        "Set MAIL_URL to the mail server, as in smtp+tls://user:password@mail.example.org:587, "
        "or to none where no mail is to be sent."
    )
SENDS_MAIL = mail_url not in ("", "none")
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
if mail_url == "none":
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
if SENDS_MAIL:
    mail = env.email_url_config(mail_url)
    MAILERS = {
        "default": {
            "BACKEND": mail["EMAIL_BACKEND"],
            "OPTIONS": {
                "host": mail["EMAIL_HOST"],
                "port": mail["EMAIL_PORT"],
                "username": mail["EMAIL_HOST_USER"],
                "password": mail["EMAIL_HOST_PASSWORD"],
                "use_tls": mail.get("EMAIL_USE_TLS", False),
                "use_ssl": mail.get("EMAIL_USE_SSL", False),
                "timeout": 15,  # a server that does not answer must not hold a page
            },
        }
    }
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", "partnerships@localhost")

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]  # Spanish joins when every word of the pages is there
TIME_ZONE = "America/New_York"
USE_I18N = USE_TZ = True

STATIC_URL, STATIC_ROOT = "static/", BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "config.bundles.BundleFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(BASE_DIR / "files")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = False
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE = 3 * 3600  # seconds without a request after which one signs in again
SESSION_COOKIE_HTTPONLY = True
SESSION_ENGINE = "access.sessions"
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

KNOX_TOKEN_MODEL = "access.Token"  # noqa: S105  (a model, not a secret)
MIGRATION_MODULES = {"knox": None}  # its own token table is not used, so it is not made
REST_KNOX = {"AUTO_REFRESH": False, "TOKEN_TTL": None, "TOKEN_MODEL": "access.Token"}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "lists.tokens.TokenAuthentication",
        "lists.tokens.CookieAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [],  # lists.api checks in initial(), for token and cookie alike
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["lists.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "lists.schema.Schema",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": env.str("API_RATE", "600/min")},
    "EXCEPTION_HANDLER": "lists.api.answer_error",
    "UNAUTHENTICATED_USER": None,
    "NUM_PROXIES": TRUSTED_PROXIES,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Partnerships API",
    "DESCRIPTION": "The same rows, filters and rules as the pages.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "lists.schema.closed",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_PUBLIC": True,
    "ENUM_NAME_OVERRIDES": {
        "VisibilityEnum": "access.scope.Visibility",
        "SharingEnum": "lists.models.SHARING",
        "InteractionStatusEnum": "crm.models.Interaction.Status",
        "JointActionStatusEnum": "outreach.models.JointAction.Status",
        "EventStatusEnum": "outreach.models.Event.Status",
        "AttendanceStatusEnum": "outreach.models.Attendance.Status",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonFormatter"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["out"], "level": env.str("LOG_LEVEL", "WARNING")},
    "loggers": {"partnerships": {"level": "INFO"}},
}
