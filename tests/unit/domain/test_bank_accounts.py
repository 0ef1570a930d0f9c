"""Whether a statement is of one of our bank accounts (F099)."""

from uuid import UUID

import pytest

from faktura.domain.bank_accounts import BankAccount

ACCOUNT = BankAccount(UUID(int=1), "DE02120300000000202051", "Werk GmbH")
AUSTRIAN = BankAccount(UUID(int=2), "AT611904300234573201", "Werk GmbH")


@pytest.mark.parametrize(
    ("account", "iban", "other", "currency", "owns"),
    [
        (ACCOUNT, "DE02 1203 0000 0000 2020 51", None, "EUR", True),
        (ACCOUNT, "DE02120300000000202051", None, None, True),
        (ACCOUNT, "DE02120300000000202051", None, "USD", False),
        (ACCOUNT, "DE02500105170137075030", None, None, False),
        (ACCOUNT, None, "12030000/202051", "EUR", True),
        (ACCOUNT, None, "120300000000202051", "EUR", True),
        # An account number without its bank proves nothing.
        (ACCOUNT, None, "202051", "EUR", False),
        (ACCOUNT, None, "0000202051", "EUR", False),
        (AUSTRIAN, None, "19043/00234573201", "EUR", True),
        (ACCOUNT, None, None, "EUR", False),
    ],
)
def test_an_account_owns_the_statements_that_name_it(account, iban, other, currency, owns):
    """By IBAN, else by bank code and account number; never by another currency."""
    assert account.owns(iban, other, currency) is owns
