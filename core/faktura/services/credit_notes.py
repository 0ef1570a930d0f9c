"""Settlement credit notes to partners and their corrections (F066)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.domain.articles import Article
from faktura.domain.contracts import Contract
from faktura.domain.credit_notes import CreditPosition, credit_note
from faktura.domain.line_parts import LinePart
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.kernel.errors import NotFound, OutOfRange
from faktura.kernel.periods import Period
from faktura.kernel.terms import DocumentKind
from faktura.services.billing_runs import check_run_date
from faktura.services.correcting import Correcting, corrected, issued
from faktura.services.imports.credit_note_file import CreditNoteFields, CreditPositionFields
from faktura.services.issuing import Desk
from faktura.services.originals import LockedOriginal, locked_original
from faktura.services.visible_contracts import locked_contracts
from faktura.store.articles import SoldArticle, articles_by_number
from faktura.store.customers import read_customer
from faktura.store.facts import FrozenDocument
from faktura.store.transaction import Tx

_KINDS = frozenset({DocumentKind.CREDIT_NOTE})


@dataclass(frozen=True, slots=True)
class CorrectingCredit:
    """What of a credit note is taken back and why; no lines are all that is left of it."""

    reason: str
    lines: tuple[LinePart, ...] = ()
    on: date | None = None


def create_credit_note(
    tx: Tx,
    desk: Desk,
    given: CreditNoteFields,
    projects: Collection[UUID] | None = None,
) -> FrozenDocument:
    """Issue a credit note (389) over what a partner supplied, on the partner's contract.

    Raises NotFound, also for a contract of somebody else or outside `projects` (None: all),
    TaxCaseMissing for a partner abroad, FinaliseRefused with every field to fill.
    """
    contract = locked_contracts(tx, [given.contract_number], projects)[0]
    partner = read_customer(tx, given.partner_number)
    if contract.customer_id != partner.id:
        raise NotFound(
            f"contract {contract.number} is another customer's, not one of {partner.number}",
            place="contractNumber",
            mend="Name a contract of the partner",
        )
    articles = articles_by_number(tx, [one.article_number for one in given.positions])
    positions = [
        _position(no, one, _sold(no, one.article_number, articles, contract))
        for no, one in enumerate(given.positions, 1)
    ]
    on = _day(tx, desk.tenant, given.date)
    return issued(tx, desk, credit_note(desk.tenant, partner, contract, positions, on))


def correct_credit_note(
    tx: Tx,
    desk: Desk,
    number: str,
    given: CorrectingCredit,
    projects: Collection[UUID] | None = None,
) -> FrozenDocument:
    """Take a credit note back, whole or in parts, by its correction (389 with negative quantities).

    It is set off against what we still owe of the credit note. Raises as `correct_invoice`.
    """
    original = locked_original(tx, number, _KINDS, projects)
    whole = Correcting(given.lines or _left(original), given.reason, given.on)
    draft = corrected(tx, desk, original, whole, DocumentKind.CREDIT_NOTE_CORRECTION)
    return issued(tx, desk, draft)


def _left(original: LockedOriginal) -> tuple[LinePart, ...]:
    """All lines of which something is left."""
    document = original.document
    return tuple(LinePart(line.no) for line in document.record.lines if document.rest(line))


def _day(tx: Tx, tenant: Tenant, given: date | None) -> date:
    today = local_date(tx.clock, tenant.time_zone)
    on = given or today
    check_run_date(on, today, field="date")
    return on


def _sold(no: int, number: str, articles: dict[str, SoldArticle], contract: Contract) -> Article:
    sold = articles.get(number)
    if sold is None or (sold.project is not None and sold.project.id != contract.project_id):
        raise NotFound(
            f"there is no article {number} in the contract's project",
            place=f"positions.{no}.articleNumber",
            mend="Use an article of the project, or one of every project",
        )
    return sold.article


def _position(no: int, given: CreditPositionFields, article: Article) -> CreditPosition:
    if given.until <= given.from_:
        raise OutOfRange(
            f"{given.until} is not behind {given.from_}",
            place=f"positions.{no}.until",
            mend="`until` is the first day that is not paid for",
        )
    return CreditPosition(
        article,
        given.quantity,
        given.unit_price,
        Period(given.from_, given.until),
        given.text,
    )
