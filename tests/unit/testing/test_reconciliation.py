"""The scorer says what the rules did on a labelled set, and when that is not good enough (banking 4.3)."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from faktura.domain.matches import Proposal
from faktura.kernel.money import Money
from faktura.testing.recon_reading import LabelShape, PartShape
from faktura.testing.recon_runs import Ran
from faktura.testing.recon_scores import Gate, Share, is_right
from faktura.testing.recon_sets import write_set
from faktura.testing.reconciliation import main

SEED = 4711


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A set of the right shape, to be spoiled."""
    write_set(tmp_path, SEED)
    return tmp_path


def change(directory: Path, name: str, no: int, **fields: Any) -> dict[str, Any]:
    """Change one entry of a file; gives it as it was."""
    path = directory / f"{name}.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    before = dict(rows[no])
    rows[no].update(fields)
    path.write_text(json.dumps(rows), encoding="utf-8")
    return before


def first_auto(directory: Path) -> int:
    labels = json.loads((directory / "labels.json").read_text(encoding="utf-8"))
    return next(no for no, label in enumerate(labels) if label["category"] == "f_clean")


def test_a_set_on_which_every_gate_is_passed_ends_well(directory, capsys):
    """Every figure is printed with its gate."""
    assert main([str(directory)]) == 0

    told = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in told[:9]] == [
        "auto precision",
        "auto recall tier 1",
        "auto recall tier 2",
        "proposal hit",
        "returns exact with fee",
        "returns precision",
        "proofs hold",
        "fee entries linked",
        "proposals on none",
    ]
    assert told[0].split()[2:] == ["100.00", "%", told[0].split()[4], ">=", "100", "%", "ok"]


def test_one_wrong_booking_fails_the_set_and_is_told(directory, capsys):
    """Precision is 100 %: one booking that the label does not have is one too many (O6)."""
    no = first_auto(directory)
    before = change(directory, "labels", no, allocation=[{"invoice": "RE-X", "amount": "1.00"}])

    code = main([str(directory)])

    told = capsys.readouterr().out
    (part,) = before["allocation"]
    assert code == 1
    assert (
        f"{before['id']} f_clean [precision]: auto RE-X=1.00 | auto by numbers-exact-sum"
        f" {part['invoice']}={part['amount']}"
    ) in told
    assert "FAILED" in told


def test_scripts_read_the_same_as_json(directory, capsys):
    """Figures and failures by name."""
    no = first_auto(directory)
    change(directory, "labels", no, action="none", cls="none")

    assert main([str(directory), "--json"]) == 1

    told = json.loads(capsys.readouterr().out)
    assert told["passed"] is False
    assert told["gates"][0]["name"] == "auto precision"
    assert told["gates"][0]["passed"] is False
    assert told["gates"][0]["of"] - told["gates"][0]["hit"] == 1
    assert "precision" in [one["gate"] for one in told["failures"]]


@pytest.mark.parametrize(
    ("name", "fields", "said"),
    [
        ("customers", {"age": 44}, "customers.json, entry 1, age"),
        ("transactions", {"amount": "1,00"}, "transactions.json, entry 1, amount"),
        ("labels", {"id": "B9999"}, "transactions.json: “B9999” is not in it"),
        ("open_invoices", {"customer": "K999"}, "customers.json: “K999” is not in it"),
        ("labels", {"action": "guess"}, "labels.json, B0000: “guess” of tier"),
        ("labels", {"tier": 3}, "of tier 3 is no label"),
    ],
)
def test_an_entry_that_is_not_of_the_shape_is_named(directory, capsys, name, fields, said):
    """Place and problem, exit code 2: nothing is scored by half."""
    change(directory, name, 0, **fields)

    assert main([str(directory)]) == 2
    assert said in capsys.readouterr().err


def test_a_movement_without_a_label_is_named(directory, capsys):
    """It would never be scored."""
    labels = json.loads((directory / "labels.json").read_text(encoding="utf-8"))
    (directory / "labels.json").write_text(json.dumps(labels[1:]), encoding="utf-8")

    assert main([str(directory)]) == 2
    assert "labels.json: “B0000” is not in it" in capsys.readouterr().err


def test_a_directory_without_the_files_is_refused(tmp_path, capsys):
    """The first file that is missing is named, and what would be right."""
    assert main([str(tmp_path)]) == 2
    assert f"{tmp_path}/customers.json: it cannot be read" in capsys.readouterr().err


def test_a_file_that_is_no_list_is_refused(directory, capsys):
    """An object, a number or broken text is no list of entries."""
    (directory / "labels.json").write_text("{", encoding="utf-8")

    assert main([str(directory)]) == 2
    assert "labels.json: it is no JSON list of objects" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["a", "b"], ["--json"]])
