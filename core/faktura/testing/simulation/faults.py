"""What goes wrong how often, by level: data only; chances are in ten-thousandths."""

from collections.abc import Mapping
from dataclasses import dataclass

from faktura.testing.simulation.plan import FaultLevel


@dataclass(frozen=True, slots=True)
class Faults:
    """The faults of a level.

    `crash` is the chance of a piece of work (a job or an act of a person) to be cut off. The PSP loses
    requests, and answers after it charged; it delivers events not at all, twice, days late, in another
    order, and strangers forge some. The mail server puts mails off, loses its yes, bounces. The
    subscriber does not take, or its yes is lost. Statements come twice. Each outside is away for hours
    or days, by day.
    """

    crash: int = 0
    psp_not_sent: int = 0
    psp_answer_lost: int = 0
    event_lost: int = 0
    event_twice: int = 0
    event_late: int = 0
    event_forged: int = 0
    mail_later: int = 0
    mail_answer_lost: int = 0
    mail_bounce: int = 0
    told_refused: int = 0
    told_answer_lost: int = 0
    statement_twice: int = 0
    psp_outage: int = 0
    bank_outage: int = 0
    mail_outage: int = 0
    subscriber_outage: int = 0

    @property
    def outages(self) -> dict[str, int]:
        """The chance of each outside to be away from a day on."""
        return {
            "psp": self.psp_outage,
            "bank": self.bank_outage,
            "mail": self.mail_outage,
            "subscriber": self.subscriber_outage,
        }


FAULTS: Mapping[FaultLevel, Faults] = {
    FaultLevel.NONE: Faults(),
    FaultLevel.LOW: Faults(
        crash=15,
        psp_not_sent=50,
        psp_answer_lost=50,
        event_lost=100,
        event_twice=200,
        event_late=200,
        event_forged=20,
        mail_later=100,
        mail_answer_lost=5,
        mail_bounce=20,
        told_refused=50,
        told_answer_lost=20,
        statement_twice=100,
        psp_outage=50,
        bank_outage=50,
        mail_outage=50,
        subscriber_outage=50,
    ),
    FaultLevel.HIGH: Faults(
        crash=150,
        psp_not_sent=400,
        psp_answer_lost=400,
        event_lost=2_000,
        event_twice=1_500,
        event_late=1_500,
        event_forged=200,
        mail_later=500,
        mail_answer_lost=50,
        mail_bounce=100,
        told_refused=300,
        told_answer_lost=200,
        statement_twice=800,
        psp_outage=300,
        bank_outage=400,
        mail_outage=300,
        subscriber_outage=300,
    ),
}
