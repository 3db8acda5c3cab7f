"""What a worker loaded before its first task is not looked through again for garbage."""

import gc

from celery.signals import worker_process_init


def test_a_child_of_a_worker_sets_aside_what_was_loaded_when_it_begins():
    gc.unfreeze()
    try:
        worker_process_init.send(sender=None)

        assert gc.get_freeze_count() > 100_000
    finally:
        gc.unfreeze()
