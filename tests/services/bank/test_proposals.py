"""What waits with proposals, what is only marked, and what a whole run makes of its movements."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, event, update
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import moved, statement

from faktura.domain.bank_policies import BankPolicy, DiscountTerms
from faktura.domain.mandates import MandateDetails, account_fingerprint, account_label
from faktura.domain.payment_means import MeansDetails, PaymentMeans
from faktura.domain.violations import Proof
from faktura.flows.statements import match_open
from faktura.kernel.bank_terms import AutoBooking, MovementState
from faktura.kernel.terms import AccountFact, PaymentMethod
from faktura.plugin import BankTransaction
from faktura.services.kept_proposals import KeptProposal, proposals_of
from faktura.services.tenants import change_tenant
from faktura.store import tables
from faktura.store.database import Database
from faktura.store.movement_lists import read_decisions
from faktura.store.movements import waiting_ids
from faktura.store.payers import learn_payer
from faktura.store.payment_means import write_means

PAYER = "DE02500105170137075030"
STRANGER = "DE12500105170648489890"
NOBODY: dict[str, Any] = {"counterparty_name": "Unbekannt AG"}


class Matching:
    """The scene with a policy; what is decided is read back whole."""

    def __init__(self, scene: BankScene) -> None:
        self.scene = scene

    def under(self, policy: BankPolicy) -> None:
        """The policy counts from now on."""
        with self.scene.database.write(self.scene.tenant.id) as tx:
            change_tenant(tx, replace(self.scene.tenant, bank=policy))

    def import_all(self, *transactions: BankTransaction) -> None:
        """One statement of these."""
        self.scene.upload(statement(*transactions))

    def decisions(self) -> list[tuple[str, str]]:
        """Outcome and rule of the last decision about each movement, earliest booking first."""
        return [(last["outcome"], last["rule"]) for last in self._last()]

    def proposals(self) -> list[tuple[KeptProposal, ...]]:
        """What waits with each movement, earliest booking first."""
        return [proposals_of(last["proof"]) for last in self._last()]

    def proofs(self) -> list[dict[str, Any]]:
        return [last["proof"] for last in self._last()]

    def _last(self) -> list[dict[str, Any]]:
        ids = [movement.id for movement in self.scene.movements()]
        with self.scene.database.read(self.scene.tenant.id) as tx:
            found = [read_decisions(tx, movement_id)[-1] for movement_id in ids]
        return [
            {"outcome": one.outcome, "rule": one.rule, "proof": dict(one.proof)} for one in found
        ]


@pytest.fixture
def matching(scene: BankScene) -> Matching:
    return Matching(scene)


def told(proposal: KeptProposal) -> tuple[object, ...]:
    """A proposal as people would say it."""
    parts = [(number, str(part)) for number, part in proposal.documents]
    return proposal.rule, parts, str(proposal.rest), str(proposal.given_up), proposal.customer


def test_an_exact_match_is_only_marked_where_the_tenant_wants_to_be_asked(
    matching: Matching,
) -> None:
    """F097: nothing is booked; a person confirms what is proposed."""
    matching.under(BankPolicy(auto=AutoBooking.MARK))

    matching.import_all(moved("35.70", "RE-000001"))

    assert matching.decisions() == [("MARKED", "numbers-exact-sum")]
    [[proposal]] = matching.proposals()
    assert told(proposal) == (
        "numbers-exact-sum",
        [("RE-000001", "35.70 EUR")],
        "0.00 EUR",
        "0.00 EUR",
        "K-1",
    )
    assert matching.scene.waiting() == [("35.70 EUR", "numbers-exact-sum")]
    assert matching.scene.open()["RE-000001"] == "35.70 EUR"
    assert matching.scene.legs("pay:") == []
    assert matching.scene.violations() == []


def test_a_marked_document_counts_as_taken_for_the_rest_of_the_run(matching: Matching) -> None:
    """The second transfer for it is a duplicate whether the first is booked or marked."""
    matching.under(BankPolicy(auto=AutoBooking.MARK))
    twice = [moved("35.70", "RE-000001", source_ref=str(no), **NOBODY) for no in (1, 2)]

    matching.import_all(*twice)
    match_open(matching.scene.database, matching.scene.tenant)

    assert matching.decisions() == [("MARKED", "numbers-exact-sum"), ("PROPOSED", "already-paid")]
    reasons = {one.reason for one in matching.scene.movements()}
    assert "RE-000001: another movement is marked for it, the rest is credit" in reasons
    assert matching.scene.count("match_decision") == 2


def test_marked_matches_are_booked_once_the_tenant_wants_it(matching: Matching) -> None:
    """The policy of the moment counts, whatever the run began with."""
    matching.under(BankPolicy(auto=AutoBooking.MARK))
    matching.import_all(moved("35.70", "RE-000001"))

    matching.under(BankPolicy())
    done = match_open(matching.scene.database, matching.scene.tenant)

    assert (done.booked, done.open) == (1, 0)
    assert matching.decisions() == [("FULL", "numbers-exact-sum")]


def test_a_second_transfer_for_an_invoice_is_proposed_as_credit(matching: Matching) -> None:
    """P38: a duplicate payment is the customer's money; nothing is booked by itself."""
    twice = [moved("35.70", "RE-000001", source_ref=str(no), **NOBODY) for no in (1, 2)]

    matching.import_all(*twice)

    assert matching.decisions() == [("FULL", "numbers-exact-sum"), ("PROPOSED", "already-paid")]
    assert told(matching.proposals()[1][0]) == ("already-paid", [], "35.70 EUR", "0.00 EUR", "K-1")


