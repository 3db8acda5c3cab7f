"""What members of the demo type into their returns: better with more effort, a little by chance."""

from __future__ import annotations

from random import Random

from kpis.rules.reading import DOES_NOT_APPLY, NOT_KNOWN, Typed

POLICIES = ("None", "Written", "Written and in every contract")
LISTS = ("Not published", "Published")
CHANNELS = ("Union agreement", "Elected committee", "Hotline run by a third party")
NEEDS_EVIDENCE = ("fees-repaid", "weeks-over-60")


def answers(effort: float, random: Random, *, papers: str = "no") -> dict[str, Typed]:
    """Return what is typed for every KPI by a member of an ``effort`` between 0 and 1."""

    def near(spread: float = 0.1) -> float:
        return min(1.0, max(0.0, effort + random.uniform(-spread, spread)))

    def share(least: int, most: int) -> Typed:
        of = random.randint(least, most)
        return Typed(numerator=str(int(of * near())), denominator=str(of))

    def chosen(labels: tuple[str, ...]) -> Typed:
        return Typed(labels=(labels[min(len(labels) - 1, int(near() * len(labels)))],))

    found = random.randint(2_000, 90_000)
    channels = tuple(channel for channel in CHANNELS if random.random() < near(0.2))
    return {
        "fees-repaid": Typed(numerator=f"{found * near():.2f}", denominator=f"{found}.00"),
        "fee-policy": chosen(POLICIES),
        "recruiters-checked": share(4, 40),
        "weeks-over-60": Typed(number=f"{(1 - near()) ** 2 * 30:.1f}"),
        "grievances-in-time": (
            share(5, 400)
            if random.random() < 0.92
            else Typed(instead=NOT_KNOWN, note="The channel at one site was being replaced.")
        ),
        "worker-channels": Typed(labels=channels or CHANNELS[-1:]),
        "smelters-known": share(20, 120),
        "list-published": chosen(LISTS),
        "papers-kept": Typed(labels=(papers,)),
        "claims-in-court": Typed(number=str(random.choice([0, 0, 0, 1, 2]))),
        "workers-in-drills": Typed(instead=DOES_NOT_APPLY, note="No site of our own employs 20."),
    }
