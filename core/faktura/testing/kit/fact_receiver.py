"""What the kit needs of a maker's double of the other side that facts are passed on to."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from faktura.plugin import AdapterSettings, EventData, Http


class FactReceiverDouble(ABC):
    """The other side as the kit moves it; it has heard of nothing when it is made.

    `tells` names the fields of EventData that reach it; leave out what the other side has no place for.
    """

    tells: frozenset[str] = frozenset(EventData.model_fields)

    @property
    @abstractmethod
    def http(self) -> Http:
        """The way to it."""

    @abstractmethod
    def settings(self) -> AdapterSettings:
        """The settings that lead to it."""

    def secrets(self) -> Sequence[str]:
        """The secrets in them."""
        return ()

    @abstractmethod
    def facts(self) -> Sequence[Mapping[str, object]]:
        """Each fact that took effect there, by the names of EventData's fields, in their order.

        Ids and moments are texts as `str()` and `isoformat()` write them. What arrives twice takes
        effect once, if the listener says which delivery it is.
        """