def test_a_payment_that_is_short_is_proposed_for_what_it_is(matching: Matching) -> None:
    """G6: 30.00 of 35.70; nothing is given up unless somebody says so."""
    matching.import_all(moved("30.00", "RE-000001", **NOBODY))

    assert matching.decisions() == [("PROPOSED", "underpaid")]
    assert told(matching.proposals()[0][0]) == (
        "underpaid",
        [("RE-000001", "30.00 EUR")],
        "0.00 EUR",
        "0.00 EUR",
        "K-1",
    )


def test_money_without_a_number_is_proposed_for_the_payer_that_people_confirmed(
    matching: Matching,
) -> None:
    """Banking 4.2: the account's history and the exact amount; never booked by itself."""
    scene = matching.scene
    scene.upload(statement(moved("1.00", "Trinkgeld", **NOBODY)), name="tip.txt")
    [tip] = scene.movements()
    with scene.database.write(scene.tenant.id) as tx:
        learn_payer(tx, PAYER, scene.customers[1].id, tip.id)

    scene.upload(
        statement(
            moved("100.00", "Danke", counterparty_iban=PAYER, source_ref="1", **NOBODY),
            moved("100.00", "Danke", counterparty_iban=STRANGER, source_ref="2", **NOBODY),
        )
    )

    assert matching.decisions()[1:] == [("PROPOSED", "payer-and-amount"), ("OPEN", "no-number")]
    assert told(matching.proposals()[1][0])[1:] == (
        [("RE-000002", "100.00 EUR")],
        "0.00 EUR",
        "0.00 EUR",
        "K-2",
    )


def test_money_without_a_number_is_proposed_for_the_customer_of_exactly_that_name(
    matching: Matching,
) -> None:
    """Case, blanks and punctuation aside."""
    matching.import_all(moved("297.50", "Danke", counterparty_name="KUNDE 3 GMBH"))

    assert matching.decisions() == [("PROPOSED", "payer-and-amount")]
    assert matching.proposals()[0][0].customer == "K-3"


def test_a_name_that_many_customers_have_says_nothing(matching: Matching) -> None:
    """Of more than twenty of that name nobody can tell which one paid."""
    scene = matching.scene
    with scene.database.write(scene.tenant.id) as tx:
        tx.connection.execute(update(tables.customer).values(name="Kunde 3 GmbH"))
    scene.upload(statement(moved("297.50", "Danke", counterparty_name="Kunde 3 GmbH")))
    assert matching.decisions() == [("PROPOSED", "payer-and-amount")]

    for _ in range(18):
        customer = scene.company.customer(name="Kunde 3 GmbH")
        scene.issue_credit(customer, "1.00")
    match_open(scene.database, scene.tenant)

    assert matching.decisions() == [("OPEN", "no-number")]


def test_a_mandate_says_whose_money_it_is(matching: Matching) -> None:
    """The account of an active mandate is known without any confirmation."""
    scene = matching.scene
    with scene.database.write(scene.tenant.id) as tx:
        write_means(tx, [mandate_of(scene.customers[2].id, PAYER)])

    matching.import_all(moved("297.50", "Danke", counterparty_iban=PAYER, **NOBODY))

    assert matching.decisions() == [("PROPOSED", "payer-and-amount")]
    assert matching.proposals()[0][0].customer == "K-3"


def mandate_of(customer_id: UUID, iban: str) -> PaymentMeans:
    return PaymentMeans(
        UUID(int=1),
        customer_id,
        PaymentMethod.SEPA_DEBIT,
        "M-1",
        account_label(iban),
        created_at=datetime(2026, 1, 2, tzinfo=UTC),
        fingerprint=account_fingerprint(iban),
        creditor_id="DE98ZZZ09999999999",
        details=MeansDetails(mandate=MandateDetails(date(2026, 1, 2), iban, "Kunde 3")),
    )


