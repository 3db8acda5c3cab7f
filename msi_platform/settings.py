"""Settings of the one deployment. What differs between machines comes from the environment.

``docs/operations.md`` lists the variables. Importing this module connects to nothing and starts
nothing: embedded servers are started by ``manage.py`` and by the tests' plugin.
"""

import os
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF
from font_source_sans_pro import font_directory
from kombu import Queue

from msi_platform import environment
from msi_platform.environment import flag
from msi_platform.servers import Servers

BASE_DIR = environment.BASE_DIR
VAR = environment.var_folder()
SERVERS = Servers(VAR)
MSI_DATA = (BASE_DIR / os.environ.get("MSI_DATA", "../shared/data")).resolve()

DEBUG = flag("DEBUG")
LOCAL = environment.has_own_database()  # on the embedded servers, for one machine, plain HTTP
DEMO_MARK = VAR / "demo"  # left by `manage.py demo`
DEMO = LOCAL and DEMO_MARK.exists()  # the daily run may then play a day to come
SECRET_KEY = environment.secret_key(may_keep_own=DEBUG or LOCAL)
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("TRUSTED_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "django_celery_beat",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "js_lib_bootstrap5",
    "rest_framework",
    # The street, lowest first.
    "ledger",
    "accounts",
    "rulebooks",
    "members",
    "governance",
    "targets",
    "kpis",
    "suspensions",
    "reports",
    "dashboard",
    "msi_platform",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "msi_platform.bodies.RefuseLargeBodies",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "msi_platform.answers.keep_private_pages_private",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "msi_platform.zone.in_initiative_zone",
    "msi_platform.answers.RefuseUnreadable",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "msi_platform.urls"
WSGI_APPLICATION = "msi_platform.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dashboard.views.context.page",
            ],
        },
    }
]

# What happened, and what follows from it

REACTIONS = "msi_platform.reactions.REACTIONS"  # the ledger looks it up by this name
LOOK = "msi_platform.tasks.look"  # called when something became due

# Servers

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        **environment.database(SERVERS),
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": environment.cache_url(SERVERS),
    }
}

# Jobs. A lost worker's tasks come back within the visibility timeout and two seconds.

CELERY_BROKER_URL = environment.broker_url(SERVERS)
CELERY_TASK_IGNORE_RESULT = True  # results are rows
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True  # a killed child's task is put back at once
CELERY_TASK_TIME_LIMIT = 60
# Runs, reports and mail wait in lines of their own. A worker that is told none serves all.
CELERY_TASK_QUEUES = [Queue(name) for name in ("celery", "runs", "reports", "mail")]
CELERY_TASK_ROUTES = {
    "kpis.tasks.*": {"queue": "runs"},
    "reports.tasks.*": {"queue": "reports"},
    "members.tasks.send_letters": {"queue": "mail"},
}
CELERY_TASK_ANNOTATIONS = {"kpis.tasks.work_shards": {"time_limit": 110}}
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 1024 * 1024  # KiB; a child above it ends after its task
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,  # longer than any task, countdown and retry pause
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,  # the default of 10 looks at every tenth interval only
    # Who says "look" does not wait for a broker that is away: a sweep says it again.
    "max_retries": 1,
    "interval_start": 0,
    "connect_retries_timeout": 1,
    "socket_connect_timeout": 2,
}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "msi_platform.pulse:Scheduler"
CELERY_BEAT_SCHEDULE = {  # seconds; a look that waited until the next one is stale
    "work what is due": {
        "task": "msi_platform.tasks.work_due",
        "schedule": 3,
        "options": {"expires": 3},
    },
    "look at runs": {"task": "kpis.tasks.look_at_runs", "schedule": 5, "options": {"expires": 5}},
    "send letters": {
        "task": "members.tasks.send_letters",
        "schedule": 20,
        "options": {"expires": 20},
    },
    # Hourly, since midnight is at another hour everywhere; a second run the same day does nothing.
    "daily run": {"task": "suspensions.tasks.advance", "schedule": crontab(minute=5)},
}

# People

AUTH_USER_MODEL = "accounts.User"
SILENCED_SYSTEM_CHECKS = ["auth.E003"]  # e-mail is unique whatever its case, by a constraint
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True

# What a browser may do. Cookies go over HTTPS only, except on a local run.

PLAIN_HTTP = DEBUG or LOCAL or flag("PLAIN_HTTP")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not PLAIN_HTTP
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else 365 * 24 * 60 * 60
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if flag("BEHIND_PROXY") else None
)  # only behind a proxy that sets this header itself
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Language and time. Days of an initiative are of its own time zone, which its edition names.

LANGUAGE_CODE = "en"
USE_I18N = True
TIME_ZONE = "UTC"
INITIATIVE_TIME_ZONE = os.environ.get("INITIATIVE_TIME_ZONE", "")  # empty: as the edition says
USE_TZ = True

# Files

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static", ("fonts", Path(font_directory))]
STATIC_IS_BUILT = flag("STATIC_IS_BUILT")  # for collectstatic and after: hashed names, far expiry
STATIC_ROOT = BASE_DIR / "static_built" if STATIC_IS_BUILT else None
WHITENOISE_USE_FINDERS = not STATIC_IS_BUILT
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_IS_BUILT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT", VAR / "media"))  # never served by address
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FILES = 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a return of some hundred KPIs, a few fields each
EVIDENCE_MAX_BYTES = 50 * 1024 * 1024

# Documents are signed with a key of the initiative; a local run makes one of its own.

SIGNING_KEY_FILE = os.environ.get("SIGNING_KEY_FILE", "")  # PKCS #12: key and certificate
SIGNING_KEY_PASSPHRASE = os.environ.get("SIGNING_KEY_PASSPHRASE", "")
SIGNING_FINGERPRINTS = [
    one for one in os.environ.get("SIGNING_FINGERPRINTS", "").lower().split(",") if one
]
OWN_SIGNING_KEY = VAR / "signing.p12"
MAY_SIGN_WITH_OWN_KEY = LOCAL or DEBUG

# Mail: on a local run it is written to files.

EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = bool(EMAIL_HOST) and not flag("EMAIL_WITHOUT_TLS")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "secretariat@localhost")
# The address that links in letters begin with.
SITE_URL = os.environ.get("SITE_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
MAIL_DOMAIN = os.environ.get("MAIL_DOMAIN", "localhost")  # in the Message-ID of every letter

# The API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "accounts.api.exception_handler",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "COERCE_DECIMAL_TO_STRING": True,  # a published number is exact
}
SPECTACULAR_SETTINGS = {
    "TITLE": "MSI platform",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "DESCRIPTION": "Read and act as in the pages: the same people, the same refusals. docs/api.md.",
    "ENUM_NAME_OVERRIDES": {
        "EditionStatus": "rulebooks.models.Edition.Status",
        "ReturnStatus": "kpis.models.Return.Status",
        "RunStatus": "kpis.models.ScoreRun.Status",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
