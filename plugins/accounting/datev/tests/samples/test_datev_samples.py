"""The reader against DATEV's own sample files, which `make conformance DATA=DIR` names."""

import os
from pathlib import Path

import pytest

from faktura.kernel.terms import Chart
from faktura_datev.accounts import Functions
from faktura_datev.client import Client
from faktura_datev.layouts import DEBTORS, POSTINGS, Layout
from faktura_datev.reader import Fault, read

CLIENT = Client(29098, 55003, Functions(Chart.SKR03))


def sample(name: str) -> bytes:
    [path] = Path(os.environ["FAKTURA_CONFORMANCE_DATA"]).rglob(name)
    return path.read_bytes()


POSTINGS_SAMPLE = "EXTF_Buchungsstapel_DATEV.csv"
DEBTORS_SAMPLE = "EXTF_DebKred_DATEV.csv"


@pytest.mark.parametrize(
    ("name", "layout", "records"), [(POSTINGS_SAMPLE, POSTINGS, 54), (DEBTORS_SAMPLE, DEBTORS, 4)]
)
def test_datevs_own_samples_are_read_without_a_fault(name: str, layout: Layout, records: int):
    """All 54 postings and all four accounts, where what DATEV's programs write is forgiven."""
    found = list(read(sample(name), CLIENT, layout, lenient=True))

    assert [each for each in found if isinstance(each, Fault)] == []
    assert len(found) == records


def test_the_strict_reader_names_every_inconsistency_of_the_sample_postings():
    """Numbers written as `""` and one amount without decimals; no rule of ours is broken else."""
    found = {
        (fault.line, fault.problem.split(" cannot be ")[0])
        for fault in read(sample(POSTINGS_SAMPLE), CLIENT)
        if isinstance(fault, Fault)
    }

    assert found == {
        (3, "column 19 Zinssperre"),
        (3, "column 44 Funktionsergänzung L+L"),
        (5, "column 1 Umsatz (ohne Soll/Haben-Kz)"),
        *((line, "column 108 Beteiligtennummer") for line in range(39, 57)),
    }


def test_the_strict_reader_names_the_one_inconsistency_of_the_sample_accounts():
    """A column called empty field that is filled."""
    found = read(sample(DEBTORS_SAMPLE), CLIENT, DEBTORS)

    assert [each for each in found if isinstance(each, Fault)] == [
        Fault(3, 'column 134 Leerfeld cannot be "1": nothing of at most 1, in quotes')
    ]


def test_the_headings_of_both_formats_are_datevs():
    """125 and 254 columns, letter for letter."""
    for name, layout, count in ((POSTINGS_SAMPLE, POSTINGS, 125), (DEBTORS_SAMPLE, DEBTORS, 254)):
        headings = sample(name).split(b"\r\n")[1].decode("cp1252").split(";")

        assert headings == [column.name for column in layout.columns]
        assert len(headings) == count
