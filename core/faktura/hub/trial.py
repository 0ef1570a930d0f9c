"""New settings of an instance laid over those that are kept, to be tried before they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from typing_extensions import override

from faktura.hub.adapters import Kept
from faktura.plugin import StateStore

V = TypeVar("V")


@dataclass(frozen=True, slots=True, repr=False)
class Change:
    """Fields of a tenant's instance with their new values, secrets in clear; it prints nothing.

    `removed` are fields whose own value the tenant takes back, secrets or not.
    """

    tenant_id: int
    instance: str
    settings: Mapping[str, object] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, repr=False)
class Changed(Kept):
    """What would be kept after a change."""

    kept: Kept
    change: Change

    @override
    def settings(self, tenant_id: int, instance: str) -> Mapping[str, object]:
        """Those that are kept, with the new values."""
        found = self.kept.settings(tenant_id, instance)
        if not self._is(tenant_id, instance):
            return found
        return _without({**found, **self.change.settings}, self.change.removed)

    @override
    def secrets(self, tenant_id: int, instance: str) -> Mapping[str, str]:
        """Those that are kept, with the new values."""
        found = self.kept.secrets(tenant_id, instance)
        if not self._is(tenant_id, instance):
            return found
        return _without({**found, **self.change.secrets}, self.change.removed)

    @override
    def state(self, tenant_id: int, instance: str) -> StateStore:
        """The state that is kept."""
        return self.kept.state(tenant_id, instance)

    def _is(self, tenant_id: int, instance: str) -> bool:
        return (tenant_id, instance) == (self.change.tenant_id, self.change.instance)


def _without(values: Mapping[str, V], removed: frozenset[str]) -> dict[str, V]:
    return {name: value for name, value in values.items() if name not in removed}
