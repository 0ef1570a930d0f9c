"""Bookings of finAPI as records (1.7, appendix A), against the double."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faktura.kernel.errors import AmountUnreadable, FakturaError, FileUnreadable
from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.plugin import BookingStatus, FeedUser
from faktura_finapi.adapter import FinapiFeed
from faktura_finapi.mapping import bank_code, movement, return_reason
from faktura_finapi.messages import TransactionSaid, TransactionsSaid, read
from faktura_finapi.pages import page_of
from finapi_double.records import BankAccount, Json
from finapi_double.scene import Scene

BOOKING: Json = {
    "id": 9,
    "accountId": 5,
    "bankBookingDate": "2026-11-11",
    "amount": Decimal("1.00"),
}


async def brought(scene: Scene, amount: str, **fields: object) -> tuple[FinapiFeed, FeedUser]:
    """A booking at the bank, brought in by an update."""
    feed = scene.feed()
    user, connection = await scene.connected(feed)
    scene.world.book(scene.world.logins[0], amount, **fields)
    await scene.updated(feed, user, connection)
    return feed, user


def mapped(**fields: object) -> TransactionSaid:
    """A booking as finAPI says it."""
    return read(TransactionSaid, BOOKING | fields, "here")


async def test_a_transfer_keeps_every_word_and_the_banks_own_days(scene: Scene) -> None:
    """Appendix A: the purpose is one line, byte for byte (F092); finAPI's own day moves."""
    purpose = "SVWZ+Rechnung  RE-2026-000123\nvom 1.11.  Müller & Söhne "
    feed, user = await brought(
        scene,
        "119.00",
        bankBookingDate="2026-11-30",
        valueDate="2026-12-01",
        finapiBookingDate="2026-12-24",
        purpose=purpose,
        counterpartName="Müller & Söhne",
        counterpartIban="de02 1203 0000 0000 2020 51",
        counterpartBic="BYLADEM1001",
        counterpartCustomerReference="KD 7",
        endToEndReference="E2E-1",
        differentDebitor="Oma Müller",
        type="SEPA-Gutschrift",
        typeCodeZka="166",
        sepaPurposeCode="SUPP",
        bankTransactionCode="PMNT-RCDT-ESCT",
        primanota="9251",
        category={"id": 1, "name": "of a later version"},
    )

    found = await scene.one(feed, user)

    (account,) = scene.world.accounts
    assert (found.account, found.is_doubtful) == (str(account), False)
    one = found.transaction
    assert one.remittance_lines == (purpose,)
    assert (one.booked_on, one.value_on) == (date(2026, 11, 30), date(2026, 12, 1))
    assert (str(one.amount), one.currency) == ("119.00", "EUR")
    assert one.status is BookingStatus.BOOKED
    assert one.source_ref == str(*scene.world.transactions)
    assert one.place == f"transaction {one.source_ref}"
    assert (one.counterparty_name, one.counterparty_iban, one.counterparty_bic) == (
        "Müller & Söhne",
        "DE02120300000000202051",
        "BYLADEM1001",
    )
    assert (one.end_to_end_id, one.ultimate_name) == ("E2E-1", "Oma Müller")
    assert (one.gvc, one.bank_code, one.purpose_code) == ("166", "PMNT/RCDT/ESCT", "SUPP")
    assert (one.booking_text, one.reversal) == ("SEPA-Gutschrift", False)
    assert (one.instructed, one.charges, one.return_reason, one.return_text) == (
        None,
        None,
        None,
        (),
    )


