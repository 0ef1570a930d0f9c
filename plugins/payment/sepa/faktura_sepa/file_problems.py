"""What the DK's rules forbid a file as a whole."""

from collections import Counter
from collections.abc import Iterator

from faktura.plugin import DebitFile
from faktura_sepa.identifiers import MOST, identifier_problems
from faktura_sepa.problems import account_problems, creditor_id_problems, text_problems

_BLOCK_SUFFIX = len("-800")
_NAME = 70


def file_problems(file: DebitFile, *, most_items: int) -> Iterator[str]:
    """What keeps a file from being written, apart from its single debits."""
    # The ids of its payment blocks are the message's with a number.
    yield from identifier_problems("the message id", file.message_id, MOST - _BLOCK_SUFFIX)
    if file.created_at.tzinfo is None:
        yield f"the moment {file.created_at} of the file has no time zone. Give it in UTC"
    yield from text_problems("the creditor's name", file.creditor_name, _NAME)
    yield from creditor_id_problems("the creditor identifier", file.creditor_id)
    yield from account_problems("the creditor's account", file.iban, file.bic)
    yield from _item_set_problems(file, most_items)


def _item_set_problems(file: DebitFile, most_items: int) -> Iterator[str]:
    if not file.items:
        yield "the file has no debits. Write it when there are some"
    if len(file.items) > most_items:
        yield f"the file has {len(file.items)} debits. Split them: {most_items} are the limit"
    if len({item.mandate.scheme for item in file.items}) > 1:
        yield "CORE and B2B debits cannot be in one file. Make a file of each"
    for end_to_end, times in Counter(item.end_to_end for item in file.items).items():
        if times > 1:
            yield f"the debit {end_to_end} is in the file {times} times. Keep one of them"
