"""Registers that know which VAT ids are valid: VIES, or a national one (F120)."""

from abc import abstractmethod
from typing import ClassVar

from pydantic import Field

from faktura.kernel.vat_terms import VatCheckResult, VatTraderMatch
from faktura.plugin.adapter import Adapter
from faktura.plugin.dto import Dto


class VatIdQuestion(Dto):
    """A VAT id to check, with its country's letters; `own_vat_id` is who asks, empty for nobody.

    Name and address are compared where they are given and the member state tells: a qualified check.
    """

    vat_id: str
    own_vat_id: str = ""
    name: str = ""
    street: str = ""
    zip_code: str = ""
    city: str = ""


class VatIdAnswer(Dto):
    """What the register said: VALID, INVALID, or UNAVAILABLE where its member state does not answer.

    `reference` is the register's number of the request, which proves the check; `name` and `address`
    are the registered ones where they are told. `problem` is the register's word for no answer,
    `raw` the answer as it came.
    """

    result: VatCheckResult
    reference: str = ""
    name: str = ""
    address: str = ""
    name_match: VatTraderMatch = VatTraderMatch.NOT_TOLD
    street_match: VatTraderMatch = VatTraderMatch.NOT_TOLD
    zip_code_match: VatTraderMatch = VatTraderMatch.NOT_TOLD
    city_match: VatTraderMatch = VatTraderMatch.NOT_TOLD
    problem: str = ""
    raw: bytes = Field(default=b"", repr=False)


class VatIdChecker(Adapter):
    """Asks one register; stateless.

    May raise OutsideUnavailable (the register is not reached, or asks to come later), LinkRefused (it
    refuses the question: a person must look) and FileUnreadable for an answer that cannot be read.
    """

    checker: ClassVar[str]
    """What people call it: `vies`."""

    @abstractmethod
    async def check(self, question: VatIdQuestion) -> VatIdAnswer:
        """Ask once; that a member state does not answer is an answer, UNAVAILABLE."""
