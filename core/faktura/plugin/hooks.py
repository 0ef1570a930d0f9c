"""The hooks: sync, without arguments and side effects, returning classes (registration only).

A plugin implements them in its package's top module, which imports nothing heavy.
"""

from collections.abc import Sequence

import pluggy

from faktura.plugin.accounting import AccountingExporter
from faktura.plugin.accounting_link import AccountingLink
from faktura.plugin.bank_feeds import BankFeed
from faktura.plugin.document_formats import DocumentFormat, DocumentReader
from faktura.plugin.events import EventListener
from faktura.plugin.manifest import PluginManifest
from faktura.plugin.payment_events import WebhookSource
from faktura.plugin.payments import ChargebackAction, PaymentAdapter
from faktura.plugin.statements import StatementParser
from faktura.plugin.vat_ids import VatIdChecker

PROJECT = "faktura"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def describe_plugin() -> PluginManifest:
    """Say who the plugin is; every plugin implements this one."""
    raise AssertionError  # a specification is never called


@hookspec
def register_statement_parsers() -> Sequence[type[StatementParser]]:
    """Classes that read bank statement files."""
    raise AssertionError


@hookspec
def register_document_formats() -> Sequence[type[DocumentFormat]]:
    """Classes that render documents: e-invoices, PDF."""
    raise AssertionError


@hookspec
def register_document_readers() -> Sequence[type[DocumentReader]]:
    """Classes that read and check e-invoices: ours and those of others."""
    raise AssertionError


@hookspec
def register_accounting_exporters() -> Sequence[type[AccountingExporter]]:
    """Classes that turn journal entries into files for an accounting system."""
    raise AssertionError


@hookspec
def register_accounting_links() -> Sequence[type[AccountingLink]]:
    """Classes that hand exports over to an accounting system on the net."""
    raise AssertionError


@hookspec
def register_event_listeners() -> Sequence[type[EventListener]]:
    """Classes that react to facts after they are committed."""
    raise AssertionError


@hookspec
def register_payment_adapters() -> Sequence[type[PaymentAdapter]]:
    """Classes that collect payments: providers, the house bank."""
    raise AssertionError


@hookspec
def register_webhook_sources() -> Sequence[type[WebhookSource]]:
    """Classes that verify and read what providers deliver to the receiver."""
    raise AssertionError


@hookspec
def register_chargeback_actions() -> Sequence[type[ChargebackAction]]:
    """Classes that do something of an installation's own after a chargeback."""
    raise AssertionError


@hookspec
def register_bank_feeds() -> Sequence[type[BankFeed]]:
    """Classes that fetch bank bookings over a service."""
    raise AssertionError


@hookspec
def register_vat_checkers() -> Sequence[type[VatIdChecker]]:
    """Classes that ask a register whether VAT ids are valid."""
    raise AssertionError
