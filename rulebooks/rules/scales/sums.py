"""The scales on which answers that were added up stand."""

from __future__ import annotations

from rulebooks.rules.scales.numbers import NumberScale, RatioScale


def widened(scale: NumberScale | RatioScale, times: int) -> NumberScale | RatioScale:
    """Return the scale of the sum of up to ``times`` answers on ``scale``."""
    ends = {name: getattr(scale, name) for name in ("min", "max") if hasattr(scale, name)}
    return scale.model_copy(update={name: end * times for name, end in ends.items()})
