"""Whose books these are, as the adviser numbers them."""

from dataclasses import dataclass

from faktura_datev.accounts import Functions


@dataclass(frozen=True, slots=True)
class Client:
    """Consultant and client number, and what the client's accounts do by themselves.

    With `general_reversal` full cancellations are posted as such.
    """

    consultant: int
    number: int
    functions: Functions
    general_reversal: bool = False
