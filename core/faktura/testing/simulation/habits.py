"""What customers do: data only; chances are in ten-thousandths, days are from the due day on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Habits:
    """How customers live and pay.

    Of transfers: what comes as it should, late, in two parts, twice, over a wrong amount, without a word
    that names the invoice, or never. Of cards: declined for now or for good, charged back. Of debits:
    returned. `tries_transfer` pay by transfer what their means did not.
    """

    late: int = 700
    in_parts: int = 150
    twice: int = 40
    wrong: int = 80
    unnamed: int = 60
    never: int = 120
    declined: int = 500
    declined_for_good: int = 100
    charged_back: int = 60
    pending_fails: int = 200
    returned: int = 300
    tries_transfer: int = 6_000
    stranger_pays: int = 200


HABITS = Habits()

METHODS = ("TRANSFER",) * 4 + ("CARD",) * 3 + ("SEPA_DEBIT",) * 2 + ("PAYPAL",)
"""How a new customer pays: one of these, each as likely."""
