"""The bench that statement parsers are tried on: builds them, reads files, catches what they refuse."""

from collections.abc import Sequence
from io import BytesIO
from typing import ClassVar

import pytest

from faktura.kernel.errors import BadInput
from faktura.plugin import AdapterSettings, StatementParser
from faktura.testing.kit.connector_kit import ConnectorKit
from faktura.testing.kit.statement_samples import (
    BookingSample,
    Carried,
    FileSample,
    Read,
    StatementSample,
    statement_of,
)
from faktura.testing.kit.surroundings import Surroundings

_LONGEST_PROBLEM = 1000


class StatementBench(ConnectorKit):
    """What a maker gives, and how the scenarios use it.

    `lacks` is what the format cannot say, `recognises_too` the ids of further formats that its own
    files may be taken for: heads of those are not asked about.
    """

    filename: ClassVar[str] = "statement.dat"
    lacks: ClassVar[frozenset[Carried]] = frozenset()
    recognises_too: ClassVar[frozenset[str]] = frozenset()

    @property
    def parser_class(self) -> type[StatementParser]:
        """The class that is tried."""
        assert issubclass(self.adapter_class, StatementParser), "name its class in `adapter_class`"
        return self.adapter_class

    def settings(self) -> AdapterSettings:
        """The settings that the parser is built with."""
        return self.parser_class.Settings()

    def write(self, *statements: StatementSample) -> bytes:
        """These statements as one file of the format; nothing in them is judged here."""
        raise NotImplementedError("Write: the kit's statements as a file of your format")

    def samples(self) -> Sequence[FileSample]:
        """Files as the bank sends them, with the movements that must be read from them."""
        raise NotImplementedError("Write: a file of your bank, and its movements by hand")

    def built(self, around: Surroundings | None = None) -> StatementParser:
        """A new parser; `around` is kept by whoever looks at its log or state."""
        return self.parser_class(self.settings(), (around or Surroundings()).runtime())

    def read(self, content: bytes, *, parser: StatementParser | None = None) -> Read:
        """Everything that a file says."""
        records = (parser or self.built()).parse(BytesIO(content), self.filename)
        return Read(list(records))

    def read_of(self, *bookings: BookingSample) -> Read:
        """What is read of a file with one statement of these bookings."""
        return self.read(self.write(statement_of(*bookings)))

    def refusal(self, content: bytes) -> BadInput:
        """The error that a file ends in: named, with its place, printable, not endless."""
        with pytest.raises(BadInput) as caught:
            self.read(content)
        error = caught.value
        told = str(error)
        assert type(error) is not BadInput, "raise a named error of faktura.kernel.errors"
        assert error.place, "the error does not say where in the file"
        assert error.problem, "the error does not say what is wrong"
        assert told.isprintable(), "the file's own signs reach the terminal"
        assert len(told) < _LONGEST_PROBLEM, "the error repeats the file"
        return error

    def read_or_refused(self, content: bytes) -> Read | None:
        """Everything that a file says, None where it was refused as it must be."""
        try:
            return self.read(content)
        except BadInput:
            self.refusal(content)
            return None

    def needs(self, *carried: Carried) -> None:
        """Leave the scenario out where the format cannot say this."""
        missing = sorted(one.value for one in carried if one in self.lacks)
        if missing:
            pytest.skip(f"the format does not carry {', '.join(missing)}")

    def own_formats(self) -> frozenset[str]:
        """The formats whose heads this parser may take for its own."""
        return self.recognises_too | {self.parser_class.format_id}

    def says(self, carried: Carried) -> bool:
        """Whether the format can say it."""
        return carried not in self.lacks
