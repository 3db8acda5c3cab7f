from importlib import import_module

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "msi_platform"

    def ready(self) -> None:
        # Tasks need the app before they are called. Not in __init__.py: `manage.py` imports the
        # package to start servers, and should not load Celery for that.
        import_module("msi_platform.celery")
