"""What an export leaves out comes with a later one; what it takes back is free again."""

import json
import threading
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from tests.services.accounting.paper import keys_of, paper
from tests.services.company import XRechnung, bill, settle
from tests.services.verify.books import proved

from faktura.cli.accounting_exports import warnings_of
from faktura.domain.events import EventType
from faktura.domain.line_parts import LinePart
from faktura.flows.exports import export_entries, find_batch, write_batch_files
from faktura.kernel.accounting_terms import BatchState, DeferralMethod
from faktura.kernel.errors import FieldMissing, NotFound, TransitionRefused
from faktura.kernel.terms import TaxCase
from faktura.plugin import ExportOptions
from faktura.services.correcting import Correcting, correct_invoice
from faktura.services.export_batches import Voiding, free_file, void_batch
from faktura.services.exports import ExportRequest, Waiting
from faktura.services.issuing import Desk
from faktura.store.documents import document_id
from faktura.store.exports import list_batches, lock_batch, read_batch, set_state
from faktura.store.tables import deferral, event

OCTOBER = ExportRequest(date(2026, 10, 1), date(2026, 10, 31))
AUTUMN = ExportRequest(date(2026, 10, 1), date(2026, 11, 30))
BARE = ExportOptions(payments=False, corrections=False, deferrals=False, debtors=False)
INVOICES = ["inv:RE-000001", "inv:RE-000002"]


@pytest.fixture
def tenant(company):
    """Two invoices, a payment of the first, a correction of the second."""
    for _ in range(2):
        company.contract(company.customer(), "A-1")
    bill(company.database, company.tenant)
    settle(company.database, company.tenant, "RE-000001", 1000)
    with company.database.write(company.tenant.id) as tx:
        given = Correcting((LinePart(1, percent=Decimal(10)),), "Kulanz")
        correct_invoice(tx, Desk(company.tenant, XRechnung()), "RE-000002", given)
    return company.tenant


@pytest.fixture
def export(database, contents, tenant):
    """Makes a batch; keyword arguments change the options."""

    def run(request=OCTOBER, **options: bool):
        asked = replace(request, options=request.options.model_copy(update=options))
        return export_entries(database, contents, tenant, paper(database), asked)

    return run


@pytest.fixture
def void(database, tenant):
    """Voids a batch."""

    def run(number, reason="Falscher Monat", *, handed_over=False):
        with database.write(tenant.id) as tx:
            return void_batch(tx, "paper", number, Voiding(reason, "Eva", handed_over))

    return run


def test_what_an_option_leaves_out_comes_with_a_later_export(export, contents, tenant):
    """It is not late either: the batch was not asked for it."""
    bare = export(replace(OCTOBER, options=BARE))
    november = export(ExportRequest(date(2026, 11, 1), date(2026, 11, 30)))
    payments = export(corrections=False)
    rest = export()

    assert keys_of(contents, tenant.id, bare) == INVOICES
    assert (november.batch, november.waiting.late) == (None, 0)
    assert keys_of(contents, tenant.id, payments) == ["pay:RE-000001:1"]
    assert [key.partition(":")[0] for key in keys_of(contents, tenant.id, rest)] == ["cor"]
    assert export().batch is None


def test_a_batch_keeps_what_it_was_asked_for(export, database, tenant):
    """The options stand with it; master data is a file without entries."""
    bare = export(replace(OCTOBER, options=BARE)).batch
    rest = export().batch

    assert bare is not None
    assert rest is not None
    assert find_batch(database, tenant.id, "paper", 1).options == BARE
    assert [file.name for file in bare.files] == ["202610.txt"]
    assert [file.name for file in rest.files] == ["debtors.txt", "202610.txt"]
    assert find_batch(database, tenant.id, "paper", 2) == rest


def test_what_came_in_late_is_counted_by_what_its_batch_took(export, database, tenant):
    """A payment is late for a batch of payments, and for no other."""
    export(payments=False)
    settle(database, tenant, "RE-000002", 500)
    december = ExportRequest(date(2026, 12, 1), date(2026, 12, 31))

    assert export(december).waiting.late == 0
    export()
    settle(database, tenant, "RE-000002", 600)
    assert export(december).waiting.late == 1


def test_months_of_deferrals_that_are_not_posted_yet_are_counted(export, database, tenant):
    """October is due, November is not; who leaves deferrals out is not told."""
    with database.write(tenant.id) as tx:
        for line_no, due in ((1, date(2026, 10, 1)), (2, date(2026, 11, 1)), (3, None)):
            tx.connection.execute(
                deferral.insert().values(
                    tenant_id=tx.tenant_id,
                    document_id=document_id(tx, "RE-000001"),
                    line_no=line_no,
                    method=DeferralMethod.MONTH,
                    currency="EUR",
                    net=1000,
                    service_start=date(2026, 10, 1),
                    service_end=date(2027, 10, 1),
                    booked_month=date(2026, 10, 1),
                    tax_case=TaxCase.STANDARD,
                    tax_rate=Decimal(19),
                    tax_country="DE",
                    next_month=due,
                )
            )

    early = export(replace(OCTOBER, end=date(2026, 10, 30))).waiting
    without = export(deferrals=False).waiting
    waiting = export().waiting

    assert (early.deferrals, without.deferrals, waiting.deferrals) == (0, 0, 1)
    assert warnings_of(without) == []
    drafts, deferrals, late = warnings_of(Waiting(1, (("VAT", 1),), 2, 3))
    assert drafts == "1 entries of these days wait for an account and are not exported: VAT (1)"
    assert deferrals.startswith("3 deferrals have months of these days that are not posted yet")
    assert late.startswith("2 entries of other days came in after those days were exported")


