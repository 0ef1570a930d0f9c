"""Streaming: large files and large batches, right to the last detail, in constant memory."""

import io
import tracemalloc
from collections.abc import Callable

import pytest

from faktura.kernel.errors import BadInput, FileUnreadable
from faktura.plugin import BankTransaction, StatementRecord
from faktura_camt.parser import CamtStatementParser

Build = Callable[..., str]
Parse = Callable[..., list[StatementRecord]]

MEGABYTE = 1024 * 1024
SHORT = '<TxDtls><Amt Ccy="EUR">{}</Amt><RmtInf><Ustrd>Rechnung {}</Ustrd></RmtInf></TxDtls>'


def test_a_large_batch_is_read_bit_by_bit(one: Build, entry: Build, parse: Parse):
    """A batch of 5,000 is right to the last detail, though most are gone when it ends."""
    details = "".join(SHORT.format("1.00", number) for number in range(5_000))
    content = one(
        entry("5000.00", details=details, text="<AddtlNtryInf>SAMMEL</AddtlNtryInf>"), entry()
    )

    found = [one for one in parse(content) if isinstance(one, BankTransaction)]

    assert len(found) == 5_001
    assert found[4_999].remittance_lines == ("Rechnung 4999",)
    assert {one.booking_text for one in found[:-1]} == {"SAMMEL"}
    assert found[-1].entry_index == 1


def test_a_large_batch_in_several_blocks_keeps_their_ids(one: Build, entry: Build, parse: Parse):
    """A new block may begin in any place, with its own Btch."""
    block = "".join(SHORT.format("1.00", number) for number in range(900))
    blocks = [f"<Btch><MsgId>P-{n}</MsgId></Btch>{block}" for n in range(4)]

    found = parse(one(entry("3600.00", details="</NtryDtls><NtryDtls>".join(blocks))))

    ids = [one.batch_message_id for one in found if isinstance(one, BankTransaction)]
    assert ids == ["P-0"] * 900 + ["P-1"] * 900 + ["P-2"] * 900 + ["P-3"] * 900


def test_many_small_blocks_are_counted_once(one: Build, entry: Build, parse: Parse):
    """Whatever stands in the tree when a part of the batch is taken."""
    blocks = [f"<Btch><MsgId>P-{n}</MsgId></Btch>{SHORT.format('1.00', n)}" for n in range(3_000)]

    found = parse(one(entry("3000.00", details="</NtryDtls><NtryDtls>".join(blocks))))

    ids = [one.batch_message_id for one in found if isinstance(one, BankTransaction)]
    assert ids == [f"P-{n}" for n in range(3_000)]


@pytest.mark.parametrize("bad", ["4,20", "4.20</Amt><Amt>"])
def test_an_error_in_a_large_batch_names_the_detail(
    one: Build, entry: Build, parse: Parse, bad: str
):
    """Place: file, statement, entry, line, detail."""
    details = "".join(SHORT.format("1.00" if n != 2_500 else bad, n) for n in range(5_000))

    with pytest.raises(BadInput, match=r"s\.xml, statement 1, entry 1, line 1, detail 2501"):
        parse(one(entry("5000.00", details=details)))


def test_a_value_behind_the_details_of_a_batch_is_refused(one: Build, entry: Build, parse: Parse):
    """The head of the entry has been read by then."""
    details = SHORT.format("1.00", 1) * 2

    with pytest.raises(FileUnreadable, match="RvslInd"):
        parse(one(entry("2.00", details=details, text="<RvslInd>true</RvslInd>")))


def test_details_in_a_wrong_place_are_no_details(one: Build, entry: Build, parse: Parse):
    """Only Ntry/NtryDtls/TxDtls counts."""
    inside = f"<X><NtryDtls>{SHORT.format('1.00', 1) * 2}</NtryDtls></X>"

    (_, found, _) = parse(one(entry("2.00", inside=inside)))

    assert isinstance(found, BankTransaction)
    assert found.remittance_lines == ()
    with pytest.raises(FileUnreadable, match="NtryDtls"):
        parse(one(entry("2.00", inside=inside, details=SHORT.format("1.00", 1) * 2)))


def test_memory_does_not_grow_with_the_file(
    one: Build, entry: Build, parser: Callable[..., CamtStatementParser]
):
    """Streaming: 3,000 entries take no more than 1 MB of Python's memory beside the file."""
    stream = io.BytesIO(one(*[entry(details=SHORT.format("119.00", 1))] * 3_000).encode())

    tracemalloc.start()
    count = sum(1 for _ in parser().parse(stream, "long.xml"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 3_002
    assert peak < MEGABYTE


def test_blanks_between_two_entries_do_not_mix_them_up(one: Build, entry: Build, parse: Parse):
    """A pause in the file is no batch, however long."""
    twins = SHORT.format("1.00", "A") * 2
    content = one(entry("2.00", details=twins), " " * 200_000, entry("2.00", details=twins))

    found = [one for one in parse(content) if isinstance(one, BankTransaction)]

    assert [one.entry_index for one in found] == [0, 0, 1, 1]


def test_an_entry_of_many_lines_is_read_whole(one: Build, entry: Build, parse: Parse):
    """Its shape is too large to be kept, not to be read."""
    lines = "".join(f"<Ustrd>{number}</Ustrd>" for number in range(1_000))

    (_, found, _) = parse(one(entry(details=f"<TxDtls><RmtInf>{lines}</RmtInf></TxDtls>")))

    assert isinstance(found, BankTransaction)
    assert found.remittance_lines == tuple(str(number) for number in range(1_000))


def test_what_is_remembered_of_equal_texts_is_limited(one: Build, entry: Build, parse: Parse):
    """More codes than are kept, and one too long to be kept: all are read right."""
    codes = [*(f"NTRF+{n}+0+0" for n in range(100, 999)), "NTRF+166+" + "x" * 600]
    heads = (f"<BkTxCd><Prtry><Cd>{code}</Cd></Prtry></BkTxCd>" for code in codes)

    found = parse(one(*(entry(head=head) for head in heads)))

    gvcs = [one.gvc for one in found if isinstance(one, BankTransaction)]
    assert gvcs == [*(str(n) for n in range(100, 999)), "166"]
