"""What happened at Braintree: facts behind an event, and events that no webhook brought (O22)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from faktura.kernel.errors import NotFound
from faktura.kernel.outside_errors import OutcomeUnknown, OutsideUnavailable
from faktura.kernel.payment_terms import CustomerReason, PaymentFactKind
from faktura.plugin import PaymentFact, PolledEvents, ProviderEvent, Runtime
from faktura_braintree.charge import Dispute, dispute_of
from faktura_braintree.facts import credit_facts, dispute_facts, sale_facts
from faktura_braintree.sales import Sales
from faktura_braintree.sdk import Gateway, Sdk, library
from faktura_braintree.settings import PaidWhen
from faktura_braintree.vault import Vault

_WINDOW = timedelta(days=1)
_SMALLEST = timedelta(minutes=1)
# The search lags, and an event may be written a moment after its time: listed again, known by id.
_OVERLAP = timedelta(hours=2)
# Braintree cuts longer lists off.
_LISTED_AT_MOST = 10_000
_SETTLES_WITHIN = timedelta(days=60)
_MOMENTS = ("submitted_for_settlement_at", "settled_at", "voided_at")


class Events:
    """Asks for what an event hints at, and lists what nobody delivered."""

    def __init__(
        self, paid_when: PaidWhen, runtime: Runtime, sdk: Sdk, sales: Sales, vault: Vault
    ) -> None:
        self._paid_when = paid_when
        self._runtime = runtime
        self._sdk = sdk
        self._sales = sales
        self._vault = vault

    async def facts(self, event: ProviderEvent) -> Sequence[PaymentFact]:
        """What is so now; raises OutsideUnavailable where Braintree gives no answer."""
        try:
            return await self._facts(event)
        except OutcomeUnknown as error:
            # Reading changes nothing there: it is simply read again.
            raise OutsideUnavailable(error.problem, place=error.place) from error

    async def _facts(self, event: ProviderEvent) -> Sequence[PaymentFact]:
        charge, dispute, token = (
            str(event.payload.get(name) or "") for name in ("transaction", "dispute", "token")
        )
        try:
            if dispute:
                return dispute_facts(await self._dispute(dispute))
            if charge:
                return await self._of_charge(charge)
        except NotFound:
            # Trial notifications of the control panel name objects that do not exist.
            return ()
        return await self._of_means(token, event) if token else ()

    async def _dispute(self, reference: str) -> Dispute:
        return await self._sdk.ask(lambda gateway: dispute_of(gateway.dispute.find(reference)))

    async def _of_charge(self, reference: str) -> Sequence[PaymentFact]:
        charge = await self._sales.find(reference)
        if charge.kind == "sale":
            return sale_facts(charge, self._paid_when)
        original = await self._sales.find(charge.refunded) if charge.refunded else None
        return credit_facts(charge, original, self._paid_when)

    async def _of_means(self, token: str, event: ProviderEvent) -> Sequence[PaymentFact]:
        if await self._vault.find(token) is not None:
            return ()
        return (
            PaymentFact(
                kind=PaymentFactKind.MEANS_GONE,
                occurred_at=event.occurred_at or self._runtime.clock.now(),
                means_reference=token,
                means_gone=True,
                reason=CustomerReason.WITHDRAWN,
            ),
        )

    async def since(self, cursor: str, since: datetime) -> PolledEvents:
        """Events of at most a day behind the cursor, which is a moment; the next day is `more`.

        A list that Braintree would cut off is asked for again in halves of its time.
        """
        start = datetime.fromisoformat(cursor) if cursor else since
        now = self._runtime.clock.now()
        window = _WINDOW
        while True:
            end = min(start + window, now)
            listed = await self._listed(start - _OVERLAP, end)
            if listed is not None or window <= _SMALLEST:
                break
            window /= 2
        events = tuple(listed or ())
        return PolledEvents(events=events, cursor=max(start, end).isoformat(), more=end < now)

    async def _listed(self, start: datetime, end: datetime) -> Sequence[ProviderEvent] | None:
        try:
            found = [await self._sdk.ask(_charges_of(name, start, end)) for name in _MOMENTS]
            declined = await self._sdk.ask(_declined_since(start - _SETTLES_WITHIN, end))
            disputes = await self._sdk.ask(_disputes_of(start, end))
        except (OutcomeUnknown, NotFound) as error:
            raise OutsideUnavailable(error.problem, place=error.place) from error
        if any(len(ids) >= _LISTED_AT_MOST for ids in (*found, declined)) and (
            end - start > _OVERLAP + _SMALLEST
        ):
            return None
        lists = dict(zip((*_MOMENTS, "settlement_declined"), (*found, declined), strict=True))
        return [*_charge_events(lists), *_dispute_events(disputes)]


def _charge_events(lists: Mapping[str, Sequence[str]]) -> Iterator[ProviderEvent]:
    for name, ids in lists.items():
        status = name.removesuffix("_at")
        for one in ids:
            yield ProviderEvent(
                id=f"poll:{one}:{status}",
                type=f"transaction_{status}",
                payload={"transaction": one},
            )


def _dispute_events(disputes: Sequence[Dispute]) -> Iterator[ProviderEvent]:
    for dispute in disputes:
        yield ProviderEvent(
            id=f"poll:{dispute.id}:{dispute.status}",
            type=f"dispute_{dispute.status}",
            occurred_at=dispute.changed_at,
            payload={"dispute": dispute.id},
        )


def _charges_of(moment: str, start: datetime, end: datetime) -> Callable[[Gateway], Sequence[str]]:
    def ask(gateway: Gateway) -> Sequence[str]:
        term = getattr(library().TransactionSearch, moment)
        return list(gateway.transaction.search(term.between(_utc(start), _utc(end))).ids)

    return ask


def _declined_since(start: datetime, end: datetime) -> Callable[[Gateway], Sequence[str]]:
    # There is no moment of a late refusal to search by: all of the last weeks, known by their ids.
    def ask(gateway: Gateway) -> Sequence[str]:
        search = library().TransactionSearch
        found = gateway.transaction.search(
            search.status.in_list(["settlement_declined"]),
            search.created_at.between(_utc(start), _utc(end)),
        )
        return list(found.ids)

    return ask


def _disputes_of(start: datetime, end: datetime) -> Callable[[Gateway], Sequence[Dispute]]:
    def ask(gateway: Gateway) -> Sequence[Dispute]:
        search = library().DisputeSearch
        days = [f"{day:%m/%d/%Y}" for day in (start - timedelta(days=1), end + timedelta(days=1))]
        found: dict[str, Dispute] = {}
        for name in ("received_date", "effective_date"):
            result = gateway.dispute.search(getattr(search, name).between(*days))
            found |= {one.id: dispute_of(one) for one in result.disputes.items}
        return list(found.values())

    return ask


def _utc(moment: datetime) -> datetime:
    # The SDK writes a moment's own numbers and calls them UTC.
    return moment.astimezone(UTC)