async def test_a_returned_debit_has_its_original_its_fee_and_its_reason(scene: Scene) -> None:
    """1.7: original and compensation make up the amount; the reason stands in the purpose."""
    feed, user = await brought(
        scene,
        "-53.00",
        purpose="RUECKLASTSCHRIFT AM04 RE-2026-000130",
        counterpartMandateReference="M-2024-0001",
        endToEndReference="E2E-RE-2026-000130",
        typeCodeZka="109",
        bankTransactionCode="PMNT-IDDT-UPDD",
        originalAmount="50.00",
        originalCurrency="EUR",
        compensationAmount="3.00",
    )

    one = (await scene.one(feed, user)).transaction

    assert str(one.amount) == "-53.00"
    assert (str(one.instructed), one.instructed_currency) == ("50.00", "EUR")
    assert str(one.charges) == "3.00"
    assert (one.return_reason, one.return_text) == (
        "AM04",
        ("RUECKLASTSCHRIFT AM04 RE-2026-000130",),
    )
    assert (one.mandate_id, one.end_to_end_id) == ("M-2024-0001", "E2E-RE-2026-000130")


async def test_a_returned_debit_without_amounts_says_none(scene: Scene) -> None:
    """1.7: then the collected amount tells the fee; nothing is made up here."""
    feed, user = await brought(
        scene,
        "-53.00",
        purpose="RUECKLASTSCHRIFT",
        typeCodeZka="109",
        originalAmount=None,
        compensationAmount=None,
    )

    one = (await scene.one(feed, user)).transaction

    assert (one.instructed, one.instructed_currency, one.charges) == (None, None, None)
    assert (one.return_reason, one.return_text) == (None, ("RUECKLASTSCHRIFT",))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("RUECKLASTSCHRIFT AM04", "AM04"),
        ("Retoure MD06/MD06", "MD06"),
        ("ms03.", "MS03"),
        ("AM04 oder MD06", None),
        ("RAM04", None),
        ("AM041", None),
        ("", None),
    ],
)
def test_a_reason_is_taken_from_the_text_when_it_is_the_only_one(
    text: str, code: str | None
) -> None:
    """1.7: else it is unknown."""
    assert return_reason(text) == code


@pytest.mark.parametrize(
    ("fields", "went_back"),
    [
        ({"typeCodeZka": "108", "amount": Decimal(-1)}, True),
        ({"typeCodeZka": "109", "amount": Decimal(1)}, False),
        ({"typeCodeZka": "159", "amount": Decimal(1)}, True),
        ({"typeCodeZka": "105", "amount": Decimal(-1)}, False),
        ({"bankTransactionCode": "PMNT.IDDT.UPDD", "amount": Decimal(-1)}, True),
        ({"bankTransactionCode": "PMNT.ICDT.RRTN", "amount": Decimal(-1)}, False),
        ({"bankTransactionCode": "PMNT.ICDT.RRTN", "amount": Decimal(1)}, True),
        ({"bankTransactionCode": "PMNT", "amount": Decimal(1)}, False),
        ({}, False),
    ],
)
def test_only_what_came_back_has_a_reason(fields: Json, went_back: bool) -> None:
    """An order number that looks like a reason is none: the bank's codes decide."""
    one = movement(mapped(purpose="Auftrag MD01", **fields), 0, {"5": "EUR"}).transaction

    assert one.return_reason == ("MD01" if went_back else None)
    assert one.return_text == (("Auftrag MD01",) if went_back else ())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("PMNT-IDDT-UPDD", "PMNT/IDDT/UPDD"),
        ("PMNT.IDDT.UPDD", "PMNT/IDDT/UPDD"),
        ("PMNT/IDDT/UPDD", "PMNT/IDDT/UPDD"),
        ("PMNTIDDTUPDD", "PMNT/IDDT/UPDD"),
        (" pmnt iddt updd ", "PMNT/IDDT/UPDD"),
        ("PMNT-IDDT", "PMNT/IDDT"),
        ("NMSC+201", None),
        ("", None),
        (None, None),
    ],
)
def test_the_banks_code_is_one_whatever_stands_between(text: str | None, code: str | None) -> None:
    """Appendix D: the separator is not documented."""
    assert bank_code(text) == code


