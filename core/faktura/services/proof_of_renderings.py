"""Proof that documents' bytes are those that were sealed when they were rendered (O15, P23)."""

from collections.abc import Iterator

from faktura.domain.violations import Proof, Violation
from faktura.store.sealed_renderings import renderings_with_seals, sealed_without_rendering
from faktura.store.transaction import Tx


def renderings_are_sealed(tx: Tx) -> Iterator[Violation]:
    """Each rendering has the hash that its event seals, and each such event has its rendering.

    Those made before renderings were sealed at all have no event; from the first sealed one on,
    every one has.
    """
    begun = False
    for one in renderings_with_seals(tx):
        begun = begun or one.sealed is not None
        if one.sealed is None:
            if begun:
                yield Violation(Proof.SEALS, one.place, "no seal covers it")
        elif one.sealed != one.stored:
            yield Violation(
                Proof.SEALS, one.place, "its hash is not the one that was sealed with it"
            )
    for place in sealed_without_rendering(tx):
        yield Violation(Proof.SEALS, place, "a sealed event tells of it, and it is gone")
