"""A dry run says what a run would do: no more, no less, and writes nothing."""

from datetime import date
from decimal import Decimal

from tests.services.billing.scene import NoFormats, Scene

from faktura.domain.activities import OpenActivity
from faktura.flows.previews import preview_run
from faktura.kernel.periods import Period
from faktura.kernel.terms import Origin
from faktura.store.billing import Scope

_DAY = date(2026, 9, 15)


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
