"""Sales: once under the attempt's key, whatever becomes of the answer (payments 3.3)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from faktura.kernel.errors import FakturaError, NotFound
from faktura.kernel.outside_errors import AccountBroken, OutcomeUnknown
from faktura.plugin import (
    Absent,
    ActionNeeded,
    AttemptReference,
    Cancelled,
    Declined,
    Outcome,
    Pending,
    Rejected,
    Runtime,
    Succeeded,
    Unclear,
)
from faktura_braintree import codes
from faktura_braintree.charge import Charge, Refusal, charge_of, refusal_of
from faktura_braintree.keys import KeyUse, RequestKeys, key_for
from faktura_braintree.mapping import is_repetition, outcome_of, refusal_outcome
from faktura_braintree.sdk import Gateway, Sdk, library
from faktura_braintree.settings import BraintreeSettings

_FAILED_FOR_GOOD = timedelta(hours=1)
# A request that is older was probably sent before.
_SENT_WITHIN = timedelta(minutes=2)
_STRENGTH = (Cancelled, Declined, Rejected, ActionNeeded, Unclear, Pending, Succeeded)


class Sales:
    """Sells, looks sales up and calls them off."""

    def __init__(
        self, settings: BraintreeSettings, runtime: Runtime, sdk: Sdk, keys: RequestKeys
    ) -> None:
        self._settings = settings
        self._runtime = runtime
        self._sdk = sdk
        self._keys = keys

    async def sell(
        self, key: str, params: Mapping[str, object], created_at: datetime
    ) -> tuple[Outcome, Charge | None]:
        """Sell once under the key, and the charge where one came of it.

        `params` are the SDK's, without the request key. Raises OutsideUnavailable when nothing was
        sent, and AccountBroken.
        """
        use = await self._sdk.aside(lambda: self._keys.use)
        try:
            known = await self._sold_before(key, use, created_at)
            if known:
                return self.strongest(known)
            answer = await self._sale(params, "" if use is KeyUse.REFUSED else key)
        except (OutcomeUnknown, NotFound) as error:
            return Unclear(why=error.problem), None
        if isinstance(answer, Refusal) and codes.KEY_NOT_ALLOWED in answer.codes:
            return await self._without_keys(key, params, use, created_at)
        if use is KeyUse.UNTRIED:
            await self._sdk.aside(lambda: self._keys.learn(KeyUse.TAKEN))
        return await self._concluded(key, answer, created_at)

    async def _sold_before(self, key: str, use: KeyUse, created_at: datetime) -> Sequence[Charge]:
        """What an earlier sending sold, which may have gone out before there were keys."""
        is_new = self._runtime.clock.now() - created_at < _SENT_WITHIN
        return () if is_new or use is KeyUse.REFUSED else await self.by_order(key)

    async def _sale(self, params: Mapping[str, object], request_key: str) -> Charge | Refusal:
        wanted = {**params, **({"api_request_key": request_key} if request_key else {})}
        mark = self._settings.tenant_field

        def ask(gateway: Gateway) -> Charge | Refusal:
            result = gateway.transaction.sale(wanted)
            if result.is_success:
                return charge_of(result.transaction, mark)
            return refusal_of(result, mark)

        try:
            return await self._sdk.ask(ask)
        except NotFound as error:
            raise AccountBroken(
                "Braintree does not know this merchant", mend="Check merchant_id"
            ) from error

    async def _without_keys(
        self, key: str, params: Mapping[str, object], use: KeyUse, created_at: datetime
    ) -> tuple[Outcome, Charge | None]:
        """Go on without request keys: only this request is known not to have been carried out."""
        await self._sdk.aside(lambda: self._keys.learn(KeyUse.REFUSED))
        self._runtime.log.warning("braintree_has_no_request_keys")
        if use is KeyUse.TAKEN:
            # The account had keys before: an earlier sending of this very request may have sold.
            return Unclear(why="the account lost its request keys"), None
        try:
            known = await self.by_order(key)
            if known:
                return self.strongest(known)
            answer = await self._sale(params, "")
        except (OutcomeUnknown, NotFound) as error:
            return Unclear(why=error.problem), None
        return await self._concluded(key, answer, created_at)

    async def _concluded(
        self, key: str, answer: Charge | Refusal, created_at: datetime
    ) -> tuple[Outcome, Charge | None]:
        if isinstance(answer, Charge):
            return outcome_of(answer, self._settings.paid_when), answer
        repeats = answer.charge is not None and is_repetition(answer.charge)
        if repeats or set(answer.codes) & (codes.KEY_UNSETTLED | codes.NONCE_USED):
            return await self._first_one(key, answer, created_at)
        return refusal_outcome(answer, self._settings.paid_when), answer.charge

    async def _first_one(
        self, key: str, answer: Refusal, created_at: datetime
    ) -> tuple[Outcome, Charge | None]:
        """What became of the request that this one repeats; a refused repetition is no decline."""
        try:
            known = await self.by_order(key)
        except FakturaError as error:
            return Unclear(why=f"{answer.message}; the search said: {error.problem}"), None
        if known:
            return self.strongest(known)
        waited = self._runtime.clock.now() - created_at
        if codes.KEY_RAN_INTO_FAILURE in answer.codes and waited > _FAILED_FOR_GOOD:
            failed = Declined(hard=False, code=codes.KEY_RAN_INTO_FAILURE, message=answer.message)
            return failed, None
        return Unclear(why=answer.message or "an earlier request is not found yet"), None

    async def by_order(self, order: str) -> Sequence[Charge]:
        """All sales with this order id that the search knows by now; it lags."""
        mark = self._settings.tenant_field

        def ask(gateway: Gateway) -> Sequence[Charge]:
            found = gateway.transaction.search(library().TransactionSearch.order_id == order)
            return [charge_of(one, mark) for one in found.items]

        return [
            one for one in await self._sdk.ask(ask) if one.kind == "sale" and one.order == order
        ]

    async def find(self, reference: str) -> Charge:
        """The transaction of that id; raises NotFound."""
        mark = self._settings.tenant_field
        return await self._sdk.ask(
            lambda gateway: charge_of(gateway.transaction.find(reference), mark)
        )

    def strongest(self, charges: Sequence[Charge]) -> tuple[Outcome, Charge | None]:
        """What the sales of one order come to: money that moved counts before a refusal."""
        first = [one for one in charges if not is_repetition(one)]
        if not first:
            return Unclear(why="only repetitions of the sale are found"), None
        outcomes = [(outcome_of(one, self._settings.paid_when), one) for one in first]
        moved = [one.id for outcome, one in outcomes if isinstance(outcome, Succeeded | Pending)]
        if len(moved) > 1:
            self._runtime.log.error("braintree_sold_twice", extra={"charges": moved})
        return max(outcomes, key=lambda pair: _STRENGTH.index(type(pair[0])))

    async def look_up(self, attempt: AttemptReference) -> Outcome:
        """What became of an attempt; Absent means that the search does not show it yet, or never."""
        try:
            if attempt.reference:
                known = await self._known(attempt.reference)
                if known is not None and not is_repetition(known):
                    return outcome_of(known, self._settings.paid_when)
            sold = await self.by_order(attempt.request.key)
        except (OutcomeUnknown, NotFound) as error:
            return Unclear(why=error.problem)
        return self.strongest(sold)[0] if sold else Absent()

    async def _known(self, reference: str) -> Charge | None:
        try:
            return await self.find(reference)
        except NotFound:
            return None

    async def cancel(self, attempt: AttemptReference) -> Outcome:
        """Void what is not decided; what is decided, or cannot be voided, tells its real outcome."""
        outcome = await self.look_up(attempt)
        if isinstance(outcome, ActionNeeded):
            # That sale is over at Braintree: to confirm it, the customer makes another one.
            return Cancelled(reference=outcome.reference)
        reference = outcome.reference if isinstance(outcome, Pending) else ""
        if not reference:
            return outcome
        try:
            await self.void(reference, attempt.request.key)
        except OutcomeUnknown as error:
            return Unclear(why=error.problem)
        return await self.look_up(attempt.model_copy(update={"reference": reference}))

    async def void(self, reference: str, key: str) -> Charge | Refusal:
        """Void a charge once; one that is settling is refused."""
        use = await self._sdk.aside(lambda: self._keys.use)
        keyed = {"api_request_key": key_for(key, "void")} if use is KeyUse.TAKEN else None
        mark = self._settings.tenant_field

        def ask(gateway: Gateway) -> Charge | Refusal:
            result = gateway.transaction.void(reference, keyed)
            if result.is_success:
                return charge_of(result.transaction, mark)
            return refusal_of(result, mark)

        return await self._sdk.ask(ask)
