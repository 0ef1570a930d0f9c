"""Accounts at payment providers: few rows, read whole."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from faktura.domain.payment_accounts import PaymentAccount
from faktura.kernel.canonical import canonical_json
from faktura.kernel.errors import NotFound, NumberTaken, shortened
from faktura.kernel.payment_terms import ProviderState
from faktura.kernel.terms import PaymentMethod
from faktura.store.tables import payment_account
from faktura.store.transaction import Tx

p = payment_account.c


def list_accounts(tx: Tx) -> list[PaymentAccount]:
    """All accounts, by instance."""
    rows = tx.connection.execute(
        select(payment_account).where(p.tenant_id == tx.tenant_id).order_by(p.instance)
    )
    return [_account(row) for row in rows]


def find_account(tx: Tx, instance: str) -> PaymentAccount | None:
    """The account of that instance."""
    return _read(tx, instance, lock=False)


def account_of(tx: Tx, instance: str) -> PaymentAccount:
    """The account of that instance; raises NotFound with those that there are."""
    return _found(tx, instance, _read(tx, instance, lock=False))


def lock_account(tx: Tx, instance: str) -> PaymentAccount:
    """The account, locked for who changes it or tells of it; raises NotFound."""
    return _found(tx, instance, _read(tx, instance, lock=True))


def write_account(tx: Tx, account: PaymentAccount) -> None:
    """Add an account; raises NumberTaken where the instance has one already."""
    if find_account(tx, account.instance) is not None:
        raise NumberTaken(
            f"there is a payment account “{account.instance}” already",
            place="instance",
            mend="Name another set of settings, or remove the account first",
        )
    tx.connection.execute(
        payment_account.insert().values(
            tenant_id=tx.tenant_id,
            instance=account.instance,
            provider=account.provider,
            methods=_served(account),
            state=account.state,
            problem=account.problem,
            ledger_account=account.ledger_account,
            cursor=account.cursor,
            polled_at=account.polled_at,
            changed_at=tx.now(),
        )
    )


def rewrite_account(tx: Tx, account: PaymentAccount) -> None:
    """Keep the account as it is now; the caller has locked it."""
    _change(
        tx,
        account.instance,
        methods=_served(account),
        state=account.state,
        problem=account.problem,
        ledger_account=account.ledger_account,
        changed_at=tx.now(),
    )


def change_account_state(
    tx: Tx, instance: str, state: ProviderState, problem: str | None = None
) -> None:
    """The account stands so from now on; `problem` says why it does not collect."""
    _change(tx, instance, state=state, problem=problem, changed_at=tx.now())


def put_cursor(tx: Tx, instance: str, cursor: str) -> None:
    """The account's events were polled up to there, now."""
    _change(tx, instance, cursor=cursor, polled_at=tx.now())


def remove_account(tx: Tx, instance: str) -> None:
    """Delete the account."""
    tx.connection.execute(
        delete(payment_account).where(p.tenant_id == tx.tenant_id, p.instance == instance)
    )


def _change(tx: Tx, instance: str, **values: str | datetime | None) -> None:
    tx.connection.execute(
        update(payment_account)
        .where(p.tenant_id == tx.tenant_id, p.instance == instance)
        .values(**values)
    )


def _read(tx: Tx, instance: str, *, lock: bool) -> PaymentAccount | None:
    query = select(payment_account).where(p.tenant_id == tx.tenant_id, p.instance == instance)
    row = tx.connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else _account(row)


def _found(tx: Tx, instance: str, account: PaymentAccount | None) -> PaymentAccount:
    if account is None:
        known = ", ".join(one.instance for one in list_accounts(tx))
        raise NotFound(
            f"there is no payment account “{shortened(instance)}”",
            place="instance",
            mend=f"Known: {known}" if known else "Add it: faktura payments accounts add",
        )
    return account


def _served(account: PaymentAccount) -> str:
    currencies = account.currencies
    return canonical_json(
        {
            "currencies": None if currencies is None else sorted(currencies),
            "methods": sorted(account.methods),
        }
    )


def _account(row: Any) -> PaymentAccount:
    served = json.loads(row.methods)
    currencies = served["currencies"]
    return PaymentAccount(
        instance=row.instance,
        provider=row.provider,
        methods=frozenset(PaymentMethod(word) for word in served["methods"]),
        currencies=None if currencies is None else frozenset(currencies),
        state=ProviderState(row.state),
        problem=row.problem,
        ledger_account=row.ledger_account,
        cursor=row.cursor,
        polled_at=row.polled_at,
    )
