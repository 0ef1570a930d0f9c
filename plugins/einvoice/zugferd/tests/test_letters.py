"""Account statements and reminders, read back from the PDF."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from faktura.plugin import (
    AccountStatement,
    Contact,
    CreditTransfer,
    DocumentPeriod,
    LetterHead,
    OpenCharges,
    Reminder,
    ReminderItem,
    StatementEntry,
)
from faktura.testing.invoices import BUYER, SELLER
from faktura_zugferd.letter_data import reminder_page, statement_page
from faktura_zugferd.look import Look
from faktura_zugferd.typesetting import Typesetter

HEAD = LetterHead(
    seller=SELLER,
    customer=BUYER.model_copy(update={"contact": Contact(name="Erika Muster")}),
    customer_number="10042",
    written_on=date(2026, 11, 30),
    currency="EUR",
)
ITEMS = (
    ReminderItem(
        number="R-1",
        issued_on=date(2026, 9, 30),
        due_on=date(2026, 10, 14),
        gross=Decimal("119.00"),
        open=Decimal("119.00"),
    ),
    ReminderItem(
        number="R-2",
        issued_on=date(2026, 10, 31),
        due_on=date(2026, 11, 14),
        gross=Decimal("59.50"),
        open=Decimal("9.50"),
    ),
)

Read = Callable[[str, Mapping[str, object]], list[str]]


@pytest.fixture(scope="module")
def read() -> Read:
    """The texts of a letter's pages, any blanks and line ends as one blank."""
    typesetter = Typesetter(Look())

    def pages(kind: str, data: Mapping[str, object]) -> list[str]:
        pdf = PdfReader(BytesIO(typesetter.pdf(kind, data)))
        return [" ".join(page.extract_text().split()) for page in pdf.pages]

    return pages


def statement(
    entries: tuple[StatementEntry, ...], closing: str, **head: object
) -> AccountStatement:
    return AccountStatement(
        head=HEAD.model_copy(update=head),
        period=DocumentPeriod(start=date(2026, 1, 1), end=date(2026, 11, 30)),
        opening=Decimal("100.00"),
        entries=entries,
        closing=Decimal(closing),
    )


def entry(text: str, amount: str, balance: str) -> StatementEntry:
    return StatementEntry(
        on=date(2026, 2, 3), text=text, amount=Decimal(amount), balance=Decimal(balance)
    )


def reminder(level: int, **changes: object) -> Reminder:
    fields: dict[str, object] = {
        "head": HEAD,
        "level": level,
        "items": ITEMS,
        "total": "128.50",
        "pay_by": date(2026, 12, 10),
        "transfers": (CreditTransfer(iban="DE02120300000000202051", holder="Wattwerk"),),
    }
    return Reminder.model_validate(fields | changes)


def test_a_statement_shows_every_movement_with_its_balance(read: Read) -> None:
    entries = (entry("Rechnung R-1", "119.00", "219.00"), entry("Zahlung", "-219.00", "0.00"))

    (page,) = read("statement", statement_page(statement(entries, "0.00"), Look()))

    assert "Kontoauszug 01.01.2026 – 30.11.2026" in page
    assert "Guten Tag Erika Muster," in page
    assert "Datum Vorgang Belastung Zahlung Saldo €" in page
    assert "Anfangssaldo am 01.01.2026 100,00" in page
    assert "03.02.2026 Rechnung R-1 119,00 219,00 03.02.2026 Zahlung 219,00 0,00" in page
    assert "Endsaldo am 30.11.2026 0,00" in page
    assert "Ihr Konto ist ausgeglichen." in page


@pytest.mark.parametrize(
    ("closing", "result"),
    [("35.70", "Offen sind 35,70 €."), ("-20.00", "Ihr Guthaben beträgt 20,00 €.")],
)
def test_a_statement_says_who_owes_whom(closing: str, result: str, read: Read) -> None:
    (page,) = read("statement", statement_page(statement((), closing), Look()))

    assert "In dieser Zeit gab es keine Bewegungen." in page
    assert result in page


