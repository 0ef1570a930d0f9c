"""Long results row by row: from a cursor of the server, closed when nobody reads on."""

from collections.abc import Generator
from typing import Any

from sqlalchemy import Select

from faktura.store.transaction import Tx

_PAGE = 500


def streamed(tx: Tx, query: Select[Any]) -> Generator[Any, None, None]:
    """The rows of a query; a page of them is in memory at a time."""
    rows = tx.connection.execute(query, execution_options={"yield_per": _PAGE})
    try:
        yield from rows
    finally:
        rows.close()