def test_a_voided_batch_gives_its_entries_back_and_keeps_number_and_files(
    export, void, database, contents, tenant, tmp_path
):
    """The entries go out again, in the same order, with the next number."""
    first = export()
    done = void(1)
    second = export()

    assert (done.freed, done.handed_over) == (4, False)
    assert (done.batch.state, done.batch.void_reason) == (BatchState.VOIDED, "Falscher Monat")
    assert done.batch.voided_at == database.clock.now()
    assert done.batch.freed == ((1, 4),)
    assert second.batch is not None
    assert second.batch.number == 2
    assert keys_of(contents, tenant.id, second) == keys_of(contents, tenant.id, first)
    voided = find_batch(database, tenant.id, "paper", 1)
    assert first.batch is not None
    assert voided.files == first.batch.files
    _, path = write_batch_files(contents, tenant.id, voided, tmp_path)
    assert path.read_bytes() == contents.get(tenant.id, first.batch.files[1].digest)
    assert proved(database, tenant, contents) == []
    with database.read(tenant.id) as tx:
        told = tx.connection.execute(
            select(event.c.data).where(event.c.type == EventType.ACCOUNTING_CHANGED)
        ).scalar_one()
        assert json.loads(told) == {
            "voidedExport": "paper", "no": 1, "reason": "Falscher Monat", "by": "Eva",
        }  # fmt: skip
        assert [batch.number for batch in list_batches(tx, "paper", limit=9)] == [2, 1]
        assert [batch.number for batch in list_batches(tx, after=("paper", 2), limit=9)] == [1]


def test_only_what_can_be_voided_is_voided(export, void):
    """With a reason, once, and only what exists."""
    export()

    with pytest.raises(FieldMissing, match="why the batch is voided"):
        void(1, "  ")
    with pytest.raises(NotFound, match="there is no batch 2 for paper"):
        void(2)
    void(1)
    with pytest.raises(TransitionRefused, match="it is voided already"):
        void(1)


@pytest.mark.parametrize("state", [BatchState.SENT, BatchState.ACCEPTED])
def test_a_batch_that_was_handed_over_is_voided_only_when_told_so(
    export, void, database, tenant, state
):
    """Nobody can take back what the adviser has; a person has to delete it there."""
    export()
    with database.write(tenant.id) as tx:
        set_state(tx, "paper", 1, state)

    with pytest.raises(TransitionRefused, match=f"it is {state}"):
        void(1)
    done = void(1, handed_over=True)

    assert (done.freed, done.handed_over) == (4, True)


def test_a_batch_is_not_voided_while_it_is_being_sent(export, void, database, tenant):
    """Whoever comes second waits for the lock, then sees what the first did."""
    export()
    came: list[TransitionRefused] = []
    begun = threading.Event()

    def take_back() -> None:
        begun.set()
        try:
            void(1)
        except TransitionRefused as refused:
            came.append(refused)

    with database.write(tenant.id) as tx:
        lock_batch(tx, "paper", 1)
        second = threading.Thread(target=take_back)
        second.start()
        begun.wait(10)
        set_state(tx, "paper", 1, BatchState.SENT)
    second.join()

    assert [refused.problem for refused in came] == [
        "it is SENT: the other side has it, or may have it"
    ]
    with database.read(tenant.id) as tx:
        assert read_batch(tx, "paper", 1).state is BatchState.SENT


def test_the_entries_of_a_refused_file_alone_are_free_again(
    export, database, contents, tenant, company
):
    """The other file's entries stay out; another refusal adds to what is free."""
    bill(database, tenant, date(2026, 11, 1))
    batch = export(AUTUMN).batch
    assert batch is not None
    _, october, november = batch.files
    assert (october.entries, november.entries) == (((1, 4),), ((5, 6),))

    with database.write(tenant.id) as tx:
        locked = lock_batch(tx, "paper", 1)
        assert free_file(tx, locked, november) == 2
        assert free_file(tx, locked, november) == 0
        set_state(tx, "paper", 1, BatchState.FAILED)
    again = export(AUTUMN)

    assert keys_of(contents, tenant.id, again) == ["inv:RE-000003", "inv:RE-000004"]
    assert find_batch(database, tenant.id, "paper", 1).freed == ((5, 6),)
    with database.write(tenant.id) as tx:
        done = void_batch(tx, "paper", 1, Voiding("Ganz zurück", "Eva"))
    assert (done.freed, done.batch.freed) == (4, ((1, 6),))
