"""The first page of an audit pack, for people: what is in it and how to prove it."""

from collections.abc import Iterator

from faktura.kernel.clock import zone
from faktura.kernel.money import Money
from faktura.services.audit_packs import AuditPack

_ABOUT = """Belegmappe / audit pack: {number}

{documents}

Jede Zeile unter facts/ ist ein Satz der Buchführung, genau so, wie er bei der Aufzeichnung
versiegelt wurde; seals.jsonl ist die Kette der Siegel bis zu ihrem Ende am {am}.
Prüfen, ohne Datenbank:   faktura verify --pack DATEI [--head KOPF.json]

Every line under facts/ is a record of the books exactly as it was sealed when it was recorded;
seals.jsonl is the chain of seals up to its end at {at}.
To prove it without a database:   faktura verify --pack FILE [--head HEAD.json]

facts/document.jsonl             Belege mit Zeilen und Herleitung / documents, lines, derivations
facts/event.jsonl                Vertrags- und Beleggeschichte / history of contracts and documents
facts/account_transaction.jsonl  Kundenkonto / the customer's account
facts/allocation.jsonl           Zuordnung der Zahlungen / what payments count for
facts/journal_entry.jsonl        Buchungen / postings with their legs
bank.jsonl                       Bankumsätze mit Entscheidungen / bank lines with decisions
exports.jsonl                    Übergaben an die Buchhaltung / handed over to accounting
documents/                       die ausgegebenen Dateien / the files as handed out

Nicht versiegelt sind bank.jsonl, exports.jsonl und diese Seite. E-Mails führt diese Fassung nicht.
bank.jsonl, exports.jsonl and this page stand under no seal. Mails are not kept by this release.
Bewiesen wird, dass echt ist, was hier steht; ob etwas weggelassen wurde, zeigen nur die Bücher.
What is here is proved to be genuine; whether something was left out only the books tell.

Kettenende / head of the chain: {seal} {hash}
"""


def overview(pack: AuditPack, time_zone: str) -> str:
    """The page as text, German and English; its moment is one of that time zone."""
    taken = pack.head.taken_at.astimezone(zone(time_zone))
    return _ABOUT.format(
        number=pack.number,
        documents="\n".join(_documents(pack)),
        am=f"{taken:%d.%m.%Y um %H:%M} Uhr ({time_zone})",
        at=f"{taken:%Y-%m-%d %H:%M} ({time_zone})",
        seal=pack.head.seal,
        hash=pack.head.hash,
    )


def _documents(pack: AuditPack) -> Iterator[str]:
    for fact in pack.facts:
        if fact.table == "document":
            named = dict(zip(pack.columns["document"], fact.rows[0], strict=False))
            yield (
                f"{named['number']}  {named['kind']}  {named['issued_on']}  "
                f"{Money(int(str(named['gross'])), str(named['currency']))}"
            )
    counts: dict[str, int] = {}
    for fact in pack.facts:
        counts[fact.table] = counts.get(fact.table, 0) + 1
    yield ", ".join(f"{table} {count}" for table, count in sorted(counts.items()))
