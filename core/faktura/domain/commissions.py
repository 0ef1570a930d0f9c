"""Commission rules: which partner earns how much on a contract, and when (F079, F080).

They are carried as rows only: nothing is paid by them yet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from faktura.kernel.contract_terms import CommissionDue
from faktura.kernel.errors import FakturaError, FieldInvalid, OutOfRange

_ALL = Decimal(100)


@dataclass(frozen=True, slots=True)
class CommissionRule:
    """What a partner, itself a customer, earns on the lines of an article (None: on all lines).

    `percent` is above 0 and at most 100; anything else raises OutOfRange.
    """

    partner_id: UUID
    partner_number: str
    article_number: str | None
    percent: Decimal
    due: CommissionDue

    def __post_init__(self) -> None:
        """Refuse a share that is none, or more than there is."""
        if not 0 < self.percent <= _ALL:
            raise OutOfRange(
                f"{self.percent} per cent is no commission (F079)",
                place="percent",
                mend="Give more than 0 and at most 100",
            )


def commission_faults(
    rule: CommissionRule, customer_id: UUID, others: Sequence[CommissionRule]
) -> Iterator[FakturaError]:
    """Nobody earns on a contract of their own, nor twice for the same; `others` come before it."""
    if rule.partner_id == customer_id:
        yield FieldInvalid(
            f"{rule.partner_number} is the contract's own customer (F079)",
            place="partnerNumber",
            mend="Name another customer as the partner",
        )
    if any(_earns_for(rule) == _earns_for(other) for other in others):
        yield FieldInvalid(
            f"{rule.partner_number} has a rule for the same already (F079)",
            place="partnerNumber",
            mend="Keep one of them",
        )


def _earns_for(rule: CommissionRule) -> tuple[UUID, str | None, CommissionDue]:
    return rule.partner_id, rule.article_number, rule.due
