"""Tables that people really have: found out, read row by row, and told what was assumed."""

from lstm_core.tables.assumptions import Assumption, Options, TableError, remarkable
from lstm_core.tables.cells import LONGEST_CELL, Exact, Written, read_cells, safe_cell
from lstm_core.tables.reading import Reading, Row, open_lines, open_table, unlike
from lstm_core.tables.sources import KINDS, NOT_UTF8, kind_of, what_it_is

__all__ = [
    "KINDS",
    "LONGEST_CELL",
    "NOT_UTF8",
    "Assumption",
    "Exact",
    "Options",
    "Reading",
    "Row",
    "TableError",
    "Written",
    "kind_of",
    "open_lines",
    "open_table",
    "read_cells",
    "remarkable",
    "safe_cell",
    "unlike",
    "what_it_is",
]
