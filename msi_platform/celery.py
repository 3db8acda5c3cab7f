import gc

from celery import Celery
from celery.signals import heartbeat_sent, worker_process_init

app = Celery("msi_platform")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()  # also for threads of the web server: set_current holds for one thread only
app.autodiscover_tasks()
app.autodiscover_tasks(["msi_platform"], related_name="reactions")
app.autodiscover_tasks(["msi_platform"], related_name="zone")


@heartbeat_sent.connect
def tell_that_a_worker_lives(**_: object) -> None:
    from msi_platform import pulse  # needs Django, which the worker sets up after this module

    pulse.beat("worker")


@worker_process_init.connect
def keep_what_is_loaded(**_: object) -> None:
    """Never look again for garbage among what was loaded: each time takes a fifth of a second."""
    gc.collect()
    gc.freeze()
