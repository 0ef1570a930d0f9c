"""Made-up sets of bank movements are repeatable, and right where they must be (banking 4.4)."""

import json
from random import Random

import pytest

from faktura.testing.recon_names import creditor_reference, iban, iban_of, written_out
from faktura.testing.recon_orders import doubled, is_again, shuffled
from faktura.testing.recon_reading import labelled_set
from faktura.testing.recon_sets import recon_set, write_set
from faktura.testing.recon_world import discount_of, euros, wrapped


def test_a_seed_makes_its_set_again(tmp_path):
    """A failure of a nightly run is made again from the number it prints."""
    write_set(tmp_path / "once", 7)
    write_set(tmp_path / "again", 7)

    names = sorted(path.name for path in (tmp_path / "once").iterdir())
    assert names == [
        "collected_direct_debits.json",
        "customers.json",
        "labels.json",
        "open_invoices.json",
        "paid_invoices.json",
        "transactions.json",
    ]
    for name in names:
        assert (tmp_path / "once" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    assert recon_set(7) != recon_set(8)


@pytest.mark.parametrize("seed", range(5))
def test_no_number_is_given_twice_and_every_movement_has_a_label(seed):
    """A label would be wrong where two documents had one number."""
    made = recon_set(seed)

    names = ("open_invoices", "paid_invoices", "collected_direct_debits")
    numbers = [row["number"] for name in names for row in made[name]]
    assert len(numbers) == len(set(numbers))
    assert [row["id"] for row in made["labels"]] == [row["id"] for row in made["transactions"]]
    assert json.loads(json.dumps(made)) == made


def test_check_digits_are_right():
    """The German example of ISO 13616, and a creditor reference of ISO 11649."""
    assert iban_of("370400440532013000") == "DE89370400440532013000"
    assert creditor_reference("539007547034") == "RF18539007547034"
    assert int(iban(Random(1))[4:] + "1314" + iban(Random(1))[2:4]) % 97 == 1


def test_names_amounts_and_lines_are_written_as_banks_do():
    """Umlauts written out, cents as decimals, lines of one width, discounts rounded half up."""
    assert written_out("Übelacker Müßig") == "Uebelacker Muessig"
    assert (euros(11_900), euros(-5)) == ("119.00", "-0.05")
    assert wrapped("abcdefg", 3) == ["abc", "def", "g"]
    assert (discount_of(203_298, 2), discount_of(110_880, 2), discount_of(25, 2)) == (
        4_066,
        2_218,
        1,
    )


def test_another_order_keeps_what_depends_on_what_came_before():
    """Nothing is lost, the second transfer stays behind the first, a fee behind its return."""
    given = labelled_set(recon_set(3))

    mixed = shuffled(given, 1)

    before, after = ([one.id for one in one.transactions] for one in (given, mixed))
    assert sorted(after) == before
    assert after != before
    bound = [
        [name for name in names if given.labels[name].category.startswith(("s_", "r_"))]
        for names in (before, after)
    ]
    assert bound[0] == bound[1]


def test_a_doubled_set_has_every_movement_once_more():
    """Behind all others, under another id."""
    given = labelled_set(recon_set(3))

    twice = doubled(given).transactions

    half = len(given.transactions)
    assert twice[:half] == given.transactions
    assert [one.id for one in twice[half:]] == [f"{one.id} again" for one in given.transactions]
    assert [is_again(one.id) for one in (twice[0], twice[half])] == [False, True]
