"""Numbers read off many stored cards, without a card object for each."""

from __future__ import annotations

import json
from fractions import Fraction

import polars as pl

from kpis.rules.cards import Card, in_json, line_of


def numbers(cards: pl.Series, node: str) -> list[Fraction | None]:
    """Return the number of ``node`` on each card: the published one, or the exact one.

    A card begins with its lines, and a line of numbers holds no bracket.
    """
    start = in_json(node).replace(".", r"\.")
    lines = cards.str.extract(rf"(\[{start}(?:,[^\]]*)?\])", 1)
    different = {text: line_of(json.loads(text)).number for text in lines.drop_nulls().unique()}
    first = {
        text: Card.read(text).line(node).number for text in cards.filter(cards.str.starts_with("{"))
    }
    return [
        first[card] if line is None else different[line]
        for card, line in zip(cards, lines, strict=True)
    ]
