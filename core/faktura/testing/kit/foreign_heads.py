"""Beginnings of files of all kinds, by the name of their format: what people upload by mistake."""

from typing import Final

FOREIGN_HEADS: Final = {
    "camt": (
        b'<?xml version="1.0" encoding="UTF-8"?>'
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
        b"<GrpHdr><MsgId>M1</MsgId></GrpHdr></BkToCstmrStmt></Document>"
    ),
    "pain": (
        b'<?xml version="1.0" encoding="UTF-8"?>'
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"><CstmrDrctDbtInitn>'
        b"<GrpHdr><MsgId>M1</MsgId></GrpHdr></CstmrDrctDbtInitn></Document>"
    ),
    "mt940": b":20:STARTUMSE\r\n:25:12030000/202051\r\n:28C:1/1\r\n:60F:C261101EUR1,00\r\n",
    "mt103": b"{1:F01X}{4:\r\n:20:REF\r\n:23B:CRED\r\n:32A:261102EUR1,00\r\n-}",
    "spreadsheet-csv": b"Konto;Buchungstag;Umsatz\r\n202051;02.11.26;1,00\r\n",
    "comma-csv": b'"Date","Amount"\n"2026-11-02","1.00"\n',
    "json": b'{"transactions": [{"amount": 1.00, "currency": "EUR"}]}',
    "html": b"<!DOCTYPE html><html><head><title>Anmelden</title></head><body></body></html>",
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
    "png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01",
    "text": "Sehr geehrte Damen und Herren, anbei die Kontoauszüge.\n".encode(),
    "bytes": bytes(range(256)) * 4,
    "nothing-but-zeros": b"\x00" * 2048,
    "utf16": "Kontoauszug".encode("utf-16"),
}
"""Whole small files; none of them is a statement that can be read, however it begins."""
