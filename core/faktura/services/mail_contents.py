"""What a mail says beside its text: the values that the text of each use may name."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import cast

from faktura.domain.mail_words import method_words, reason_words
from faktura.domain.mails import Mail
from faktura.kernel.clock import zone
from faktura.kernel.errors import FieldMissing, Misconfigured
from faktura.kernel.outbox_terms import MailUse
from faktura.kernel.payment_terms import CustomerReason
from faktura.services.mail_gathering import Gathered, Values, notice_of
from faktura.services.mail_variables import customer_values, seller_values
from faktura.store.mail_documents import DocumentHead


def contents_of(gathered: Gathered, mail: Mail) -> Values:
    """All values by name; raises FieldMissing for what is gone, Misconfigured for a link to nowhere."""
    found: dict[str, object] = {"seller": seller_values(gathered.tenant.seller)}
    customer = gathered.customer_of(mail)
    if customer is not None:
        found["customer"] = customer_values(customer)
    name, values = _BY_USE[mail.use]
    return {**found, name: values(gathered, mail)}


def _document(gathered: Gathered, mail: Mail) -> Values:
    head = None if mail.document_id is None else gathered.documents.get(mail.document_id)
    if head is None:
        raise FieldMissing("its document is not known", place=f"mail {mail.id}")
    owes = mail.use is MailUse.INVOICE
    return {
        "number": head.number,
        "issuedOn": head.issued_on,
        "dueOn": head.due_on if owes else None,
        "currency": head.gross.currency,
        "net": head.net,
        "vat": head.tax,
        "gross": head.gross,
        "open": head.open,
        "collected": owes and gathered.is_collected(head),
        "corrects": ", ".join(_preceding(head)),
        "contracts": list(gathered.billed.get(head.id, ())),
        "payLink": gathered.link_of(mail) if owes else "",
    }


def _preceding(head: DocumentHead) -> list[str]:
    named = cast("list[Mapping[str, object]]", head.snapshot.get("preceding", []))
    return [str(one["number"]) for one in named if one["why"] == "CORRECTS"]


def _payment(gathered: Gathered, mail: Mail) -> Values:
    retry = mail.given.get("nextRetryAt")
    return {
        **_money_back(gathered, mail),
        "retryOn": None if retry is None else _local_day(gathered, str(retry)),
        "needsAction": mail.given.get("notice") == "ACTION_NEEDED",
    }


def _local_day(gathered: Gathered, moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone(zone(gathered.tenant.time_zone)).date()


def _money_back(gathered: Gathered, mail: Mail) -> Values:
    given, language = mail.given, gathered.language_of(mail)
    reason = str(given.get("reason", CustomerReason.GENERAL))
    return {
        "invoices": given.get("invoices", []),
        "currency": _of(mail, "currency"),
        "amount": _of(mail, "amount"),
        "reason": reason_words(reason, language),
        "method": method_words(str(_of(mail, "method")), language),
        "payLink": gathered.link_of(mail),
    }


def _notice(gathered: Gathered, mail: Mail) -> Values:
    of = notice_of(mail)
    values = None if of is None else gathered.notices.get(of)
    if values is None:
        raise FieldMissing("its notice is not known", place=f"mail {mail.id}")
    return {**values, "payLink": gathered.link_of(mail)}


def _access(gathered: Gathered, mail: Mail) -> Values:
    link = gathered.link_of(mail)
    if not link:
        raise Misconfigured(
            "nobody said by which address browsers find us, and a link leads there",
            place="FAKTURA_PUBLIC_URL",
            mend="Set it, e.g. to https://billing.example.com",
        )
    return {"link": f"{link}/method", "until": None}


def _card(gathered: Gathered, mail: Mail) -> Values:
    link = gathered.link_of(mail)
    return {
        "name": _of(mail, "name"),
        "expiresOn": _of(mail, "expiresOn"),
        "link": f"{link}/method" if link else "",
    }


def _check(_gathered: Gathered, mail: Mail) -> Values:
    return cast("Values", _of(mail, "check"))


def _endpoint(_gathered: Gathered, mail: Mail) -> Values:
    return cast("Values", _of(mail, "endpoint"))


def _of(mail: Mail, name: str) -> object:
    """What was given with the fact; raises FieldMissing, so that one mail stops no other."""
    if name not in mail.given:
        raise FieldMissing(f"its {name} is not known", place=f"mail {mail.id}")
    return mail.given[name]


_BY_USE: Mapping[MailUse, tuple[str, Callable[[Gathered, Mail], Values]]] = {
    MailUse.INVOICE: ("document", _document),
    MailUse.CORRECTION: ("document", _document),
    MailUse.CREDIT_NOTE: ("document", _document),
    MailUse.PAYMENT_FAILED: ("payment", _payment),
    MailUse.CHARGEBACK: ("chargeback", _money_back),
    MailUse.DUNNING: ("notice", _notice),
    MailUse.PORTAL_ACCESS: ("access", _access),
    MailUse.CARD_EXPIRING: ("card", _card),
    MailUse.VAT_CHECK_FAILED: ("check", _check),
    MailUse.WEBHOOK_DISABLED: ("endpoint", _endpoint),
}
