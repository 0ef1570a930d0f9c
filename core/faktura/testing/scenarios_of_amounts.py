"""Scenarios about arithmetic: prices, quantities, discounts, charges, rounding, currencies."""

from datetime import date
from decimal import Decimal

from faktura.kernel.terms import TaxCategory
from faktura.plugin import Allowance, DocumentPeriod
from faktura.testing.invoices import sample_invoice, sample_line
from faktura.testing.scenario import Scenario, Stated, stating

_S = TaxCategory.S
_NINETEEN, _SEVEN = Decimal(19), Decimal(7)
_LAST_HALF = DocumentPeriod(start=date(2026, 10, 15), end=date(2026, 10, 31))


def _percent(amount: str, percent: str, base: str, **more: object) -> Allowance:
    return Allowance.model_validate(
        {"amount": amount, "percent": percent, "base": base, "reason": "Rabatt", **more}
    )


AMOUNTS = (
    Scenario(
        "one line", sample_invoice(), stating("100.00", "19.00", "119.00", "S 19 100.00 19.00")
    ),
    Scenario(
        # 9.99 x (1+..+6) = 209.79, its VAT 39.8601; 4.95 x (7+..+12) = 282.15, its VAT 19.7505.
        "twelve lines at 19 and 7 %",
        sample_invoice(
            lines=(
                *(sample_line(f"{no}", "9.99", id=f"{no}") for no in range(1, 7)),
                *(sample_line(f"{no}", "4.95", id=f"{no}", vat_rate="7") for no in range(7, 13)),
            )
        ),
        stating("491.94", "59.61", "551.55", "S 19 209.79 39.86", "S 7 282.15 19.75"),
    ),
    Scenario(
        # P12: VAT of the sum is 0.1881; three times 0.0627 would be 0.18.
        "three times 0.33",
        sample_invoice(lines=tuple(sample_line("1", "0.33", id=f"{no}") for no in (1, 2, 3))),
        stating("0.99", "0.19", "1.18", "S 19 0.99 0.19"),
    ),
    Scenario(
        # 1234 x 0.0815 = 100.571; 100.57 x 19 % = 19.1083.
        "price with four decimals",
        sample_invoice(lines=(sample_line("1234", "0.0815", unit_code="KWH"),)),
        stating("100.57", "19.11", "119.68", "S 19 100.57 19.11"),
    ),
    Scenario(
        # 123456.789 x 0.000125 = 15.432098625; 15.43 x 19 % = 2.9317.
        "price with six decimals",
        sample_invoice(lines=(sample_line("123456.789", "0.000125", unit_code="E34"),)),
        stating("15.43", "2.93", "18.36", "S 19 15.43 2.93"),
    ),
    Scenario(
        # 30.00 x 17/31 = 16.4516; 16.45 x 19 % = 3.1255.
        "seventeen days of thirty-one",
        sample_invoice(
            period=_LAST_HALF, lines=(sample_line("0.548387", "30.00", period=_LAST_HALF),)
        ),
        stating("16.45", "3.13", "19.58", "S 19 16.45 3.13"),
    ),
    Scenario(
        # 3500 x 12.50 / 1000 = 43.75; its VAT 8.3125.
        "price per thousand",
        sample_invoice(lines=(sample_line("3500", "12.50", price_base="1000", unit_code="H87"),)),
        stating("43.75", "8.31", "52.06", "S 19 43.75 8.31"),
    ),
    Scenario(
        # 200.00 - 20.00 + 49.90 - 5.00 = 224.90; its VAT 42.731.
        "discounts on lines",
        sample_invoice(
            lines=(
                sample_line("10", "20.00", allowances=(_percent("20.00", "10", "200.00"),)),
                sample_line(
                    "1",
                    "49.90",
                    id="2",
                    allowances=(
                        Allowance(amount=Decimal("5.00"), reason="Treue", reason_code="100"),
                    ),
                ),
            )
        ),
        stating("224.90", "42.73", "267.63", "S 19 224.90 42.73"),
    ),
    Scenario(
        # 3 x 15.00 + 2.50 = 47.50; its VAT 9.025 goes away from zero.
        "charge on a line",
        sample_invoice(
            lines=(
                sample_line(
                    "3",
                    "15.00",
                    charges=(
                        Allowance(amount=Decimal("2.50"), reason="Verpackung", reason_code="ABL"),
                    ),
                ),
            )
        ),
        stating("47.50", "9.03", "56.53", "S 19 47.50 9.03"),
    ),
    Scenario(
        # 19 %: 100.00 - 10.00 + 6.90 = 96.90, VAT 18.411; 7 %: 50.00 - 5.00 + 2.00 = 47.00.
        "discounts and charges on the document at two rates",
        sample_invoice(
            lines=(sample_line(), sample_line("2", "25.00", id="2", vat_rate="7")),
            allowances=(
                _percent(
                    "10.00", "10", "100.00", reason_code="95", vat_category=_S, vat_rate=_NINETEEN
                ),
                Allowance(
                    amount=Decimal("5.00"), reason="Gutschein", vat_category=_S, vat_rate=_SEVEN
                ),
            ),
            charges=(
                Allowance(
                    amount=Decimal("6.90"),
                    reason="Versand",
                    reason_code="FC",
                    vat_category=_S,
                    vat_rate=_NINETEEN,
                ),
                _percent("2.00", "4", "50.00", vat_category=_S, vat_rate=_SEVEN),
            ),
        ),
        Stated(
            lines="150.00",
            allowances="15.00",
            charges="8.90",
            net="143.90",
            vat="21.70",
            gross="165.60",
            due="165.60",
            rows=("S 19 96.90 18.41", "S 7 47.00 3.29"),
        ),
    ),
    Scenario(
        "discount within the price",
        sample_invoice(
            lines=(sample_line("5", "10.00", gross_price="12.00", price_discount="2.00"),)
        ),
        stating("50.00", "9.50", "59.50", "S 19 50.00 9.50"),
    ),
    Scenario(
        "one line given back",
        sample_invoice(lines=(sample_line("3", "40.00"), sample_line("-1", "40.00", id="2"))),
        stating("80.00", "15.20", "95.20", "S 19 80.00 15.20"),
    ),
    Scenario(
        "zero total",
        sample_invoice(lines=(sample_line("1", "10.00"), sample_line("-1", "10.00", id="2"))),
        stating("0.00", "0.00", "0.00", "S 19 0.00 0.00"),
    ),
    Scenario(
        "discount of 100 %",
        sample_invoice(
            lines=(sample_line("1", "25.00", allowances=(_percent("25.00", "100", "25.00"),)),)
        ),
        stating("0.00", "0.00", "0.00", "S 19 0.00 0.00"),
    ),
    Scenario(
        # 100.02 + 19.0038 = 119.02, paid in coins of five cents.
        "rounded amount due",
        sample_invoice(lines=(sample_line("1", "100.02"),), rounding="-0.02"),
        Stated(
            lines="100.02",
            net="100.02",
            vat="19.00",
            gross="119.02",
            rounding="-0.02",
            due="119.00",
            rows=("S 19 100.02 19.00",),
        ),
    ),
    Scenario(
        # 1005 x 19 % = 190.95; the yen has no smaller unit.
        "yen",
        sample_invoice(currency="JPY", lines=(sample_line("1", "1005", currency="JPY"),)),
        stating("1005", "191", "1196", "S 19 1005 191"),
    ),
    Scenario(
        "Swiss francs",
        sample_invoice(currency="CHF"),
        stating("100.00", "19.00", "119.00", "S 19 100.00 19.00"),
    ),
    Scenario(
        # 19.00 USD at 0.92 EUR = 17.48 EUR (§ 16 (6) UStG).
        "dollars with the VAT in euros",
        sample_invoice(currency="USD", tax_currency="EUR", vat_accounting="17.48"),
        Stated(
            lines="100.00",
            net="100.00",
            vat="19.00",
            vat_accounting="17.48",
            gross="119.00",
            due="119.00",
            rows=("S 19 100.00 19.00",),
        ),
    ),
    Scenario(
        # 500 x 1.01 = 505.00 at each rate.
        "a thousand lines",
        sample_invoice(
            lines=tuple(
                sample_line("1", "1.01", id=f"{no}", vat_rate="19" if no % 2 else "7")
                for no in range(1, 1001)
            )
        ),
        stating("1010.00", "131.30", "1141.30", "S 19 505.00 95.95", "S 7 505.00 35.35"),
    ),
)
"""What the numbers of an invoice can be."""
