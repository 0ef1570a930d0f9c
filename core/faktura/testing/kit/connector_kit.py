"""What all kits share: no network but this machine, and rules of the connector's source."""

import inspect
import re
import socket
from pathlib import Path
from typing import ClassVar

import pytest

from faktura.plugin import Adapter
from faktura.testing.kit.source_rules import reads_system_clock

_LOOPBACK = re.compile(r"127(\.\d+){3}|::1|localhost")


class ConnectorKit:
    """Base of the kits of all families; a connector's test class names its `adapter_class`."""

    adapter_class: ClassVar[type[Adapter]]

    @pytest.fixture(autouse=True)
    def _this_machine_only(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Doubles listen on loopback; whatever else is called is an error that nobody swallows."""
        connect = socket.socket.connect

        def guarded(own: socket.socket, address: object) -> None:
            if isinstance(address, tuple) and not _LOOPBACK.fullmatch(str(address[0])):
                raise AssertionError(f"the connector calls {address[0]} past its Http")
            connect(own, address)  # type: ignore[arg-type] # as it was given

        monkeypatch.setattr(socket.socket, "connect", guarded)

    def package(self) -> Path:
        """The folder of the package in which the adapter is written."""
        return Path(inspect.getfile(self.adapter_class)).parent

    def test_time_comes_from_the_clock_it_was_given(self) -> None:
        """No line asks the system for the time (P3, P52): a run can be repeated and compared."""
        assert reads_system_clock(self.package()) == []
