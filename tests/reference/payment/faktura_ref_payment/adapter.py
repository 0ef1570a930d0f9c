"""An account at Refpay: asks, and says in our words what was answered."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import ClassVar, cast

import faktura.plugin as api
from faktura.kernel.errors import BadInput
from faktura.kernel.money import Money
from faktura.kernel.outside_errors import AccountBroken, OutcomeUnknown, OutsideUnavailable
from faktura.kernel.terms import PaymentMethod
from pydantic import ValidationError
from typing_extensions import override

from faktura_ref_payment.mapping import Said, fact_of, outcome_of
from faktura_ref_payment.settings import RefPaymentSettings


class RefPaymentAdapter(api.PaymentAdapter, api.EventReading):
    """Cards over one account."""

    provider = "ref-payment"
    Settings: ClassVar[type[api.AdapterSettings]] = RefPaymentSettings

    @override
    def capabilities(self) -> api.Capabilities:
        """Three currencies; a key is known for a day, of which four hours are to spare."""
        return api.Capabilities(
            methods=frozenset({PaymentMethod.CARD}),
            currencies=frozenset({"EUR", "JPY", "KWD"}),
            minimum={"EUR": Decimal("0.50")},
            key_window=timedelta(hours=20),
        )

    @override
    async def collect(self, request: api.CollectRequest) -> api.Outcome:
        """Charge once under the key; Refpay gives the first answer again."""
        try:
            minor = Money.from_decimal(request.amount, request.currency).minor
        except BadInput as error:
            return api.Rejected(code=error.code, message=str(error))
        told = {"key": request.key, "tenant": request.tenant, "card": request.means.reference}
        body = json.dumps({**told, "amount": minor, "currency": request.currency}).encode()
        return await self._outcome("POST", "/payments", body)

    @override
    async def look_up(self, attempt: api.AttemptReference) -> api.Outcome:
        """By our key: Refpay has every payment at once."""
        return await self._outcome("GET", f"/payments/{attempt.request.key}")

    @override
    async def facts(self, event: api.ProviderEvent) -> list[api.PaymentFact]:
        """How the payment is now that the event names."""
        try:
            return [fact_of(await self._asked("GET", f"/payments/{event.payload['payment']}"))]
        except (OutcomeUnknown, BadInput) as lost:
            raise OutsideUnavailable(lost.problem) from lost

    async def _outcome(self, method: str, path: str, body: bytes | None = None) -> api.Outcome:
        try:
            return outcome_of(await self._asked(method, path, body))
        except (OutcomeUnknown, BadInput) as lost:
            return api.Unclear(why=lost.problem)

    async def _asked(self, method: str, path: str, body: bytes | None = None) -> Said:
        """The payment; raises AccountBroken, OutsideUnavailable, OutcomeUnknown."""
        own = cast("RefPaymentSettings", self.settings)
        headers = {"authorization": f"Bearer {own.api_key.get_secret_value()}"}
        request = api.HttpRequest(method, own.base_url + path, headers, body)
        answer = await self.runtime.http.request(request)
        if answer.status in (401, 403):
            raise AccountBroken("Refpay does not take our key", mend="Set `api_key` anew")
        if answer.status == 429:
            raise OutsideUnavailable("busy", retry_after=answer.retry_after)
        try:
            return Said.model_validate_json(answer.body)
        except ValidationError:
            # Not `from` it: its text would quote the answer.
            raise OutcomeUnknown(f"no answer of Refpay's: HTTP {answer.status}") from None
