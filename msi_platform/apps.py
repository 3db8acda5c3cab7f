from importlib import import_module

from django.apps import AppConfig
from django.forms import Field

MISSING = "Missing: fill it in, or choose one."


class PlatformConfig(AppConfig):
    name = "msi_platform"

    def ready(self) -> None:
        Field.default_error_messages["required"] = MISSING  # and not "This field is required."
        # Tasks need the app before they are called. Not in __init__.py: `manage.py` imports the
        # package to start servers, and should not load Celery for that.
        import_module("msi_platform.celery")
