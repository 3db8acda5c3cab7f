"""Many rows are read as whole columns as they are by COPY."""

import polars as pl
import pytest

from kpis.selectors.copying import read, read_columns

pytestmark = pytest.mark.django_db
SCHEMA = {"id": pl.Int64, "code": pl.String, "number": pl.String}
ROWS = """
select * from (values (1, 'lämp "a"', null), (2, null, 0.5), (3, '\\"%%', null)) t
where column1 <= %(most)s
"""


@pytest.mark.parametrize("most", range(4), ids="{} rows".format)
def test_columns_hold_the_rows(most):
    found = read_columns(ROWS, {"most": most}, SCHEMA)

    assert found.equals(read(ROWS, {"most": most}, SCHEMA))
    assert (found.schema, found.height) == (SCHEMA, most)


def test_a_text_with_an_end_of_line_is_refused():
    with pytest.raises(ValueError, match="1 texts have 2 lines"):
        read_columns("select 1, e'two\nlines', 2", {}, SCHEMA)
