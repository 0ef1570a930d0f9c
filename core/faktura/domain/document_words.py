"""The sentences that documents carry in their terms, notes and reasons, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass

from faktura.domain.document_kinds import KINDS, SELF_BILLED
from faktura.domain.document_language import is_german
from faktura.domain.tax import SMALL_BUSINESS_REASON
from faktura.kernel.terms import DocumentKind, PaymentMethod


@dataclass(frozen=True, slots=True)
class DocumentWords:
    """One language's sentences; what stands in braces is filled in.

    `payable` to `received` are payment terms (BT-20); `rest` and `collect_rest` are those of what
    deposits leave. `means` are BT-82 by method, `discount` is BT-139 where none was given, `titles`
    are the words for documents that we write for a partner (§ 14 Abs. 4 Nr. 10 UStG).
    """

    payable: str
    payable_by: str
    rest: str
    rest_by: str
    collect: str
    collect_rest: str
    nothing_due: str
    covered: str
    received: str
    credited: str
    charged: str
    clearing: str
    means: Mapping[PaymentMethod, str]
    discount: str
    contract: str
    reason: str
    titles: Mapping[DocumentKind, str]


# Pre-notification of a SEPA direct debit: amount, day, mandate and creditor, never the account.
_DE = DocumentWords(
    payable="Zahlbar ohne Abzug bis zum {day}.",
    payable_by="Zahlbar per {means} ohne Abzug bis zum {day}.",
    rest="Der Restbetrag von {amount} ist ohne Abzug bis zum {day} zahlbar.",
    rest_by="Der Restbetrag von {amount} ist per {means} ohne Abzug bis zum {day} zahlbar.",
    collect=(
        "Wir ziehen {amount} zum {day} mit dem SEPA-Mandat {mandate}"
        " (Gläubiger-Identifikationsnummer {creditor}) von Ihrem Konto ein."
    ),
    collect_rest=(
        "Wir ziehen den Restbetrag von {amount} zum {day} mit dem SEPA-Mandat {mandate}"
        " (Gläubiger-Identifikationsnummer {creditor}) von Ihrem Konto ein."
    ),
    nothing_due="Es ist nichts zu zahlen.",
    covered="Die Anzahlungen decken den Rechnungsbetrag: Es ist nichts mehr zu zahlen.",
    received="Der Betrag wurde am {day} erhalten: Es ist nichts mehr zu zahlen.",
    credited="Der Betrag wird Ihrem Kundenkonto gutgeschrieben.",
    charged="Der Betrag wird Ihrem Kundenkonto belastet.",
    clearing="Verrechnung mit dem Kundenkonto",
    means={
        PaymentMethod.CARD: "Kreditkarte",
        PaymentMethod.PAYPAL: "PayPal",
        PaymentMethod.SEPA_DEBIT: "Lastschrift unseres Zahlungsdienstleisters",
    },
    discount="Rabatt",
    contract="Vertrag {number}",
    reason="Grund: {reason}",
    titles={kind: KINDS[kind].title for kind in sorted(SELF_BILLED)},
)
_EN = DocumentWords(
    payable="Payable without deduction by {day}.",
    payable_by="Payable by {means} without deduction by {day}.",
    rest="The remaining {amount} is payable without deduction by {day}.",
    rest_by="The remaining {amount} is payable by {means} without deduction by {day}.",
    collect=(
        "We will collect {amount} from your account on {day} under the SEPA mandate {mandate}"
        " (creditor identifier {creditor})."
    ),
    collect_rest=(
        "We will collect the remaining {amount} from your account on {day} under the SEPA mandate"
        " {mandate} (creditor identifier {creditor})."
    ),
    nothing_due="Nothing is to be paid.",
    covered="The deposits cover this invoice: nothing is left to be paid.",
    received="The amount was received on {day}: nothing is left to be paid.",
    credited="The amount will be credited to your customer account.",
    charged="The amount will be charged to your customer account.",
    clearing="Set off against the customer account",
    means={
        PaymentMethod.CARD: "credit card",
        PaymentMethod.PAYPAL: "PayPal",
        PaymentMethod.SEPA_DEBIT: "direct debit of our payment provider",
    },
    discount="Discount",
    contract="Contract {number}",
    reason="Reason: {reason}",
    # The English word of Art. 226 no. 10a of the VAT directive, beside the one that the law asks for.
    titles={
        DocumentKind.CREDIT_NOTE: "Self-billing invoice (Gutschrift)",
        DocumentKind.CREDIT_NOTE_CORRECTION: "Correction of a self-billing invoice (Gutschrift)",
    },
)

# Reasons that we word ourselves (tax.py); those of a tax group stay as they were given.
_ENGLISH_REASONS: Mapping[str, str] = {
    "Steuerschuldnerschaft des Leistungsempfängers": "Reverse charge",
    "Steuerfreie innergemeinschaftliche Lieferung": "VAT-exempt intra-Community supply of goods",
    "Steuerfreie Ausfuhrlieferung": "VAT-exempt export of goods",
    "Nicht steuerbar": "Not subject to German VAT",
    SMALL_BUSINESS_REASON: "No VAT is charged (section 19 of the German VAT Act, small business).",
}


def document_words(language: str) -> DocumentWords:
    """The sentences of a language: German, or English for every other one."""
    return _DE if is_german(language) else _EN


def discount_reason(given: str, language: str) -> str:
    """BT-139: the reason that was given; the usual word in the document's language."""
    return document_words(language).discount if given in ("", _DE.discount) else given


def exemption_reason(frozen: str, language: str) -> str:
    """BT-120: reasons are frozen in German, several joined by semicolons."""
    if is_german(language):
        return frozen
    return "; ".join(_ENGLISH_REASONS.get(one, one) for one in frozen.split("; "))
