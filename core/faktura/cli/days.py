"""Days as options give them."""

from datetime import date

from faktura.kernel.errors import FieldInvalid

DAY = "YYYY-MM-DD"


def day(text: str | None, option: str) -> date | None:
    """The day an option names, None where it is left out; raises FieldInvalid with its name."""
    from faktura.kernel.periods import date_from_text

    return None if text is None else date_from_text(text, field=option)


def check_order(first: date, last: date) -> None:
    """Raise FieldInvalid where --to lies before --from."""
    if last < first:
        raise FieldInvalid(f"{last} lies before {first}", place="--to", mend="It is the last day")
