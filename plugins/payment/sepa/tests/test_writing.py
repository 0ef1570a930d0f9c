"""What a file says of its debits and of its creditor (banking.md 3.2 to 3.6)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from faktura.plugin import DebitFile, DebitItem, DebtorAddress, WrittenFile
from faktura_sepa.adapter import SepaAdapter

Adapter = Callable[..., SepaAdapter]
File = Callable[..., DebitFile]
Item = Callable[..., DebitItem]
Values = Callable[[WrittenFile, str], list[str]]
Write = Callable[..., WrittenFile]


def test_the_moment_of_the_file_is_written_in_utc(write: Write, item: Item, values: Values):
    """However it is given: the same moment is the same text."""
    berlin = timezone(timedelta(hours=1))

    written = write(item(), created_at=datetime(2026, 11, 22, 9, 30, 15, tzinfo=berlin))

    assert values(written, "GrpHdr/CreDtTm") == ["2026-11-22T08:30:15Z"]
    assert written == write(item(), created_at=datetime(2026, 11, 22, 8, 30, 15, tzinfo=UTC))


@pytest.mark.parametrize(
    ("mandate", "first_sequence", "written"),
    [
        ({}, "RCUR", "RCUR"),
        ({"first_collection": True}, "RCUR", "RCUR"),
        ({"first_collection": True}, "FRST", "FRST"),
        ({}, "FRST", "RCUR"),
        ({"last_collection": True}, "FRST", "FNAL"),
        ({"sequence": "ONE_OFF", "last_collection": True}, "FRST", "OOFF"),
        ({"sequence": "ONE_OFF", "first_collection": True}, "FRST", "OOFF"),
    ],
)
def test_the_sequence_type_follows_the_mandate(
    adapter: Adapter,
    file: File,
    item: Item,
    values: Values,
    mandate: dict[str, object],
    first_sequence: str,
    written: str,
):
    """RCUR from the first debit on since the rulebook of 2016; FRST for banks that insist."""
    found = adapter(first_sequence=first_sequence).write(file(item(**mandate)))

    assert values(found, "PmtTpInf/SeqTp") == [written]


def test_b2b_debits_are_a_file_of_their_own(
    adapter: Adapter, file: File, item: Item, values: Values
):
    """The scheme stands in each block."""
    b2b = item(scheme="B2B", confirmed_on=date(2026, 2, 1))

    written = adapter(takes_b2b=True).write(file(b2b))

    assert values(written, "LclInstrm/Cd") == ["B2B"]


def test_single_credits_are_asked_for_where_the_setting_says_so(
    adapter: Adapter, file: File, item: Item, values: Values
):
    """One collective credit a block is the default."""
    single = adapter(batch_booking=False).write(file(item()))

    assert values(single, "PmtInf/BtchBookg") == ["false"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"former_reference": "ALT"}, {"OrgnlMndtId": "ALT"}),
        (
            {"former_creditor_id": "DE98ZZZ09999999999"},
            {"OrgnlCdtrSchmeId/Id/PrvtId/Othr/Id": "DE98ZZZ09999999999"},
        ),
        ({"former_account": "DE02120300000000202051"}, {"OrgnlDbtrAcct/Id/Othr/Id": "SMNDA"}),
        ({}, {}),
    ],
)
def test_a_change_of_one_thing_names_that_thing_alone(
    write: Write, item: Item, values: Values, change: dict[str, str], told: dict[str, str]
):
    """A new reference, a new creditor id, or a new account, which is SMNDA at whatever bank."""
    written = write(item(**change))

    found = {
        path: text
        for path in (
            "OrgnlMndtId",
            "OrgnlCdtrSchmeId/Id/PrvtId/Othr/Id",
            "OrgnlDbtrAcct/Id/Othr/Id",
        )
        for text in values(written, f"AmdmntInfDtls/{path}")
    }
    assert found == told
    assert values(written, "MndtRltdInf/AmdmntInd") == (["true"] if told else [])


def test_the_bic_of_the_settings_stands_for_its_own_account_only(
    adapter: Adapter, file: File, item: Item, values: Values
):
    """The seller may collect over another account, whose bank is not named then."""
    sepa = adapter(iban="DE02120300000000202051", bic="BYLADEM1001")

    own = sepa.write(file(item()))
    given = sepa.write(file(item(), bic="BYLADEM1002"))
    other = sepa.write(file(item(), iban="DE89370400440532013000"))

    assert values(own, "CdtrAgt/FinInstnId/BICFI") == ["BYLADEM1001"]
    assert values(given, "CdtrAgt/FinInstnId/BICFI") == ["BYLADEM1002"]
    assert values(other, "CdtrAgt/FinInstnId/Othr/Id") == ["NOTPROVIDED"]


def test_an_address_is_written_only_where_a_bank_needs_it(write: Write, item: Item, values: Values):
    """Debtors in the EEA do not have theirs spread; what has no street has none."""
    town = DebtorAddress(town="Bern", country="CH")

    german = write(item(address=DebtorAddress(town="Köln", country="DE")))
    swiss = write(item(iban="CH9300762011623852957", address=town))

    assert values(german, "Dbtr/PstlAdr") == []
    assert values(swiss, "PstlAdr/TwnNm") == ["Bern"]
    assert values(swiss, "PstlAdr/StrtNm") == []
    assert values(swiss, "PstlAdr/AdrLine") == []


def test_eight_hundred_debits_go_into_one_file_and_their_sum_is_exact(
    write: Write, item: Item, values: Values
):
    """F101: the sum of the largest amounts has no rounding."""
    items = [item(end_to_end=f"E2E-{n}", amount=Decimal("999999999.99")) for n in range(800)]

    written = write(*items)

    assert values(written, "GrpHdr/NbOfTxs") == ["800"]
    assert values(written, "GrpHdr/CtrlSum") == ["799999999992.00"]


def test_the_file_name_holds_no_sign_that_a_file_system_minds(write: Write, item: Item):
    """A message id may have slashes and colons."""
    assert write(item(), message_id="A/b:7 (x)").filename == "pain.008_A-b-7--x-.xml"
