"""One transaction detail (TxDtls) of an entry: where each field stands, in .02 and .08."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from faktura.kernel.errors import FieldInvalid, shortened
from faktura_camt.account import normalised_iban
from faktura_camt.amount_details import (
    NO_DETAILS,
    AmountDetails,
    read_amount_details,
    read_charges,
)
from faktura_camt.amounts import Amount, sign_from_text
from faktura_camt.bank_code import BankCode, bank_code, code_paths, counterparty_is_debtor
from faktura_camt.entry import EntryHead
from faktura_camt.found import Found
from faktura_camt.shape import Fields

DETAIL = "NtryDtls/TxDtls"
BATCH = "NtryDtls/Btch"
_AT = f"{DETAIL}/"


def _fields(side: str) -> Fields:
    """Where the texts stand below Ntry when the counterparty is the `side`, Dbtr or Cdtr."""
    parties = f"{_AT}RltdPties/{side}"
    bank = f"{_AT}RltdAgts/{side}Agt/FinInstnId"
    ultimate = f"{_AT}RltdPties/Ultmt{side}"
    creditor = f"{_AT}RltdPties/Cdtr"
    structured = f"{_AT}RmtInf/Strd"
    return Fields(
        {
            **ENTRY_PATHS,
            "end_to_end_id": (f"{_AT}Refs/EndToEndId",),
            "mandate_id": (f"{_AT}Refs/MndtId",),
            "creditor_id": (
                f"{creditor}/Pty/Id/PrvtId/Othr/Id",
                f"{creditor}/Id/PrvtId/Othr/Id",
            ),
            # Version .02, .08, and a bank that acts for itself.
            "counterparty_name": (
                f"{parties}/Nm",
                f"{parties}/Pty/Nm",
                f"{parties}/Agt/FinInstnId/Nm",
            ),
            "counterparty_iban": (f"{parties}Acct/Id/IBAN", f"{parties}Acct/Id/Othr/Id"),
            "counterparty_bic": (f"{bank}/BICFI", f"{bank}/BIC"),
            "ultimate_name": (f"{ultimate}/Nm", f"{ultimate}/Pty/Nm"),
            "structured_reference": (f"{structured}/CdtrRefInf/Ref", f"{structured}/RfrdDocInf/Nb"),
            "purpose_code": (f"{_AT}Purp/Cd",),
        }
    )


# The entry's own reference and booking text come first.
ENTRY_PATHS = {
    "entry_ref": ("NtryRef",),
    "source_ref": (
        "AcctSvcrRef",
        f"{_AT}Refs/AcctSvcrRef",
        f"{_AT}Refs/Prtry/Ref",
        f"{_AT}Refs/UETR",
    ),
    "booking_text": ("AddtlNtryInf", f"{_AT}AddtlTxInf"),
}
_ENTRY = Fields(ENTRY_PATHS)
_DEBTOR = _fields("Dbtr")
_CREDITOR = _fields("Cdtr")
_DEBTOR_IBAN = f"{_AT}RltdPties/DbtrAcct/Id/IBAN"
_CREDITOR_IBAN = f"{_AT}RltdPties/CdtrAcct/Id/IBAN"
_AMOUNT = f"{_AT}Amt"
_LINES = f"{_AT}RmtInf/Ustrd"
_RETURN = f"{_AT}RtrInf"
_BATCH = Fields(
    {
        "batch_message_id": (f"{BATCH}/MsgId",),
        "batch_payment_id": (f"{BATCH}/PmtInfId",),
        "batch_count": (f"{BATCH}/NbOfTxs",),
    }
)
_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)
# Read together, because few combinations occur.
_KIND = Fields(
    {
        **code_paths(_AT),
        "sign": (f"{_AT}CdtDbtInd",),
        "return_reason": (f"{_AT}RtrInf/Rsn/Cd", f"{_AT}RtrInf/Rsn/Prtry"),
    }
)


class Kind(NamedTuple):
    """What many details have in common; `sign` is None where the entry's counts."""

    sign: int | None
    code: BankCode
    return_reason: str | None


class Detail(NamedTuple):
    """`amounts` are candidates for the booked amount, the best first, unsigned; may be empty.

    `lines` are the remittance lines, `values` other fields of the bank transaction that need no
    more thought, by their names there.
    """

    sign: int
    code: BankCode
    values: Mapping[str, object]
    lines: tuple[str, ...] = ()
    amounts: tuple[Amount, ...] = ()
    details: AmountDetails = NO_DETAILS
    charges: Decimal | None = None

    @property
    def has_amount(self) -> bool:
        """Whether any amount is stated, in whatever currency."""
        return bool(self.amounts) or self.details.instructed is not None


def read_entry_texts(found: Found) -> dict[str, str]:
    """The plain texts of the entry itself, by field."""
    return found.meant(_ENTRY)


def read_batch(found: Found) -> dict[str, object]:
    """What Btch says about our own payment file behind a collective booking, by field."""
    if BATCH not in found.shape.paths:
        return {}
    texts = found.meant(_BATCH)
    count = texts.pop("batch_count", None)
    if count is None:
        return dict(texts)
    if not _NUMBER.fullmatch(count):
        raise FieldInvalid(f"“{shortened(count)}” is not a number", place="NbOfTxs")
    return {**texts, "batch_count": int(count)}


def undetailed(found: Found, entry: EntryHead) -> Detail:
    """The detail of an entry that has none: a fee, or a batch whose details come elsewhere."""
    values = {**read_entry_texts(found), **read_batch(found)}
    return Detail(entry.kind.sign, entry.kind.code, values)


def read_detail(found: Found, entry: EntryHead, batch: Mapping[str, object]) -> Detail:
    """Read TxDtls, looked at from Ntry; sign and codes it lacks come from its entry."""
    kind = found.remembered(_KIND, _kind)
    code = kind.code.or_else(entry.kind.code)
    details = read_amount_details(found, _AT)
    values: dict[str, object] = {
        **_texts(found, code, entry.kind.sign, returned=kind.return_reason is not None),
        **batch,
    }
    if _RETURN in found.shape.paths:
        values["return_reason"] = kind.return_reason
        values["return_text"] = found.raw_texts(f"{_RETURN}/AddtlInf")
    return Detail(
        entry.kind.sign if kind.sign is None else kind.sign,
        code,
        values,
        found.raw_texts(_LINES),
        _candidates(found.amount(_AMOUNT), details),
        details,
        read_charges(found, entry.amount.currency, _AT),
    )


def _kind(texts: Mapping[str, str]) -> Kind:
    sign, reason = texts.get("sign"), texts.get("return_reason")
    return Kind(
        None if sign is None else sign_from_text(sign),
        bank_code(texts),
        None if reason is None else reason.strip(),
    )


def _texts(found: Found, code: BankCode, sign: int, *, returned: bool) -> dict[str, str]:
    debtor = counterparty_is_debtor(code, sign, returned=returned)
    texts = found.meant(_DEBTOR if debtor else _CREDITOR)
    iban = texts.get("counterparty_iban")
    if iban and (_DEBTOR_IBAN if debtor else _CREDITOR_IBAN) in found.shape.paths:
        texts["counterparty_iban"] = normalised_iban(iban)
    return texts


def _candidates(own: Amount | None, details: AmountDetails) -> tuple[Amount, ...]:
    """Version .08 has the detail's own Amt; .02 only AmtDtls."""
    if details is NO_DETAILS:
        return () if own is None else (own,)
    amounts = (own, details.transaction, details.counter_value)
    return tuple([amount for amount in amounts if amount is not None])
