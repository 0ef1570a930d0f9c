"""What the DK's rules for pain.008 forbid, found before the bank finds it; each with what to do."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from faktura.kernel.errors import TooPrecise, shortened
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import MandateScheme
from faktura.plugin import DebitItem, DebitMandate, DebtorAddress
from faktura_sepa.accounts import bic_problem, creditor_id_problem, iban_problem, outside_eea
from faktura_sepa.identifiers import identifier_problems
from faktura_sepa.latin import as_latin, foreign_signs

LEAST: Final = Decimal("0.01")
MOST: Final = Decimal("999999999.99")
CURRENCY: Final = "EUR"
_COUNTRY: Final = re.compile("[A-Z]{2}", re.ASCII)
_NAME: Final = 70
_REMITTANCE: Final = 140
_STREET, _POST_CODE, _TOWN = 70, 16, 35


def item_problems(item: DebitItem, *, takes_b2b: bool, creditor_iban: str) -> Iterator[str]:
    """What keeps a debit out of a file; `creditor_iban` may be empty where it is not known yet."""
    mandate = item.mandate
    yield from identifier_problems("the end-to-end id", item.end_to_end)
    yield from amount_problems(item.amount)
    yield from identifier_problems("the mandate reference", mandate.reference)
    yield from _amendment_problems(mandate)
    yield from _account_problems(mandate)
    yield from text_problems("the account holder's name", mandate.debtor_name, _NAME)
    yield from text_problems("the remittance text", item.remittance, _REMITTANCE)
    if mandate.scheme is MandateScheme.B2B:
        yield from _b2b_problems(mandate, takes_b2b=takes_b2b)
    if mandate.signed_on > item.due_on:
        yield (
            f"the mandate {mandate.reference} is signed on {mandate.signed_on}, after the debit "
            f"of {item.due_on}. Correct the date of signature"
        )
    if needs_address(mandate.iban, creditor_iban):
        yield from _address_problems(mandate.address)


def amount_problems(amount: Decimal) -> Iterator[str]:
    """What is wrong with an amount in euros."""
    if not LEAST <= amount <= MOST:
        yield f"{amount} EUR cannot be debited. SEPA takes {LEAST} to {MOST} EUR in one debit"
        return
    try:
        Money.from_decimal(amount, CURRENCY)
    except TooPrecise as wrong:
        yield str(wrong)


def account_problems(name: str, iban: str, bic: str) -> Iterator[str]:
    """What is wrong with an account; an empty BIC is right: the IBAN is enough."""
    if problem := iban_problem(iban):
        yield f"{name} “{shortened(iban)}” {problem}. Compare it with the bank's own writing"
    if bic and (problem := bic_problem(bic)):
        yield f"the BIC “{shortened(bic)}” {problem}. Correct it or leave it out"


def creditor_id_problems(name: str, creditor_id: str) -> Iterator[str]:
    """What is wrong with a creditor identifier."""
    if problem := creditor_id_problem(creditor_id):
        yield (
            f"{name} “{shortened(creditor_id)}” {problem}. Compare it with the letter of the "
            "national bank"
        )


def text_problems(name: str, text: str, most: int) -> Iterator[str]:
    """What is wrong with a text of 1 to `most` characters after it is spelt in SEPA's characters."""
    latin = as_latin(text)
    if not latin:
        yield f"{name} is missing. Enter it"
    elif signs := foreign_signs(latin):
        yield f"{name} “{shortened(text)}” has “{shortened(signs)}”. Write it in Latin letters"
    if len(latin) > most:
        yield f"{name} “{shortened(text)}” has {len(latin)} characters. Use at most {most}"


def needs_address(debtor_iban: str, creditor_iban: str) -> bool:
    """Whether the debtor's address must stand in the file: a bank is outside the EEA (AT-P005)."""
    return outside_eea(debtor_iban) or outside_eea(creditor_iban)


def _account_problems(mandate: DebitMandate) -> Iterator[str]:
    return account_problems("the account", mandate.iban, mandate.bic)


def _amendment_problems(mandate: DebitMandate) -> Iterator[str]:
    if mandate.former_reference:
        yield from identifier_problems("the former mandate reference", mandate.former_reference)
    if mandate.former_creditor_id:
        yield from creditor_id_problems(
            "the former creditor identifier", mandate.former_creditor_id
        )


def _b2b_problems(mandate: DebitMandate, *, takes_b2b: bool) -> Iterator[str]:
    if not takes_b2b:
        yield (
            f"the mandate {mandate.reference} is for B2B debits, which the bank account does not "
            "collect. Agree on it with the bank and set takes_b2b, or have a CORE mandate signed"
        )
    if mandate.confirmed_on is None:
        yield (
            f"the B2B mandate {mandate.reference} is not confirmed at the customer's bank. Ask the "
            "customer to confirm it there and enter the day"
        )


def _address_problems(address: DebtorAddress | None) -> Iterator[str]:
    if address is None or not address.town or not address.country:
        yield (
            "a bank outside the European Economic Area needs the account holder's town and "
            "country. Complete the address"
        )
        return
    yield from text_problems("the town", address.town, _TOWN)
    if address.street:
        yield from text_problems("the street", address.street, _STREET)
    if address.post_code:
        yield from text_problems("the post code", address.post_code, _POST_CODE)
    if not _COUNTRY.fullmatch(address.country):
        yield f"“{shortened(address.country)}” is not a country. Use two letters of ISO 3166"
