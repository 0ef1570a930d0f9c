"""What is kept for adapters where no database is: nothing. For looking into a file."""

from collections.abc import Mapping

from typing_extensions import override

from faktura.hub.adapters import Kept
from faktura.plugin import StateStore


class _Forgetful(StateStore):
    """State that ends with the process."""

    def __init__(self) -> None:
        self._values: dict[str, Mapping[str, object]] = {}

    @override
    def get(self, key: str) -> object | None:
        return self._values.get(key)

    @override
    def put(self, key: str, value: Mapping[str, object]) -> None:
        self._values[key] = value


class NothingKept(Kept):
    """No tenant's settings, no secrets; settings come from the environment and faktura.toml."""

    @override
    def settings(self, tenant_id: int, instance: str) -> Mapping[str, object]:
        """None."""
        return {}

    @override
    def secrets(self, tenant_id: int, instance: str) -> Mapping[str, str]:
        """None."""
        return {}

    @override
    def state(self, tenant_id: int, instance: str) -> StateStore:
        """An empty state of its own."""
        return _Forgetful()
