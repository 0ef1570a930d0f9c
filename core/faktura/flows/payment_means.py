"""Forgetting a means of payment: never used again first, then deleted at its provider."""

from uuid import UUID

from faktura.domain.payment_accounts import PaymentAccount
from faktura.domain.payment_means import PaymentMeans
from faktura.domain.tenants import Tenant
from faktura.flows.providers import Broken, Lost, NotSent, provider_of
from faktura.flows.transactions import in_tx
from faktura.hub.adapters import Adapters
from faktura.kernel.errors import TransitionRefused
from faktura.plugin import MeansKeeping
from faktura.services.payment_means import FORGOTTEN, means_gone, reference_of_means
from faktura.store.database import Database
from faktura.store.payment_accounts import find_account
from faktura.store.payment_means import read_means
from faktura.store.transaction import Tx


async def forget_means(
    database: Database, adapters: Adapters, tenant: Tenant, means_id: UUID
) -> str:
    """Use it never again, and have it deleted; gives why its provider may still have it, or nothing.

    Asked again, it asks the provider again. Raises NotFound, and TransitionRefused for a mandate.
    """
    means, account = await in_tx(database, tenant.id, _forgotten, means_id)
    if account is None:
        return f"there is no payment account {means.instance} any more"
    provider = await provider_of(database, adapters, tenant, account)
    if isinstance(provider, Broken):
        return provider.problem
    adapter = provider.adapter
    if not isinstance(adapter, MeansKeeping):
        return f"{account.provider} cannot be told to forget it"
    reference = reference_of_means(means)
    answer = await provider.guarded(lambda: adapter.forget_means(reference), type(None))
    if isinstance(answer, NotSent | Broken):
        return answer.problem
    return answer.why if isinstance(answer, Lost) else ""


def _forgotten(tx: Tx, means_id: UUID) -> tuple[PaymentMeans, PaymentAccount | None]:
    means = read_means(tx, means_id)
    if means.mandate is not None or means.instance is None:
        raise TransitionRefused(
            f"{means.reference} is a mandate: it is revoked, with a reason",
            place="means",
            mend="Use: faktura payments mandates revoke",
        )
    means_gone(tx, means_id, FORGOTTEN)
    return means, find_account(tx, means.instance)
