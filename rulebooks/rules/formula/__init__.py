"""Formulas: names, decimal numbers, ``+ - * /``, parentheses, ``min max sum abs if``.

A formula is read once, by a small parser of our own, into nodes that can do what the words of the
scoring tree can: exact form, columns, bound, and the unit of what comes out. Nothing is evaluated
as Python.
"""

from rulebooks.rules.formula.base import Expression, FormulaError, NoNumber
from rulebooks.rules.formula.parser import MAX_CHARACTERS, MAX_NODES, parse

__all__ = ["MAX_CHARACTERS", "MAX_NODES", "Expression", "FormulaError", "NoNumber", "parse"]
