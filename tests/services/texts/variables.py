"""Variables of every kind, with values, for texts that no mail has."""

from faktura.services.text_engine import Part, program
from faktura.services.text_shapes import Kind, Listing, Record, Value

ROW = Record({"number": Value(Kind.TEXT, ""), "sum": Value(Kind.MONEY, "")})
VARIABLES = Record(
    {
        "name": Value(Kind.TEXT, "a name"),
        "link": Value(Kind.LINK, "an address"),
        "level": Value(Kind.NUMBER, "a number"),
        "paid": Value(Kind.FLAG, "a yes or no"),
        "currency": Value(Kind.TEXT, ""),
        "sum": Value(Kind.MONEY, "an amount"),
        "on": Value(Kind.DAY, "a day"),
        "words": Listing(Value(Kind.TEXT, ""), "words"),
        "rows": Listing(ROW, "rows"),
        "seller": Record({"name": Value(Kind.TEXT, "its name")}),
    }
)
VALUES: dict[str, object] = {
    "name": "Müller & Söhne <Bau>\nKG",
    "link": "https://pay.example/?a=1&b=2",
    "level": 1234,
    "paid": True,
    "currency": "EUR",
    "sum": "1071.00",
    "on": "2026-11-01",
    "words": ["a", "<b>"],
    "rows": [{"number": "RE-1", "sum": "1.50"}, {"number": "RE-2", "sum": "0.00"}],
    "seller": {"name": "Nord"},
}


def filled(text: str, part: Part = Part.PLAIN, *, language: str = "de", **changes: object) -> str:
    """The text with those values."""
    return program(text, part, VARIABLES, language, "text").filled({**VALUES, **changes})
