"""Statement files of October 2026 as a bank sends them (camt.053)."""

IBAN = "DE02120300000000202051"
OTHER_IBAN = "DE02500105170137075030"
_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


def moved(amount: str, text: str, *, on: str, payer: str = "Kunde 1 GmbH") -> str:
    """A booked entry of that signed amount."""
    sign = "DBIT" if amount.startswith("-") else "CRDT"
    party = "Cdtr" if sign == "DBIT" else "Dbtr"
    return (
        f'<Ntry><Amt Ccy="EUR">{amount.lstrip("-")}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
        f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt>"
        "<NtryDtls><TxDtls>"
        f"<RltdPties><{party}><Pty><Nm>{payer}</Nm></Pty></{party}></RltdPties>"
        f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def statement(
    *entries: str,
    iban: str = IBAN,
    number: str = "S1",
    balances: tuple[str, str] = ("0.00", "1.00"),
) -> bytes:
    """A file with one statement of that account; `balances` before and after it."""
    opening, closing = (_balance(*of) for of in zip(("OPBD", "CLBD"), balances, strict=True))
    return (
        f'<Document xmlns="{_NAMESPACE}"><BkToCstmrStmt><GrpHdr><MsgId>MSG-1</MsgId></GrpHdr>'
        f"<Stmt><Id>{number}</Id><Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{opening}{closing}{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def _balance(kind: str, amount: str) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        "<Dt><Dt>2026-10-30</Dt></Dt></Bal>"
    )


# The first pays RE-000001 by its number, the second says nothing, the third is our rent.
OCTOBER = statement(
    moved("71.40", "Rechnung RE-000001", on="2026-10-28"),
    moved("25.70", "Beitrag", on="2026-10-29", payer="Kunde 2 GmbH"),
    moved("-500.00", "Miete", on="2026-10-30", payer="Haus AG"),
    balances=("1000.00", "597.10"),
)


def in_a_form(content: bytes, name: str) -> tuple[bytes, str]:
    """The file as the part `file` of a form, and the form's Content-Type."""
    head = (
        f'--part\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/xml\r\n\r\n"
    )
    return head.encode() + content + b"\r\n--part--\r\n", "multipart/form-data; boundary=part"
