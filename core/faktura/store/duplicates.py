"""What the database refuses because it exists already, as an error that says so."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from faktura.kernel.errors import NumberTaken, WriteRefused


@contextmanager
def refusing_duplicates(what: str) -> Iterator[None]:
    """Raise NumberTaken where the block writes a key that another transaction wrote meanwhile.

    The transaction is lost then: on PostgreSQL nothing can follow in it.
    """
    try:
        yield
    except (WriteRefused, IntegrityError) as error:
        if "UNIQUE" not in str(error).upper():
            raise
        raise _taken(what) from None


def _taken(what: str) -> NumberTaken:
    return NumberTaken(
        f"a {what} exists already", mend="It was written a moment ago; look at it, then try again"
    )
