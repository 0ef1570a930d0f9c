"""One transaction detail (TxDtls) of an entry: where each field stands, in .02 and .08."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple, TypedDict, cast

from faktura_camt.account import normalised_iban
from faktura_camt.amount_details import (
    NO_DETAILS,
    AmountDetails,
    read_amount_details,
    read_charges,
)
from faktura_camt.amounts import Amount, sign_from_text
from faktura_camt.bank_code import NO_CODE, BankCode, bank_code, code_paths, counterparty_is_debtor
from faktura_camt.entry import EntryHead
from faktura_camt.found import Found
from faktura_camt.shape import Fields

DETAIL = "NtryDtls/TxDtls"
BATCH = "NtryDtls/Btch"
_AT = f"{DETAIL}/"


class Texts(TypedDict, total=False):
    """The fields of a bank transaction that are plain text, by their names there."""

    entry_ref: str
    source_ref: str
    booking_text: str
    end_to_end_id: str
    mandate_id: str
    creditor_id: str
    counterparty_name: str
    counterparty_iban: str
    counterparty_bic: str
    ultimate_name: str
    structured_reference: str
    purpose_code: str


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
_RETURN_LINES = f"{_RETURN}/AddtlInf"
# Read together, because few combinations occur.
_KIND = Fields(
    {
        **code_paths(_AT),
        "sign": (f"{_AT}CdtDbtInd",),
        "return_reason": (f"{_AT}RtrInf/Rsn/Cd", f"{_AT}RtrInf/Rsn/Prtry"),
    }
)


class Batch(NamedTuple):
    """What Btch says about our own payment file behind a collective booking."""

    message_id: str | None = None
    payment_id: str | None = None


NO_BATCH = Batch()
_BATCH = Fields({"message_id": (f"{BATCH}/MsgId",), "payment_id": (f"{BATCH}/PmtInfId",)})


def read_batch(found: Found) -> Batch:
    """Read Btch, which may be absent."""
    return Batch(**found.meant(_BATCH)) if found.shape.has(BATCH) else NO_BATCH


class Kind(NamedTuple):
    """What many details have in common; `sign` is None where the entry's counts."""

    sign: int | None
    code: BankCode
    return_reason: str | None


class Detail(NamedTuple):
    """`amounts` are candidates for the booked amount, the best first, unsigned; may be empty."""

    sign: int
    code: BankCode = NO_CODE
    amounts: tuple[Amount, ...] = ()
    details: AmountDetails = NO_DETAILS
    charges: Decimal | None = None
    texts: Texts = Texts()
    remittance_lines: tuple[str, ...] = ()
    return_reason: str | None = None
    return_text: tuple[str, ...] = ()
    batch: Batch = NO_BATCH

    @property
    def is_plain(self) -> bool:
        """Whether it has nothing but its amount, texts and remittance lines."""
        return (
            self.details is NO_DETAILS
            and self.charges is None
            and self.return_reason is None
            and not self.return_text
            and self.batch is NO_BATCH
        )

    @property
    def has_amount(self) -> bool:
        """Whether any amount is stated, in whatever currency."""
        return bool(self.amounts) or self.details.instructed is not None


def undetailed(found: Found, entry: EntryHead) -> Detail:
    """The detail of an entry that has none: a fee, or a batch whose details come elsewhere."""
    return Detail(
        entry.kind.sign, entry.kind.code, texts=read_entry_texts(found), batch=read_batch(found)
    )


def read_entry_texts(found: Found) -> Texts:
    """The texts of the entry itself."""
    return cast("Texts", found.meant(_ENTRY))


def read_detail(found: Found, entry: EntryHead, batch: Batch) -> Detail:
    """Read TxDtls, looked at from Ntry; sign and codes it lacks come from its entry."""
    kind = found.remembered(_KIND, _kind)
    code = kind.code.or_else(entry.kind.code)
    details = read_amount_details(found, _AT)
    return Detail(
        entry.kind.sign if kind.sign is None else kind.sign,
        code,
        _candidates(found.amount(_AMOUNT), details),
        details,
        read_charges(found, entry.amount.currency, _AT),
        _texts(found, code, entry.kind.sign, returned=kind.return_reason is not None),
        found.raw_texts(_LINES),
        kind.return_reason,
        found.raw_texts(_RETURN_LINES) if found.shape.has(_RETURN) else (),
        batch,
    )


def _kind(texts: Mapping[str, str]) -> Kind:
    sign, reason = texts.get("sign"), texts.get("return_reason")
    return Kind(
        None if sign is None else sign_from_text(sign),
        bank_code(texts),
        None if reason is None else reason.strip(),
    )


def _texts(found: Found, code: BankCode, sign: int, *, returned: bool) -> Texts:
    debtor = counterparty_is_debtor(code, sign, returned=returned)
    texts = cast("Texts", found.meant(_DEBTOR if debtor else _CREDITOR))
    if found.shape.has(_DEBTOR_IBAN if debtor else _CREDITOR_IBAN) and "counterparty_iban" in texts:
        texts["counterparty_iban"] = normalised_iban(texts["counterparty_iban"])
    return texts


def _candidates(own: Amount | None, details: AmountDetails) -> tuple[Amount, ...]:
    """Version .08 has the detail's own Amt; .02 only AmtDtls."""
    if details is NO_DETAILS:
        return () if own is None else (own,)
    amounts = (own, details.transaction, details.counter_value)
    return tuple([amount for amount in amounts if amount is not None])