def test_other_arguments_say_how_it_is_called(arguments, capsys):
    """One directory, and nothing else but --json."""
    assert main(arguments) == 2
    assert capsys.readouterr().err == "python -m faktura.testing.reconciliation DIR [--json]\n"


def parts(*given: tuple[str, str]) -> tuple[PartShape, ...]:
    return tuple(PartShape(invoice=number, amount=Decimal(amount)) for number, amount in given)


def label(action: str, *allocation: tuple[str, str], **more: Any) -> LabelShape:
    given = {"id": "B1", "cls": "full", "tier": 1, "category": "f", **more}
    return LabelShape(action=action, allocation=parts(*allocation), **given)


def proposal(*given: tuple[str, str], rest: str = "0.00", given_up: str = "0.00") -> Proposal:
    settled = tuple((number, Money.parse(amount, "EUR")) for number, amount in given)
    return Proposal("rule", "why", settled, Money.parse(rest, "EUR"), Money.parse(given_up, "EUR"))


def proposed(*proposals: Proposal) -> Ran:
    return Ran("propose", "rule", proposals=proposals)


A = ("RE-1", "100.00")
B = ("RE-2", "19.00")


@pytest.mark.parametrize(
    ("wanted", "ran", "right"),
    [
        (label("auto", A), Ran("auto", "r", (("RE-1", Decimal(100)),)), True),
        (label("auto", A), Ran("auto", "r", (("RE-1", Decimal("99.99")),)), False),
        (label("auto", A), proposed(proposal(A)), False),
        (label("none"), Ran("none", "r"), True),
        (label("none"), proposed(proposal(A)), False),
        (label("none"), Ran("auto", "r", (("RE-1", Decimal(100)),)), False),
        (
            label("reverse", A, fee="3.00"),
            Ran("reverse", "r", (("RE-1", Decimal(100)),), Decimal(3)),
            True,
        ),
        (
            label("reverse", A, fee="3.00"),
            Ran("reverse", "r", (("RE-1", Decimal(100)),), Decimal("2.99")),
            False,
        ),
        (label("reverse", A), Ran("reverse", "r", (("RE-1", Decimal(100)),)), True),
        (label("propose", A), proposed(proposal(B), proposal(A)), True),
        (label("propose", A), proposed(proposal(("RE-1", "99.00"))), False),
        (label("propose", A), proposed(proposal(A, B)), False),
        (label("propose", A), Ran("none", "r"), False),
        (label("propose", cls="return"), Ran("propose", "return-unclear"), True),
        (label("propose", A, writeoff="2.00"), proposed(proposal(A, given_up="2.00")), True),
        (label("propose", A, writeoff="2.00"), proposed(proposal(A)), False),
        (label("propose", A, writeoff=None), proposed(proposal(A, given_up="2.00")), False),
        (label("propose", A, writeoff=None), proposed(proposal(A)), True),
        # The candidates come to more than the movement: these documents, whatever their parts.
        (label("propose", A, ("RE-2", "80.00")), proposed(proposal(A, B)), True),
        (label("propose", A, ("RE-2", "80.00")), proposed(proposal(A, rest="19.00")), False),
        (label("propose", alternatives=(parts(A), parts(B))), proposed(proposal(B)), True),
        (label("propose", alternatives=(parts(A),)), proposed(proposal(B)), False),
        (label("propose"), proposed(proposal(rest="119.00")), True),
        (label("propose"), proposed(proposal(B, rest="100.00")), False),
        (label("propose"), proposed(proposal(rest="19.00")), False),
    ],
)
def test_right_is_exactly_what_the_label_says(wanted, ran, right):
    """A movement of 119.00: parts to the cent, the write-off, the fee; near is not right."""
    assert is_right(wanted, ran, Decimal("119.00")) is right


@pytest.mark.parametrize(
    ("gate", "passed"),
    [
        (Gate("g", Share(97, 100), Decimal("0.97")), True),
        (Gate("g", Share(969, 1000), Decimal("0.97")), False),
        (Gate("g", Share(5, 100), Decimal("0.05"), at_most=True), True),
        (Gate("g", Share(51, 1000), Decimal("0.05"), at_most=True), False),
        (Gate("g", Share(0, 10), None), True),
        (Gate("g", Share(0, 0), Decimal(1)), True),
    ],
)
def test_a_gate_is_passed_at_its_bound(gate, passed):
    """97 % is enough where 97 % are asked for; of nothing nothing is missing."""
    assert gate.passed is passed
