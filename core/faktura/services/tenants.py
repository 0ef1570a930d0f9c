"""Setting up a tenant and changing its settings; issued documents keep what they were issued with."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import timedelta
from itertools import combinations

from faktura.domain.bank_policies import check_bank_policy
from faktura.domain.document_kinds import DOCUMENT_RANGES
from faktura.domain.dunning_levels import check_dunning_policy
from faktura.domain.iban import checked_iban
from faktura.domain.numbering import NumberFormat, checked_number, could_meet
from faktura.domain.opening_items import to_be_given
from faktura.domain.payment_policies import check_policies
from faktura.domain.tenants import Seller, Tenant
from faktura.domain.vat_ids import checked_vat_id
from faktura.domain.vat_policies import check_vat_policy
from faktura.kernel.clock import zone
from faktura.kernel.errors import (
    Conflict,
    FakturaError,
    FieldInvalid,
    FieldMissing,
    UnknownTerm,
    shortened,
)
from faktura.kernel.money import Money, minor_digits
from faktura.services.imports.text_fields import checked_line, checked_prose
from faktura.store.documents import last_issued_on
from faktura.store.numbers import DEBTOR, MANDATE, RangeFormat, ranges, start_range
from faktura.store.openings import opening_numbers
from faktura.store.tenants import DEFAULT_FORMATS, create_tenant, read_tenant, update_tenant
from faktura.store.transaction import Tx

# Their numbers are those of documents and must differ from one another as well.
_DOCUMENTS = DOCUMENT_RANGES
# Ranges that a tenant may lack: of kinds of documents, and of mandates in an older one.
_STARTED = _DOCUMENTS | {MANDATE}
# Begins the number of every document of a sandbox: on paper, in e-invoices, in exports, in payments.
SANDBOX_PREFIX = "SANDBOX-"
_DEBTOR_ACCOUNT = re.compile(r"[1-6][0-9]{4,8}", re.ASCII)


def set_up_tenant(
    tx: Tx, tenant: Tenant, formats: Mapping[str, NumberFormat] = DEFAULT_FORMATS
) -> Tenant:
    """Add a tenant that can issue documents; raises as `check_tenant`, or NumberTaken."""
    check_tenant(tenant)
    all_formats = {**DEFAULT_FORMATS, **formats}
    if tenant.sandbox:
        all_formats |= {
            name: _marked(all_formats[name]) for name in _DOCUMENTS & all_formats.keys()
        }
    for one, other in combinations(sorted(_DOCUMENTS & all_formats.keys(), reverse=True), 2):
        if could_meet(all_formats[one], all_formats[other]):
            raise FieldInvalid(
                f"{one} and {other} (“{all_formats[other].prefix}”) would share numbers",
                place=f"number range {one}",
                mend="Choose a prefix that differs by more than digits",
            )
    return create_tenant(tx, tenant, all_formats)


def change_tenant(tx: Tx, changed: Tenant) -> None:
    """Replace the tenant's settings; raises as `check_tenant`, and where the key would change."""
    check_tenant(changed)
    present = read_tenant(tx)
    if (changed.id, changed.key) != (present.id, present.key):
        raise FieldInvalid(f"the key of a tenant stays “{present.key}”", place="field key")
    if changed.sandbox != present.sandbox:
        stays = "a sandbox stays one" if present.sandbox else "a live tenant becomes no sandbox"
        raise FieldInvalid(stays, place="field sandbox", mend="Create another tenant")
    update_tenant(tx, changed)


def start_number_range(tx: Tx, started: RangeFormat) -> None:
    """Give a range a new prefix or width from a day on; numbers issued before keep theirs (P22).

    A kind of documents gets a range of its own by the first format of it (F062).
    Raises UnknownTerm for a name that is none, Conflict where the day has a format already or the
    prefix could give a number of another range again.
    """
    if started.name in _DOCUMENTS and read_tenant(tx).sandbox:
        started = replace(started, format=_marked(started.format))
    present = ranges(tx)
    own = [given for given in present if given.name == started.name]
    if not own and started.name not in _STARTED:
        known = ", ".join(sorted({given.name for given in present} | _STARTED))
        raise UnknownTerm(
            f"there is no number range “{shortened(started.name)}”",
            place="name",
            mend=f"Ranges: {known}",
        )
    if any(given.valid_from == started.valid_from for given in own):
        raise Conflict(f"{started.name} has a format from {started.valid_from} already")
    _check_debtors(started)
    _check_openings(tx, started)
    issued = last_issued_on(tx) if started.name in _DOCUMENTS else None
    if issued is not None and started.valid_from <= issued:
        raise Conflict(
            f"documents are issued up to {issued}",
            place="valid from",
            mend=f"The first possible day is {issued + timedelta(days=1)}",
        )
    for given in present:
        kin = given.name == started.name or {given.name, started.name} <= _DOCUMENTS
        if kin and could_meet(given.format, started.format):
            raise Conflict(
                f"“{started.format.prefix}” could give a number of {given.name} again"
                f" (“{given.format.prefix}”)",
                place="prefix",
                mend="Choose a prefix that differs by more than digits",
            )
    start_range(
        tx,
        started.name,
        valid_from=started.valid_from,
        number_format=started.format,
        first=started.next,
    )


