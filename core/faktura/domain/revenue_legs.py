"""The revenue legs of a document: which account, cost centre and cost object a line counts at."""

from collections.abc import Iterable
from decimal import Decimal

from faktura.domain.charges import Charge, cost_amounts
from faktura.domain.charts import account_of, group_account
from faktura.domain.journal import Leg
from faktura.domain.tenants import Tenant
from faktura.kernel.terms import Side, Slot, TaxCase

# Case, rate, country, account, product group while the account is missing, cost centre and object.
_Key = tuple[TaxCase, Decimal, str, str | None, str | None, str | None, str | None]


def revenue_account(tenant: Tenant, charge: Charge) -> str | None:
    """The revenue account of a line; None while it is missing.

    The booking's own wins, then the tenant's for the product group and tax, then the group's, then
    the tenant's, then the chart's.
    """
    if charge.ledger_account is not None:
        return charge.ledger_account
    tax, group = charge.tax, charge.article.group
    own = group_account(tenant.accounts, group.key, tax.case, tax.rate, tax.country)
    if own is None and tax.case is group.tax_group.case:
        # The group's own account is one for its own tax: 19 % abroad would come out of it (F045).
        own = group.revenue_account
    return own or account_of(
        tenant.chart, tenant.accounts, Slot.REVENUE, tax.case, tax.rate, tax.country
    )


def revenue_legs(tenant: Tenant, charges: Iterable[Charge]) -> list[Leg]:
    """Net amounts by account, tax, cost centre and cost object; without those that cancel out."""
    sums: dict[_Key, int] = {}
    for charge in charges:
        tax, account = charge.tax, revenue_account(tenant, charge)
        group = charge.article.group.key if account is None else None
        for share, minor in cost_amounts(charge):
            key = tax.case, tax.rate, tax.country, account, group, share.centre, share.object
            sums[key] = sums.get(key, 0) + minor
    return [
        Leg(
            Slot.REVENUE,
            account,
            Side.CREDIT if minor > 0 else Side.DEBIT,
            abs(minor),
            None,
            case,
            rate,
            country,
            centre,
            cost_object=cost_object,
            group=group,
        )
        for (case, rate, country, account, group, centre, cost_object), minor in sums.items()
        if minor
    ]
