"""Numbers of many stored cards, without a card object for each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from hashlib import sha256

import polars as pl

from kpis.rules import stored
from kpis.rules.cards import Card, in_json, line_of
from rulebooks.rules.cohort import Among, Place

PLAIN = r"^[ !#-\[\]-~]*$"  # what JSON in ASCII writes as it is


def lines(cards: pl.Series, node: str) -> pl.Series:
    """Return the line of ``node`` on each card: its published number where that says all.

    A card begins with its lines, and a line of numbers holds no bracket. One of the first form,
    with names, is given as it is.
    """
    start = in_json(node).replace(".", r"\.")
    # What else begins so is a code and the text behind it: an edition may be called like a node.
    line = cards.str.extract(rf"(\[{start}(?:,[\dn-][^\]]*)?\])", 1)
    shown = line.str.extract(rf'^\[{start},-?\d+,\d+,"([^"]*)"\]$', 1)
    first = pl.when(pl.lit(cards).str.starts_with("{")).then(pl.lit(cards))
    return pl.select(first.otherwise(pl.coalesce(pl.lit(shown), pl.lit(line)))).to_series()


def number(line: str, node: str) -> Fraction | None:
    """Return the number that ``lines`` gives: the published one, or the exact one."""
    if line.startswith("["):
        return line_of(json.loads(line)).number
    if line.startswith("{"):
        return Card.read(line).line(node).number
    return Fraction(line)


def fingerprint_of_run(edition_sha256: str, codes: pl.Series, prints: pl.Series) -> str:
    """Return what ``stored.fingerprint_of_run`` does, of members' codes beside fingerprints."""
    if not codes.str.contains(PLAIN).all():
        return stored.fingerprint_of_run(edition_sha256, zip(codes, prints, strict=True))
    rows = pl.DataFrame({"code": codes, "print": prints}).sort("code", "print")
    pairs = rows.select(pl.format('["{}","{}"]', "code", "print").str.join(",")).item()
    return sha256(f'["{edition_sha256}",[{pairs}]]'.encode()).hexdigest()


def places(word: Among, held: pl.Series) -> pl.Series:
    """Return what ``word`` gives each member, of whom ``lines`` or totals are ``held``."""
    counted = held.drop_nulls().value_counts(name="count")
    numbers = {line: number(line, word.of) for line in counted.to_series().to_list()}
    found = word.places(_together(numbers, counted))
    given: dict[str, Place] = {line: found[n] for line, n in numbers.items() if n is not None}
    return held.replace_strict(given, default=None, return_dtype=_kind(given))


def _together(numbers: Mapping[str, Fraction | None], counted: pl.DataFrame) -> dict[Fraction, int]:
    """Return how many have each number, which may be written in several ways."""
    together: dict[Fraction, int] = {}
    for line, count in counted.iter_rows():
        n = numbers[line]
        if n is not None:
            together[n] = together.get(n, 0) + count
    return together


def _kind(given: Mapping[str, Place]) -> pl.DataType:
    return pl.String if any(isinstance(place, str) for place in given.values()) else pl.Int64
