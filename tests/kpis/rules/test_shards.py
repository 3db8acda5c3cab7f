"""A run is cut into shards of so many members, and of no more answers than a worker can hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.rules.shards import alike, cut


@pytest.mark.parametrize(
    ("answers", "shards"),
    [
        pytest.param([], [], id="nobody, no shard"),
        pytest.param([30] * 7, [3, 3, 1], id="so many members each, the rest in the last"),
        pytest.param([60, 60, 60], [1, 1, 1], id="two would be too many answers"),
        pytest.param([50, 50, 50], [2, 1], id="exactly as many answers as may be"),
        pytest.param([10, 500, 10, 10], [1, 1, 2], id="one has more alone, and is alone"),
        pytest.param([0, 0, 0, 0], [3, 1], id="members without an answer count as members"),
    ],
)
def test_where_a_run_is_cut(answers, shards):
    assert [len(answers[part]) for part in cut(answers, size=3, most=100)] == shards


@given(st.lists(st.integers(0, 90)), st.integers(1, 5))
def test_every_member_is_in_one_shard(answers, size):
    parts = [answers[part] for part in cut(answers, size=size, most=90)]

    assert [one for part in parts for one in part] == answers
    assert all(1 <= len(part) <= size and sum(part) <= 90 for part in parts)


@pytest.mark.parametrize(
    ("members", "shards"),
    [
        pytest.param(1, [1], id="one alone"),
        pytest.param(10, [10], id="as many as one may have"),
        pytest.param(11, [6, 5], id="one more: two halves"),
        pytest.param(40, [10, 10, 10, 10], id="even"),
        pytest.param(30, [8, 8, 8, 6], id="as many for one of two workers as for the other"),
        pytest.param(41, [7, 7, 7, 7, 7, 6], id="none of one member alone"),
    ],
)
def test_shards_are_alike(members, shards):
    parts = cut([1] * members, size=alike(members, 10))

    assert [part.stop - part.start for part in parts] == shards