@pytest.mark.parametrize(
    ("fields", "field", "value"),
    [
        ({"endToEndReference": "NOTPROVIDED"}, "end_to_end_id", None),
        ({"endToEndReference": " NotProvided "}, "end_to_end_id", None),
        ({"endToEndReference": ""}, "end_to_end_id", None),
        ({"counterpartAccountNumber": " 4711 "}, "counterparty_iban", "4711"),
        ({"counterpartIban": "", "counterpartName": ""}, "counterparty_iban", None),
        ({"counterpartCreditorId": "DE98ZZZ09999999999"}, "creditor_id", "DE98ZZZ09999999999"),
        ({"typeCodeZka": 166}, "gvc", "166"),
        ({"typeCodeZka": "NTRF"}, "gvc", None),
        ({"typeCodeZka": "51"}, "gvc", "051"),
        ({"typeCodeZka": "1000"}, "gvc", None),
        ({"bankBookingDate": "2027-01-04"}, "booked_on", date(2027, 1, 4)),
        ({"bankBookingDate": "2027-01-04"}, "status", BookingStatus.BOOKED),
        ({"typeCodeZka": "899"}, "reversal", True),
        ({"purpose": ""}, "remittance_lines", ()),
        ({"valueDate": None}, "value_on", None),
        ({"feeAmount": Decimal("-1.50")}, "charges", Decimal("1.50")),
        ({"feeAmount": Decimal("1.50"), "feeCurrency": "USD"}, "charges", None),
        (
            {"compensationAmount": Decimal(3), "feeAmount": Decimal(4)},
            "charges",
            Decimal(3),
        ),
        ({"originalAmount": Decimal(-7), "originalCurrency": "USD"}, "instructed", Decimal(7)),
        ({"originalCurrency": "USD"}, "instructed_currency", None),
    ],
)
def test_a_field_that_says_nothing_is_none(fields: Json, field: str, value: object) -> None:
    """Appendix A, field by field."""
    one = movement(mapped(**fields), 0, {"5": "EUR"}).transaction

    assert getattr(one, field) == value


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({}, "Debitor"),
        ({"amount": Decimal(-1)}, "Creditor"),
        ({"typeCodeZka": "171"}, "Creditor"),
        ({"bankTransactionCode": "PMNT-IDDT-ESDD"}, "Creditor"),
        ({"typeCodeZka": "109", "amount": Decimal(-1)}, "Creditor"),
        ({"differentDebitor": ""}, None),
        ({"differentCreditor": "", "amount": Decimal(-1)}, None),
    ],
)
def test_the_third_party_is_that_of_the_other_side(fields: Json, name: str | None) -> None:
    """In a transfer the debtor's party is the debitor's, in a debit it is the creditor's."""
    parties: Json = {"differentDebitor": "Debitor", "differentCreditor": "Creditor"}

    one = movement(mapped(**(parties | fields)), 0, {"5": "EUR"}).transaction

    assert one.ultimate_name == name


def test_a_booking_without_a_currency_is_of_its_accounts() -> None:
    """Appendix A: null means the account's; where nobody knows it nothing is booked."""
    assert movement(mapped(), 0, {"5": "CHF"}).transaction.currency == "CHF"
    assert movement(mapped(currency="USD"), 0, {"5": "CHF"}).transaction.currency == "USD"

    with pytest.raises(AmountUnreadable) as caught:
        movement(mapped(), 0, {"6": "CHF"})

    assert caught.value.place == "transaction 9"


async def test_the_currency_of_an_account_is_asked_for_when_it_is_needed(scene: Scene) -> None:
    """One more question, and only then."""
    feed, user = await brought(scene, "1.00", currency=None)
    account = str(*scene.world.accounts)
    scene.world.requests.clear()

    page = await feed.movements(user, [account], date(2026, 11, 29), 1)

    assert page.movements[0].transaction.currency == "EUR"
    assert [one.path for one in scene.world.requests] == [
        "/api/v2/transactions",
        "/api/v2/accounts",
    ]


async def test_what_finapi_made_up_is_shown_and_not_booked(scene: Scene) -> None:
    """1.7: after 89 days an entry fits the balance; the gap is filled by a statement."""
    feed, user = await brought(scene, "-12.00", bankBookingDate="2026-09-02", purpose="Gebühr")

    page = await scene.read(feed, user)

    (entry,) = scene.world.transactions
    assert page.movements == ()
    assert page.adjustments == (f"{entry}: 2026-12-01, -12.00, EUR, Zwischensaldo",)


