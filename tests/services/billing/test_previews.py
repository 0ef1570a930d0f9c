"""A dry run says what a run would do: no more, no less, and writes nothing."""

from datetime import date
from decimal import Decimal

import pytest
from tests.services.billing.scene import NoFormats, Scene
from tests.services.company import XRechnung
from typing_extensions import override

from faktura.domain.activities import OpenActivity
from faktura.flows.previews import Page, PreviewPage, preview_of, preview_page, preview_run
from faktura.kernel.errors import NotFound
from faktura.kernel.periods import Period
from faktura.kernel.terms import Origin
from faktura.plugin import Finding, InvoiceDocument, Severity
from faktura.store.billing import Scope
from faktura.store.catalogue import Project, write_projects
from faktura_xrechnung.formats import XRechnungCii

_DAY = date(2026, 9, 15)
_ALL = Scope()


def _preview(scene: Scene) -> list[dict[str, object]]:
    return list(preview_run(scene.database, scene.tenant, NoFormats(), _DAY, scope=Scope()))


def test_a_dry_run_shows_each_invoice_and_writes_nothing(scene: Scene):
    """F060: 30.00 + 19 % = 35.70."""
    contract = scene.contract()

    shown = _preview(scene)

    assert [(row["contractNumber"], row["gross"]) for row in shown] == [(contract.number, "35.70")]
    assert (scene.count("billing_run"), scene.documents()) == (0, [])


def test_a_dry_run_shows_no_invoice_for_what_costs_nothing(scene: Scene):
    """P17: the run issues no document for it, so the dry run promises none."""
    scene.contract(special_price="0")

    assert _preview(scene) == []


def test_a_dry_run_names_an_invoice_below_zero_as_the_problem_it_is(scene: Scene):
    """P18: the run quarantines it."""
    contract = scene.contract()
    credit = OpenActivity(
        scene.database.new_id(),
        scene.article,
        Origin.ONE_OFF,
        Decimal(1),
        Period(_DAY, date(2026, 9, 16)),
        unit_price=Decimal("-40.00"),
    )
    scene.activity(contract, credit)

    (row,) = _preview(scene)

    assert row["contractNumber"] == contract.number
    assert "-11.90 EUR" in str(row["problem"])


def test_a_dry_run_names_a_missing_price_and_goes_on(scene: Scene):
    """O19: one poisoned contract hides nobody else."""
    scene.contract(currency="CHF")
    scene.contract()

    shown = _preview(scene)

    assert ["problem" in row for row in shown] == [True, False]


def _page(scene: Scene, after: str | None, scope: Scope = _ALL) -> PreviewPage:
    return preview_page(
        scene.database, scene.tenant, NoFormats(), _DAY, scope, Page(after, limit=2)
    )


def test_a_dry_run_is_read_page_by_page_in_the_order_of_the_run(scene: Scene):
    """The page counts contracts: the second one costs nothing and has no invoice."""
    contracts = [scene.contract(special_price=price) for price in (None, "0", None, None)]
    contracts.append(scene.contract(currency="CHF"))

    first = _page(scene, None)
    second = _page(scene, first.next_after)
    third = _page(scene, second.next_after)

    numbers = [contract.number for contract in contracts]
    assert [row["contractNumber"] for row in first.rows] == [numbers[0]]
    assert first.next_after == numbers[1]
    assert [row["contractNumber"] for row in second.rows] == numbers[2:4]
    assert [row["contractNumber"] for row in third.rows] == [numbers[4]]
    assert "problem" in third.rows[0]
    assert third.next_after is None
    assert (scene.count("billing_run"), scene.documents()) == (0, [])


def test_a_page_stays_in_its_scope(scene: Scene):
    """Nor does it go on behind a contract that lies outside."""
    other = Project(scene.database.new_id(), "other", "Other")
    with scene.database.write(scene.tenant.id) as tx:
        write_projects(tx, [other])
    alien = scene.contract()
    own = scene.contract(project_id=other.id)
    scope = Scope(frozenset({other.id}))

    page = _page(scene, None, scope)

    assert [row["contractNumber"] for row in page.rows] == [own.number]
    with pytest.raises(NotFound, match=f"there is no contract {alien.number}"):
        _page(scene, alien.number, scope)


def test_the_preview_of_a_contract_is_for_who_reaches_its_project(scene: Scene):
    """F060: 30.00 + 19 % = 35.70, due again a month later."""
    contract = scene.contract()

    shown = preview_of(scene.database, scene.tenant, contract.number, _DAY, {scene.project.id})

    assert [row["gross"] for row in shown.invoices] == ["35.70"]
    assert shown.next_due_on == date(2026, 10, 15)
    with pytest.raises(NotFound, match=f"there is no contract {contract.number}"):
        preview_of(scene.database, scene.tenant, contract.number, _DAY, set())


class Worried(XRechnungCii):
    """XRechnung that warns about every document and forbids none."""

    @override
    def check(self, document: InvoiceDocument) -> tuple[Finding, ...]:
        return (
            Finding(
                severity=Severity.WARNING,
                term="BT-49",
                rule="W-1",
                message="The address is odd",
                mend="customer.email",
            ),
        )


def test_a_dry_run_tells_the_format_and_what_its_rules_warn_about(scene: Scene):
    """O16: a warning is seen before a number is spent, and keeps nothing from being issued."""
    scene.contract(scene.customer(leitweg_id="04011000-12345-03"))
    scene.contract()
    formats = XRechnung()
    formats.cii = Worried(formats.cii.settings, formats.cii.runtime)

    shown = list(preview_run(scene.database, scene.tenant, formats, _DAY, scope=Scope()))

    assert [(row["documentFormat"], row["warnings"]) for row in shown] == [
        ("xrechnung-cii", ["BT-49 The address is odd"]),
        (None, []),
    ]
