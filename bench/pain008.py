"""Checking and writing 800 SEPA debits against making the same elements and texts in bare lxml."""

import logging
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import cast

from figure import Figure
from replay import against_replay

from faktura.kernel.clock import SystemClock
from faktura.kernel.payment_terms import MandateScheme, MandateSequence
from faktura.plugin import DebitFile, DebitItem, DebitMandate, Runtime, StateStore
from faktura_sepa.adapter import SepaAdapter

_DEBITS = 800


def measure() -> list[Figure]:
    """A full file; each debit is checked by all rules first."""
    # The adapter asks its runtime for nothing.
    runtime = Runtime(SystemClock(), logging.getLogger("bench"), cast("StateStore", None))
    adapter = SepaAdapter(SepaAdapter.Settings(), runtime)
    file = file_of(_DEBITS)
    return [against_replay("pain008_800", [lambda: adapter.write(file).content], 2.0, rounds=5)]


def file_of(debits: int) -> DebitFile:
    """Debits over two due days; every third name has an umlaut."""
    return DebitFile(
        message_id="FAK-20261122-1",
        created_at=datetime(2026, 11, 22, 8, tzinfo=UTC),
        creditor_name="Müller & Söhne GmbH",
        creditor_id="DE98ZZZ09999999999",
        iban="DE02120300000000202051",
        items=tuple(map(_item_of, range(debits))),
    )


def _item_of(number: int) -> DebitItem:
    mandate = DebitMandate(
        reference=f"M-2026-{number:06}",
        signed_on=date(2026, 1, 15),
        scheme=MandateScheme.CORE,
        sequence=MandateSequence.RECURRENT,
        debtor_name=f"Jörg Weiß {number}" if number % 3 == 0 else f"Erika Mustermann {number}",
        iban="DE89370400440532013000",
    )
    return DebitItem(
        end_to_end=f"{number:032x}",
        amount=Decimal(11_900 + number).scaleb(-2),
        mandate=mandate,
        remittance=f"Rechnung RE-2026-{number:06} vom 15.11.2026",
        due_on=date(2026, 11, 30 - number % 2 * 3),
    )


if __name__ == "__main__":
    for figure in measure():
        print(figure.line())
