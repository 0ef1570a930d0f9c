"""The simulated mail server: takes, puts off, refuses, bounces; some of its yeses are lost."""

from dataclasses import dataclass

from faktura.domain.mail_outcomes import MailOutcome, Refusal, Verdict
from faktura.flows.mail_transport import MailLine, Parcel
from faktura.kernel.outbox_terms import BounceKind
from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.testing.simulation.counting import Met
from faktura.testing.simulation.faults import Faults
from faktura.testing.simulation.mortality import Process
from faktura.testing.simulation.outside import MailBooks
from faktura.testing.simulation.weather import Weather

_AWAY = 600


@dataclass(slots=True)
class PostOffice:
    """The server and its books; the process may die before and behind each mail."""

    books: MailBooks
    weather: Weather
    faults: Faults
    process: Process
    met: Met
    asked: int = 0

    @property
    def connections(self) -> int:
        """One mail at a time: their order is the same every time."""
        return 1

    @property
    def bounce_domain(self) -> str:
        """Bounces are told at once."""
        return ""

    def line(self) -> MailLine:
        """A connection."""
        return PostLine(self)

    def take(self, parcel: Parcel) -> MailOutcome:
        """Take a mail, or not."""
        self.process.step()
        self.asked += 1
        if self.met.happens(self.faults.mail_later, "mail_later", self.asked):
            return MailOutcome(Verdict.LATER, "450 come again", problem=_problem("put off"))
        if self.met.happens(self.faults.mail_bounce, "mail_bounce", self.asked):
            return self._refused(parcel)
        name = str(parcel.mail_id)
        self.books.accepted[name] = self.books.accepted.get(name, 0) + 1
        self.process.step()
        if self.met.happens(self.faults.mail_answer_lost, "mail_answer_lost", self.asked):
            self.books.unanswered.add(name)
            return MailOutcome(Verdict.UNKNOWN, problem=_problem("no answer"))
        return MailOutcome(Verdict.TAKEN, "250 ok", parcel.recipients)

    def _refused(self, parcel: Parcel) -> MailOutcome:
        self.books.bounced.add(str(parcel.mail_id))
        refused = tuple(
            Refusal(one, BounceKind.PERMANENT, "5.1.1", "no such user") for one in parcel.recipients
        )
        said = "550 no such user"
        return MailOutcome(Verdict.REFUSED, said, refused=refused, problem=_problem(said))


@dataclass(frozen=True, slots=True)
class PostLine:
    """One connection to the server."""

    office: PostOffice

    async def open(self) -> None:
        """Raise OutsideUnavailable while the server is away."""
        self.office.process.step()
        if self.office.weather.is_away("mail"):
            raise OutsideUnavailable("the mail server is away", retry_after=_AWAY)

    async def hand_over(self, parcel: Parcel) -> MailOutcome:
        """Hand one mail over."""
        return self.office.take(parcel)

    async def close(self) -> None:
        """Nothing is held."""


def _problem(text: str) -> dict[str, str]:
    return {"code": "mail", "problem": text, "place": "simulated mail server", "mend": ""}
