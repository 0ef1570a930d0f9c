"""A parser's record as the rules see it."""

from faktura.domain.movements import Movement
from faktura.kernel.errors import BadInput
from faktura.kernel.money import Money
from faktura.plugin import BankTransaction


def movement_of(record: BankTransaction) -> Movement:
    """The movement of a record; raises TooPrecise or UnknownTerm with the place in the file."""
    try:
        amount = Money.from_decimal(record.amount, record.currency, field="amount")
    except BadInput as error:
        raise error.at(record.place) from None
    return Movement(
        booked_on=record.booked_on,
        # A bank that names no value date credits on the day it books.
        value_on=record.value_on or record.booked_on,
        amount=amount,
        detail_index=record.detail_index,
        reversal=record.reversal,
        source_ref=record.source_ref,
        end_to_end_id=record.end_to_end_id,
        mandate_id=record.mandate_id,
        counterparty_iban=record.counterparty_iban,
        counterparty_name=record.counterparty_name,
        remittance_lines=record.remittance_lines,
        structured_reference=record.structured_reference,
        gvc=record.gvc,
        bank_code=record.bank_code,
        instructed=record.instructed,
        instructed_currency=record.instructed_currency,
        charges=record.charges,
        return_reason=record.return_reason,
        return_text=record.return_text,
        booking_text=record.booking_text,
        batch_message_id=record.batch_message_id,
        batch_payment_id=record.batch_payment_id,
    )


def record_text(record: BankTransaction) -> str:
    """The whole record as JSON, as it is kept with the movement."""
    return record.model_dump_json(exclude_defaults=True)


def record_from_text(text: str) -> BankTransaction:
    """The record behind kept JSON."""
    return BankTransaction.model_validate_json(text)