def _marked(given: NumberFormat) -> NumberFormat:
    """The format whose every number says that this is no tax document (F137)."""
    if given.prefix.startswith(SANDBOX_PREFIX):
        return given
    return NumberFormat(f"{SANDBOX_PREFIX}{given.prefix}", given.width)


def _check_openings(tx: Tx, started: RangeFormat) -> None:
    """Raise Conflict where an opening item has a number that the range would give (P22, P54)."""
    own = [(started.name, started.format, started.next)]
    for number in opening_numbers(tx, started.format.prefix):
        if list(to_be_given(number, own)):
            raise Conflict(
                f"the opening item {number} has a number that the range would give (P22)",
                place="prefix",
                mend="Start the range behind it, or choose another prefix",
            )


def _check_debtors(started: RangeFormat) -> None:
    # Personal accounts of customers, as DATEV knows them: digits, 10000 to 69999 or longer.
    first = started.format.write(started.next)
    if started.name == DEBTOR and not _DEBTOR_ACCOUNT.fullmatch(first):
        raise FieldInvalid(
            f"“{first}” is no debtor account",
            place="prefix",
            mend="Write 5 to 9 digits, 1 to 6 first",
        )


def check_tenant(tenant: Tenant) -> None:
    """Refuse settings no document could be issued with (§ 14 Abs. 4 UStG).

    Raises FieldMissing, FieldInvalid or UnknownTerm with the field; where several are missing,
    FieldMissing with each of them as a part.
    """
    _check_key(tenant.key)
    seller = tenant.seller
    _check_present(seller)
    _check_texts(asdict(seller), "seller")
    if not 1 <= tenant.fiscal_year_month <= 12:
        raise FieldInvalid(
            f"{tenant.fiscal_year_month} is no month", place="field fiscal_year_month"
        )
    if seller.vat_id:
        checked_vat_id(seller.vat_id, field="field seller.vat_id")
    if seller.iban:
        checked_iban(seller.iban, field="field seller.iban")
    with _in_field("time_zone"):
        zone(tenant.time_zone)
    with _in_field("currency"):
        minor_digits(tenant.currency)
    _check_threshold(tenant)
    with _in_field("payments"):
        check_policies(tenant.payments)
    with _in_field("bank"):
        check_bank_policy(tenant.bank)
    with _in_field("dunning"):
        check_dunning_policy(tenant.dunning)
    with _in_field("vat_checks"):
        check_vat_policy(tenant.vat_checks)


def _check_threshold(tenant: Tenant) -> None:
    field = "field deferral.threshold"
    threshold = Money.from_decimal(tenant.deferral.threshold, tenant.currency, field=field)
    if threshold.minor < 0:
        raise FieldInvalid(
            f"{threshold} is no threshold", place=field, mend="Write 0 to defer every line"
        )


def _check_key(key: str) -> None:
    try:
        checked_number(key, field="field key")
    except FieldInvalid as error:
        raise FieldInvalid(
            f"“{shortened(key)}” cannot be a key", place=error.place, mend=error.mend
        ) from None


def _check_present(seller: Seller) -> None:
    missing = [
        FieldMissing("an invoice must name it", place=f"field {path}")
        for path, value in (
            ("seller.legal_name", seller.legal_name),
            ("seller.address.street", seller.address.street or seller.address.extra),
            ("seller.address.zip_code", seller.address.zip_code),
            ("seller.address.city", seller.address.city),
            # Without it every customer at home would be one abroad.
            ("seller.address.country", seller.address.country),
            ("seller.vat_id or seller.tax_number", seller.vat_id or seller.tax_number),
        )
        if not value.strip()
    ]
    if len(missing) > 1:
        gathered = FieldMissing(
            f"{len(missing)} things are missing that an invoice must name", mend="Give all of them"
        )
        gathered.parts = tuple(missing)
        raise gathered
    for error in missing:
        raise error


def _check_texts(part: Mapping[str, object], path: str) -> None:
    # They are frozen into documents, whose formats and readers take no control characters.
    for name, value in part.items():
        if isinstance(value, Mapping):
            _check_texts(value, f"{path}.{name}")
        elif isinstance(value, str):
            with _in_field(f"{path}.{name}"):
                (checked_prose if name == "legal_info" else checked_line)(value)


@contextmanager
def _in_field(name: str) -> Iterator[None]:
    try:
        yield
    except FakturaError as error:
        raise error.at(f"field {name}") from None
