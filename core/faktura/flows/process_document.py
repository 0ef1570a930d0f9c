"""The skeleton of the Verfahrensdokumentation, in German, out of the live configuration.

What the product knows it fills in; what only the company knows stands as „[bitte ergänzen: …]“.
Source: GoBD (BMF 28.11.2019, changed 11.3.2024 and 14.7.2025), Rz. 151-155: a general part, one
for users, a technical and an operating one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from faktura.flows.process_words import (
    METHODS,
    RANGES,
    SOURCES,
    STATES,
    TAX_CASES,
    german_day,
    since,
)
from faktura.kernel.clock import zone
from faktura.plugin import PluginManifest
from faktura.services.process_facts import ProcessFacts

_INSERT_ONLY = "Belege, Belegzeilen, Kontobewegungen, Zuordnungen, Journal und Ereignisse"


@dataclass(frozen=True, slots=True)
class Installed:
    """What runs here: the product's version, the database's kind and revision, plugins, targets."""

    version: str
    database: str
    revision: str
    plugins: Mapping[str, PluginManifest]
    targets: Sequence[str]
    formats: Sequence[str]


def process_document(facts: ProcessFacts, installed: Installed) -> str:
    """The document as Markdown; equal configuration gives an equal text but for its date."""
    parts = (
        _general(facts),
        _users(facts),
        _technical(facts, installed),
        _operation(facts, installed),
    )
    return "\n".join(line for part in parts for line in part) + "\n"


def _general(facts: ProcessFacts) -> Iterator[str]:
    seller, on = facts.tenant.seller, _day(facts)
    yield f"# Verfahrensdokumentation: Abrechnung mit faktura – {_cell(seller.legal_name)}"
    yield ""
    yield f"Stand: {on} · Mandant: {facts.tenant.key}"
    yield ""
    yield "## 1 Allgemeine Beschreibung"
    yield ""
    address = seller.address
    yield from _table(
        ("Angabe", "Wert"),
        [
            ("Unternehmen", seller.legal_name),
            (
                "Anschrift",
                f"{address.street}, {address.zip_code} {address.city}, {address.country}",
            ),
            ("Steuernummer", seller.tax_number or "–"),
            ("USt-IdNr.", seller.vat_id or "–"),
            ("Register", seller.register_number or "–"),
            ("Währung der Bücher", facts.tenant.currency),
            ("Zeitzone aller Tage", facts.tenant.time_zone),
            ("Geschäftsjahr beginnt im Monat", str(facts.tenant.fiscal_year_month)),
            ("Kleinunternehmer (§ 19 UStG)", "ja" if facts.tenant.small_business else "nein"),
            (
                "Eingerichtete Steuerfälle",
                ", ".join(TAX_CASES[case] for case in sorted(facts.tenant.tax_cases)),
            ),
        ],
    )
    yield _to_fill("Organisation, Verantwortliche, Umfang der elektronischen Buchführung")
    yield ""


def _users(facts: ProcessFacts) -> Iterator[str]:
    yield "## 2 Anwenderdokumentation"
    yield ""
    yield "### 2.1 Weg eines Geschäftsvorfalls"
    yield ""
    yield (
        "Vertrag und Leistung → Abrechnungslauf → Beleg mit lückenloser Nummer → Kundenkonto und"
        " Journal (in einer Transaktion) → Versand → Zahlung (Kontoauszug; zugeordnet wird nur,"
        " was eindeutig ist) → Übergabe an die Buchhaltung. Berichtigt wird nur durch neue Belege und"
        " Gegenbuchungen. Eine Buchung, der ein Konto fehlt, wartet als Entwurf"
        " (`faktura accounting drafts`), bis es gesetzt ist; solange steht sie nicht im Journal."
    )
    yield ""
    yield "### 2.2 Nummernkreise"
    yield ""
    yield from _table(
        ("Kreis", "gültig ab", "Form", "nächster Zähler"),
        [
            (
                RANGES.get(one.name, one.name),
                since(one.valid_from),
                f"{one.format.prefix}{'0' * one.format.width}",
                one.next,
            )
            for one in facts.ranges
        ],
    )
    yield "### 2.3 Personen und Schlüssel"
    yield ""
    yield from _table(
        ("Anmeldung", "Name", "Zugang"),
        [
            (one.email, one.name or "–", "ja" if one.is_active else "gesperrt")
            for one in facts.members
        ],
    )
    yield from _table(
        ("Schlüssel der Schnittstelle", "Rechte", "läuft ab"),
        [
            (
                key.name,
                ", ".join(sorted(key.scopes)),
                _day(facts, key.expires_at) if key.expires_at else "nie",
            )
            for key in facts.keys
        ],
    )
    yield _to_fill("Aufgaben der Personen, Freigaben, Vertretung, internes Kontrollsystem")
    yield ""


def _technical(facts: ProcessFacts, installed: Installed) -> Iterator[str]:
    yield "## 3 Technische Systemdokumentation"
    yield ""
    yield from _table(
        ("Bestandteil", "Stand"),
        [
            ("faktura", installed.version),
            ("Datenbank", installed.database),
            ("Schema", installed.revision),
            *(
                (f"Plugin {name}", f"{one.version} ({', '.join(one.families)})")
                for name, one in sorted(installed.plugins.items())
            ),
            ("Dokumentformate", ", ".join(installed.formats) or "–"),
        ],
    )
    yield "### 3.1 Unveränderbarkeit"
    yield ""
    yield (
        f"{_INSERT_ONLY} werden nur eingefügt: die Datenbank selbst lehnt Ändern und Löschen ab."
        " Jede Transaktion versiegelt ihre Sätze (SHA-256), jedes Siegel das vorige."
        " `faktura verify` beweist die Kette, `faktura accounting chain-head` gibt ihr Ende heraus,"
        " `faktura accounting audit-pack BELEG` schreibt die Belegmappe für Prüfer."
    )
    yield ""
    yield f"Kettenende am {_day(facts)}: Siegel {facts.head.seal}, `{facts.head.hash}`"
    yield ""
    yield "### 3.2 Kontenplan und Zuordnung"
    yield ""
    yield f"Kontenrahmen: {facts.tenant.chart}"
    yield ""
    yield from _table(
        ("Schlüssel", "Konto", "Herkunft"),
        [
            (one.key, one.account or "fehlt", SOURCES.get(one.source, one.source))
            for one in facts.settings
        ],
    )
    yield from _table(
        ("Konto", "Bezeichnung", "Herkunft"),
        [
            (one.number, one.name or "–", SOURCES.get(one.source, one.source))
            for one in facts.accounts
        ],
    )
    yield from _table(
        ("Bankkonto", "Inhaber", "Währung", "Sachkonto"),
        [
            (one.iban, one.holder, one.currency, one.ledger_account or "fehlt")
            for one in facts.banks
        ],
    )


def _operation(facts: ProcessFacts, installed: Installed) -> Iterator[str]:
    policy = facts.tenant.deferral
    yield "## 4 Betriebsdokumentation"
    yield ""
    yield "### 4.1 Übergabe an die Buchhaltung"
    yield ""
    yield f"Ziele: {', '.join(installed.targets) or 'keine'}"
    yield ""
    yield (
        "Entwürfe stehen in keinem Stapel: solange welche auf ein Konto warten, wird ihr Zeitraum nur"
        " übergeben, wenn ausdrücklich verlangt wird, sie wegzulassen. Gebucht gehen sie mit einem"
        " späteren Stapel."
    )
    yield ""
    yield from _table(
        ("Ziel", "Stapel", "Zeitraum", "Zustand", "erstellt"),
        [
            (
                one.target,
                one.number,
                f"{german_day(one.start)} – {german_day(one.end)}",
                STATES[one.state],
                _day(facts, one.created_at),
            )
            for one in facts.batches
        ],
    )
    yield "### 4.2 Festgeschriebene Zeiträume"
    yield ""
    yield from _table(
        ("bis einschließlich", "durch", "Grund", "am"),
        [
            (
                german_day(one.locked_to),
                one.locked_by,
                one.reason,
                _day(facts, one.recorded_at),
            )
            for one in facts.locks
        ],
    )
    yield "### 4.3 Rechnungsabgrenzung"
    yield ""
    dated = f", für Belege ab {german_day(policy.since)}" if policy.since else ""
    threshold = f"{policy.threshold:f}".replace(".", ",")
    yield f"Verfahren: {METHODS[policy.method]}{dated}; Grenze je Zeile netto: {threshold}"
    yield ""
    yield "### 4.4 Aufbewahrung und Sicherung"
    yield ""
    yield (
        "Bücher, Journale und diese Dokumentation zehn Jahre, Buchungsbelege acht Jahre"
        " (§ 147 Abs. 3 AO). Das Produkt löscht nichts davon."
    )
    yield ""
    yield _to_fill(
        "Datensicherung, Wiederanlauf, Zugriff auf Server und Schlüssel, Änderungsverfahren"
    )


def _day(facts: ProcessFacts, moment: datetime | None = None) -> str:
    """The tenant's day of a moment, today without one."""
    at = facts.head.taken_at if moment is None else moment
    return german_day(at.astimezone(zone(facts.tenant.time_zone)).date())


def _to_fill(what: str) -> str:
    return f"[bitte ergänzen: {what}]"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """A table with a blank line behind it; one line of words where there are no rows."""
    listed = [" | ".join(_cell(value) for value in row) for row in rows]
    if not listed:
        yield f"{head[0]}: keine Einträge."
    else:
        yield f"| {' | '.join(head)} |"
        yield f"|{'---|' * len(head)}"
        yield from (f"| {row} |" for row in listed)
    yield ""


def _cell(value: object) -> str:
    """Text as text: no word of a name may become a column, a line or markup."""
    text = " ".join(str(value).split())
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|!" else sign for sign in text)
