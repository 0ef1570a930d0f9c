"""Account keys: what names an account in settings and in the entries that miss one (F106).

`SLOT[:CASE[:RATE[:COUNTRY]]]`, for the revenue of a product group
`REVENUE@<group>:CASE[:RATE[:COUNTRY]]`, and `BANK:<iban>`.
"""

from collections.abc import Mapping

from faktura.domain.charts import account_keys, account_of, group_account, group_keys
from faktura.domain.countries import COUNTRIES
from faktura.domain.journal import Leg
from faktura.domain.numbering import checked_number
from faktura.kernel.decimals import decimal_from_text
from faktura.kernel.errors import FieldInvalid, FieldMissing, shortened
from faktura.kernel.terms import Chart, Slot, TaxCase, term

FIELD = "account key"
_FORMS = "SLOT:CASE:RATE:COUNTRY, REVENUE@GROUP:CASE:RATE:COUNTRY or BANK:<iban>"


def checked_key(text: str) -> str:
    """The key as entries write it: `VAT:STANDARD:16.0` is `VAT:STANDARD:16`.

    Raises UnknownTerm, FieldMissing, FieldInvalid, and what a rate raises.
    """
    head, _, rest = text.partition(":")
    if group_of(text) is not None:
        return f"{_group_head(head, rest)}:{_taxed(rest)}"
    if term(Slot, head, field=FIELD) is not Slot.BANK:
        return f"{head}:{_taxed(rest)}" if rest else head
    iban = rest.replace(" ", "").upper()
    if not iban:
        raise FieldInvalid("a bank account is missing", place=FIELD, mend="Write BANK:<iban>")
    return f"{head}:{iban}"


def group_of(key: str) -> str | None:
    """The product group that the key is for; None for every group."""
    slot, at, group = key.partition(":")[0].partition("@")
    return group if at and slot == Slot.REVENUE else None


def _group_head(head: str, rest: str) -> str:
    checked_number(head.partition("@")[2], field=FIELD)
    if not rest:
        raise FieldMissing(
            "the account of a product group is for a tax case",
            place=FIELD,
            mend=f"Write {head}:CASE, or set the revenueAccount of the product group",
        )
    return head


def _taxed(rest: str) -> str:
    case, *more = rest.split(":")
    term(TaxCase, case, field=FIELD)
    if len(more) > 2:
        raise FieldInvalid(
            f"“{shortened(rest)}” has too many parts", place=FIELD, mend=f"Write {_FORMS}"
        )
    parts = [case]
    if more:
        parts.append(f"{decimal_from_text(more[0], field=FIELD).normalize():f}")
    if len(more) > 1:
        if more[1] not in COUNTRIES:
            raise FieldInvalid(
                f"“{shortened(more[1])}” is not a country",
                place=FIELD,
                mend="Use two letters of ISO 3166 such as AT; Greece is GR",
            )
        parts.append(more[1])
    return ":".join(parts)


def leg_keys(leg: Leg) -> tuple[str, ...]:
    """Every key that gives this leg its account, most specific first."""
    if leg.bank_iban is not None:
        return (f"{leg.slot}:{leg.bank_iban}",)
    keys = account_keys(leg.slot, leg.tax_case, leg.tax_rate, leg.tax_country)
    if leg.group is None or leg.tax_case is None or leg.tax_rate is None:
        return keys
    return (*group_keys(leg.group, leg.tax_case, leg.tax_rate, leg.tax_country), *keys)


def leg_account(chart: Chart, own: Mapping[str, str], leg: Leg) -> str | None:
    """The account of a leg that is not a bank's, as it is set by now; None while it is missing."""
    if leg.group is not None and leg.tax_case is not None and leg.tax_rate is not None:
        found = group_account(own, leg.group, leg.tax_case, leg.tax_rate, leg.tax_country)
        if found is not None:
            return found
    return account_of(chart, own, leg.slot, leg.tax_case, leg.tax_rate, leg.tax_country)
