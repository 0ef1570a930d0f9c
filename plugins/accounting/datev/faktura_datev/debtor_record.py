"""A customer as a record of DATEV's personal accounts, and what of it could not be kept."""

from faktura.plugin import DebtorData
from faktura_datev import debtor_columns as columns
from faktura_datev.debtor_columns import COLUMNS
from faktura_datev.text import as_cp1252, shortened_to

_NOBODY, _PERSON, _COMPANY = "0", "1", "2"
# Prefixes of VAT ids in the Union; Greece has one of its own, Northern Ireland another.
_UNION = frozenset(
    ("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE", "IT",
     "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI")
)  # fmt: skip
_MAX_DAYS = 999


class DebtorRecord:
    """The filled columns of a customer, and notes on what is written otherwise than it was given."""

    def __init__(self, debtor: DebtorData) -> None:
        self.notes: list[str] = []
        self.account = debtor.account
        self.cells: dict[int, str] = {columns.ACCOUNT: debtor.account}
        self._name(debtor)
        self._address(debtor)
        self._reach(debtor)
        self._bank(debtor)
        self._terms(debtor)

    def _name(self, debtor: DebtorData) -> None:
        if debtor.company.strip():
            self.cells[columns.ADDRESSEE] = _COMPANY
            self._text(columns.COMPANY, debtor.company)
            self._text(columns.CONTACT, f"{debtor.first_name} {debtor.last_name}".strip())
        elif debtor.last_name.strip():
            self.cells[columns.ADDRESSEE] = _PERSON
            self._text(columns.LAST_NAME, debtor.last_name)
            self._text(columns.FIRST_NAME, debtor.first_name)
        else:
            self.cells[columns.ADDRESSEE] = _NOBODY
            names = (debtor.first_name, debtor.customer_number, debtor.account)
            self._text(columns.OTHER_NAME, next(name for name in names if name.strip()))

    def _address(self, debtor: DebtorData) -> None:
        if debtor.street:
            self.cells[columns.ADDRESS] = "STR"
        self._text(columns.STREET, debtor.street)
        self._text(columns.ADDITIONAL, debtor.additional)
        self._text(columns.POSTCODE, debtor.postcode)
        self._text(columns.CITY, debtor.city)
        self._whole(columns.COUNTRY, debtor.country)
        self.cells[columns.CORRESPONDENCE] = "1"

    def _reach(self, debtor: DebtorData) -> None:
        # Half a telephone number is none: these are left out rather than cut.
        self._whole(columns.PHONE, debtor.phone)
        self._whole(columns.EMAIL, debtor.email)
        self._whole(columns.CUSTOMER, debtor.customer_number)

    def _bank(self, debtor: DebtorData) -> None:
        if not debtor.iban:
            return
        self.cells[columns.BANK_COUNTRY] = debtor.iban[:2]
        self.cells[columns.IBAN] = debtor.iban
        self._whole(columns.BIC, debtor.bic)
        self._text(columns.HOLDER, debtor.account_holder)
        self.cells[columns.MAIN_BANK] = "1"

    def _terms(self, debtor: DebtorData) -> None:
        prefix, rest = debtor.vat_id[:2].replace("GR", "EL"), debtor.vat_id[2:]
        if prefix in _UNION:
            self.cells[columns.EU_COUNTRY] = prefix
            self.cells[columns.EU_VAT_ID] = rest
        elif debtor.vat_id:
            self._note(columns.EU_VAT_ID, debtor.vat_id, "left out: it is none of the EU")
        if debtor.due_days is not None and debtor.due_days > _MAX_DAYS:
            self._note(columns.DUE_DAYS, str(debtor.due_days), "left out: it is too long")
        elif debtor.due_days is not None:
            self.cells[columns.DUE_DAYS] = str(debtor.due_days)
        self._whole(columns.MANDATE, debtor.mandate)

    def _text(self, number: int, meant: str) -> None:
        """Text that may be transliterated and cut, with a note."""
        if not meant:
            return
        written = shortened_to(as_cp1252(meant), COLUMNS[number - 1].length)
        if written:
            self.cells[number] = written
        if written != meant:
            self._note(number, meant, f"written as “{written}”")

    def _whole(self, number: int, meant: str) -> None:
        """What is of use as a whole only: left out, with a note, where it has no place."""
        if not meant:
            return
        if as_cp1252(meant) == meant and COLUMNS[number - 1].pattern.fullmatch(meant):
            self.cells[number] = meant
        else:
            self._note(number, meant, "left out: it has no place there")

    def _note(self, number: int, meant: str, what: str) -> None:
        name = COLUMNS[number - 1].name
        self.notes.append(f"debtor {self.account}, {name}: “{meant}” is {what}")
