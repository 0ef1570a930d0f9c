"""What a consumer's invoice says about default: without it a consumer owes no interest (§ 286 Abs. 3 BGB)."""

from faktura.domain.dunning_levels import text_in
from faktura.domain.invoices import DraftDocument
from faktura.domain.tenants import Tenant
from faktura.kernel.terms import DocumentKind

# Documents that ask for money; a correction asks for none, and what we write for a partner neither.
_CLAIMS = frozenset({DocumentKind.INVOICE, DocumentKind.DEPOSIT, DocumentKind.FINAL})


def consumer_notice(tenant: Tenant, draft: DraftDocument) -> str | None:
    """The tenant's notice in the customer's language, else in that of the tenant.

    None for a business, for a document that asks for nothing, and where the tenant set none.
    """
    customer = draft.customer
    if customer.is_business or draft.kind not in _CLAIMS:
        return None
    return text_in(tenant.dunning.consumer_notice, customer.language, tenant.language)
