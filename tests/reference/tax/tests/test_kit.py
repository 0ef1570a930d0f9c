"""REFTAX on the kit of VAT-id checkers: nothing else tests this connector."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

from faktura.plugin import Adapter
from faktura.testing.kit.vat_ids import VatIdCheckerKit
from faktura.testing.kit.vat_register import VatRegisterDouble
from faktura_ref_tax_double import RefTax
from typing_extensions import override

from faktura_ref_tax.adapter import RefVatIdChecker


class TestRefVatIdChecker(VatIdCheckerKit):
    """REFTAX can do everything that the kit asks for."""

    adapter_class: ClassVar[type[Adapter]] = RefVatIdChecker

    @override
    @asynccontextmanager
    async def running(self) -> AsyncIterator[VatRegisterDouble]:
        yield RefTax()
