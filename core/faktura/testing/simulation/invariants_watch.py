"""The watch over a simulation: every evening what is new, each month everything from the beginning."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from faktura.domain.violations import Proof
from faktura.flows.verification import verify
from faktura.testing.simulation.driver import Day
from faktura.testing.simulation.invariants import Breach, Check, Findings, Invariant
from faktura.testing.simulation.invariants_accounts import AccountsAgree
from faktura.testing.simulation.invariants_billing import BilledOnce
from faktura.testing.simulation.invariants_documents import DocumentsAddUp, NumbersGapless
from faktura.testing.simulation.invariants_dunning import DunnedRightly, ReasonsNamed
from faktura.testing.simulation.invariants_money import (
    BankAgrees,
    ChargedOnce,
    MovementsBookedOnce,
    ProviderAgrees,
)
from faktura.testing.simulation.invariants_post import DeliveredInOrder, ExportedOnce, MailedOnce

_CHECKS: tuple[Callable[[], Check], ...] = (
    BilledOnce,
    DocumentsAddUp,
    NumbersGapless,
    AccountsAgree,
    ChargedOnce,
    ProviderAgrees,
    BankAgrees,
    MovementsBookedOnce,
    DunnedRightly,
    MailedOnce,
    DeliveredInOrder,
    ExportedOnce,
    ReasonsNamed,
)
_MONTH = 30


def all_checks() -> Sequence[Check]:
    """The checks, new: they have seen nothing yet."""
    return [check() for check in _CHECKS]


@dataclass(slots=True)
class Watch:
    """Looks every evening; each 30 days, and when told to, from the beginning and with `verify`.

    Who looks only at what is new does not see what was changed behind its back: the months' looks do.
    """

    findings: Findings = field(default_factory=Findings)
    looks: int = 0
    _checks: Sequence[Check] = field(default_factory=all_checks)

    def see(self, day: Day) -> None:
        """Look at an evening."""
        self._look(self._checks, day)
        self.looks += 1
        if self.looks % _MONTH == 0:
            self.see_all(day)

    def see_all(self, day: Day) -> None:
        """Look at everything from the beginning, with eyes that have seen nothing."""
        self._look(all_checks(), day)
        for breach in _proved(day):
            self.findings.add(day.no, breach)

    def _look(self, checks: Sequence[Check], day: Day) -> None:
        with day.database.read(day.tenant.id) as tx:
            for check in checks:
                for breach in check.look(tx, day):
                    self.findings.add(day.no, breach)


def _proved(day: Day) -> Iterator[Breach]:
    """What `faktura verify` finds: seals, projections, renderings and all the other proofs."""
    for found in verify(day.database, day.contents, day.tenant.id):
        place = f"{Proof(found.proof).value}: {found.place}"
        yield Breach(Invariant.BOOKS_PROVED, place, found.problem)
