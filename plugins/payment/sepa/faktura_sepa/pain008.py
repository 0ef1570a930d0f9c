"""Writes pain.008.001.08 in the DK's subset: the same file is the same bytes every time.

Elements stand in the order of the schema. Everything written is checked before (`problems.py`).
"""

from datetime import UTC
from decimal import Decimal
from typing import Final, cast

from lxml import etree

from faktura.plugin import DebitFile, DebitItem, DebitMandate, DebtorAddress
from faktura_sepa.blocks import PaymentBlock, block_id, blocks_of
from faktura_sepa.latin import as_latin
from faktura_sepa.problems import CURRENCY, needs_address
from faktura_sepa.settings import SepaSettings

NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"
_EURO: Final = {"Ccy": CURRENCY}
# The same mandate with a new debtor account: the code for every change of account.
_SAME_MANDATE_NEW_ACCOUNT: Final = "SMNDA"
_NO_BIC: Final = "NOTPROVIDED"


class _Tags(dict[str, str]):
    """Full tags by name, each put together once."""

    def __missing__(self, name: str) -> str:
        self[name] = full = f"{{{NAMESPACE}}}{name}"
        return full


_TAGS: Final = _Tags()


def write_pain008(file: DebitFile, settings: SepaSettings) -> bytes:
    """The file's bytes, UTF-8."""
    # The stubs know no default namespace.
    prefixes = cast("dict[str, str]", {None: NAMESPACE})
    root = etree.Element(_TAGS["Document"], nsmap=prefixes)
    message = _inside(root, "CstmrDrctDbtInitn")
    blocks = blocks_of(file.items, settings.first_sequence)
    _group_header(message, file, sum((block.total for block in blocks), Decimal(0)))
    for number, block in enumerate(blocks, 1):
        info = _inside(message, "PmtInf")
        _block_head(info, block_id(file.message_id, number), block, settings)
        _creditor(info, file)
        for item in block.items:
            _transaction(_inside(info, "DrctDbtTxInf"), item, file)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _group_header(message: etree._Element, file: DebitFile, total: Decimal) -> None:
    header = _inside(message, "GrpHdr")
    _text(header, file.message_id, "MsgId")
    _text(header, f"{file.created_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", "CreDtTm")
    _text(header, str(len(file.items)), "NbOfTxs")
    _text(header, _amount(total), "CtrlSum")
    # The name only: the creditor identifier belongs into CdtrSchmeId alone.
    _text(header, as_latin(file.creditor_name), "InitgPty", "Nm")


def _block_head(
    info: etree._Element, own_id: str, block: PaymentBlock, settings: SepaSettings
) -> None:
    _text(info, own_id, "PmtInfId")
    _text(info, "DD", "PmtMtd")
    _text(info, "true" if settings.batch_booking else "false", "BtchBookg")
    _text(info, str(len(block.items)), "NbOfTxs")
    _text(info, _amount(block.total), "CtrlSum")
    kind = _inside(info, "PmtTpInf")
    _text(kind, "SEPA", "SvcLvl", "Cd")
    _text(kind, block.scheme.value, "LclInstrm", "Cd")
    _text(kind, block.sequence.value, "SeqTp")
    _text(info, block.due_on.isoformat(), "ReqdColltnDt")


def _creditor(info: etree._Element, file: DebitFile) -> None:
    _text(info, as_latin(file.creditor_name), "Cdtr", "Nm")
    _text(info, file.iban, "CdtrAcct", "Id", "IBAN")
    _agent(info, "CdtrAgt", file.bic)
    _text(info, "SLEV", "ChrgBr")
    _creditor_id(_inside(info, "CdtrSchmeId"), file.creditor_id)


def _transaction(transaction: etree._Element, item: DebitItem, file: DebitFile) -> None:
    mandate = item.mandate
    _text(transaction, item.end_to_end, "PmtId", "EndToEndId")
    amount = etree.SubElement(transaction, _TAGS["InstdAmt"], _EURO)
    amount.text = _amount(item.amount)
    _mandate(_inside(transaction, "DrctDbtTx", "MndtRltdInf"), mandate)
    _agent(transaction, "DbtrAgt", mandate.bic)
    debtor = _inside(transaction, "Dbtr")
    _text(debtor, as_latin(mandate.debtor_name), "Nm")
    if mandate.address is not None and needs_address(mandate.iban, file.iban):
        _address(_inside(debtor, "PstlAdr"), mandate.address)
    _text(transaction, mandate.iban, "DbtrAcct", "Id", "IBAN")
    _text(transaction, as_latin(item.remittance), "RmtInf", "Ustrd")


def _mandate(related: etree._Element, mandate: DebitMandate) -> None:
    _text(related, mandate.reference, "MndtId")
    _text(related, mandate.signed_on.isoformat(), "DtOfSgntr")
    if not (mandate.former_reference or mandate.former_creditor_id or mandate.former_account):
        return
    _text(related, "true", "AmdmntInd")
    details = _inside(related, "AmdmntInfDtls")
    if mandate.former_reference:
        _text(details, mandate.former_reference, "OrgnlMndtId")
    if mandate.former_creditor_id:
        _creditor_id(_inside(details, "OrgnlCdtrSchmeId"), mandate.former_creditor_id)
    if mandate.former_account:
        _text(details, _SAME_MANDATE_NEW_ACCOUNT, "OrgnlDbtrAcct", "Id", "Othr", "Id")


def _address(postal: etree._Element, address: DebtorAddress) -> None:
    parts = {
        "StrtNm": address.street,
        "PstCd": address.post_code,
        "TwnNm": address.town,
        "Ctry": address.country,
    }
    for name, text in parts.items():
        if text:
            _text(postal, as_latin(text), name)


def _creditor_id(scheme: etree._Element, creditor_id: str) -> None:
    identifier = _inside(scheme, "Id", "PrvtId", "Othr")
    _text(identifier, creditor_id, "Id")
    _text(identifier, "SEPA", "SchmeNm", "Prtry")


def _agent(parent: etree._Element, name: str, bic: str) -> None:
    if bic:
        _text(parent, bic, name, "FinInstnId", "BICFI")
    else:
        _text(parent, _NO_BIC, name, "FinInstnId", "Othr", "Id")


def _inside(parent: etree._Element, *path: str) -> etree._Element:
    """The innermost of new elements, one in the other."""
    for name in path:
        parent = etree.SubElement(parent, _TAGS[name])
    return parent


def _text(parent: etree._Element, text: str, *path: str) -> None:
    _inside(parent, *path).text = text


def _amount(amount: Decimal) -> str:
    return f"{amount:.2f}"
