"""What the parts of the payment double share: its books and its clock."""

from abc import ABC, abstractmethod
from datetime import datetime

from faktura.testing.double_store import DoubleStore


class DoublePart(ABC):
    """One ability of the double."""

    @property
    @abstractmethod
    def store(self) -> DoubleStore:
        """Its books."""

    @abstractmethod
    def now(self) -> datetime:
        """The moment by its clock."""
