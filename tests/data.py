"""The public data that tests read: the folder ``MSI_DATA``, by default ``../shared/data``."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def data(name: str) -> Path:
    """Return a file or folder of the public data; skip the test where there are none.

    With ``CI=true`` a missing folder fails the test.
    """
    path = ROOT / os.environ.get("MSI_DATA", "../shared/data") / name
    if path.exists():
        return path
    message = f"public data not found: {path}; set MSI_DATA"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)
