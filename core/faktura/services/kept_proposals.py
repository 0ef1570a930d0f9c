"""The proposals that wait with a movement, read back out of the proof of its last decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from faktura.kernel.decimals import decimal_from_text
from faktura.kernel.money import Money

Parts = tuple[tuple[str, Money], ...]


@dataclass(frozen=True, slots=True)
class KeptProposal:
    """One explanation of a movement as it was proposed: what it settles, by number.

    `rest` stays as credit of the customer of that number (empty where none is named), `given_up`
    would be written off of the last document. Amounts are in the movement's currency.
    """

    rule: str
    reason: str
    documents: Parts
    rest: Money
    given_up: Money
    customer: str


def proposals_of(proof: Mapping[str, object]) -> tuple[KeptProposal, ...]:
    """The proposals of a decision, best first; none where it has none, or was kept by older rules.

    A marked decision has one, of the documents that it would settle.
    """
    kept: Any = proof.get("proposals", ())
    return tuple(_proposal(one, str(proof["currency"])) for one in kept)


def _proposal(kept: Mapping[str, Any], currency: str) -> KeptProposal:
    return KeptProposal(
        kept["rule"],
        kept["reason"],
        _parts(kept["documents"], currency),
        _money(kept["rest"], currency),
        _money(kept["givenUp"], currency),
        kept["customer"],
    )


def _parts(kept: Sequence[Sequence[str]], currency: str) -> Parts:
    return tuple((number, _money(amount, currency)) for number, amount in kept)


def _money(text: str, currency: str) -> Money:
    return Money.from_decimal(decimal_from_text(text), currency)