def test_a_long_statement_carries_its_balance(read: Read) -> None:
    entries = tuple(entry(f"Rechnung {no}", "1.00", f"{100 + no}.00") for no in range(1, 61))

    first, last = read("statement", statement_page(statement(entries, "160.00"), Look()))

    carried = first.split("Zwischensumme ")[1].split(" ")[0]
    assert carried == "125,00"
    assert "Rechnung 25 1,00 125,00 Zwischensumme" in first
    assert "Saldo € Übertrag 125,00 03.02.2026 Rechnung 26 1,00 126,00" in last
    assert "Zwischensumme" not in last


@pytest.mark.parametrize(
    ("level", "title", "words"),
    [
        (0, "Zahlungserinnerung", "sicher ist es Ihnen entgangen"),
        (1, "1. Mahnung", "auf unsere Zahlungserinnerung"),
        (2, "2. Mahnung", "trotz unserer Mahnung"),
        (3, "Letzte Mahnung", "letztmalig"),
        (7, "Letzte Mahnung", "letztmalig"),
    ],
)
def test_each_level_has_its_title_and_tone(level: int, title: str, words: str, read: Read) -> None:
    (page,) = read("reminder", reminder_page(reminder(level), Look()))

    assert title in page
    assert words in page
    assert "128,50 € bis zum 10.12.2026" in page


def test_a_reminder_lists_what_is_overdue_and_adds_fee_and_interest(read: Read) -> None:
    letter = reminder(2, fee="5.00", interest="1.37", total="134.87")

    (page,) = read("reminder", reminder_page(letter, Look(), ("101", "010", "101")))

    assert "R-1 30.09.2026 14.10.2026 47 119,00 119,00" in page
    assert "R-2 31.10.2026 14.11.2026 16 59,50 9,50" in page
    assert "Summe der offenen Beträge 128,50 € Mahngebühr 5,00 € Verzugszinsen 1,37 €" in page
    assert "Zu zahlen bis 10.12.2026 134,87 €" in page
    assert "Verwendungszweck R-1, R-2" in page
    assert "Mit der Banking-App scannen" in page


def test_a_text_of_its_own_replaces_the_levels_words(read: Read) -> None:
    letter = reminder(1, text="Wir bitten um Ihren Anruf.", transfers=())

    (page,) = read("reminder", reminder_page(letter, Look()))

    assert "Wir bitten um Ihren Anruf." in page
    assert "auf unsere Zahlungserinnerung" not in page
    assert "IBAN" not in page


def test_letters_speak_english_too(read: Read) -> None:
    english = HEAD.model_copy(update={"language": "en"})

    (letter,) = read("reminder", reminder_page(reminder(0, head=english), Look()))
    (account,) = read("statement", statement_page(statement((), "0.00", language="en"), Look()))

    assert "Payment reminder" in letter
    assert "Please transfer EUR 128.50 by 10 Dec 2026." in letter
    assert "Account statement 1 Jan 2026 – 30 Nov 2026" in account
    assert "Your account is settled." in account


def test_a_movement_is_not_torn_between_two_pages(read: Read) -> None:
    """Its balance and the last words of its text stand on the same page."""
    long = "Überweisung " + "von einem Auftraggeber, der viele Worte macht, " * 4 + "Ende"
    entries = tuple(entry(f"{long} {no}", "1.00", f"{100 + no}.00") for no in range(1, 31))

    pages = read("statement", statement_page(statement(entries, "130.00"), Look()))

    assert [page.count("Überweisung") for page in pages] == [5, 8, 8, 8, 1]
    assert [page.count("Ende ") for page in pages] == [5, 8, 8, 8, 1]


@pytest.mark.parametrize("count", range(8, 14))
def test_no_name_stands_alone_on_a_page(count: int, read: Read) -> None:
    """What closes a reminder stays together, however long its table is."""
    items = tuple(
        ReminderItem(
            number=f"R-{no}",
            issued_on=date(2026, 9, 30),
            due_on=date(2026, 10, 14),
            gross=Decimal("1.00"),
            open=Decimal("1.00"),
        )
        for no in range(count)
    )

    pages = read("reminder", reminder_page(reminder(3, items=items, total=f"{count}.00"), Look()))

    assert "Haben Sie Fragen dazu?" in pages[-1]
    assert "Mit freundlichen Grüßen Wattwerk Beispiel GmbH" in pages[-1]


