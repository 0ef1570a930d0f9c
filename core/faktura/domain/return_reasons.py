"""Why debits come back: the ISO reason codes, and what each means for the next debit (O13).

Sources: ISO 20022 ExternalReturnReason1Code, EPC rulebooks, banking 2.4. Providers that hide the
bank's code behind a word of their own are read as the code it stands for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, unique

from faktura.kernel.payment_terms import CustomerReason


@unique
class RetryRule(StrEnum):
    """Whether the same debit may be tried again: by the schedule, elsewhere only, or by a person."""

    RETRY = "RETRY"
    NEW_MEANS = "NEW_MEANS"
    PERSON = "PERSON"


@unique
class MandateEffect(StrEnum):
    """What a return does to the mandate that it was collected with."""

    KEEPS = "KEEPS"
    SUSPENDED = "SUSPENDED"
    ENDS = "ENDS"


@dataclass(frozen=True, slots=True)
class ReturnReason:
    """A reason for a return; `chargeable` says whether its fee may be charged on to the customer."""

    code: str
    german: str
    english: str
    retry: RetryRule
    mandate: MandateEffect
    chargeable: bool
    customer: CustomerReason


_AGAIN, _ELSEWHERE, _ASK = RetryRule.RETRY, RetryRule.NEW_MEANS, RetryRule.PERSON
_KEEPS, _HELD, _DEAD = MandateEffect.KEEPS, MandateEffect.SUSPENDED, MandateEffect.ENDS
_ANY, _FUNDS = CustomerReason.GENERAL, CustomerReason.NO_FUNDS
_ENTER, _WITHDRAWN = CustomerReason.ENTER_AGAIN, CustomerReason.WITHDRAWN

# Retry, mandate, chargeable to the customer, what they are told, German, English.
_TABLE = {
    "AC01": (_ELSEWHERE, _HELD, True, _ENTER, "IBAN falsch", "IBAN wrong"),
    "AC02": (_ELSEWHERE, _HELD, True, _ENTER, "Konto des Zahlers falsch", "debtor account wrong"),
    "AC03": (_ASK, _KEEPS, False, _ANY, "Konto des Gläubigers falsch", "creditor account wrong"),
    "AC04": (_ELSEWHERE, _HELD, True, _ENTER, "Konto erloschen", "account closed"),
    "AC06": (_ELSEWHERE, _HELD, True, _ENTER, "Konto gesperrt", "account blocked"),
    "AC13": (_ELSEWHERE, _HELD, False, _ENTER, "Verbraucherkonto", "account of a consumer"),
    "AC14": (_ELSEWHERE, _HELD, False, _ENTER, "Bank ungültig", "bank not valid"),
    "AC15": (_ELSEWHERE, _HELD, True, _ENTER, "Kontodaten geändert", "account details changed"),
    "AC16": (_ELSEWHERE, _HELD, True, _ENTER, "Konto beschlagnahmt", "account sequestrated"),
    "AC17": (_ELSEWHERE, _HELD, True, _ENTER, "Konto in Auflösung", "account in liquidation"),
    "AG01": (_ELSEWHERE, _HELD, False, _ENTER, "Lastschrift nicht zulässig", "debits not allowed"),
    "AG02": (_ELSEWHERE, _HELD, False, _ANY, "Geschäftsvorfall falsch", "operation code wrong"),
    "AM01": (_ASK, _KEEPS, False, _ANY, "Betrag ist null", "amount is zero"),
    "AM02": (_ASK, _KEEPS, False, _ANY, "Betrag zu hoch", "amount above the limit"),
    "AM03": (_ASK, _KEEPS, False, _ANY, "Währung nicht zulässig", "currency not allowed"),
    "AM04": (_AGAIN, _KEEPS, True, _FUNDS, "Deckung nicht ausreichend", "insufficient funds"),
    "AM05": (_ASK, _KEEPS, False, _ANY, "doppelt eingereicht", "submitted twice"),
    "AM06": (_ASK, _KEEPS, False, _ANY, "Betrag zu niedrig", "amount below the minimum"),
    "AM07": (_ASK, _KEEPS, False, _ANY, "Betrag von Behörde gesperrt", "amount blocked by law"),
    "AM09": (_ASK, _KEEPS, False, _ANY, "Betrag falsch", "amount wrong"),
    "AM10": (_ASK, _KEEPS, False, _ANY, "Kontrollsumme falsch", "control sum wrong"),
    "ARDT": (_ASK, _KEEPS, False, _ANY, "bereits zurückgegeben", "returned already"),
    "BE01": (_ELSEWHERE, _HELD, True, _ENTER, "Name passt nicht zum Konto", "name and account differ"),
    "BE04": (_ASK, _KEEPS, False, _ANY, "Anschrift des Gläubigers fehlt", "creditor address missing"),
    "BE05": (_ASK, _KEEPS, False, _ANY, "Gläubiger-ID unbekannt", "creditor identifier unknown"),
    "BE06": (_ELSEWHERE, _HELD, True, _ENTER, "Kunde der Bank unbekannt", "customer unknown to bank"),
    "BE07": (_ASK, _KEEPS, False, _ANY, "Anschrift des Zahlers fehlt", "debtor address missing"),
    "BE08": (_ASK, _KEEPS, False, _ANY, "Fehler der Bank", "mistake of the bank"),
    "CN01": (_ELSEWHERE, _DEAD, True, _WITHDRAWN, "Ermächtigung widerrufen", "authority withdrawn"),
    "CNOR": (_ELSEWHERE, _HELD, False, _ANY, "Gläubigerbank nimmt nicht teil", "creditor bank not in"),
    "CURR": (_ASK, _KEEPS, False, _ANY, "Währung falsch", "currency wrong"),
    "CUST": (_ASK, _HELD, True, _WITHDRAWN, "Entscheidung des Kunden", "decision of the customer"),
    "DNOR": (_ELSEWHERE, _HELD, False, _ENTER, "Bank des Zahlers nimmt nicht teil", "bank not in"),
    "DS28": (_ASK, _KEEPS, False, _ANY, "technischer Grund", "technical reason"),
    "DT01": (_ASK, _KEEPS, False, _ANY, "Datum falsch", "date wrong"),
    "ED01": (_ASK, _KEEPS, False, _ANY, "Korrespondenzbank nicht möglich", "no correspondent bank"),
    "ED03": (_ASK, _KEEPS, False, _ANY, "Saldo angefragt", "balance asked for"),
    "ED05": (_AGAIN, _KEEPS, False, _ANY, "Verrechnung gescheitert", "settlement failed"),
    "FF01": (_ASK, _KEEPS, False, _ANY, "Dateiformat falsch", "file format wrong"),
    "FF05": (_ASK, _KEEPS, False, _ANY, "Verfahren falsch", "scheme wrong"),
    "FOCR": (_ASK, _KEEPS, False, _ANY, "auf Rückruf zurückgegeben", "returned after a recall"),
    "FR01": (_ASK, _HELD, False, _ANY, "Betrugsverdacht", "suspected fraud"),
    "FRTR": (_ELSEWHERE, _DEAD, False, _WITHDRAWN, "Mandat gelöscht", "mandate cancelled"),
    "MD01": (_ELSEWHERE, _DEAD, False, _WITHDRAWN, "kein gültiges Mandat", "no valid mandate"),
    "MD02": (_ASK, _HELD, False, _ANY, "Mandatsdaten fehlen oder falsch", "mandate data wrong"),
    "MD05": (_ASK, _KEEPS, False, _ANY, "durfte nicht eingezogen werden", "must not be collected"),
    "MD06": (_ASK, _HELD, True, _WITHDRAWN, "Widerspruch durch Zahler", "objection by the debtor"),
    "MD07": (_ASK, _HELD, False, _ANY, "Zahler verstorben", "debtor deceased"),
    "MS02": (_ASK, _KEEPS, True, _ANY, "Grund vom Zahler nicht genannt", "no reason by the debtor"),
    "MS03": (_ASK, _KEEPS, False, _ANY, "Grund von der Bank nicht genannt", "no reason by the bank"),
    "NARR": (_ASK, _KEEPS, False, _ANY, "Grund in Worten", "reason in words"),
    "NOAS": (_ASK, _KEEPS, False, _ANY, "keine Antwort des Kunden", "no answer of the customer"),
    "NOCM": (_ASK, _KEEPS, False, _ANY, "Regeln verletzt", "against the rules"),
    "NOOR": (_ASK, _KEEPS, False, _ANY, "Auftrag nie erhalten", "order never received"),
    "RC01": (_ASK, _HELD, False, _ENTER, "BIC falsch", "BIC wrong"),
    "RC07": (_ASK, _KEEPS, False, _ANY, "BIC des Gläubigers falsch", "BIC of the creditor wrong"),
    "RF01": (_ASK, _KEEPS, False, _ANY, "Referenz nicht eindeutig", "reference not unique"),
    "RR01": (_ASK, _KEEPS, False, _ANY, "Konto des Zahlers fehlt", "debtor account missing"),
    "RR02": (_ASK, _KEEPS, False, _ANY, "Angaben zum Zahler fehlen", "debtor details missing"),
    "RR03": (_ASK, _KEEPS, False, _ANY, "Angaben zum Gläubiger fehlen", "creditor details missing"),
    "RR04": (_ASK, _KEEPS, False, _ANY, "regulatorischer Grund", "regulatory reason"),
    "RUTA": (_ASK, _KEEPS, False, _ANY, "nicht zuzuordnen", "could not be applied"),
    "SL01": (_ELSEWHERE, _HELD, True, _ENTER, "Sperre beim Zahler", "barred by the debtor"),
    "SL02": (_ASK, _KEEPS, False, _ANY, "Dienst der Gläubigerbank", "service of the creditor bank"),
    "SL11": (_ELSEWHERE, _HELD, True, _ENTER, "nicht auf der Positivliste", "not on the white list"),
    "SL12": (_ELSEWHERE, _HELD, True, _ENTER, "auf der Sperrliste", "on the black list"),
    "SL13": (_ASK, _HELD, True, _ENTER, "zu viele Lastschriften", "more debits than allowed"),
    "SL14": (_ASK, _HELD, True, _ENTER, "über dem erlaubten Betrag", "above the allowed amount"),
    "SVNR": (_ASK, _KEEPS, False, _ANY, "Leistung nicht erbracht", "service not rendered"),
    "TECH": (_AGAIN, _KEEPS, False, _ANY, "technische Störung", "technical problem"),
    "TM01": (_AGAIN, _KEEPS, False, _ANY, "zu spät eingereicht", "past the cut-off time"),
    "TRAC": (_ASK, _KEEPS, False, _ANY, "nach Nachforschung", "after an investigation"),
    "UPAY": (_ASK, _KEEPS, False, _ANY, "nicht geschuldet", "not owed"),
}  # fmt: skip

RETURN_REASONS: Mapping[str, ReturnReason] = {
    code: ReturnReason(code, german, english, retry, mandate, chargeable, customer)
    for code, (retry, mandate, chargeable, customer, german, english) in _TABLE.items()
}

# What providers call it in place of the bank's code.
_AS_ISO = {
    "insufficient_funds": "AM04",
    "account_closed": "AC04",
    "no_account": "AC01",
    "incorrect_account_details": "AC01",
    "invalid_account_number": "AC01",
    "bank_account_restricted": "AC06",
    "debit_not_authorized": "MD01",
    "mandate_invalid": "MD01",
    "customer_initiated": "MD06",
    "unauthorized": "MD01",
    "refer_to_customer": "MS02",
    "bank_cannot_process": "MS03",
    "general": "MS03",
    "generic_decline": "MS03",
    "duplicate": "AM05",
}

_UNKNOWN = (_ASK, _KEEPS, False, _ANY)


def reason_of(code: str | None) -> ReturnReason:
    """The reason behind a code of the bank or a provider, in any case.

    An unknown one is never tried again by itself, as it may be the debtor's objection.
    """
    given = (code or "").strip()
    known = RETURN_REASONS.get(_AS_ISO.get(given.lower(), given.upper()))
    if known is not None:
        return known
    retry, mandate, chargeable, customer = _UNKNOWN
    german, english = "Grund unbekannt", "reason unknown"
    return ReturnReason(given, german, english, retry, mandate, chargeable, customer)


def retry_allowed(code: str | None) -> RetryRule:
    """Whether a debit that came back for this reason may be tried again (O13)."""
    return reason_of(code).retry
