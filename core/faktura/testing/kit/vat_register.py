"""What the kit needs of a maker's double of a register of VAT ids."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from faktura.plugin import AdapterSettings, Http, VatIdQuestion

KNOWN = "ATU12345675"
UNKNOWN = "ATU99999999"
OURS = "DE123456788"
QUESTION = VatIdQuestion(
    vat_id=KNOWN,
    own_vat_id=OURS,
    name="Alpina Verlag GmbH",
    street="Ring 1",
    zip_code="1010",
    city="Wien",
)
"""The kit's question: a company that the register knows, asked by us, with all that is compared."""


class VatRegisterDouble(ABC):
    """The register as the kit moves it; it knows nobody when it is made.

    `compares` says that it tells whether name and address match, `proves` that it numbers requests,
    `echoes` that its answers name the VAT id, `states` that a member state of it can be away.
    """

    compares: bool = True
    proves: bool = True
    echoes: bool = True
    states: bool = True

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
    def know(self, question: VatIdQuestion) -> None:
        """From now on that VAT id is valid, with this name and address."""

    @abstractmethod
    def take(self, own_vat_id: str) -> None:
        """From now on that company may ask."""

    @abstractmethod
    def lose(self, country: str) -> None:
        """From now on that member state does not answer."""

    @abstractmethod
    def asked(self) -> Sequence[tuple[str, str]]:
        """Each question that arrived: the VAT id, and who asked, empty for nobody."""
