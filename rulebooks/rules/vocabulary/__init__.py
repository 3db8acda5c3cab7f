"""The vocabulary as data: which words there are, their schema, and the page that explains them.

All of it is read off the classes that an edition is made of, so a word that is added anywhere is
in the schema and on the page without another line.
"""

from rulebooks.rules.vocabulary.json_schema import json_schema
from rulebooks.rules.vocabulary.reference import reference
from rulebooks.rules.vocabulary.walk import Entry, Family, families, parts

__all__ = ["Entry", "Family", "families", "json_schema", "parts", "reference"]
