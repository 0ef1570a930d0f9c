"""What a maker of a webhook source gives the kit: the source, and signed deliveries of every kind."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum, unique
from typing import ClassVar

from faktura.plugin import ProviderEvent, RawDelivery, WebhookSource
from faktura.testing.kit.payments_bench import PaymentBench


@unique
class Forgery(StrEnum):
    """How a delivery is not the provider's, or not any more.

    OTHER_SECRET signs with one of somebody else. NO_SIGNATURE has none, EMPTY an empty one.
    SWAPPED_BODY carries another delivery's right signature. TOO_OLD and FROM_FUTURE were signed
    outside the tolerance.
    """

    OTHER_SECRET = "OTHER_SECRET"  # noqa: S105 - a name
    NO_SIGNATURE = "NO_SIGNATURE"
    EMPTY = "EMPTY"
    SWAPPED_BODY = "SWAPPED_BODY"
    TOO_OLD = "TOO_OLD"
    FROM_FUTURE = "FROM_FUTURE"


class DeliveryBench(PaymentBench):
    """A bench whose provider delivers events; all of them signed at the clock's present moment.

    `signature_headers` are those in lower case that hold the signature; empty where it stands in
    the body. `tolerance` is how far a signature's moment may be from now; None where it has none.
    """

    signature_headers: ClassVar[frozenset[str]] = frozenset()
    tolerance: ClassVar[timedelta | None] = None

    @abstractmethod
    def source(self) -> WebhookSource:
        """A new reader of deliveries with `surroundings.runtime()`."""

    @abstractmethod
    def deliveries(self) -> Sequence[RawDelivery]:
        """All that the provider would have delivered by now, in its order; the same when asked again."""

    @abstractmethod
    def signed(
        self, content: bytes, *, secret: str = "", ago: timedelta = timedelta(0)
    ) -> RawDelivery:
        """A delivery of any content, signed by our secret or another one, now or some time ago."""

    @abstractmethod
    def strange(self) -> RawDelivery:
        """A right delivery of an event whose type is of next year."""

    def dispute(self, key: str) -> None:
        """The customer's bank takes a payment back (Play.DISPUTE)."""
        raise AssertionError(f"give the bench `dispute`: {key}")

    def end_dispute(self, key: str, *, won: bool) -> None:
        """That dispute is decided (Play.DISPUTE)."""
        raise AssertionError(f"give the bench `end_dispute`: {key} {won}")

    def content(self) -> bytes:
        """A right content for `signed`, such as the body of a delivery."""
        return self.deliveries()[-1].body

    def forged(self, forgery: Forgery) -> RawDelivery | None:
        """A forged delivery; None where the scheme has no such thing."""
        right = self.signed(self.content())
        far = None if self.tolerance is None else self.tolerance + timedelta(seconds=2)
        match forgery:
            case Forgery.OTHER_SECRET:
                return self.signed(self.content(), secret="somebody-elses-secret")  # noqa: S106
            case Forgery.NO_SIGNATURE:
                return self._with_signature(right, None)
            case Forgery.EMPTY:
                return self._with_signature(right, "")
            case Forgery.SWAPPED_BODY:
                other = self.strange()
                return other.model_copy(update={"headers": right.headers})
            case Forgery.TOO_OLD:
                return None if far is None else self.signed(self.content(), ago=far)
            case Forgery.FROM_FUTURE:
                return None if far is None else self.signed(self.content(), ago=-far)

    def _with_signature(self, delivery: RawDelivery, value: str | None) -> RawDelivery:
        assert self.signature_headers, "name `signature_headers`, or give `forged`"
        kept: Mapping[str, str] = {
            name: one
            for name, one in delivery.headers.items()
            if name not in self.signature_headers
        }
        told = {} if value is None else dict.fromkeys(self.signature_headers, value)
        return delivery.model_copy(update={"headers": {**kept, **told}})


def events_in(bench: DeliveryBench, delivery: RawDelivery) -> tuple[ProviderEvent, ...]:
    """What a new source reads of a delivery; a handshake is no answer to it."""
    read = bench.source().read(delivery)
    assert isinstance(read, tuple), f"a handshake: {read!r}"
    return read
