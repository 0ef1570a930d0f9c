"""What an invoice froze of the check of its buyer's VAT id (F120)."""

from datetime import date
from typing import Any, Self

from pydantic import Field

from faktura.kernel.vat_terms import VatCheckResult, VatTraderMatch
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import Day


class FrozenVatCheckAnswer(Answer):
    """The last decisive check of the VAT id before the document was issued."""

    vat_id: str = Field(description="What was checked: the buyer's VAT id.")
    result: VatCheckResult = Field(description="What the register said.")
    checked_on: Day = Field(description="The day of the check, on the tenant's clock.")
    checker: str = Field(description="The register's adapter.")
    reference: str | None = Field(description="The register's number of the request, its proof.")
    matches: dict[str, VatTraderMatch] = Field(
        description="Whether name, street, zipCode and city are the registered ones."
    )

    @classmethod
    def of(cls, buyer: dict[str, Any]) -> Self | None:
        """The answer; None where nothing was checked."""
        frozen = buyer.get("vatCheck")
        if frozen is None:
            return None
        return cls(
            vat_id=frozen["vatId"],
            result=VatCheckResult(frozen["result"]),
            checked_on=date.fromisoformat(frozen["checkedOn"]),
            checker=frozen["checker"],
            reference=frozen["reference"] or None,
            matches=frozen["matches"],
        )
