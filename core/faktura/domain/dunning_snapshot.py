"""The frozen text of a dunning notice: everything that it says, as plain data (P23)."""

from faktura.domain.dunning import Notice, NoticeItem
from faktura.domain.snapshot import Snapshot


def notice_snapshot(
    notice: Notice, parties: tuple[Snapshot, Snapshot], *, charges: str | None, levels: int
) -> Snapshot:
    """What a notice says but for its level's text; `parties` are seller and buyer.

    `charges` is the number of the document that its charges are owed by. Amounts are minor units,
    days ISO 8601. `total` is what is asked for.
    """
    seller, buyer = parties
    return {
        "seller": seller,
        "buyer": buyer,
        "level": notice.level,
        "levels": levels,
        "currency": notice.currency,
        "dunnedOn": str(notice.dunned_on),
        "payBy": str(notice.pay_by),
        "items": [_item(item) for item in notice.items],
        "earlierCharges": [{"number": one.number, "open": one.open} for one in notice.earlier],
        "open": notice.open,
        "credit": notice.credit,
        "fee": notice.fee,
        "flat": notice.flat,
        "interest": notice.interest,
        "total": notice.total,
        "charges": charges,
    }


def _item(item: NoticeItem) -> Snapshot:
    document = item.document
    return {
        "number": document.number,
        "issuedOn": str(document.issued_on),
        "dueOn": str(document.due_on),
        "gross": document.gross,
        "open": document.open,
        "level": item.level,
        "interest": item.interest,
        "interestFrom": None if item.interest_from is None else str(item.interest_from),
        "interestUntil": None if item.interest_until is None else str(item.interest_until),
        "flat": item.flat,
    }
