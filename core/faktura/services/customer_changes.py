"""One customer changed by a merge patch; between reading and changing nobody else writes (P47)."""

from collections.abc import Mapping

from faktura.domain.customers import Customer
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import FieldInvalid
from faktura.services.imports.customer_changes import change_customers
from faktura.services.imports.customer_file import CustomerFields
from faktura.services.imports.customer_record import customer_fields
from faktura.services.imports.entries import Form
from faktura.services.imports.findings import FieldsRefused
from faktura.services.imports.reading import alone
from faktura.services.imports.validation import fields_of
from faktura.services.merge_patch import merged
from faktura.store.customers import lock_customers, read_customer
from faktura.store.transaction import Tx

_NUMBER = "customerNumber"


def locked_customer(tx: Tx, number: str) -> Customer:
    """The customer, read once nobody else can change it until the transaction ends.

    Raises NotFound.
    """
    lock_customers(tx, [read_customer(tx, number).id])
    return read_customer(tx, number)


def changed_customer(
    tx: Tx, tenant: Tenant, current: Customer, patch: Mapping[str, object]
) -> Customer:
    """The locked customer after a merge patch over the fields of CustomerFields.

    The number stays, and the debtor account once it has transactions. A patch that changes nothing
    writes nothing. Raises FieldsRefused with all that is wrong.
    """
    if patch.get(_NUMBER, current.number) != current.number:
        fixed = FieldInvalid(
            "a customer's number is fixed", place=_NUMBER, mend=f"Leave it out, or {current.number}"
        )
        raise FieldsRefused([fixed], more=False)
    fields = fields_of(CustomerFields, merged(customer_fields(current), patch), Form.REST)
    account = fields.debtor_account or current.debtor_account
    if fields.customer(current.id, current.number, account) == current:
        return current
    return change_customers(tx, tenant, alone(fields))[0]