async def test_a_late_booking_is_found_by_the_day_of_its_import(scene: Scene) -> None:
    """1.7: the bank's day is 80 days ago; a cursor of that day would have passed it."""
    feed, user = await brought(scene, "5.00", bankBookingDate="2026-09-12")

    one = (await scene.one(feed, user)).transaction

    assert one.booked_on == date(2026, 9, 12)
    assert (await scene.read(feed, user, date(2026, 12, 2))).movements == ()


async def test_a_possible_duplicate_is_marked(scene: Scene) -> None:
    """1.7: finAPI itself doubts it: a person decides."""
    feed, user = await brought(scene, "5.00", isPotentialDuplicate=True)

    assert (await scene.one(feed, user)).is_doubtful


async def test_a_split_booking_is_read_once_and_whole(scene: Scene) -> None:
    """1.7: bankView lists the bank's booking; what a person made of it is left out."""
    feed, user = await brought(scene, "100.00")
    (whole,) = scene.world.transactions
    scene.world.split(whole, "60.00", "40.00")

    one = (await scene.one(feed, user)).transaction

    assert str(one.amount) == "100.00"


def test_a_part_that_is_listed_all_the_same_is_left_out() -> None:
    """Its booking is on some page: booked as well, it would count twice."""
    parts = [BOOKING | {"id": 10 + n, "parentId": 9, "currency": "EUR"} for n in range(2)]

    page = page_of(listed(BOOKING | {"currency": "EUR"}, *parts), b"", frozenset({"5"}), [], 0)

    assert [one.transaction.source_ref for one in page.movements] == ["9"]


def listed(*bookings: Json) -> TransactionsSaid:
    """The only page of a list."""
    said = {"transactions": list(bookings), "paging": {"page": 1, "pageCount": 1}}
    return read(TransactionsSaid, said, "here")


async def test_many_bookings_come_in_pages_and_none_is_missed(scene: Scene) -> None:
    """1.7: ordered by id, so what is imported between two pages comes on the last of them."""
    feed = scene.feed()
    user, connection = await scene.connected(feed)
    login = scene.world.logins[0]
    for number in range(1001):
        scene.world.book(login, f"{number}.01")
    await scene.updated(feed, user, connection)
    account = next(iter(scene.world.accounts))
    late = scene.world.book(login, "7777.00", bankBookingDate="2026-10-01")

    def arrives() -> None:
        scene.world.imported(account, late)

    scene.world.hold_page = arrives
    pages = [await scene.read(feed, user, page=number) for number in (1, 2, 3)]

    assert [page.more for page in pages] == [True, True, False]
    assert [len(page.movements) for page in pages] == [500, 500, 2]
    found = [one.transaction for page in pages for one in page.movements]
    assert [one.entry_index for one in found] == list(range(1002))
    assert len({one.source_ref for one in found}) == 1002
    assert str(found[-1].amount) == "7777.00"
    asked = scene.world.asked("/transactions")[0].query
    assert asked == {
        "view": "bankView",
        "accountIds": str(account),
        "minImportDate": "2026-11-29",
        "page": "1",
        "perPage": "500",
        "order": "id,asc",
    }
    assert pages[0].raw.startswith(b'{"transactions":[{"id":')


async def test_only_the_accounts_that_are_asked_for_are_read(scene: Scene) -> None:
    """No account is not every account, and somebody else's booking is no answer."""
    scene.world.logins[0].accounts.append(BankAccount("DE02120300000000202051"))
    feed = scene.feed()
    user, connection = await scene.connected(feed)
    for account in scene.world.logins[0].accounts:
        scene.world.book(account, "1.00")
    await scene.updated(feed, user, connection)
    first, second = scene.world.accounts

    page = await feed.movements(user, [str(second)], date(2026, 11, 29), 1)

    assert [one.account for one in page.movements] == [str(second)]
    scene.world.requests.clear()
    nothing = await feed.movements(user, [], date(2026, 11, 29), 1)
    assert (nothing.movements, nothing.more, scene.world.requests) == ((), False, [])
    with pytest.raises(FileUnreadable, match="account 5, which was not asked for"):
        page_of(listed(BOOKING), b"", frozenset({str(first)}), [], 0)


