"""Options of command lines that decide how a table is written."""

from __future__ import annotations

import argparse

from lstm_core.tables.assumptions import Options


def add_table_options(parser: argparse.ArgumentParser) -> None:
    """Add one option for each thing that is assumed of a table otherwise."""
    decided = parser.add_argument_group("how the file is written, where the reader is mistaken")
    decided.add_argument("--encoding", help="of the text: utf-8, cp1252, ...")
    decided.add_argument(
        "--separator", help="of cells: a sign, or comma, semicolon, tab, bar, space, none"
    )
    decided.add_argument("--skip", type=int, help="lines above the table")
    decided.add_argument("--headings", type=int, help="rows that name the columns")
    decided.add_argument("--sheet", help="of a workbook")


def table_options(options: argparse.Namespace) -> Options:
    """Take what was decided from the arguments of a command line."""
    return Options(
        getattr(options, "format", None),
        options.encoding,
        options.separator,
        options.skip,
        options.headings,
        options.sheet,
    )
