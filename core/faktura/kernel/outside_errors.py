"""What goes wrong with other systems that we ask: a no, no answer, not now."""

from faktura.kernel.errors import BadInput, BrokenOff, Misconfigured, Refused


class LinkRefused(Refused):
    """A linked system says no; its own words and help address stand in the problem."""

    code = "link_refused"


class LinkExpired(LinkRefused):
    """A linked system does not know the token any more."""

    code = "link_expired"


class PersonNeeded(LinkRefused):
    """A linked system goes on only when a person has agreed there, as with a TAN of a bank."""

    code = "person_needed"


class OutsideUnavailable(BrokenOff):
    """Another system was not reached, or asks to come back: nothing was done there.

    `retry_after` is how many seconds it wants to be left alone, 0 when it did not say.
    """

    code = "outside_unavailable"

    def __init__(
        self, problem: str, *, place: str = "", mend: str = "", retry_after: int = 0
    ) -> None:
        super().__init__(problem, place=place, mend=mend)
        self.retry_after = retry_after


class OutcomeUnknown(BrokenOff):
    """Nobody knows whether the other side did it: ask there before doing it again."""

    code = "outcome_unknown"


class DeliveryFailed(BrokenOff):
    """A subscriber did not take a fact: it raised, or did not answer in time (P53)."""

    code = "delivery_failed"


class AccountBroken(Misconfigured):
    """A provider does not take our key, or not for this: nobody is charged until a person mends it."""

    code = "account_broken"


class SignatureWrong(BadInput):
    """A delivery was not signed by the provider it names, or was changed on its way."""

    code = "signature_wrong"


class DeliveryUnreadable(BadInput):
    """A delivery is signed, and is not what the provider sends."""

    code = "delivery_unreadable"
