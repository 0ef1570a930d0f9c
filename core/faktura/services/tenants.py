"""Setting up a tenant and changing its settings; issued documents keep what they were issued with."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from faktura.domain.iban import checked_iban
from faktura.domain.numbering import NumberFormat, checked_number, could_meet
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import zone
from faktura.kernel.errors import (
    Conflict,
    FakturaError,
    FieldInvalid,
    FieldMissing,
    UnknownTerm,
    shortened,
)
from faktura.kernel.money import minor_digits
from faktura.store.numbers import CORRECTION, INVOICE, RangeFormat, ranges, start_range
from faktura.store.tenants import DEFAULT_FORMATS, create_tenant, read_tenant, update_tenant
from faktura.store.transaction import Tx

# Their numbers are those of documents and must differ from one another as well.
_DOCUMENTS = frozenset({INVOICE, CORRECTION})


def set_up_tenant(
    tx: Tx, tenant: Tenant, formats: Mapping[str, NumberFormat] = DEFAULT_FORMATS
) -> Tenant:
    """Add a tenant that can issue documents; raises as `check_tenant`, or NumberTaken."""
    check_tenant(tenant)
    all_formats = {**DEFAULT_FORMATS, **formats}
    if could_meet(all_formats[INVOICE], all_formats[CORRECTION]):
        raise FieldInvalid(
            f"invoices and corrections (“{all_formats[CORRECTION].prefix}”) would share numbers",
            place="number range INVOICE",
            mend="Choose a prefix that differs by more than digits",
        )
    return create_tenant(tx, tenant, formats)


def change_tenant(tx: Tx, changed: Tenant) -> None:
    """Replace the tenant's settings; raises as `check_tenant`, and where the key would change."""
    check_tenant(changed)
    present = read_tenant(tx)
    if (changed.id, changed.key) != (present.id, present.key):
        raise FieldInvalid(f"the key of a tenant stays “{present.key}”", place="field key")
    update_tenant(tx, changed)


def start_number_range(tx: Tx, started: RangeFormat) -> None:
    """Give a range a new prefix or width from a day on; numbers issued before keep theirs (P22).

    Raises UnknownTerm for a name that is none, Conflict where the day has a format already or the
    prefix could give a number of another range again.
    """
    present = ranges(tx)
    own = [given for given in present if given.name == started.name]
    if not own:
        known = ", ".join(sorted({given.name for given in present}))
        raise UnknownTerm(
            f"there is no number range “{shortened(started.name)}”",
            place="name",
            mend=f"Ranges: {known}",
        )
    if any(given.valid_from == started.valid_from for given in own):
        raise Conflict(f"{started.name} has a format from {started.valid_from} already")
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


def check_tenant(tenant: Tenant) -> None:
    """Refuse settings no document could be issued with (§ 14 Abs. 4 UStG).

    Raises FieldMissing, FieldInvalid or UnknownTerm with the field.
    """
    checked_number(tenant.key, field="field key")
    seller = tenant.seller
    for path, value in (
        ("seller.legal_name", seller.legal_name),
        ("seller.address.street", seller.address.street or seller.address.extra),
        ("seller.address.zip_code", seller.address.zip_code),
        ("seller.address.city", seller.address.city),
        ("seller.vat_id or seller.tax_number", seller.vat_id or seller.tax_number),
    ):
        if not value.strip():
            raise FieldMissing("an invoice must name it", place=f"field {path}")
    if not 1 <= tenant.fiscal_year_month <= 12:
        raise FieldInvalid(
            f"{tenant.fiscal_year_month} is no month", place="field fiscal_year_month"
        )
    if seller.iban:
        checked_iban(seller.iban, field="field seller.iban")
    with _in_field("time_zone"):
        zone(tenant.time_zone)
    with _in_field("currency"):
        minor_digits(tenant.currency)


@contextmanager
def _in_field(name: str) -> Iterator[None]:
    try:
        yield
    except FakturaError as error:
        raise error.at(f"field {name}") from None
