"""A dunning notice as a letter and as what a mail may name; both from what is frozen (P23)."""

from uuid import UUID

from faktura.domain.dunning_notices import DunningNotice, RemindedDocument
from faktura.domain.snapshot_fields import language_of, part_of_snapshot, text_of_snapshot
from faktura.kernel.errors import Conflict
from faktura.plugin import LetterHead, OpenCharges, Reminder, ReminderItem
from faktura.services.document_parties import buyer_party, seller_party
from faktura.services.dunning_texts import notice_values
from faktura.services.payment_view import credit_transfers
from faktura.store.dunning_notices import read_notice
from faktura.store.transaction import Tx

# With fewer levels nobody was reminded often enough to be told that it is the last time.
_LEAST_FOR_A_LAST = 3


def notice_letter(notice: DunningNotice) -> Reminder:
    """The letter of a notice: it says what the notice said, whatever was paid since.

    Its first level is a reminder to pay: nothing was written to the customer before.
    """
    snapshot = notice.snapshot
    levels = int(str(snapshot["levels"]))
    seller = part_of_snapshot(snapshot, "seller")
    return Reminder(
        head=LetterHead(
            language=language_of(snapshot),
            seller=seller_party(seller),
            customer=buyer_party(part_of_snapshot(snapshot, "buyer")),
            customer_number=notice.customer_number,
            written_on=notice.dunned_on,
            currency=notice.total.currency,
        ),
        level=notice.level - 1,
        is_last=levels >= _LEAST_FOR_A_LAST and notice.level >= levels,
        items=tuple(_item(one) for one in notice.items),
        earlier=tuple(
            OpenCharges(number=number, open=amount.decimal) for number, amount in notice.earlier
        ),
        fee=notice.fee.decimal,
        flat=notice.flat.decimal,
        interest=notice.interest.decimal,
        credit=notice.credit.decimal,
        charges=notice.charges,
        total=notice.total.decimal,
        pay_by=notice.pay_by,
        transfers=credit_transfers(dict(seller)),
        more=text_of_snapshot(snapshot, "text"),
    )


def notice_variables(tx: Tx, notice_id: UUID) -> dict[str, object]:
    """What the mail about a notice may name (F084, F128); raises NotFound."""
    return notice_values(read_notice(tx, notice_id).snapshot)


def charges_number(notice: DunningNotice) -> str:
    """The number that the notice's charges are owed by; raises Conflict where it charges nothing."""
    if notice.charges is None:
        raise Conflict(
            "the notice charges nothing: there is nothing to waive",
            place="notice",
            mend="A payment or a write-off settles what it reminds of",
        )
    return notice.charges


def _item(one: RemindedDocument) -> ReminderItem:
    return ReminderItem(
        number=one.number,
        issued_on=one.issued_on,
        due_on=one.due_on,
        gross=one.gross.decimal,
        open=one.open.decimal,
        level=one.level,
        interest=one.interest.decimal,
    )
