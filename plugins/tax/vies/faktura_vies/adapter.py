"""Asks VIES about one VAT id: one POST, nothing kept."""

from datetime import timedelta
from typing import ClassVar, cast

from typing_extensions import override

from faktura.kernel.outside_errors import OutcomeUnknown, OutsideUnavailable
from faktura.plugin import (
    AdapterSettings,
    HttpAnswer,
    HttpRequest,
    VatIdAnswer,
    VatIdChecker,
    VatIdQuestion,
)
from faktura_vies.answers import answer_of
from faktura_vies.question import question_body
from faktura_vies.settings import ViesSettings

_MOST = 64 * 1024


class ViesChecker(VatIdChecker):
    """Checks VAT ids of all member states over VIES."""

    checker = "vies"
    Settings: ClassVar[type[AdapterSettings]] = ViesSettings

    @override
    async def check(self, question: VatIdQuestion) -> VatIdAnswer:
        """Ask once; raises as VatIdChecker says."""
        return answer_of(question, await self._ask(question))

    async def _ask(self, question: VatIdQuestion) -> HttpAnswer:
        settings = cast("ViesSettings", self.settings)
        request = HttpRequest(
            "POST",
            f"{settings.url}/check-vat-number",
            {"content-type": "application/json", "accept": "application/json"},
            question_body(question),
            limit=timedelta(seconds=settings.seconds),
            most=_MOST,
        )
        try:
            return await self.runtime.http.request(request)
        except OutcomeUnknown as lost:
            # A question changes nothing there: it may be asked again.
            raise OutsideUnavailable(lost.problem, place=lost.place) from lost
