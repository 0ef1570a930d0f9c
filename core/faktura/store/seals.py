"""The chain of seals: whoever writes facts locks its head, once, late in the transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from faktura.domain.sealing import seal_hash, seal_root
from faktura.kernel.errors import NotFound
from faktura.store.tables import chain_head, seal
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Head:
    """The locked end of the chain: this transaction's seal number and first journal number.

    `locked_to` is the last day (inclusive) that no entry is booked on any more, None if all are open.
    """

    seal_seq: int
    prev: bytes
    first_entry_seq: int
    locked_to: date | None


def lock_head(tx: Tx, *, entries: int) -> Head:
    """Lock the tenant's chain and take the next seal and a block of journal numbers."""
    taken = tx.connection.execute(
        update(chain_head)
        .where(chain_head.c.tenant_id == tx.tenant_id)
        .values(seal_seq=chain_head.c.seal_seq + 1, entry_seq=chain_head.c.entry_seq + entries)
        .returning(
            chain_head.c.seal_seq,
            chain_head.c.seal_hash,
            chain_head.c.entry_seq,
            chain_head.c.locked_to,
        )
    ).one_or_none()
    if taken is None:
        raise NotFound(f"tenant {tx.tenant_id} has no chain of seals")
    return Head(taken.seal_seq, taken.seal_hash, taken.entry_seq - entries + 1, taken.locked_to)


def locked_through(tx: Tx) -> date | None:
    """The last day that no entry is booked on any more, as of now: nothing is locked by asking."""
    return tx.connection.execute(
        select(chain_head.c.locked_to).where(chain_head.c.tenant_id == tx.tenant_id)
    ).scalar_one_or_none()


def write_seal(tx: Tx, head: Head, digests: Iterable[bytes]) -> None:
    """Seal the transaction's facts and move the head to it."""
    facts, now = list(digests), tx.now()
    root = seal_root(facts)
    link = seal_hash(head.prev, head.seal_seq, root, len(facts), now)
    tx.connection.execute(
        seal.insert().values(
            tenant_id=tx.tenant_id,
            seq=head.seal_seq,
            prev=head.prev,
            root=root,
            facts=len(facts),
            hash=link,
            recorded_at=now,
        )
    )
    tx.connection.execute(
        update(chain_head).where(chain_head.c.tenant_id == tx.tenant_id).values(seal_hash=link)
    )
