"""Code tables of EN 16931 as data; where a table is a subset, it holds what faktura writes.

Names are short English glosses for messages and documentation, not the lists' own wording.
"""

from faktura.kernel.money import MINOR_DIGITS


def _words(codes: str) -> list[str]:
    """Codes between blanks: long lists stay readable that way."""
    return codes.split()


CODE_LIST_VERSION = "2026-06"
"""State of the tables: the EN 16931 code lists in force since mid 2026 (CEN rules 1.3.16)."""

DOCUMENT_TYPES = {
    "326": "partial invoice",
    "380": "invoice",
    "381": "credit note",
    "384": "corrected invoice",
    "389": "self-billed invoice",
    "875": "partial construction invoice",
    "876": "partial final construction invoice",
    "877": "final construction invoice",
}
"""UNTDID 1001, the codes XRechnung allows (BT-3, BR-DE-17)."""

CURRENCIES = frozenset(MINOR_DIGITS) - {"BGN"}
"""ISO 4217, those whose decimals are known (BT-5, BT-6); the lev went when Bulgaria took the euro."""

TRANSFER_MEANS = frozenset({"30", "58"})
CARD_MEANS = frozenset({"48", "54", "55"})
DEBIT_MEANS = frozenset({"59"})
MANDATE_MEANS = DEBIT_MEANS | {"49"}
"""Direct debits of any kind: each names its mandate (PEPPOL-EN16931-R061)."""

PAYMENT_MEANS = {
    "1": "not defined",
    "10": "cash",
    "30": "credit transfer",
    "42": "payment to bank account",
    "48": "bank card",
    "49": "direct debit",
    "54": "credit card",
    "55": "debit card",
    "57": "standing agreement",
    "58": "SEPA credit transfer",
    "59": "SEPA direct debit",
    "68": "online payment service",
    "97": "clearing between partners",
    "ZZZ": "mutually defined",
}
"""UNTDID 4461, subset (BT-81)."""

VAT_CATEGORIES = {
    "S": "standard rate",
    "Z": "zero rated",
    "E": "exempt",
    "AE": "reverse charge",
    "K": "intra-community supply",
    "G": "export outside the EU",
    "O": "not subject to VAT",
}
"""UNTDID 5305, subset (BT-95, BT-102, BT-118, BT-151); the same as kernel.terms.TaxCategory."""

VATEX = frozenset(
    {
        "VATEX-EU-AE", "VATEX-EU-D", "VATEX-EU-F", "VATEX-EU-G", "VATEX-EU-I", "VATEX-EU-IC",
        "VATEX-EU-J", "VATEX-EU-O", "VATEX-EU-79-C",
        *(f"VATEX-EU-132-1{letter}" for letter in "ABCDEFGHIJKLMNOPQ"),
        *(f"VATEX-EU-143-1{letter}" for letter in "ABCDEFGHIJKL"), "VATEX-EU-143-1FA",
        *(f"VATEX-EU-148-{letter}" for letter in "ABCDEFG"),
        "VATEX-EU-132", "VATEX-EU-143", "VATEX-EU-148", "VATEX-EU-151", "VATEX-EU-309",
        *(f"VATEX-EU-151-1{letter}" for letter in ("A", "AA", "B", "C", "D", "E")),
    }
)  # fmt: skip
"""VATEX codes that mean the same in the whole EU (BT-121); none exists for § 19 UStG."""

UNITS = {
    "1I": "fixed rate", "4L": "megabyte", "ANN": "year", "C62": "one", "D63": "book",
    "DAY": "day", "E34": "gigabyte", "E35": "terabyte", "GRM": "gram", "H87": "piece",
    "HUR": "hour", "KGM": "kilogram", "KMT": "kilometre", "KWH": "kilowatt hour",
    "LS": "lump sum", "LTR": "litre", "MIN": "minute", "MON": "month", "MTK": "square metre",
    "MTQ": "cubic metre", "MTR": "metre", "P1": "per cent", "QAN": "quarter", "SAN": "half-year",
    "SEC": "second", "SET": "set", "TNE": "tonne", "WEE": "week", "XPP": "piece of packaging",
}  # fmt: skip
"""UN/ECE recommendations 20 and 21, subset (BT-130, BT-150); STK is a cigarette, KTM is gone: not here."""

