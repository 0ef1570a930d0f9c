"""Giving money back over the provider it came by: written down, asked for, kept (P26, P33).

No transaction is open while the provider is asked. A lost answer is asked for again under the same
key, so that nothing is paid twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from faktura.domain.payment_accounts import PaymentAccount
from faktura.domain.provider_refunds import (
    ProviderRefund,
    had_to_wait,
    may_repeat,
    was_not_received,
)
from faktura.domain.tenants import Tenant
from faktura.flows.providers import Broken, Lost, NotSent, Provider, provider_of
from faktura.flows.transactions import in_read_tx, in_tx
from faktura.hub.adapters import Adapters
from faktura.kernel.errors import TransitionRefused
from faktura.kernel.payment_terms import ProviderState, RefundState
from faktura.plugin import PaymentAdapter, RefundAnswer, Refunding, RefundOutcome, RefundRequest
from faktura.services.opening_refunds import (
    WantedRefund,
    attempt_named,
    mark_refund_sent,
    not_sent,
    open_refund,
)
from faktura.services.provider_refunds import apply_refund
from faktura.store.database import Database
from faktura.store.payment_accounts import account_of, find_account
from faktura.store.refunds_at_provider import ListedRefund, read_refund, refunds_to_check
from faktura.store.transaction import Tx

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class RefundDesk:
    """The tenant whose money goes back, and who talks to its providers."""

    database: Database
    adapters: Adapters
    tenant: Tenant

    async def provider(self, instance: str) -> Provider | Broken:
        """Who talks to that account."""
        account = await in_read_tx(self.database, self.tenant.id, account_of, instance)
        return await provider_of(self.database, self.adapters, self.tenant, account)


async def give_back(desk: RefundDesk, wanted: WantedRefund) -> ListedRefund:
    """Refund a part of a payment or all of it; how the refund stands then.

    Raises as `open_refund`, and TransitionRefused for an account that cannot refund or is not asked.
    """
    attempt = await in_read_tx(desk.database, desk.tenant.id, attempt_named, str(wanted.attempt_id))
    provider = _able(await desk.provider(attempt.instance), attempt.instance)
    partial = provider.adapter.capabilities().partial_refunds
    opened = await in_tx(
        desk.database, desk.tenant.id, open_refund, desk.tenant, wanted, partial=partial
    )
    await _send(provider, opened)
    return await in_read_tx(desk.database, desk.tenant.id, read_refund, opened.id)


def ask_for_refund(
    tx: Tx, adapters: Adapters, tenant: Tenant, wanted: WantedRefund
) -> ListedRefund:
    """Write a refund down that a worker sends within minutes; it is CREATED until then.

    Raises as `give_back`.
    """
    attempt = attempt_named(tx, str(wanted.attempt_id))
    account = account_of(tx, attempt.instance)
    adapter = adapters.payment(tenant.id, account.provider, account.instance)
    _check_able(account, adapter)
    partial = adapter.capabilities().partial_refunds
    return read_refund(tx, open_refund(tx, tenant, wanted, partial=partial).id)


async def resolve_refund(provider: Provider, refund: ProviderRefund) -> None:
    """Find out what became of a refund: sent again under its key, or looked up."""
    adapter, clock = provider.adapter, provider.database.clock
    if not isinstance(adapter, Refunding):
        return
    able = adapter.capabilities()
    repeated = refund.state is not RefundState.PENDING and may_repeat(
        refund, able.key_window, clock.now()
    )
    if refund.state is RefundState.CREATED or repeated:
        await _send(provider, refund)
        return
    request = RefundRequest.model_validate_json(refund.request)
    answer = await provider.guarded(
        lambda: adapter.look_up_refund(request, refund.reference or ""), RefundOutcome
    )
    if isinstance(answer, RefundOutcome) and answer.answer is RefundAnswer.ABSENT:
        if had_to_wait(refund):
            await _send(provider, refund)
            return
        looked = await in_read_tx(provider.database, provider.tenant.id, read_refund, refund.id)
        if was_not_received(looked.refund, able.look_up, clock.now()):
            answer = RefundOutcome(
                answer=RefundAnswer.FAILED, message="the provider never received it"
            )
    await _keep(provider, refund, answer)


async def resolve_refunds(desk: RefundDesk) -> int:
    """Ask about every refund whose time has come, over accounts that are asked now; how many."""
    due = await in_read_tx(desk.database, desk.tenant.id, _due)
    by_instance: dict[str, list[ProviderRefund]] = {}
    for one in due:
        by_instance.setdefault(one.instance, []).append(one.refund)
    asked = 0
    for instance, refunds in sorted(by_instance.items()):
        provider = await desk.provider(instance)
        if isinstance(provider, Broken):
            continue
        for refund in refunds:
            await resolve_refund(provider, refund)
            asked += 1
    return asked


def _due(tx: Tx) -> Sequence[ListedRefund]:
    return [
        one
        for one in refunds_to_check(tx, tx.now(), _AT_ONCE)
        if (account := find_account(tx, one.instance)) is not None
        and account.state is ProviderState.ACTIVE
    ]


def _able(provider: Provider | Broken, instance: str) -> Provider:
    if isinstance(provider, Broken):
        raise TransitionRefused(f"{instance} is broken: {provider.problem}", place="account")
    _check_able(provider.account, provider.adapter)
    return provider


def _check_able(account: PaymentAccount, adapter: PaymentAdapter) -> None:
    if account.state is not ProviderState.ACTIVE:
        raise TransitionRefused(
            f"{account.instance} is {account.state}: {account.problem or 'by a person'}",
            place="account",
            mend="Let it run again first: faktura payments accounts",
        )
    if not isinstance(adapter, Refunding):
        raise TransitionRefused(
            f"{account.instance} cannot give money back",
            place="account",
            mend="Pay it out by transfer and record it: faktura payments refund",
        )


async def _send(provider: Provider, refund: ProviderRefund) -> None:
    adapter = provider.adapter
    sent = await in_tx(provider.database, provider.tenant.id, mark_refund_sent, refund.id)
    if sent is None or not isinstance(adapter, Refunding):
        return
    request = RefundRequest.model_validate_json(sent.request)
    answer = await provider.guarded(lambda: adapter.refund(request), RefundOutcome)
    await _keep(provider, refund, answer)


async def _keep(
    provider: Provider, refund: ProviderRefund, answer: RefundOutcome | NotSent | Broken | Lost
) -> None:
    database, tenant = provider.database, provider.tenant
    match answer:
        case NotSent() | Broken():
            await in_tx(database, tenant.id, not_sent, refund.id, answer.problem)
        case Lost():
            lost = RefundOutcome(answer=RefundAnswer.UNCLEAR, message=answer.why)
            await in_tx(database, tenant.id, apply_refund, tenant, refund.id, lost)
        case RefundOutcome():
            await in_tx(database, tenant.id, apply_refund, tenant, refund.id, answer)
