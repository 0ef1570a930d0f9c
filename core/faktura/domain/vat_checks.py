"""Checks of customers' VAT ids: whom, when again, and what of an answer is told (F120)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from faktura.kernel.vat_terms import VatCheckResult, VatTraderMatch

DECISIVE = frozenset({VatCheckResult.VALID, VatCheckResult.INVALID, VatCheckResult.MISFORMED})


@dataclass(frozen=True, slots=True)
class VatChecked:
    """The last decisive check of a VAT id, as invoices freeze it; `checked_on` is the tenant's day.

    `matches` says of `name`, `street`, `zipCode` and `city` whether they are the registered ones; empty
    where nothing was compared. `reference` is the register's number of the request.
    """

    vat_id: str
    result: VatCheckResult
    checked_on: date
    checker: str = ""
    reference: str = ""
    matches: Mapping[str, VatTraderMatch] = field(default_factory=dict)

    @property
    def differs(self) -> tuple[str, ...]:
        """What is registered otherwise, in the order of an address."""
        return tuple(
            name for name, match in self.matches.items() if match is VatTraderMatch.DIFFERS
        )

    @property
    def deviates(self) -> bool:
        """Whether a person should look: the number is not valid, or is somebody else's.

        A street that is written in another way is no deviation; another name or place is one.
        """
        return self.result is not VatCheckResult.VALID or bool({"name", "city"} & {*self.differs})

    def record(self) -> dict[str, object]:
        """As snapshots and JSON carry it."""
        return {
            "vatId": self.vat_id,
            "result": self.result.value,
            "checkedOn": str(self.checked_on),
            "checker": self.checker,
            "reference": self.reference,
            "matches": {name: match.value for name, match in self.matches.items()},
        }


def is_abroad(vat_id: str, home: str) -> bool:
    """Whether a VAT id is one of another member state than `home`, an ISO country; none is not."""
    return bool(vat_id) and vat_id[:2] != ("EL" if home == "GR" else home)


def is_due(checked: VatChecked | None, vat_id: str, on: date, every_days: int) -> bool:
    """Whether a VAT id is to be checked on that day: never was, was another one, or long ago."""
    if checked is None or checked.vat_id != vat_id:
        return True
    return checked.checked_on + timedelta(days=every_days) <= on
