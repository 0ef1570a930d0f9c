"""The checker keeps what the core relies on: the VAT-id checkers' kit, on a VIES of our own."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from faktura.plugin import Adapter, Http, VatIdQuestion
from faktura.testing.kit.vat_ids import VatIdCheckerKit
from faktura.testing.kit.vat_register import VatRegisterDouble
from faktura.testing.outgoing import http_to
from faktura_vies.adapter import ViesChecker
from faktura_vies.settings import ViesSettings
from vies_double import Double, Registered, World, running


@dataclass
class Vies(VatRegisterDouble):
    """The double as the kit moves it."""

    double: Double

    @property
    @override
    def http(self) -> Http:
        return http_to(self.double.host)

    @override
    def settings(self) -> ViesSettings:
        return ViesSettings(url=self.double.url)

    @override
    def know(self, question: VatIdQuestion) -> None:
        self.double.world.numbers[question.vat_id] = Registered(
            question.name, question.street, question.zip_code, question.city
        )

    @override
    def take(self, own_vat_id: str) -> None:
        self.double.world.requesters.add(own_vat_id)

    @override
    def lose(self, country: str) -> None:
        self.double.world.down[country] = "MS_UNAVAILABLE"

    @override
    def asked(self) -> Sequence[tuple[str, str]]:
        return [
            (
                one["countryCode"] + one["vatNumber"],
                one.get("requesterMemberStateCode", "") + one.get("requesterNumber", ""),
            )
            for one in self.double.world.asked
        ]


class TestViesChecker(VatIdCheckerKit):
    """VIES: it has no account and so no secret."""

    adapter_class: ClassVar[type[Adapter]] = ViesChecker

    @override
    @asynccontextmanager
    async def running(self) -> AsyncIterator[VatRegisterDouble]:
        async with running(World()) as double:
            yield Vies(double)
