"""A provider that does not take our key any more: its queue stops and a person is asked, once."""

from dataclasses import replace

from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.payment_terms import ProviderState
from faktura.services.payment_events import tell_of_account
from faktura.store.payment_accounts import change_account_state, find_account
from faktura.store.tasks import ask_once
from faktura.store.tenants import lock_tenant
from faktura.store.transaction import Tx


def break_account(tx: Tx, instance: str, problem: str) -> bool:
    """Stop asking over that account until a person resumes it; whether that is new.

    The operator gets a task and an event, once; no customer is told anything.
    """
    lock_tenant(tx)
    account = find_account(tx, instance)
    if account is None or account.state is ProviderState.BROKEN:
        return False
    change_account_state(tx, instance, ProviderState.BROKEN, problem)
    ask_once(
        tx,
        TaskKind.PROVIDER_BROKEN,
        instance,
        f"Payment account {instance} is broken: {problem}. Nothing is collected over it until"
        f" then: faktura payments accounts resume {instance}",
    )
    broken = replace(account, state=ProviderState.BROKEN, problem=problem)
    tell_of_account(tx, broken, "BROKEN")
    return True
