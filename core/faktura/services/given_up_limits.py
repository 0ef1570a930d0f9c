"""How much a person may give up of a document with a payment: the tenant's own limits (F097)."""

from faktura.domain.tenants import Tenant
from faktura.kernel.errors import TransitionRefused
from faktura.kernel.money import Money
from faktura.kernel.rounding import percent_of
from faktura.kernel.terms import AccountFact
from faktura.services.differences import Claim


def check_given_up(
    tenant: Tenant, claim: Claim, amount: Money, fact: AccountFact, *, before: Money
) -> None:
    """Raise TransitionRefused where that is more than the tenant's bank policy allows.

    A write-off is at most its limit, in the tenant's own currency; a cash discount at most its percent of
    the document, less what was given up of it `before`. A person may grant it after its days.
    """
    number = claim.record.number
    if fact is AccountFact.CASH_DISCOUNT:
        most = max(_discount(tenant, claim) - before, Money.zero(before.currency))
        mend = "faktura bank policy --discount sets the terms"
    else:
        most = Money(tenant.bank.most_given_up, tenant.currency)
        mend = "faktura invoices write-off gives up more; faktura bank policy sets the limit"
    if amount.currency != most.currency or amount > most:
        raise TransitionRefused(
            f"{amount} are still open of {number}, and at most {most} may be given up",
            place=number,
            mend=mend,
        )


def _discount(tenant: Tenant, claim: Claim) -> Money:
    terms = tenant.bank.discount
    if terms is None:
        raise TransitionRefused(
            "no cash discount is granted",
            place=claim.record.number,
            mend="faktura bank policy --discount 2/14 sets percent and days",
        )
    return percent_of(claim.gross, terms.percent)