def test_letters_for_digits_are_booked_only_for_the_customer_himself(matching: Matching) -> None:
    """Banking 4.2: O for 0; the proof says who vouches for it."""
    matching.import_all(
        moved("35.70", "RE-00O0O1", source_ref="1", on=date(2026, 11, 10), **NOBODY),
    )
    assert matching.decisions() == [("PROPOSED", "confused")]

    matching.scene.upload(statement(moved("35.70", "RE-00O0O1", source_ref="2")), name="2.txt")

    assert matching.decisions()[1] == ("FULL", "confused-payer-exact-sum")
    assert matching.proofs()[1]["evidence"] == [["payer", "Kunde 1 GmbH", "K-1"]]
    assert matching.scene.violations(Proof.MATCHES) == []


def test_a_marked_match_over_several_customers_names_none_of_them(matching: Matching) -> None:
    """One transfer pays for two: 35.70 + 100.00."""
    matching.under(BankPolicy(auto=AutoBooking.MARK))

    matching.import_all(moved("135.70", "RE-000001 RE-000002", **NOBODY))

    [[proposal]] = matching.proposals()
    assert told(proposal)[1:] == (
        [("RE-000001", "35.70 EUR"), ("RE-000002", "100.00 EUR")],
        "0.00 EUR",
        "0.00 EUR",
        "",
    )


def test_a_settled_number_that_one_movement_names_changes_nothing_for_the_next(
    matching: Matching,
) -> None:
    """RE-000001 was paid long ago: the first names it, the second is read as without the first."""
    scene = matching.scene
    long_ago = date(2026, 8, 1)
    scene.upload(statement(moved("35.70", "RE-000001", on=long_ago)), name="old.txt")

    scene.upload(
        statement(
            moved("35.70", "RE-000001", source_ref="1", **NOBODY),
            moved("35.70", "Rechnung 1", source_ref="2", **NOBODY),
            moved("100.00", "RE-000002", source_ref="3", **NOBODY),
        )
    )

    assert matching.decisions()[1:] == [
        ("PROPOSED", "already-paid"),
        ("OPEN", "no-number"),
        ("FULL", "numbers-exact-sum"),
    ]


SKONTO = BankPolicy(discount=DiscountTerms(Decimal(2), 14))


def test_a_payment_less_its_cash_discount_is_proposed_with_what_would_be_given_up(
    matching: Matching,
) -> None:
    """2 % of 100.00 within 14 days of 1 October: 98.00 until the 15th."""
    matching.under(SKONTO)

    matching.import_all(moved("98.00", "RE-000002", on=date(2026, 10, 15), **NOBODY))

    assert matching.decisions() == [("PROPOSED", "cash-discount")]
    assert told(matching.proposals()[0][0])[1:] == (
        [("RE-000002", "98.00 EUR")],
        "0.00 EUR",
        "2.00 EUR",
        "K-2",
    )


def test_cash_discount_is_taken_by_itself_where_the_tenant_says_so(matching: Matching) -> None:
    """98.00 paid, 2.00 given up with their VAT in a posting of its own; three days of grace."""
    matching.under(replace(SKONTO, takes_discount=True))

    matching.import_all(moved("98.00", "RE-000002", on=date(2026, 10, 18), **NOBODY))

    scene = matching.scene
    assert matching.decisions() == [("FULL", "discount-exact-sum")]
    assert "RE-000002" not in scene.open()
    assert [(one.fact, str(one.amount)) for one in scene.account_of(1)] == [
        (AccountFact.INVOICE, "100.00 EUR"),
        (AccountFact.PAYMENT, "-98.00 EUR"),
        (AccountFact.CASH_DISCOUNT, "-2.00 EUR"),
    ]
    [proof] = matching.proofs()
    assert (proof["documents"], proof["givenUp"]) == (
        [["RE-000002", "98.00"]],
        [["RE-000002", "2.00"]],
    )
    assert scene.violations() == []


def test_cash_discount_after_its_days_and_grace_is_for_a_person(matching: Matching) -> None:
    """One day later than the last test."""
    matching.under(replace(SKONTO, takes_discount=True))

    matching.import_all(moved("98.00", "RE-000002", on=date(2026, 10, 19), **NOBODY))

    [(outcome, _)] = matching.decisions()
    assert outcome == "PROPOSED"
    assert matching.scene.open()["RE-000002"] == "100.00 EUR"


