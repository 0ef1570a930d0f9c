"""Checking customers' VAT ids: what is asked, what of an answer is kept, told and asked again (F120)."""

from faktura.domain.events import Event, EventType
from faktura.domain.tenants import Tenant
from faktura.domain.vat_check_words import findings, result_words
from faktura.domain.vat_checks import DECISIVE, VatChecked
from faktura.domain.vat_digits import misformed
from faktura.kernel.clock import local_date
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.outbox_terms import MailUse
from faktura.kernel.vat_terms import VatCheckResult, VatTraderMatch
from faktura.plugin import VatIdAnswer, VatIdQuestion
from faktura.services.mail_outbox import ask_for_mail
from faktura.services.payment_events import write_events
from faktura.services.vat_requests import Asked
from faktura.store.customers import lock_customers, read_customer
from faktura.store.events import next_sequences
from faktura.store.tasks import ask_once
from faktura.store.transaction import Tx
from faktura.store.vat_checks import (
    VatCheck,
    keep_last_check,
    matches_text,
    next_check_no,
    write_check,
)

_LONGEST_ANSWER = 4_000
# A request of VIES has 16 signs.
_LONGEST_WORD = 250


def answer_without_asking(question: VatIdQuestion) -> VatIdAnswer | None:
    """What is known before anybody is asked: that form or check digit is wrong; None for nothing."""
    problem = misformed(question.vat_id)
    if not problem:
        return None
    return VatIdAnswer(result=VatCheckResult.MISFORMED, problem=problem)


def record_check(tx: Tx, tenant: Tenant, asked: Asked, answer: VatIdAnswer) -> VatCheck:
    """Keep an answer; a decisive one stands on the customer's invoices from now on.

    A deviation is told at once: VATID_CHECK_FAILED, a mail to the tenant, a task.
    """
    lock_customers(tx, [read_customer(tx, asked.customer_number).id])
    customer = read_customer(tx, asked.customer_number)
    now = tx.now()
    matches = _matches(asked.question, answer)
    check = VatCheck(
        tx.new_id(),
        customer.id,
        customer.number,
        next_check_no(tx, customer.id),
        asked.question.vat_id,
        asked.question.own_vat_id,
        asked.checker,
        answer.result,
        _one_line(answer.reference),
        matches_text({name: match.value for name, match in matches.items()}),
        _one_line(answer.problem),
        answer.raw.decode(errors="replace").replace("\0", "")[:_LONGEST_ANSWER],
        now,
    )
    write_check(tx, check)
    # Changed while it was asked about: the new number has a check of its own, perhaps made already.
    if answer.result in DECISIVE and customer.eu_tax_id == check.vat_id:
        on = local_date(tx.clock, tenant.time_zone)
        checked = VatChecked(
            check.vat_id, check.result, on, check.checker, check.reference, matches
        )
        keep_last_check(tx, customer.id, checked)
        if checked.deviates:
            _tell(tx, tenant, check, checked)
    return check


def _one_line(said: str) -> str:
    """What a register says in a word, as a database takes it and an invoice has room for it."""
    return "".join(sign for sign in said if sign.isprintable())[:_LONGEST_WORD]


def _matches(question: VatIdQuestion, answer: VatIdAnswer) -> dict[str, VatTraderMatch]:
    if not question.name or answer.result is not VatCheckResult.VALID:
        return {}
    return {
        "name": answer.name_match,
        "street": answer.street_match,
        "zipCode": answer.zip_code_match,
        "city": answer.city_match,
    }


def _tell(tx: Tx, tenant: Tenant, check: VatCheck, checked: VatChecked) -> None:
    sequence = next_sequences(tx, [check.customer_id])[check.customer_id]
    data: dict[str, object] = {
        "customerNumber": check.customer_number,
        "check": str(check.id),
        "result": check.result.value,
        "differs": list(checked.differs),
        "checkedOn": str(checked.checked_on),
    }
    write_events(
        tx, [Event(EventType.VATID_CHECK_FAILED, "customer", check.customer_id, sequence, data)]
    )
    ask_for_mail(
        tx,
        MailUse.VAT_CHECK_FAILED,
        f"vat-check:{check.id}",
        lane=check.customer_number,
        customer_id=check.customer_id,
        given={
            "check": {
                "vatId": check.vat_id,
                "checkedOn": str(checked.checked_on),
                "result": result_words(check.result, tenant.language),
                "findings": list(findings(checked, tenant.language)),
            }
        },
    )
    ask_once(
        tx,
        TaskKind.VATID_CHECK_FAILED,
        check.customer_number,
        f"customer {check.customer_number}: {'; '.join(findings(checked, 'en'))}. Ask the customer, correct the number, then:"
        f" faktura vat-ids check {check.customer_number}",
    )
