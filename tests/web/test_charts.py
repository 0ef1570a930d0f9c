"""Bars in whole pixels, worked out by hand on a plot 192 pixels high."""

import pytest

from faktura.web.charts import HEIGHT, WIDTH, bar_chart


def test_bars_stand_on_the_line_of_nothing():
    """Of 0 to 4.000 in steps of 1.000: 4.000 is 192 pixels, 1.000 is 48, nothing is nothing."""
    chart = bar_chart([0, 1_000, 4_000])

    assert [line.value for line in chart.lines] == [0, 1_000, 2_000, 3_000, 4_000]
    assert [line.y for line in chart.lines] == [204, 156, 108, 60, 12]
    assert chart.baseline == 204
    assert [(bar.y, bar.height) for bar in chart.bars] == [(204, 0), (156, 48), (12, 192)]
    assert [bar.x for bar in chart.bars] == [127, 423, 719]
    assert [bar.middle for bar in chart.bars] == [220, 516, 812]


def test_a_negative_month_hangs_below_the_line():
    """−1.000 to 3.000 in steps of 1.000: a quarter of the plot lies below."""
    chart = bar_chart([3_000, -1_000])

    assert [line.value for line in chart.lines] == [-1_000, 0, 1_000, 2_000, 3_000]
    assert chart.baseline == 156
    assert [(bar.y, bar.height) for bar in chart.bars] == [(12, 144), (156, 48)]


def test_the_least_amount_is_seen():
    """One cent beside a million."""
    tiny, debit, large = bar_chart([1, -1, 100_000_000]).bars

    assert (tiny.height, debit.height) == (1, 1)
    assert large.height > 100


def test_a_year_without_anything_has_a_scale():
    """No division by nothing."""
    chart = bar_chart([0] * 12)

    assert [line.value for line in chart.lines] == [0, 1]
    assert {bar.height for bar in chart.bars} == {0}


@pytest.mark.parametrize("top", [1, 3, 7, 99, 1_234, 55_555, 10**12])
def test_few_lines_and_everything_inside(top):
    """Two to six lines; no bar leaves the drawing."""
    chart = bar_chart([top, top // 2, -top // 3])

    assert 2 <= len(chart.lines) <= 6
    for bar in chart.bars:
        assert bar.y >= 0
        assert bar.y + bar.height <= HEIGHT
        assert bar.x + bar.width <= WIDTH
