"""What the plugin registers, its settings, and what it says to the core."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

import pytest
from pydantic import ValidationError

import faktura_sepa
from faktura.kernel.payment_terms import BankDayRoll, LookUp, MandateScheme
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import (
    API_VERSION,
    AttemptReference,
    CollectRequest,
    DebitFiling,
    DebitTiming,
    Family,
    MeansReference,
    Outcome,
    Pending,
    PluginManifest,
    Refunding,
    Rejected,
)
from faktura_sepa.adapter import SepaAdapter
from faktura_sepa.settings import SepaSettings

ATTEMPT = UUID("019aa3c0-7d1e-7f00-a1b2-c3d4e5f60718")
Adapter = Callable[..., SepaAdapter]


def request_of(**more: object) -> CollectRequest:
    fields: dict[str, object] = {
        "attempt": ATTEMPT,
        "tenant": "muster",
        "amount": Decimal("119.00"),
        "currency": "EUR",
        "method": PaymentMethod.SEPA_DEBIT,
        "means": MeansReference(reference="M-2026-0001"),
        "invoice_number": "RE-2026-000130",
        "customer_number": "10001",
        "customer_name": "Erika Mustermann",
        "description": "Rechnung RE-2026-000130",
        "created_at": datetime(2026, 11, 22, 8, 30, tzinfo=UTC),
        "due_on": date(2026, 11, 30),
    }
    return CollectRequest.model_validate(fields | more)


def test_the_plugin_says_who_it_is_and_registers_one_adapter():
    """House rule: hooks take nothing and return classes."""
    assert faktura_sepa.describe_plugin() == PluginManifest(
        name="sepa", version="0.1.0", api_version=API_VERSION, families=(Family.PAYMENT,)
    )
    assert faktura_sepa.register_payment_adapters() == (SepaAdapter,)
    assert SepaAdapter.provider == "sepa"
    assert issubclass(SepaAdapter, DebitFiling)
    assert not issubclass(SepaAdapter, Refunding)


def test_registering_imports_no_xml_library():
    """Entry points import every plugin at start: what is heavy comes with the first file."""
    script = (
        "import sys, faktura_sepa; faktura_sepa.describe_plugin();"
        "faktura_sepa.register_payment_adapters(); print('lxml' in sys.modules)"
    )

    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    assert answer.stdout.strip() == b"False"


@pytest.mark.parametrize(
    "wrong",
    [
        {"iban": "DE02120300000000202052"},
        {"iban": "US02120300000000202051"},
        {"iban": "DE02120300000000202051", "bic": "BYLADEM"},
        {"bic": "BYLADEM1001"},
        {"lead_days_core": 0},
        {"lead_days_b2b": 6},
        {"advance_days": 15},
        {"advance_days": -1},
        {"most_items": 0},
        {"most_items": 801},
        {"cut_off": "10:00+01:00"},
        {"cut_off": "25:00"},
        {"first_sequence": "FNAL"},
        {"password": "x"},
    ],
)
def test_settings_that_no_bank_has_are_refused(wrong: dict[str, object]):
    """Refused when it is configured, not at night."""
    with pytest.raises(ValidationError):
        SepaSettings.model_validate(wrong)


def test_accounts_may_be_written_as_people_write_them(adapter: Adapter):
    """Blanks and small letters are not part of an IBAN; without one the seller's own is meant."""
    written = adapter(iban="de02 1203 0000 0000 2020 51", bic=" bylademm ")

    assert written.creditor_iban == "DE02120300000000202051"
    assert adapter().creditor_iban == ""


def test_the_defaults_suit_most_banks(adapter: Adapter):
    """Two TARGET days until ten o'clock, fourteen days ahead, 800 debits a file (F101)."""
    two_days = DebitTiming(lead_days=2, cut_off=time(10), advance_days=14, roll=BankDayRoll.NEXT)

    assert adapter().timing(MandateScheme.CORE) == two_days
    assert adapter().timing(MandateScheme.B2B) == two_days
    assert adapter().most_items == 800


def test_each_scheme_has_its_own_lead_time(adapter: Adapter):
    """As agreed with the bank; text is how settings come from the environment."""
    own = adapter(
        lead_days_core="1", lead_days_b2b="3", cut_off="08:30", advance_days="5", roll="PREVIOUS"
    )

    assert own.timing(MandateScheme.CORE) == DebitTiming(
        lead_days=1, cut_off=time(8, 30), advance_days=5, roll=BankDayRoll.PREVIOUS
    )
    assert own.timing(MandateScheme.B2B).lead_days == 3


def test_it_collects_euros_by_debit_and_nothing_else(adapter: Adapter):
    """One cent to 999,999,999.99; B2B where the bank agreed to it; refunds are transfers."""
    can = adapter().capabilities()

    assert can.methods == {PaymentMethod.SEPA_DEBIT}
    assert can.currencies == frozenset({"EUR"})
    assert can.minimum == {"EUR": Decimal("0.01")}
    assert can.maximum == {"EUR": Decimal("999999999.99")}
    assert (can.key_window, can.look_up) == (None, LookUp.CONSISTENT)
    assert not can.takes_b2b
    assert adapter(takes_b2b=True).capabilities().takes_b2b


async def test_a_debit_is_pending_under_its_key_until_statements_tell(adapter: Adapter):
    """Nobody is asked, so the answer is the same every time, also to a look-up after a crash."""
    pending = Pending(
        reference="019aa3c07d1e7f00a1b2c3d4e5f60718",
        amount=Decimal("119.00"),
        currency="EUR",
        expected_by=date(2026, 12, 14),
    )
    sepa = adapter()

    assert await sepa.collect(request_of()) == pending
    assert await sepa.collect(request_of()) == pending
    assert await sepa.look_up(AttemptReference(request=request_of())) == pending
    assert await sepa.look_up(AttemptReference(request=request_of(), reference="x")) == pending


async def test_a_debit_without_a_due_day_is_expected_at_no_day(adapter: Adapter):
    """The day is the file's; nothing is guessed."""
    outcome = await adapter().collect(request_of(due_on=None))

    assert isinstance(outcome, Pending)
    assert outcome.expected_by is None


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"currency": "CHF"}, "currency"),
        ({"method": PaymentMethod.CARD}, "method"),
        ({"amount": Decimal("0.00")}, "amount"),
        ({"amount": Decimal("1000000000.00")}, "amount"),
        ({"amount": Decimal("1.005")}, "amount"),
    ],
)
async def test_what_sepa_cannot_collect_is_rejected(
    adapter: Adapter, more: dict[str, object], code: str
):
    """It is a mistake of the set-up, never the customer's: no money moved and none will."""
    outcome: Outcome = await adapter().collect(request_of(**more))

    assert isinstance(outcome, Rejected)
    assert outcome.code == code
