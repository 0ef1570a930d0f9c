"""The same movements in another order, or each of them twice (banking 4.3)."""

from dataclasses import replace
from random import Random

from faktura.testing.recon_reading import LabelledSet

# What these are depends on what came before: the second of two transfers, the fee of a return.
_IN_ORDER = ("s_", "r_")
_AGAIN = "again"


def shuffled(given: LabelledSet, seed: int) -> LabelledSet:
    """The set in another order; movements that depend on each other stay in theirs."""
    rng = Random(seed)  # noqa: S311 - samples, no secrets
    kept = [one for one in given.transactions if _is_bound(given, one.id)]
    rest = [one for one in given.transactions if not _is_bound(given, one.id)]
    rng.shuffle(rest)
    mixed = list(rest)
    places = sorted(rng.sample(range(len(given.transactions)), len(kept)))
    for place, one in zip(places, kept, strict=True):
        mixed.insert(place, one)
    return replace(given, transactions=mixed)


def doubled(given: LabelledSet) -> LabelledSet:
    """The set with all movements once more behind it, under other ids and without labels."""
    again = [one.model_copy(update={"id": f"{one.id} {_AGAIN}"}) for one in given.transactions]
    return replace(given, transactions=[*given.transactions, *again])


def is_again(transaction_id: str) -> bool:
    """Whether it is a second one that `doubled` made."""
    return transaction_id.endswith(_AGAIN)


def _is_bound(given: LabelledSet, transaction_id: str) -> bool:
    return given.labels[transaction_id].category.startswith(_IN_ORDER)
