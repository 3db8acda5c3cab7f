"""A body of 200 MB, sent to a real server: a clear answer that the sender can read."""

import http.client
from urllib.parse import urlsplit

import pytest

MB = 1024 * 1024


def post(server, path, size, kind="multipart/form-data; boundary=x"):
    """Send ``size`` bytes, all of them, and only then read the answer, as a browser does."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
    connection.putrequest("POST", path)
    connection.putheader("Content-Type", kind)
    connection.putheader("Content-Length", str(size))
    connection.endheaders()
    chunk = b"x" * MB
    for _ in range(size // MB):
        connection.send(chunk)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("path", "says"),
    [
        pytest.param("/returns/1/edit/", "nothing of it was kept", id="the page"),
        pytest.param("/api/v1/returns/1/evidence/", "too_large", id="the API"),
    ],
)
def test_two_hundred_megabytes_are_refused_and_leave_nothing(
    live_server, settings, tmp_path, path, says
):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)

    status, text = post(live_server, path, 200 * MB)

    assert status == 413
    assert says in text
    assert "50 MB" in text
    assert list(tmp_path.iterdir()) == []
