"""`faktura verify` on one snapshot: the proofs over the rows, then the bytes the rows name."""

from collections.abc import Callable, Iterator
from itertools import chain

from faktura.domain.audit_pack import Head
from faktura.domain.violations import Proof, Violation
from faktura.kernel.errors import IntegrityBroken
from faktura.services.proof_of_seals import head_is_kept
from faktura.services.verification import PROOFS, prove
from faktura.store.billed_facts import KeptContent, kept_contents
from faktura.store.blobs import ContentStore
from faktura.store.database import Database
from faktura.store.kept_letters import letter_contents


def _silent(_proof: Proof) -> None:
    return None


def verify(
    database: Database,
    contents: ContentStore,
    tenant_id: int,
    *,
    begun: Callable[[Proof], None] = _silent,
    expected: Head | None = None,
) -> Iterator[Violation]:
    """Every violation, as it is found; `begun` is told which proof is under way.

    `expected` is a head of the chain that was kept elsewhere: its seal must still be there.

    All proofs read the same moment of the database. Memory does not grow with the number of
    documents.
    """
    with database.read(tenant_id) as tx:
        for proof in PROOFS:
            begun(proof)
            yield from prove(tx, proof)
            if proof is Proof.SEALS and expected is not None:
                yield from head_is_kept(tx, expected)
        begun(Proof.CONTENTS)
        for kept in chain(kept_contents(tx), letter_contents(tx)):
            yield from _content(contents, tenant_id, kept)


def _content(contents: ContentStore, tenant_id: int, kept: KeptContent) -> Iterator[Violation]:
    try:
        if kept.size is None:
            contents.verify(tenant_id, kept.sha256)
            return
        size = len(contents.get(tenant_id, kept.sha256))
    except IntegrityBroken as broken:
        yield Violation(Proof.CONTENTS, kept.place, broken.problem)
        return
    if size != kept.size:
        problem = f"the stored bytes are {size}, the row says {kept.size}"
        yield Violation(Proof.CONTENTS, kept.place, problem)
