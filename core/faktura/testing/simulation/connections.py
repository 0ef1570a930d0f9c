"""What the simulated plugins offer, and what a process is built with: anew after every crash."""

import logging
from dataclasses import dataclass

from faktura.domain.tenants import Tenant
from faktura.flows.job_context import JobContext
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.registry import Offer, Registry
from faktura.plugin import AdapterSettings, DocumentFormat, PaymentAdapter, Runtime
from faktura.store.adapters import AdapterStore
from faktura.store.blobs import ContentStore
from faktura.store.database import Database
from faktura.store.payment_accounts import list_accounts
from faktura.store.secrets import KeyRing
from faktura.testing.simulation import bank_adapter, books_export, psp_adapter, rendering
from faktura.testing.simulation.bank_adapter import HouseBank, SimulatedStatements
from faktura.testing.simulation.books_export import SimulatedExporter
from faktura.testing.simulation.memory import NoState
from faktura.testing.simulation.mortality import MortalDatabase, Process
from faktura.testing.simulation.psp_adapter import PspLine, SimulatedDeliveries, adapter_class
from faktura.testing.simulation.rendering import SimulatedFormat
from faktura.testing.simulation.subscriber import Subscriber, listener_class

_PLUGIN = "simulated"
# A tenant that was copied names these; each of them is written cheaply.
_FORMATS = (rendering.NAME, "pdf", "xrechnung-cii", "xrechnung-ubl", "zugferd")
_FILING = frozenset({bank_adapter.NAME, "sepa"})


@dataclass(frozen=True, slots=True)
class Connections:
    """The ways of a process to the outside; `plain` is the database as those reach it who do not die."""

    plain: Database
    process: Process
    contents: ContentStore
    tenant: Tenant
    line: PspLine
    subscriber: Subscriber

    def source(self) -> SimulatedDeliveries:
        """Who reads the deliveries of the PSP."""
        log = logging.getLogger("faktura.adapter.simulated")
        return SimulatedDeliveries(AdapterSettings(), Runtime(self.plain.clock, log, NoState()))

    def context(self) -> JobContext:
        """A new process: nothing is built, nothing remembered."""
        registry = self._registry()
        keys, plain = KeyRing(()), self.plain
        adapters = Adapters(registry, AdapterStore(plain, keys), plain.clock, Installation())
        mortal = MortalDatabase(plain.engine, plain.clock, plain.new_id, self.process)
        return JobContext(mortal, registry, adapters, self.contents, keys)

    def _registry(self) -> Registry:
        listener = listener_class(self.subscriber)
        return Registry(
            parsers={bank_adapter.NAME: Offer(bank_adapter.NAME, _PLUGIN, SimulatedStatements)},
            formats={name: Offer(name, _PLUGIN, _format(name)) for name in _FORMATS},
            exporters={books_export.NAME: Offer(books_export.NAME, _PLUGIN, SimulatedExporter)},
            listeners={"simulated.subscriber": Offer("simulated.subscriber", _PLUGIN, listener)},
            payments=self._payments(),
            webhooks={psp_adapter.NAME: Offer(psp_adapter.NAME, _PLUGIN, SimulatedDeliveries)},
        )

    def _payments(self) -> dict[str, Offer[PaymentAdapter]]:
        with self.plain.read(self.tenant.id) as tx:
            providers = {one.provider for one in list_accounts(tx)}
        psp = adapter_class(self.line)
        offers: dict[str, Offer[PaymentAdapter]] = {}
        for name in sorted({*providers, psp_adapter.NAME, bank_adapter.NAME}):
            adapter: type[PaymentAdapter] = HouseBank if name in _FILING else psp
            offers[name] = Offer(name, _PLUGIN, adapter)
        return offers


def _format(name: str) -> type[DocumentFormat]:
    return type("NamedFormat", (SimulatedFormat,), {"format_id": name})
