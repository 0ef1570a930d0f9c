"""faktura bank policy: what a tenant decides about its movements, and the record of the change (F097)."""

import json
from contextlib import nullcontext
from dataclasses import replace
from decimal import Decimal

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from tests.services.bank.scene import BankScene

from faktura.cli import bank as commands
from faktura.cli import bank_policy as policy_command
from faktura.domain.bank_policies import BankPolicy, DiscountTerms
from faktura.domain.events import EventType
from faktura.domain.tenants import Tenant
from faktura.domain.violations import Proof
from faktura.kernel.errors import AmountUnreadable, FieldInvalid, TooPrecise
from faktura.services.tenants import change_tenant
from faktura.store import tables
from faktura.store.tenants import read_tenant

DEFAULT = {
    "auto": "BOOK",
    "discount": None,
    "graceDays": 3,
    "takesDiscount": False,
    "mostGivenUp": "0.00",
    "feedHours": 6,
    "consentDays": 14,
}


class Terminal:
    """`faktura bank policy` in the scene."""

    def __init__(self, scene: BankScene) -> None:
        self.scene = scene
        self.database = scene.database

    def tenant(self, key: str | None) -> Tenant:
        assert key is None
        with self.database.read(self.scene.tenant.id) as tx:
            return read_tenant(tx)

    def call(self, *words: str) -> Result:
        return CliRunner().invoke(commands.bank, ["policy", *words])

    def says(self, *words: str) -> dict[str, object]:
        done = self.call(*words, "--json")
        assert done.exit_code == 0, done.output
        said: dict[str, object] = json.loads(done.output)
        return said

    def refuses(self, *words: str) -> BaseException:
        done = self.call(*words)
        assert done.exception is not None
        return done.exception

    def told(self) -> list[dict[str, object]]:
        event = tables.event.c
        with self.database.read(self.scene.tenant.id) as tx:
            rows = tx.connection.execute(
                select(event.data)
                .where(event.type == EventType.ACCOUNTING_CHANGED)
                .order_by(event.sequence)
            ).scalars()
            return [json.loads(data) for data in rows]


@pytest.fixture
def terminal(scene: BankScene, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    terminal = Terminal(scene)
    monkeypatch.setattr(policy_command, "running", lambda: nullcontext(terminal))
    monkeypatch.setattr(policy_command, "operator", lambda: "erika")
    return terminal


def test_a_tenant_that_says_nothing_books_exact_matches_and_gives_nothing_up(
    terminal: Terminal,
) -> None:
    """F097: the defaults."""
    assert terminal.says() == DEFAULT
    assert terminal.told() == []


def test_every_part_of_the_policy_is_set_and_shown(terminal: Terminal) -> None:
    """Only what is named changes."""
    words = ["--auto", "mark", "--discount", "2.5/14", "--grace-days", "5", "--takes-discount"]
    said = terminal.says(*words, "--most-given-up", "1.00")

    assert said == {
        "auto": "MARK",
        "discount": "2.5/14",
        "graceDays": 5,
        "takesDiscount": True,
        "mostGivenUp": "1.00",
        "feedHours": 6,
        "consentDays": 14,
    }
    assert terminal.says("--feed-hours", "12", "--consent-days", "7") == {
        **said,
        "feedHours": 12,
        "consentDays": 7,
    }
    assert terminal.says("--auto", "book", "--no-takes-discount", "--discount", "none") == {
        **said,
        "auto": "BOOK",
        "discount": None,
        "takesDiscount": False,
        "feedHours": 12,
        "consentDays": 7,
    }


def test_who_changed_what_stays_on_record(terminal: Terminal) -> None:
    """GoBD: what decides about bookings is kept with its change; setting the same again is none."""
    terminal.says("--most-given-up", "0.50")
    terminal.says("--most-given-up", "0.50")

    [told] = terminal.told()
    assert told == {"by": "erika", "bank": {**DEFAULT, "mostGivenUp": "0.50"}, "old": DEFAULT}
    assert terminal.scene.violations(Proof.SEALS) == []


def test_people_read_a_line_for_each_part(terminal: Terminal) -> None:
    """Without --json."""
    assert "mostGivenUp" in terminal.call().output


@pytest.mark.parametrize(
    ("words", "error", "place"),
    [
        (["--discount", "2"], FieldInvalid, "discount"),
        (["--discount", "2/14 Tage"], FieldInvalid, "discount"),
        (["--discount", "2/" + "9" * 5000], FieldInvalid, "discount"),
        (["--discount", "zwei/14"], AmountUnreadable, "discount"),
        (["--discount", "21/14"], FieldInvalid, "field bank, discount.percent"),
        (["--discount", "2/0"], FieldInvalid, "field bank, discount.days"),
        (["--takes-discount"], FieldInvalid, "field bank, takesDiscount"),
        (["--most-given-up", "0.005"], TooPrecise, "mostGivenUp"),
        (["--most-given-up", "100.01"], FieldInvalid, "field bank, mostGivenUp"),
        (["--most-given-up", "-1"], FieldInvalid, "field bank, mostGivenUp"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(
    terminal: Terminal, words: list[str], error: type[Exception], place: str
) -> None:
    """Nothing is guessed and nothing is set."""
    refused = terminal.refuses(*words)

    assert isinstance(refused, error)
    assert getattr(refused, "place", None) == place
    assert terminal.says() == DEFAULT


def test_a_number_that_is_out_of_its_bounds_is_refused_at_the_door(terminal: Terminal) -> None:
    """The option says its bounds."""
    assert terminal.call("--feed-hours", "0").exit_code == 2
    assert terminal.call("--auto", "perhaps").exit_code == 2


def test_a_tenant_of_another_door_is_held_to_the_same_bounds(scene: BankScene) -> None:
    """Whoever writes a tenant: 21 % is no cash discount."""
    odd = replace(scene.tenant, bank=BankPolicy(discount=DiscountTerms(Decimal(21), 14)))

    with (
        scene.database.write(scene.tenant.id) as tx,
        pytest.raises(FieldInvalid, match="21 % is not above 0"),
    ):
        change_tenant(tx, odd)
