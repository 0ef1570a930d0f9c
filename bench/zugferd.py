"""A document to its hybrid PDF, against setting and marking the same page with all data prepared."""

from itertools import islice

from figure import ROUNDS, Figure, at_most, interleaved
from pages import Setting, documents, prepared, renderer

# Lines of the invoice, and how many of them are one round.
_SIZES = ((1, 40), (40, 10), (1000, 1))


def measure() -> list[Figure]:
    """Invoices of one page, of two, and of a thousand lines."""
    return [_figure(lines, each) for lines, each in _SIZES]


def _figure(lines: int, each: int) -> Figure:
    # Every document is another one, on both sides: typst remembers what it has set.
    whole = islice(documents(lines, "A"), (ROUNDS + 1) * each)
    pages = map(prepared, islice(documents(lines, "B"), (ROUNDS + 1) * each))
    ours, limit = list(whole), list(pages)
    format_, setting = renderer(), Setting()

    def render() -> None:
        for _ in range(each):
            format_.render(ours.pop())

    def bare() -> None:
        for _ in range(each):
            setting.bare(limit.pop())

    # The first pages also load the typefaces.
    render()
    bare()
    mine, least = interleaved(render, bare)
    name = f"zugferd_{lines}_lines" if lines > 1 else "zugferd_1_line"
    return at_most(name, mine * 1e3 / each, "ms", least * 1e3 / each, 1.3)


if __name__ == "__main__":
    for figure in measure():
        print(figure.line())
