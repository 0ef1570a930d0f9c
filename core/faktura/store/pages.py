"""Long lists page by page: behind a key, ascending, so that a page costs the same wherever it is."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_

_ESCAPE = "/"


def page_after(
    query: Select[Any], key: ColumnElement[Any], after: str | None, limit: int | None
) -> Select[Any]:
    """The rows whose `key` lies behind `after` (None = from the first), at most `limit`."""
    if after is not None:
        query = query.where(key > after)
    return query.order_by(key).limit(limit)


def page_of_few(
    query: Select[Any], key: ColumnElement[Any], after: str | None, limit: int | None
) -> Select[Any]:
    """As `page_after`, for a condition that few rows meet and that has an index of its own.

    Those few are sorted; the order's own index would lead through all the others.
    """
    if after is not None:
        query = query.where(key > after)
    return query.order_by(key.concat("")).limit(limit)


def containing(search: str, *columns: ColumnElement[Any]) -> ColumnElement[bool]:
    """Rows with that text in one of the columns; letters A to Z count in either case."""
    part = search
    for sign in (_ESCAPE, "%", "_"):
        part = part.replace(sign, _ESCAPE + sign)
    # The database lowers both sides: SQLite knows only A to Z, and leaves every other letter alone.
    pattern = func.lower(f"%{part}%")
    return or_(*(func.lower(column).like(pattern, escape=_ESCAPE) for column in columns))
