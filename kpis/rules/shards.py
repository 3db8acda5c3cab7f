"""How a run is cut: members that one worker scores in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

ANSWERS = 200_000  # of all members of a shard: some 200 MiB of a worker's memory


def alike(members: int, most: int) -> int:
    """Return how many of ``members`` a shard has: ``most`` or fewer, and all about as many.

    Where there are several they are of an even number. So two workers that share a run end
    together, and a member costs the same however many there are.
    """
    shards = -(-members // most)
    if shards > 1:
        shards += shards % 2
    return -(-members // shards)


def cut(answers: Sequence[int], *, size: int, most: int = ANSWERS) -> Iterator[slice]:
    """Yield which members are scored together, in order: ``size`` of them, or fewer.

    ``answers`` says how many each may give. Together they are no more than ``most``, unless one
    member alone gives more.
    """
    start = held = 0
    for place, count in enumerate(answers):
        if place > start and (place - start == size or held + count > most):
            yield slice(start, place)
            start, held = place, 0
        held += count
    if start < len(answers):
        yield slice(start, len(answers))