def test_a_discounted_match_is_only_marked_where_the_tenant_wants_to_be_asked(
    matching: Matching,
) -> None:
    """The mark says what would be given up."""
    matching.under(replace(SKONTO, takes_discount=True, auto=AutoBooking.MARK))

    matching.import_all(moved("98.00", "RE-000002", on=date(2026, 10, 15), **NOBODY))

    assert matching.decisions() == [("MARKED", "discount-exact-sum")]
    assert str(matching.proposals()[0][0].given_up) == "2.00 EUR"
    assert matching.scene.open()["RE-000002"] == "100.00 EUR"


def test_a_decision_keeps_the_text_the_places_the_sum_and_what_was_not_taken(
    matching: Matching,
) -> None:
    """O6: whoever looks later needs nothing but the proof."""
    lines = ("Rechnung RE-000001", "und RE-000002")
    matching.import_all(moved("135.70", *lines, end_to_end_id="E2E-7", **NOBODY))

    [proof] = matching.proofs()
    assert proof["version"] == 2
    assert proof["raw"] == {
        "remittance": "Rechnung RE-000001\nund RE-000002",
        "reference": "",
        "endToEndId": "E2E-7",
    }
    assert proof["hits"] == [
        ["RE-000001", "remittance", 9, 18, "written"],
        ["RE-000002", "remittance", 23, 32, "written"],
    ]
    assert (proof["documents"], proof["sum"], proof["amount"], proof["currency"]) == (
        [["RE-000001", "35.70"], ["RE-000002", "100.00"]],
        "135.70",
        "135.70",
        "EUR",
    )
    assert proof["proposals"] == []
    assert matching.scene.violations(Proof.MATCHES) == []


def test_a_proof_of_older_rules_has_no_proposals() -> None:
    """Version 1 had text, hits and documents."""
    assert proposals_of({"text": "RE-1", "hits": [], "documents": []}) == ()


UNRELATED = (
    moved("35.70", "RE-000001", source_ref="1", **NOBODY),
    moved("90.00", "RE-000002", source_ref="2", **NOBODY),
    moved("297.50", "Danke", source_ref="3", counterparty_name="Kunde 3 GmbH"),
    moved("12.00", "Büromaterial", source_ref="4", **NOBODY),
)


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_unrelated_movements_are_decided_alike_in_any_order(
    matching: Matching, order: Sequence[int]
) -> None:
    """Banking 4.3: the order of a statement is the bank's, not an argument."""
    matching.import_all(*(UNRELATED[place] for place in order))

    found = sorted(
        (str(movement.amount), *decision)
        for movement, decision in zip(matching.scene.movements(), matching.decisions(), strict=True)
    )
    assert found == [
        ("12.00 EUR", "OPEN", "no-number"),
        ("297.50 EUR", "PROPOSED", "payer-and-amount"),
        ("35.70 EUR", "FULL", "numbers-exact-sum"),
        ("90.00 EUR", "PROPOSED", "underpaid"),
    ]


@pytest.mark.parametrize(
    "state", [MovementState.HELD, MovementState.PREVIEW, MovementState.EXPANDED]
)
def test_what_does_not_count_yet_is_not_decided(matching: Matching, state: MovementState) -> None:
    """Doubtful movements, notices ahead of the statement, batches whose details came."""
    scene = matching.scene
    scene.upload(statement(moved("30.00", "RE-000001", **NOBODY)))
    with scene.database.write(scene.tenant.id) as tx:
        tx.connection.execute(update(tables.bank_transaction).values(state=state))

    scene.bill_november()
    done = match_open(scene.database, scene.tenant)

    assert (done.booked, done.open) == (0, 0)
    with scene.database.read(scene.tenant.id) as tx:
        assert waiting_ids(tx) == []
    assert scene.count("match_decision") == 1


def statements_of(database: Database, act: Callable[[], object]) -> int:
    """How many statements an act sends over SQLAlchemy."""
    asked: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return len(asked)


def test_a_chunk_asks_as_often_for_many_movements_as_for_few(matching: Matching) -> None:
    """Everything is read set-based: per movement nothing is asked."""
    scene = matching.scene
    noise = [
        moved(f"{no}.01", f"RE-00000{no % 3 + 1}", source_ref=str(no), counterparty_iban=PAYER)
        for no in range(1, 61)
    ]
    scene.upload(statement(*noise[:3], balanced=False))
    scene.trust_statements()
    asked_few = statements_of(scene.database, lambda: match_open(scene.database, scene.tenant))
    scene.upload(statement(*noise, balanced=False), name="many.txt")
    scene.trust_statements()

    asked_many = statements_of(scene.database, lambda: match_open(scene.database, scene.tenant))

    assert len(scene.movements()) == 60
    assert asked_many == asked_few
