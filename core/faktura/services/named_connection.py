"""Which access or connection a person means: by its key, its id, the end of that, or its bank's name."""

from collections.abc import Callable
from uuid import UUID

from faktura.domain.bank_connections import BankConnection
from faktura.kernel.errors import Conflict, NotFound, shortened
from faktura.store.bank_connections import list_connections
from faktura.store.bank_feeds import feed_of, list_feeds
from faktura.store.transaction import Tx

_LEAST_OF_ID = 6


def only_feed(tx: Tx, instance: str | None) -> str:
    """The instance, or that of the only access; raises NotFound, and Conflict where there are several."""
    if instance is not None:
        return feed_of(tx, instance).instance
    found = [one.instance for one in list_feeds(tx)]
    if not found:
        raise NotFound(
            "there is no access to a bank feed",
            place="instance",
            mend="Add one: faktura bank feeds add finapi",
        )
    if len(found) > 1:
        raise Conflict(
            f"there are several accesses: {', '.join(found)}",
            place="instance",
            mend="Name one with --instance",
        )
    return found[0]


def named_connection(tx: Tx, written: str) -> UUID:
    """The connection of that id, of the end of it, or of that bank; also one that has ended.

    Raises NotFound, and Conflict where several are meant: of one bank's connections the living are.
    """
    everything = list_connections(tx, ended=True)
    wanted = written.strip().lower()
    ending = wanted.replace("-", "")
    if len(ending) >= _LEAST_OF_ID:
        found = [one for one in everything if one.id.hex.endswith(ending)]
        if found:
            return _one(found, written)
    return _one(
        _at_bank(everything, wanted, lambda one: one.ended_at is None)
        or _at_bank(everything, wanted, lambda _one: True),
        written,
    )


def _at_bank(
    connections: list[BankConnection], name: str, counts: Callable[[BankConnection], bool]
) -> list[BankConnection]:
    return [one for one in connections if one.bank_name.lower() == name and counts(one)]


def _one(found: list[BankConnection], written: str) -> UUID:
    if not found:
        raise NotFound(
            f"there is no bank connection “{shortened(written)}”",
            place="connection",
            mend="faktura bank connections shows them",
        )
    if len(found) > 1:
        named = ", ".join(f"{one.bank_name} {one.id}" for one in found)
        raise Conflict(
            f"several connections are meant: {named}", place="connection", mend="Write the id"
        )
    return found[0].id
