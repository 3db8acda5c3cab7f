"""Read a formula: characters to tokens, tokens to nodes, by descent.

A name is the code of a KPI or node: it begins with a letter, and a hyphen between letters or
digits belongs to it, so subtraction has spaces around its sign. Any other code stands in single
quotes: ``'1.1'``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from rulebooks.rules.formula.arithmetic import (
    Absolute,
    Added,
    Division,
    Extreme,
    Literal,
    Name,
    Negative,
    Product,
)
from rulebooks.rules.formula.base import Expression, FormulaError
from rulebooks.rules.formula.choices import COMPARISONS, Choice, Comparison

MAX_CHARACTERS = 500
MAX_NODES = 50
MAX_DEPTH = 20
FUNCTIONS = ("min", "max", "sum", "abs", "if")

TOKEN = re.compile(
    r"(?P<gap>[ \t\r\n]+)"
    r"|(?P<number>(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,12})?(?![A-Za-z0-9_.]))"
    r"|(?P<name>[A-Za-z][A-Za-z0-9_.]*(?:-[A-Za-z0-9_.]+)*)"
    r"|'(?P<quoted>[A-Za-z0-9][A-Za-z0-9._-]{0,39})'"
    r"|(?P<sign><=|>=|!=|[-+*/(),<>=])"
)
ALLOWED = "names, decimal numbers, + - * /, parentheses, min max sum abs if and < <= > >= = !="


class Token(NamedTuple):
    """A number, a name, a sign or the end; ``at`` counts characters from 1."""

    kind: str
    text: str
    at: int


@lru_cache(maxsize=1_000)
def parse(text: str) -> Expression:
    """Return the formula that ``text`` is.

    :raises FormulaError: with the character where it goes wrong, and what is allowed.
    """
    if len(text) > MAX_CHARACTERS:
        message = f"{len(text)} characters; a formula has at most {MAX_CHARACTERS}"
        raise FormulaError(MAX_CHARACTERS + 1, message)
    parser = _Parser(list(_tokens(text)))
    whole = parser.sums()
    parser.expect("end")
    if (size := whole.size()) > MAX_NODES:
        raise FormulaError(1, f"{size} numbers, names and operators; at most {MAX_NODES}")
    if not any(whole.names()):
        raise FormulaError(1, "names no KPI or node, so it is the same for everybody")
    return whole


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        found = TOKEN.match(text, at)
        if found is None:
            raise FormulaError(at + 1, _stray(text, at))
        if found.lastgroup != "gap":
            yield Token(found.lastgroup, found[found.lastgroup], at + 1)
        at = found.end()
    yield Token("end", "", len(text) + 1)


def _stray(text: str, at: int) -> str:
    if text[at] in "0123456789.":
        written = re.match(r"[A-Za-z0-9_.]+", text[at:])[0]
        return (
            f"{written!r} is no plain decimal number such as 3 or 0.25; quote a code: '{written}'"
        )
    if text[at] == "'":
        return "a code in quotes ends with a quote: '1.1'"
    return f"{text[at]!r} is not allowed; allowed: {ALLOWED}"


class _Parser:
    """Takes one token after the other; each method reads one level of the grammar."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.place, self.depth = tokens, 0, 0

    @property
    def next(self) -> Token:
        return self.tokens[self.place]

    def take(self, *signs: str) -> Token | None:
        """Return the next token if it is one of ``signs``, and go past it."""
        token = self.next
        if token.kind != "sign" or token.text not in signs:
            return None
        self.place += 1
        return token

    def expect(self, wanted: str) -> None:
        """Go past the sign ``wanted``, or find the end.

        :raises FormulaError: something else stands there.
        """
        token = self.next
        if wanted == "end":
            if token.kind == "end":
                return
            raise FormulaError(token.at, f"{token.text!r} cannot follow here; an operator can")
        if self.take(wanted) is None:
            raise FormulaError(token.at, f"{wanted!r} is expected, not {_shown(token)}")

    def sums(self) -> Expression:
        left = self.products()
        while sign := self.take("+", "-"):
            left = Added(sign.at, (left, self.products()), minus=sign.text == "-")
        return left

    def products(self) -> Expression:
        left = self.signed()
        while sign := self.take("*", "/"):
            right = self.signed()
            if sign.text == "*":
                left = Product(sign.at, left, right)
            elif isinstance(right, Literal) and right.number == 0:
                raise FormulaError(right.at, "division by zero, for everybody")
            else:
                left = Division(sign.at, left, right)
        return left

    def signed(self) -> Expression:
        if minus := self.take("-"):
            return Negative(minus.at, (self.nested(self.signed),))
        return self.single()

    def single(self) -> Expression:
        token = self.next
        if self.take("("):
            inner = self.nested(self.sums)
            self.expect(")")
            return inner
        self.place += token.kind in ("number", "name", "quoted")
        if token.kind == "number":
            return Literal(token.at, Fraction(token.text))
        if token.kind == "name" and self.take("("):
            return self.nested(lambda: self.function(token))
        if token.kind in ("name", "quoted"):
            return Name(token.at, token.text)
        raise FormulaError(token.at, f"a number, a name or ( is expected, not {_shown(token)}")

    def function(self, name: Token) -> Expression:
        if name.text not in FUNCTIONS:
            known = ", ".join(FUNCTIONS)
            raise FormulaError(name.at, f"{name.text!r} is no function; allowed: {known}")
        if name.text == "if":
            return self.choice(name)
        parts = [self.sums()]
        while self.take(","):
            parts.append(self.sums())
        self.expect(")")
        if name.text == "abs":
            if len(parts) != 1:
                raise FormulaError(name.at, "abs takes one number")
            return Absolute(name.at, tuple(parts))
        if len(parts) < 2:
            raise FormulaError(name.at, f"{name.text} takes two numbers or more")
        if name.text == "sum":
            return Added(name.at, tuple(parts))
        return Extreme(name.at, tuple(parts), least=name.text == "min")

    def choice(self, name: Token) -> Expression:
        left, sign = self.sums(), self.take(*COMPARISONS)
        if sign is None:
            known = " ".join(COMPARISONS)
            message = f"the condition of if needs a comparison: {known}, not {_shown(self.next)}"
            raise FormulaError(self.next.at, message)
        condition = Comparison(sign.at, sign.text, left, self.sums())
        self.expect(",")
        then = self.sums()
        self.expect(",")
        otherwise = self.sums()
        self.expect(")")
        return Choice(name.at, condition, then, otherwise)

    def nested(self, read: Callable[[], Expression]) -> Expression:
        """Return what ``read`` returns, one level deeper.

        :raises FormulaError: deeper than ``MAX_DEPTH``.
        """
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FormulaError(self.next.at, f"nested deeper than {MAX_DEPTH} levels")
        found = read()
        self.depth -= 1
        return found


def _shown(token: Token) -> str:
    return "the end" if token.kind == "end" else repr(token.text)
