"""What is believed of a file that somebody hands in."""

import pytest

from accounts.rules.files import UNKNOWN_TYPE, media_type, plain_name


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("C:\\Users\\ada\\receipts.pdf", "receipts.pdf"),
        ("../../etc/passwd", "passwd"),
        ("rec\u202efdp.exe\x00", "recfdp.exe"),
        ("", "nameless"),
        (None, "nameless"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("x" * 300, "x" * 200),
        ("x" * 300 + "." + "y" * 30, "x" * 200),
        ("إيصال.pdf", "إيصال.pdf"),
    ],
)
def test_a_name_has_no_path_and_no_hidden_sign_and_keeps_its_suffix(said, kept):
    assert plain_name(said, unnamed="nameless") == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("application/PDF", "application/pdf"),
        ("text/plain; charset=utf-8", "text/plain"),
        ("<script>", UNKNOWN_TYPE),
        ("a/b/c", UNKNOWN_TYPE),
        (None, UNKNOWN_TYPE),
    ],
)
def test_a_media_type_is_one_or_unknown(said, kept):
    assert media_type(said) == kept
