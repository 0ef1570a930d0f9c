"""What each mail's text may be filled in with, and the values that sellers and customers give (F128)."""

from collections.abc import Mapping

from faktura.domain.customers import Customer
from faktura.domain.tenants import Seller
from faktura.kernel.outbox_terms import MailUse
from faktura.services.text_shapes import Kind, Listing, Record, Shape, Value


def _text(about: str) -> Value:
    return Value(Kind.TEXT, about)


def _link(about: str) -> Value:
    return Value(Kind.LINK, f"{about}; empty where there is no address to reach us")


def _day(about: str) -> Value:
    return Value(Kind.DAY, about)


def _money(about: str) -> Value:
    return Value(Kind.MONEY, about)


def _number(about: str) -> Value:
    return Value(Kind.NUMBER, about)


def _flag(about: str) -> Value:
    return Value(Kind.FLAG, about)


_SELLER = Record(
    {
        "name": _text("your company"),
        "address": _text("its address, several lines"),
        "contact": _text("who is asked there"),
        "email": _text("where questions go"),
        "phone": _text("where to call"),
        "vatId": _text("VAT id"),
        "taxNumber": _text("tax number"),
        "registerNumber": _text("entry in the commercial register"),
        "legalInfo": _text("what the law wants on business letters"),
        "iban": _text("where customers transfer to"),
        "bic": _text("BIC of that account"),
        "accountHolder": _text("its holder"),
    }
)
_CUSTOMER = Record(
    {
        "number": _text("customer number"),
        "name": _text("name of the person or company"),
        "contact": _text("name of the contact person"),
    }
)
_DOCUMENT = Record(
    {
        "number": _text("its number"),
        "issuedOn": _day("its date"),
        "dueOn": _day("the last day to pay; absent where nothing is to be paid"),
        "currency": _text("ISO code of its currency"),
        "net": _money("without VAT"),
        "vat": _money("VAT"),
        "gross": _money("with VAT"),
        "open": _money("what is still to be paid"),
        "collected": _flag("whether you collect it yourself"),
        "corrects": _text("number of the document that it corrects"),
        "contracts": Listing(_text(""), "numbers of its contracts"),
        "payLink": _link("page on which it can be paid"),
    }
)
_PAYMENT = Record(
    {
        "invoices": Listing(_text(""), "numbers of the documents that were to be paid"),
        "currency": _text("ISO code of the currency"),
        "amount": _money("what was to be paid"),
        "reason": _text("why it failed, in words for the customer"),
        "method": _text("how it was to be paid, in words"),
        "retryOn": _day("when it is tried again; absent where it is not"),
        "needsAction": _flag("whether the customer has to do something"),
        "payLink": _link("page on which it can be paid"),
    }
)
_CHARGEBACK = Record(
    {
        "invoices": Listing(_text(""), "numbers of the documents that are open again"),
        "currency": _text("ISO code of the currency"),
        "amount": _money("what was returned"),
        "reason": _text("why, in words for the customer"),
        "method": _text("how it had been paid, in words"),
        "payLink": _link("page on which it can be paid"),
    }
)
_NOTICE_FIELDS: Mapping[str, Shape] = {
    "level": _number("dunning level of the notice, from 1"),
    "levels": _number("how many levels there are"),
    "dunnedOn": _day("date of the notice"),
    "payBy": _day("last day to pay"),
    "currency": _text("ISO code of its currency"),
    "open": _money("what is open of all documents"),
    "credit": _money("what the customer has to their credit"),
    "fee": _money("fee of the level"),
    "flat": _money("flat charge of § 288 Abs. 5 BGB"),
    "interest": _money("interest on arrears"),
    "total": _money("what is to be paid in all"),
    "charges": _text("number under which fee, flat charge and interest are paid"),
    "payLink": _link("page on which it can be paid"),
    "invoices": Listing(
        Record(
            {
                "number": _text("its number"),
                "issuedOn": _day("its date"),
                "dueOn": _day("the day it was due on"),
                "gross": _money("its amount"),
                "open": _money("what is open of it"),
                "level": _number("its dunning level"),
                "interest": _money("interest on it"),
                "flat": _money("flat charge for it"),
            }
        ),
        "the overdue documents, oldest first",
    ),
}
_ACCESS = Record(
    {
        "link": Value(Kind.LINK, "page for payment data"),
        "until": _day("how long it is open; absent where it does not end"),
    }
)
_CARD = Record(
    {
        "name": _text("card, e.g. Visa 4242"),
        "expiresOn": _day("its last day"),
        "link": _link("page on which a new one is entered"),
    }
)
_CHECK = Record(
    {
        "vatId": _text("the VAT id"),
        "checkedOn": _day("when it was checked"),
        "result": _text("what came of it, in words"),
        "findings": Listing(_text(""), "what differs, in words"),
    }
)
_ENDPOINT = Record(
    {
        "url": _text("where webhooks went"),
        "since": _day("since when none got through"),
        "failures": _number("how many failed"),
        "problem": _text("what the last one ran into"),
    }
)


def _to_customer(**own: Shape) -> Record:
    return Record({"seller": _SELLER, "customer": _CUSTOMER, **own})


_OF_DOCUMENT = _to_customer(document=_DOCUMENT)
VARIABLES: Mapping[MailUse, Record] = {
    MailUse.INVOICE: _OF_DOCUMENT,
    MailUse.CORRECTION: _OF_DOCUMENT,
    MailUse.CREDIT_NOTE: _OF_DOCUMENT,
    MailUse.PAYMENT_FAILED: _to_customer(payment=_PAYMENT),
    MailUse.CHARGEBACK: _to_customer(chargeback=_CHARGEBACK),
    MailUse.DUNNING: _to_customer(
        notice=Record({**_NOTICE_FIELDS, "text": _text("text of the dunning level")})
    ),
    MailUse.PORTAL_ACCESS: _to_customer(access=_ACCESS),
    MailUse.CARD_EXPIRING: _to_customer(card=_CARD),
    MailUse.VAT_CHECK_FAILED: _to_customer(check=_CHECK),
    MailUse.WEBHOOK_DISABLED: Record({"seller": _SELLER, "endpoint": _ENDPOINT}),
}
# The text of a level is itself written into the mail: it knows all of the notice but itself.
LEVEL_VARIABLES = _to_customer(notice=Record(_NOTICE_FIELDS))


def seller_values(seller: Seller) -> dict[str, object]:
    """The values of `seller`."""
    place = seller.address
    lines = (place.street, place.extra, f"{place.zip_code} {place.city}".strip())
    return {
        "name": seller.trading_name or seller.legal_name,
        "address": "\n".join(line for line in lines if line),
        "contact": seller.contact.name,
        "email": seller.contact.email,
        "phone": seller.contact.phone,
        "vatId": seller.vat_id,
        "taxNumber": seller.tax_number,
        "registerNumber": seller.register_number,
        "legalInfo": seller.legal_info,
        "iban": seller.iban,
        "bic": seller.bic,
        "accountHolder": seller.account_holder or seller.legal_name,
    }


def customer_values(customer: Customer) -> dict[str, object]:
    """The values of `customer`."""
    contact = customer.contact
    return {
        "number": customer.number,
        "name": customer.name,
        "contact": contact.name if contact is not None else "",
    }
