"""Deferring revenue: rows when documents are issued, postings when months are over (F108, P45).

A correction's line follows the line that it takes back: where that was not deferred, neither is
what is taken back of it, whatever the tenant's policy says by now.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.domain.account_keys import leg_account
from faktura.domain.charges import Charge
from faktura.domain.deferral import DeferralPolicy, month_of
from faktura.domain.deferral_entries import Deferral, deferral_entry
from faktura.domain.deposit_postings import is_of_deposit
from faktura.domain.document_kinds import SELF_BILLED
from faktura.domain.journal import Leg
from faktura.domain.revenue_legs import revenue_account
from faktura.domain.tenants import Tenant
from faktura.kernel.accounting_terms import DeferralMethod
from faktura.kernel.periods import last_of_month
from faktura.kernel.terms import Side, Slot
from faktura.store.deferrals import (
    due_documents,
    fill_accounts,
    methods_of_lines,
    move_on,
    oldest_due,
)
from faktura.store.facts import Facts, FrozenDocument, write_facts
from faktura.store.tenants import holding_accounts
from faktura.store.transaction import Tx

_LINES_A_BATCH = 250
_Methods = Mapping[tuple[UUID, int], DeferralMethod]


@dataclass(frozen=True, slots=True)
class PostedMonth:
    """A batch of a month: how many entries it posted, and how many wait for an account."""

    month: date
    entries: int
    drafts: int


def revenue_to_defer(tx: Tx, tenant: Tenant, documents: Sequence[FrozenDocument]) -> list[Deferral]:
    """What of these new documents' revenue later months earn, line by line; nothing is written.

    Deposits and what partners are credited are no revenue.
    """
    revenue = [one for one in documents if _is_revenue(one)]
    corrected = {
        charge.corrects.document_id
        for one in revenue
        for charge in one.draft.charges
        if charge.corrects is not None
    }
    methods = methods_of_lines(tx, corrected) if corrected else {}
    if tenant.deferral.method is DeferralMethod.NONE and not methods:
        return []
    return [deferral for one in revenue for deferral in _deferrals_of(tenant, one, methods)]


def _is_revenue(document: FrozenDocument) -> bool:
    return document.draft.kind not in SELF_BILLED and not is_of_deposit(document.draft)


def _deferrals_of(
    tenant: Tenant, document: FrozenDocument, methods: _Methods
) -> Iterator[Deferral]:
    booked = month_of(document.draft.issued_on)
    for no, charge in enumerate(document.draft.charges, 1):
        # Most lines are over by the end of their month: nothing else is asked about them.
        if charge.service.last_day <= last_of_month(booked):
            continue
        method = _method(tenant.deferral, charge, document.draft.issued_on, methods)
        if method is DeferralMethod.NONE:
            continue
        tax = charge.tax
        deferral = Deferral(
            document.id,
            no,
            method,
            charge.net,
            charge.service,
            booked,
            revenue_account(tenant, charge),
            tax.case,
            tax.rate,
            tax.country,
            charge.costs,
            due_month=booked,
        )
        if deferral.has_rest:
            yield deferral


def _method(policy: DeferralPolicy, charge: Charge, on: date, methods: _Methods) -> DeferralMethod:
    corrects = charge.corrects
    if corrects is not None:
        return methods.get((corrects.document_id, corrects.line_no), DeferralMethod.NONE)
    return policy.method if policy.wants(charge.net, on) else DeferralMethod.NONE


def post_deferrals(tx: Tx, tenant: Tenant, through: date) -> PostedMonth | None:
    """Post a batch of the oldest month that is due, up to that of `through`; None when all is done.

    Each document posts one entry a month, and its next month is moved on in this transaction: so
    posting twice is posting once, wherever it broke off. What belongs to a locked month is booked
    in the first open one (P24).
    """
    tenant = holding_accounts(tx, tenant)
    month = oldest_due(tx, through)
    if month is None:
        return None
    documents = due_documents(tx, month, _LINES_A_BATCH)
    entries = [
        entry for one in documents if (entry := deferral_entry(tenant, one, month)) is not None
    ]
    move_on(
        tx, [(one, one.due_after(month)) for document in documents for one in document.deferrals]
    )
    if entries:
        write_facts(tx, Facts(entries=entries))
    drafts = sum(1 for entry in entries if entry.missing)
    return PostedMonth(month, len(entries) - drafts, drafts)


def complete_deferrals(tx: Tx, tenant: Tenant) -> None:
    """Give deferrals whose revenue account was missing the one that the tenant has now (F106)."""

    def account_of(one: Deferral) -> str | None:
        missing = Leg(
            Slot.REVENUE,
            None,
            Side.CREDIT,
            abs(one.net.minor),
            tax_case=one.tax_case,
            tax_rate=one.tax_rate,
            tax_country=one.tax_country,
            group=one.group,
        )
        return leg_account(tenant.chart, tenant.accounts, missing)

    fill_accounts(tx, account_of)