async def test_a_connection_that_was_made_again_has_new_ids(scene: Scene) -> None:
    """1.7: deleted and connected again, the same booking comes under another id."""
    feed, user = await brought(scene, "119.00", purpose="RE-2026-000123")
    before = await scene.one(feed, user)
    (old,) = await feed.connections(user)

    await feed.disconnect(user, old.reference)
    await scene.connect(feed, user)

    after = await scene.one(feed, user)
    (new,) = await feed.connections(user)
    assert new.reference != old.reference
    assert after.account != before.account
    assert after.transaction.source_ref != before.transaction.source_ref
    assert after.transaction.remittance_lines == before.transaction.remittance_lines


@pytest.mark.parametrize(
    ("amount", "error"),
    [
        ("NaN", OutsideUnavailable),  # no JSON at all
        ("1e40", AmountUnreadable),
        ("-1000000000000000", AmountUnreadable),
        ("0.000001", AmountUnreadable),
        ("true", AmountUnreadable),
        ('"12.00"', AmountUnreadable),
        ("{}", AmountUnreadable),
    ],
)
async def test_an_amount_that_is_none_stops_the_page(
    scene: Scene, amount: str, error: type[FakturaError]
) -> None:
    """Never a made-up value: the field is named and nothing of the page is booked."""
    feed, user = await brought(scene, "1.00")
    next(iter(scene.world.transactions.values()))["originalAmount"] = amount

    with pytest.raises(error) as caught:
        await scene.read(feed, user)

    assert type(caught.value) is error


@pytest.mark.parametrize(
    ("purpose", "kept"),
    [("Danke \ud83d", "Danke \ufffd"), ("RE\x001", "RE\ufffd1"), ("Gruß 😀", "Gruß 😀")],
)
async def test_a_text_that_no_database_takes_does_not_stop_the_page(
    scene: Scene, purpose: str, kept: str
) -> None:
    """A sign that finAPI cut in half, at its 2,000 characters, would block all later bookings."""
    feed, user = await brought(scene, "1.00", purpose=purpose)

    assert (await scene.one(feed, user)).transaction.remittance_lines == (kept,)


async def test_whole_numbers_and_missing_facts_are_read(scene: Scene) -> None:
    """A JSON number without decimals is an amount as well; without the bank's day there is none."""
    feed, user = await brought(scene, "53")
    assert str((await scene.one(feed, user)).transaction.amount) == "53"

    next(iter(scene.world.transactions.values()))["bankBookingDate"] = None

    with pytest.raises(FileUnreadable, match=r"transactions.0.bankBookingDate: Field required"):
        await scene.read(feed, user)


@given(
    st.fixed_dictionaries(
        {"amount": st.decimals(-(10**14), 10**14, places=2), "bankBookingDate": st.dates()},
        optional={
            # NUL is replaced: no database takes it.
            name: st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=40)
            for name in (
                "purpose",
                "counterpartName",
                "counterpartIban",
                "endToEndReference",
                "typeCodeZka",
                "bankTransactionCode",
                "type",
                "originalCurrency",
                "feeCurrency",
            )
        }
        | {
            name: st.none() | st.decimals(-(10**14), 10**14, places=2)
            for name in ("originalAmount", "compensationAmount", "feeAmount")
        },
    )
)
def test_every_booking_that_can_be_read_has_a_record(fields: dict[str, object]) -> None:
    """The mapping is total, and the text comes through byte for byte."""
    day = fields.pop("bankBookingDate")
    found = movement(mapped(bankBookingDate=str(day), **fields), 3, {"5": "EUR"}).transaction

    assert found.amount == fields["amount"]
    assert "".join(found.remittance_lines) == fields.get("purpose", "")
    assert found.gvc is None or len(found.gvc) == 3
    assert found.charges is None or found.charges >= 0
    assert found.booked_on == day
