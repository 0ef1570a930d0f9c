"""What every adapter has: a settings model, and the runtime it is built with."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from pydantic import BaseModel, ConfigDict

from faktura.kernel.clock import Clock
from faktura.plugin.http import Http, NoHttp
from faktura.plugin.sandbox import SandboxAddress


class AdapterSettings(BaseModel):
    """Base of an adapter's settings; unknown settings are refused, secrets are SecretStr.

    Each field can be set per tenant, by `FAKTURA_<INSTANCE>__<FIELD>` or in `faktura.toml`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")


class StateStore(Protocol):
    """Small JSON values kept per (tenant, adapter instance): cursors, not facts of the core."""

    def get(self, key: str) -> object | None:
        """The value last put under the key, None if there is none."""
        ...

    def put(self, key: str, value: Mapping[str, object]) -> None:
        """Keep a JSON object under the key."""
        ...


@dataclass(frozen=True, slots=True)
class Runtime:
    """What the hub hands to an adapter: the clock, a logger of its own, its state, the way out.

    An adapter never asks the system for time (P52), keeps no state elsewhere and opens no
    connection of its own.
    """

    clock: Clock
    log: logging.Logger
    state: StateStore
    http: Http = field(default_factory=NoHttp)


class Adapter(ABC):  # noqa: B024 - each family adds its own abstract methods
    """Base of all adapters; one object is built per (tenant, instance) and asked many times.

    `sandbox` are the only addresses of the open net that it reaches for a sandbox tenant (F137); the core
    sees to it.
    """

    Settings: ClassVar[type[AdapterSettings]] = AdapterSettings
    sandbox: ClassVar[tuple[SandboxAddress, ...]] = ()

    def __init__(self, settings: AdapterSettings, runtime: Runtime) -> None:
        self.settings = settings
        self.runtime = runtime


class SelfChecking(ABC):
    """Ability of an adapter that can try its settings out; asked before new ones are kept."""

    @abstractmethod
    def check_settings(self) -> None:
        """Do once, without any effect, what the settings are for; raises FieldInvalid, Misconfigured."""