NOTE_SUBJECTS = {
    "AAI": "general", "ABL": "legal", "CUR": "customer", "PMT": "payment",
    "REG": "registration", "SUR": "supplier remark", "TXD": "tax",
}  # fmt: skip
"""UNTDID 4451, subset (BT-21)."""

ALLOWANCE_REASONS = {
    "64": "special agreement", "66": "third party price", "95": "discount",
    "100": "special rebate", "102": "fixed long term", "103": "temporary", "104": "standard",
}  # fmt: skip
"""UNTDID 5189, subset (BT-98, BT-140)."""

CHARGE_REASONS = {
    "ABL": "packaging", "ADR": "other services", "FC": "freight service", "FI": "financing",
    "HD": "handling", "IS": "invoicing service",
}  # fmt: skip
"""UNTDID 7161, subset (BT-105, BT-145)."""

VAT_POINT_CODES = {"3": "date of invoice", "35": "date of delivery", "432": "date paid"}
"""UNTDID 2005, all that EN 16931 allows (BT-8); CII writes 5, 29 and 72 of UNTDID 2475 instead."""

OBJECT_SCHEMES = {
    "AAZ": "telephone number", "ABT": "customs declaration", "AVE": "meter", "AWM": "premises",
    "CT": "contract", "IT": "internal customer number", "ZZZ": "mutually defined",
}  # fmt: skip
"""UNTDID 1153, subset: what an invoiced object is named by (BT-18, BT-128)."""

ITEM_CLASSES = {
    "CC": "industry commodity code", "GN": "national product group", "HS": "harmonised system",
    "MP": "product or service", "SRV": "GTIN", "STI": "UNSPSC", "TSP": "CPV", "TST": "SKR",
    "ZZZ": "mutually defined",
}  # fmt: skip
"""UNTDID 7143, subset (list of BT-158)."""

ADDRESS_SCHEMES = frozenset(
    _words(
        "0002 0007 0009 0037 0060 0088 0096 0097 0106 0130 0135 0142 0147 0151 0154 0158 0170 0177"
        " 0183 0184 0188 0190 0191 0192 0193 0194 0195 0196 0198 0199 0200 0201 0202 0203 0204 0205"
        " 0208 0209 0210 0211 0212 0213 0215 0216 0217 0218 0219 0220 0221 0225 0230 0235 0240 0242"
        " 0244 0245 0246 0248 9910 9913 9914 9915 9918 9919 9920 9922 9923 9924 9925 9926 9927 9928"
        " 9929 9930 9931 9932 9933 9934 9935 9936 9937 9938 9939 9940 9941 9942 9943 9944 9945 9946"
        " 9947 9948 9949 9950 9951 9952 9953 9957 9959 AN AQ AS AU EM"
    )
)
"""Electronic address schemes (EAS), all (BT-34, BT-49): EM e-mail, 0204 Leitweg-ID."""

IDENTIFIER_SCHEMES = frozenset(
    _words(
        "0002 0007 0009 0037 0060 0088 0106 0130 0151 0160 0183 0184 0188 0190 0192 0195 0196 0198 0199"
        " 0204 0208 0210 0211 0240"
    )
)
"""ISO 6523, subset (BT-29, BT-30, BT-46, BT-47, BT-157); 0088 is GLN, 0160 GTIN, HRB has none."""

ATTACHMENT_TYPES = frozenset(
    {
        "application/pdf",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "image/jpeg",
        "image/png",
        "text/csv",
    }
)
"""MIME types of BT-125."""

COUNTRIES = frozenset(
    _words(
        "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR"
        " BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ"
        " EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW"
        " GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY"
        " KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV"
        " MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY"
        " QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG"
        " TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM"
        " ZW 1A XI"
    )
)
"""ISO 3166-1 with Kosovo (1A) and Northern Ireland (XI), as EN 16931 has it (BT-40, BT-55)."""

VAT_ID_PREFIXES = COUNTRIES | {"EL"}
"""What a VAT id begins with: the country, for Greece also EL (BR-CO-09)."""