def notice(level: int, **changes: object) -> Reminder:
    """A dunning notice: R-1 at level 2 with interest, R-2 not at its first one yet."""
    first, second = ITEMS
    fields: dict[str, object] = {
        "items": (
            first.model_copy(update={"level": 2, "interest": Decimal("1.37")}),
            second.model_copy(update={"level": 0}),
        ),
        "is_last": False,
        "fee": "5.00",
        "flat": "40.00",
        "interest": "1.37",
        "credit": "10.00",
        "charges": "MG-7",
        "total": "164.87",
    }
    return reminder(level, **(fields | changes))


def test_a_notice_lists_levels_interest_and_every_charge(read: Read) -> None:
    """128.50 + 5.00 + 40.00 + 1.37 less 10.00 of credit: 164.87; the charges have a number."""
    (page,) = read("reminder", reminder_page(notice(1, transfers=()), Look()))

    assert "Rechnung vom fällig am Mahnstufe offen € Zinsen €" in page
    assert "R-1 30.09.2026 14.10.2026 2 119,00 1,37" in page
    assert "R-2 31.10.2026 14.11.2026 – 9,50 0,00" in page
    assert "Summe der offenen Beträge 128,50 € Mahngebühr 5,00 €" in page
    assert "Verzugspauschale (§ 288 Abs. 5 BGB) 40,00 € Verzugszinsen 1,37 €" in page
    assert "Ihr Guthaben −10,00 € Zu zahlen bis 10.12.2026 164,87 €" in page
    assert "führen wir unter MG-7" in page
    assert "keine Umsatzsteuer" in page


def test_a_notice_without_interest_keeps_the_gross_amounts(read: Read) -> None:
    items = tuple(item.model_copy(update={"level": 1}) for item in ITEMS)
    letter = reminder(0, items=items, is_last=False)

    (page,) = read("reminder", reminder_page(letter, Look()))

    assert "Rechnung vom fällig am Mahnstufe Betrag offen €" in page
    assert "R-2 31.10.2026 14.11.2026 1 59,50 9,50" in page
    assert "Umsatzsteuer" not in page


def test_a_transfer_names_the_charges_too(read: Read) -> None:
    (page,) = read("reminder", reminder_page(notice(1, head=HEAD), Look()))

    assert "Verwendungszweck R-1, R-2, MG-7" in page


def test_what_follows_the_levels_wording_stands_below_it(read: Read) -> None:
    """F084: the text of the level extends the standard text."""
    letter = notice(1, more="Wir bieten Ihnen Raten an.", transfers=())

    (page,) = read("reminder", reminder_page(letter, Look()))

    assert page.index("auf unsere Zahlungserinnerung") < page.index("Wir bieten Ihnen Raten an.")


def test_open_charges_of_earlier_notices_are_named_beside_the_total(read: Read) -> None:
    earlier = (
        OpenCharges(number="MG-2", open=Decimal("5.00")),
        OpenCharges(number="MG-3", open=Decimal("1.20")),
    )
    english = HEAD.model_copy(update={"language": "en"})

    (page,) = read("reminder", reminder_page(notice(1, earlier=earlier, head=english), Look()))

    assert "Charges of earlier notices are open as well: MG-2 EUR 5.00, MG-3 EUR 1.20." in page
    assert "To be paid by 10 Dec 2026 EUR 164.87" in page
    assert "Lump sum for late payment (§ 288 (5) BGB) EUR 40.00" in page


@pytest.mark.parametrize(
    ("level", "is_last", "title", "words"),
    [
        (2, False, "2. Mahnung", "trotz unserer Mahnung"),
        (2, True, "Letzte Mahnung", "letztmalig"),
        (3, False, "3. Mahnung", "trotz unserer Mahnung"),
        (4, True, "Letzte Mahnung", "letztmalig"),
    ],
)
def test_who_writes_says_whether_it_is_the_last_time(
    level: int, is_last: bool, title: str, words: str, read: Read
) -> None:
    letter = notice(level, is_last=is_last, transfers=())

    pages = " ".join(read("reminder", reminder_page(letter, Look())))

    assert title in pages
    assert words in pages
