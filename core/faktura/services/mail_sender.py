"""Who a tenant's mails come from: the address set for it, else the contact of the master data (F127)."""

from dataclasses import dataclass

from faktura.domain.mail_addresses import checked_address
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import FieldInvalid, SettingMissing

_MEND = "Run: faktura mails settings --sender name@example.com"


@dataclass(frozen=True, slots=True)
class MailSender:
    """From, Reply-To (empty: none) and the envelope's sender, where servers report failures."""

    email: str
    name: str
    reply_to: str
    bounces_to: str


def mail_sender(tenant: Tenant) -> MailSender:
    """The sender of the tenant's mails; raises SettingMissing where no address is usable."""
    policy = tenant.mail
    email = _address(policy.sender_email or tenant.seller.contact.email)
    name = policy.sender_name or tenant.seller.trading_name or tenant.seller.legal_name
    return MailSender(email, _seen(name), policy.reply_to, policy.bounces_to or email)


def tenant_address(tenant: Tenant) -> str:
    """Where the tenant reads of its own affairs; raises SettingMissing."""
    contact = tenant.seller.contact.email
    return _address(contact or tenant.mail.reply_to or tenant.mail.sender_email)


def _seen(name: str) -> str:
    """The name as a header can carry it: a company's may hold blanks that do not break, or soft hyphens."""
    return "".join(sign for sign in " ".join(name.split()) if sign.isprintable())


def _address(text: str) -> str:
    try:
        return checked_address(text, field="sender")
    except FieldInvalid as error:
        raise SettingMissing(
            "there is no address that mails could come from"
            if not text
            else f"no mail can come from the tenant's address: {error.problem}",
            place="mail settings",
            mend=_MEND,
        ) from None
