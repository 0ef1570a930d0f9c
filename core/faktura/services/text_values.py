"""Values for a text, each of the kind that its variable says; JSON's forms are understood (P49)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from typing_extensions import override

from faktura.kernel.decimals import decimal_from_text
from faktura.kernel.errors import BadInput, shortened
from faktura.kernel.money import Money
from faktura.kernel.periods import date_from_text
from faktura.kernel.template_errors import TemplateFailed
from faktura.services.text_filters import Amount
from faktura.services.text_shapes import Kind, Listing, Record, Shape, Value

T = TypeVar("T")
MOST_ROUNDS = 10_000
_CURRENCY = "currency"


@dataclass(slots=True)
class Rounds:
    """How many rounds all loops of one text may still make; counted, so that no clock decides."""

    field: str
    left: int = MOST_ROUNDS

    def take(self) -> None:
        """One more round; raises TemplateFailed."""
        if not self.left:
            raise TemplateFailed(
                f"the text's loops make more than {MOST_ROUNDS:,} rounds",
                place=self.field,
                mend="Do not put loops over long lists into each other",
            )
        self.left -= 1


class Counted(list[T]):
    """A list whose every round is counted."""

    rounds: Rounds

    @override
    def __iter__(self) -> Iterator[T]:
        for entry in super().__iter__():
            self.rounds.take()
            yield entry


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads one text's values."""

    rounds: Rounds
    field: str = field(kw_only=True)

    def record(self, shape: Record, given: object, path: str, currency: str) -> dict[str, object]:
        if not isinstance(given, Mapping):
            raise self._misfit(path, "a group of values", given)
        own = given.get(_CURRENCY)
        known = own if isinstance(own, str) else currency
        return {
            name: self.value(inner, self._named(given, name, path), f"{path}{name}", known)
            for name, inner in shape.fields.items()
        }

    def value(self, shape: Shape, given: object, path: str, currency: str) -> object:
        match shape:
            case Record():
                return self.record(shape, given, f"{path}.", currency)
            case Listing():
                return self._listing(shape, given, path, currency)
            case Value():
                return self._single(shape.kind, given, path, currency)

    def _listing(self, shape: Listing, given: object, path: str, currency: str) -> list[object]:
        if not isinstance(given, list | tuple):
            raise self._misfit(path, "a list", given)
        made = Counted[object](
            self.value(shape.of, entry, f"{path}.{number}", currency)
            for number, entry in enumerate(given, 1)
        )
        made.rounds = self.rounds
        return made

    def _single(self, kind: Kind, given: object, path: str, currency: str) -> object:
        try:
            found = _of_kind(kind, given, path, currency)
        except BadInput as error:
            raise TemplateFailed(error.problem, place=f"{self.field}, {path}") from None
        if found is _MISFIT:
            raise self._misfit(path, kind.value.lower(), given)
        return found

    def _named(self, given: Mapping[object, object], name: str, path: str) -> object:
        if name not in given:
            raise TemplateFailed(
                f"the value “{path}{name}” is missing",
                place=self.field,
                mend="Report this: the program that writes mails left it out",
            )
        return given[name]

    def _misfit(self, path: str, wanted: str, given: object) -> TemplateFailed:
        return TemplateFailed(
            f"“{shortened(given)}” is not {wanted}",
            place=f"{self.field}, {path.rstrip('.')}",
            mend="Report this: the program that writes mails gave a wrong value",
        )


_MISFIT = object()


def values_for(shape: Record, given: Mapping[str, object], text: str) -> dict[str, object]:
    """The values that the shape names, checked and converted; what it does not name is left out.

    Raises TemplateFailed for one that is missing or of another kind. `text` is what errors call the text.
    """
    return _Reading(Rounds(text), field=text).record(shape, given, "", "")


def _of_kind(kind: Kind, given: object, path: str, currency: str) -> object:
    match kind:
        case Kind.MONEY:
            return _amount(given, path, currency)
        case Kind.DAY:
            found = date_from_text(given, field=path) if isinstance(given, str) else given
            return found if found is None or isinstance(found, date) else _MISFIT
        case Kind.FLAG:
            return given if isinstance(given, bool) else _MISFIT
        case Kind.NUMBER:
            return given if isinstance(given, int) and not isinstance(given, bool) else _MISFIT
        case Kind.TEXT | Kind.LINK:
            return given if isinstance(given, str) else _MISFIT


def _amount(given: object, path: str, currency: str) -> object:
    if given is None:
        return None
    if isinstance(given, Money):
        return Amount.of(given)
    if isinstance(given, str):
        given = decimal_from_text(given, field=path)
    if not isinstance(given, Decimal):
        return _MISFIT
    return Amount.of(Money.from_decimal(given, currency, field=path))
