"""Asks REFTAX about one VAT id: one POST, nothing kept."""

import json
from typing import ClassVar, cast

from faktura.kernel.outside_errors import OutcomeUnknown, OutsideUnavailable
from faktura.plugin import AdapterSettings, HttpRequest, VatIdAnswer, VatIdChecker, VatIdQuestion
from typing_extensions import override

from faktura_ref_tax.mapping import answer_of
from faktura_ref_tax.settings import RefTaxSettings


class RefVatIdChecker(VatIdChecker):
    """Checks VAT ids at REFTAX."""

    checker: ClassVar[str] = "ref-tax"
    Settings: ClassVar[type[AdapterSettings]] = RefTaxSettings

    @override
    async def check(self, question: VatIdQuestion) -> VatIdAnswer:
        """Ask once; raises as VatIdChecker says."""
        settings = cast("RefTaxSettings", self.settings)
        request = HttpRequest(
            "POST",
            f"{settings.url}/checks",
            {"authorization": f"Bearer {settings.key.get_secret_value()}"},
            json.dumps(question.model_dump()).encode(),
        )
        try:
            answer = await self.runtime.http.request(request)
        except OutcomeUnknown as lost:
            # A question changes nothing there: it may be asked again.
            raise OutsideUnavailable(lost.problem, place=lost.place) from lost
        return answer_of(question, answer)
