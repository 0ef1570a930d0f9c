"""What the texts about a notice may name, and the text of its level, written once with the notice."""

from collections.abc import Mapping
from typing import cast

from faktura.domain.customers import Customer
from faktura.domain.dunning_levels import text_in
from faktura.domain.dunning_policies import DunningLevel
from faktura.domain.snapshot_fields import Frozen, rows_of_snapshot, text_of_snapshot
from faktura.domain.tenants import Tenant
from faktura.kernel.money import Money
from faktura.services.level_texts import render_plain
from faktura.services.mail_variables import customer_values, seller_values

_AMOUNTS = ("open", "credit", "fee", "flat", "interest", "total")
_OF_ITEM = ("gross", "open", "interest", "flat")


def level_text(
    tenant: Tenant, customer: Customer, level: DunningLevel, snapshot: Frozen
) -> str | None:
    """The level's own text in the customer's language; None where the tenant wrote none.

    Raises TemplateFailed where it names what this notice does not have.
    """
    template = text_in(level.texts, customer.language)
    if template is None:
        return None
    values = {
        "seller": seller_values(tenant.seller),
        "customer": customer_values(customer),
        "notice": notice_values(snapshot),
    }
    return render_plain(template, values, customer.language).strip() or None


def notice_values(snapshot: Frozen) -> dict[str, object]:
    """What a frozen notice says, as templates have it: amounts as decimal text, days as ISO text.

    Nothing frozen is a link: whoever makes one for the mail puts it in the place of `payLink`.
    """
    currency = str(snapshot["currency"])
    return {
        "level": snapshot["level"],
        "levels": snapshot["levels"],
        "dunnedOn": snapshot["dunnedOn"],
        "payBy": snapshot["payBy"],
        "currency": currency,
        **_amounts(snapshot, _AMOUNTS, currency),
        "charges": text_of_snapshot(snapshot, "charges") or "",
        "text": text_of_snapshot(snapshot, "text") or "",
        "payLink": "",
        "invoices": [_item(one, currency) for one in rows_of_snapshot(snapshot, "items")],
    }


def _item(row: Frozen, currency: str) -> dict[str, object]:
    return {
        "number": row["number"],
        "issuedOn": row["issuedOn"],
        "dueOn": row["dueOn"],
        "level": row["level"],
        **_amounts(row, _OF_ITEM, currency),
    }


def _amounts(owner: Frozen, names: tuple[str, ...], currency: str) -> Mapping[str, str]:
    return {name: str(Money(cast("int", owner[name]), currency).decimal) for name in names}
