"""The platform's settings in a folder of their own, so that tests never meet a run's data."""

import os

os.environ.setdefault("MSI_VAR", "var/test")

from msi_platform.environment import CACHE_NUMBER
from msi_platform.settings import *  # after the folder is named

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")

# Processes of one run share a broker and a cache, not what lies in them.
CACHES["default"]["KEY_PREFIX"] = WORKER
if WORKER != "main":  # a test that empties its cache empties nobody else's
    own = f"db={3 + int(WORKER.removeprefix('gw'))}"
    CACHES["default"]["LOCATION"] = CACHES["default"]["LOCATION"].replace(f"db={CACHE_NUMBER}", own)
CELERY_TASK_DEFAULT_QUEUE = f"celery-{WORKER}"
CELERY_TASK_QUEUES, CELERY_TASK_ROUTES = None, {}  # so all that a test says is for its own worker
DATABASES["default"]["CONN_MAX_AGE"] = 0  # a live server's threads would keep the database open
MEDIA_ROOT = VAR / "media" / WORKER
INITIATIVE_TIME_ZONE = "UTC"  # tests count queries and name days
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # hundreds of sign-ins
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
