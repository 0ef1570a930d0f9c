"""Discounts of contracts as files and requests give them (F076, F077)."""

from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import Field, model_validator

from faktura.domain.contracts import Contract
from faktura.domain.discounts import ContractDiscount
from faktura.kernel.contract_terms import DiscountScope
from faktura.kernel.errors import FieldInvalid, FieldMissing, NotFound, OutOfRange
from faktura.kernel.ids import IdSource
from faktura.services.imports.checks import Fields, ours
from faktura.services.imports.findings import Spot
from faktura.services.imports.offer import Offer
from faktura.services.imports.price_fields import DiscountFields
from faktura.services.imports.text_fields import Number
from faktura.services.imports.value_fields import Day, Flag, as_word

DiscountScopeWord = Annotated[DiscountScope, as_word(DiscountScope)]


class ContractDiscountFields(DiscountFields):
    """A discount of a contract on the lines of its scope; `reason` is printed on each (F076, F077).

    A per cent counts for each line, a fixed amount once for each invoice: it is spread over the
    lines it is for.
    """

    scope: DiscountScopeWord = Field(
        default=DiscountScope.CONTRACT, description="Which lines it is for."
    )
    target: Number | None = Field(
        default=None,
        description="The article number or the key of the product group; none for all lines.",
    )
    valid_from: Day | None = Field(
        default=None, description="First day on which a period may start; left out: always."
    )
    valid_until: Day | None = Field(
        default=None, description="First day on which it no longer counts; left out: open."
    )
    next_invoice: Flag = Field(
        default=False, description="Whether only the next invoice bears it (F077)."
    )

    @model_validator(mode="after")
    def _aimed(self) -> Self:
        if (self.target is None) == (self.scope is DiscountScope.CONTRACT):
            return self
        if self.target is None:
            raise ours(
                FieldMissing(
                    f"a discount on {self.scope} names which (F076)",
                    place="target",
                    mend="Give the article number or the key of the product group",
                )
            )
        raise ours(
            FieldInvalid(
                "a discount on the whole contract names no article or group (F076)",
                place="target",
                mend="Leave it out, or give scope ARTICLE or PRODUCT_GROUP",
            )
        )

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.valid_from and self.valid_until and self.valid_until <= self.valid_from:
            raise ours(
                OutOfRange(
                    f"{self.valid_until} is not after validFrom {self.valid_from}",
                    place="validUntil",
                    mend="It is the first day on which the discount no longer counts",
                )
            )
        return self


class EndDiscountFields(Fields):
    """From when a discount counts no longer."""

    valid_until: Day = Field(description="First day on which it no longer counts.")


def discounts_of(
    given: Sequence[ContractDiscountFields],
    contract: Contract,
    offer: Offer,
    new_id: IdSource,
    spot: Spot,
) -> list[ContractDiscount]:
    """The discounts, as far as they can be made; what is wrong is noted at `discounts.N`."""
    made: list[ContractDiscount] = []
    for no, fields in enumerate(given, 1):
        with spot.part(f"discounts.{no}").noting():
            made.append(discount_of(fields, contract, offer, new_id))
    return made


def discount_of(
    given: ContractDiscountFields, contract: Contract, offer: Offer, new_id: IdSource
) -> ContractDiscount:
    """The discount; raises NotFound, and FieldInvalid for an article of another project (F076)."""
    if given.scope is DiscountScope.ARTICLE:
        _check_article(given.target or "", contract, offer)
    if given.scope is DiscountScope.PRODUCT_GROUP and given.target not in offer.groups:
        raise NotFound(
            f"there is no product group “{given.target}” to give a discount on (F076)",
            place="target",
            mend="Give the key of one that exists",
        )
    return ContractDiscount(
        new_id(),
        given.scope,
        given.target,
        given.discount,
        given.valid_from,
        given.valid_until,
        given.next_invoice,
    )


def _check_article(number: str, contract: Contract, offer: Offer) -> None:
    if number not in offer.articles:
        raise NotFound(
            f"there is no article “{number}” to give a discount on (F076)",
            place="target",
            mend="Add it to the catalogue first",
        )
    try:
        offer.article(number, contract.project_id)
    except FieldInvalid as error:
        error.place = "target"
        raise
