"""A camt.053.001.08 statement of any length, always the same bytes for the same length.

Of 100 entries 90 are single transfers, 5 collective debits of 3, 3 returned debits, 2 fees.
"""

from pathlib import Path

ACCOUNT = "DE02120300000000202051"
SHARE_OF_100 = {"single": 90, "batch": 5, "return": 3, "fee": 2}

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr>'
    "<MsgId>MSG-LONG</MsgId><CreDtTm>2026-12-01T05:00:00+01:00</CreDtTm></GrpHdr><Stmt>"
    "<Id>LONG-1</Id><ElctrncSeqNb>1</ElctrncSeqNb><CreDtTm>2026-12-01T05:00:00+01:00</CreDtTm>"
    f"<Acct><Id><IBAN>{ACCOUNT}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
)
_TAIL = "</Stmt></BkToCstmrStmt></Document>\n"
_BANK = {
    "single": ("PMNT", "RCDT", "ESCT", "NTRF+166+9249+000"),
    "batch": ("PMNT", "IDDT", "ESDD", "NDDT+192+9200+000"),
    "return": ("PMNT", "IDDT", "UPDD", "NRTI+109+9201+000"),
    "fee": ("ACMT", "MDOP", "CHRG", "NCHG+808+9201+000"),
}


def write_statement(path: Path, entries: int) -> None:
    """Write a statement of `entries` entries whose balances fit."""
    closing = sum(_signed_cents(number) for number in range(entries))
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEAD + _balance("PRCD", 0, "2026-10-31") + _balance("CLBD", closing))
        for number in range(entries):
            file.write(_entry(number))
        file.write(_TAIL)


def transactions_in(entries: int) -> int:
    """How many records a parser must yield for `entries` entries."""
    return sum(3 if _kind(number) == "batch" else 1 for number in range(entries))


def _kind(number: int) -> str:
    rest = number % 100
    for kind, share in SHARE_OF_100.items():
        if rest < share:
            return kind
        rest -= share
    raise AssertionError  # the shares add up to 100


def _cents(number: int) -> int:
    return 1_000 + number * 37 % 50_000


def _signed_cents(number: int) -> int:
    cents = _cents(number)
    match _kind(number):
        case "single":
            return cents
        case "batch":
            return 3 * cents
        case "return":
            return -(cents + 300)
        case _:
            return -150


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _amount(cents: int) -> str:
    sign = "CRDT" if cents >= 0 else "DBIT"
    return f'<Amt Ccy="EUR">{_euros(abs(cents))}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'


def _balance(code: str, cents: int, on: str = "2026-11-30") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_amount(cents)}"
        f"<Dt><Dt>{on}</Dt></Dt></Bal>"
    )


def _entry(number: int) -> str:
    kind = _kind(number)
    cents = _signed_cents(number)
    day = f"2026-11-{1 + number % 30:02}"
    domain, family, sub_family, dk = _BANK[kind]
    return (
        f"<Ntry>{_amount(cents)}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt>"
        f"<ValDt><Dt>{day}</Dt></ValDt><AcctSvcrRef>{number:016}</AcctSvcrRef>"
        f"<BkTxCd><Domn><Cd>{domain}</Cd><Fmly><Cd>{family}</Cd>"
        f"<SubFmlyCd>{sub_family}</SubFmlyCd></Fmly></Domn><Prtry><Cd>{dk}</Cd>"
        f"<Issr>DK</Issr></Prtry></BkTxCd><NtryDtls>{_details(number, kind, cents)}</NtryDtls>"
        f"<AddtlNtryInf>{kind.upper()}</AddtlNtryInf></Ntry>"
    )


def _details(number: int, kind: str, cents: int) -> str:
    if kind == "batch":
        batch = f"<Btch><MsgId>RUN-{number}</MsgId><NbOfTxs>3</NbOfTxs></Btch>"
        return batch + "".join(_detail(number * 3 + part, cents // 3) for part in range(3))
    if kind == "return":
        returned = "<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf>"
        return _detail(number, cents, _charged(-cents - 300), returned)
    return _detail(number, cents)


def _charged(original: int) -> str:
    return (
        f'<AmtDtls><InstdAmt><Amt Ccy="EUR">{_euros(original)}</Amt></InstdAmt></AmtDtls>'
        '<Chrgs><Rcrd><Amt Ccy="EUR">3.00</Amt><CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>'
    )


def _detail(number: int, cents: int, amounts: str = "", returned: str = "") -> str:
    return (
        f"<TxDtls><Refs><EndToEndId>E2E-{number:08}</EndToEndId></Refs>{_amount(cents)}{amounts}"
        f"<RltdPties><Dbtr><Pty><Nm>Kundin Nummer {number} GmbH</Nm></Pty></Dbtr><DbtrAcct><Id>"
        f"<IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct><Cdtr><Pty><Nm>Muster AG</Nm></Pty>"
        f"</Cdtr><CdtrAcct><Id><IBAN>{ACCOUNT}</IBAN></Id></CdtrAcct></RltdPties><RltdAgts>"
        "<DbtrAgt><FinInstnId><BICFI>COBADEFFXXX</BICFI></FinInstnId></DbtrAgt></RltdAgts><RmtInf>"
        f"<Ustrd>Rechnung RE-2026-{number:06} vom 01.11.2026</Ustrd><Ustrd>Danke fuer die Arbeit"
        f"</Ustrd></RmtInf>{returned}</TxDtls>"
    )
