"""What texts can do: values, conditions, loops and filters, in the reader's language (F128)."""

from datetime import date
from decimal import Decimal

import pytest
from tests.services.texts.variables import VALUES, VARIABLES, filled

from faktura.kernel.money import Money
from faktura.kernel.template_errors import TemplateFailed, TemplateRefused
from faktura.services.text_engine import Part, check_template, program
from faktura.services.text_shapes import described


@pytest.mark.parametrize(
    ("text", "german", "english"),
    [
        ("{{ sum }}", "1.071,00 EUR", "EUR 1,071.00"),
        ("{{ sum|money }}", "1.071,00 EUR", "EUR 1,071.00"),
        ("{{ sum|number }}", "1.071,00", "1,071.00"),
        ("{{ on }}", "01.11.2026", "1 Nov 2026"),
        ("{{ on|date }}", "01.11.2026", "1 Nov 2026"),
        ("{{ level }}", "1.234", "1,234"),
        ("{{ level|number }}", "1.234", "1,234"),
        ("{{ paid }}", "ja", "yes"),
        ("{{ not paid }}", "nein", "no"),
        ("{{ seller.name }}", "Nord", "Nord"),
        ("{{ seller.name|upper }} {{ seller.name|lower }}", "NORD nord", "NORD nord"),
        ("{{ words|join(' + ') }}", "a + <b>", "a + <b>"),
        ("{{ words|first }}{{ words|last }}", "a<b>", "a<b>"),
        ("{{ words|length }} {{ rows|length }}", "2 2", "2 2"),
        ("{{ name|breaks }}", "Müller & Söhne <Bau>\nKG", "Müller & Söhne <Bau>\nKG"),
        ("{{ 'a' if paid else 'b' }}", "a", "a"),
        ("{{ seller.name or 'x' }}", "Nord", "Nord"),
        ("{% raw %}{{ name }}{% endraw %}", "{{ name }}", "{{ name }}"),
        ("a{# nobody reads this #}b", "ab", "ab"),
        ("{{ '{{' }}", "{{", "{{"),
    ],
)  # fmt: skip
def test_values_are_written_as_the_language_does(text, german, english):
    """German as the documents are, English for every other language."""
    assert filled(text, language="de") == german
    assert filled(text, language="en") == english
    assert filled(text, language="fr") == english


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("paid", True),
        ("not paid", False),
        ("sum", True),
        ("level > 1000 and level <= 1234", True),
        ("level == 1234", True),
        ("level != 1234 or paid", True),
        ("paid == true", True),
        ("seller.name == 'Nord'", True),
        ("'a' in words", True),
        ("'c' not in words", True),
        ("'ord' in seller.name", True),
        ("words", True),
        ("name and level", True),
    ],
)
def test_conditions_compare_like_with_like(condition, holds):
    """Words with words, numbers with numbers; whatever is there counts as yes."""
    assert filled(f"{{% if {condition} %}}yes{{% else %}}no{{% endif %}}") == (
        "yes" if holds else "no"
    )


def test_what_is_absent_is_nothing_and_counts_as_no():
    """No words, no day, no amount, none left, an empty list."""
    text = (
        "[{{ name }}{{ on }}{{ sum }}]{% if name or on or sum or words %}x{% endif %}"
        "{{ name|default('nobody') }}[{{ words|first }}{{ words|last }}]"
    )

    assert filled(text, name="", on=None, sum=None, words=[]) == "[]nobody[]"
    assert filled("{% if sum %}x{% else %}0{% endif %}", sum="0.00") == "0"


def test_blocks_leave_no_empty_lines():
    """The line of a block vanishes with its block."""
    text = (
        "A\n"
        "{% for row in rows if row.sum %}\n"
        "  {{ loop.index }}/{{ loop.length }} {{ row.number }} {{ row.sum }}\n"
        "{% else %}\n"
        "none\n"
        "{% endfor %}\n"
        "{% if level == 1 %}\none\n{% elif level == 1234 %}\nmany\n{% endif %}\n"
        "B\n"
    )  # fmt: skip

    assert filled(text) == "A\n  1/1 RE-1 1,50 EUR\nmany\nB\n"
    assert filled(text, rows=[]) == "A\nnone\nmany\nB\n"


def test_the_first_and_the_last_round_are_known():
    text = "{% for one in words %}{% if not loop.first %}, {% endif %}{{ one }}{% if loop.last %}.{% endif %}{% endfor %}"

    assert filled(text, words=["a", "b", "c"]) == "a, b, c."


def test_a_subject_is_one_line_whatever_its_values_hold():
    """A customer's name with a line break or a NUL must not begin another header."""
    hostile = "Müller\r\nBcc: x@y.example\x00\u202e\tKG "

    assert filled("Für {{ name }}", Part.SUBJECT, name=hostile) == "Für Müller Bcc: x@y.example KG"
    assert (
        filled("{{ name }}", Part.SUBJECT, name="Soft\u00adware\u200b\u00a0Ltd\ufeff")
        == "Software Ltd"
    )
    with pytest.raises(TemplateRefused) as refused:
        check_template("one\ntwo", Part.SUBJECT, VARIABLES, field="subject")
    assert refused.value.problem == "line 1, column 4: a subject is one line"
    with pytest.raises(TemplateRefused, match="501 characters"):
        check_template("x" * 501, Part.SUBJECT, VARIABLES, field="subject")


@pytest.mark.parametrize(
    ("text", "problem", "mend"),
    [
        (
            "Guten Tag,\n\n  {{ customr }}",
            "line 3, column 6: there is no “customr”",
            "There are currency, level, link, name, on, paid, rows, seller, sum and words",
        ),
        (
            "{{ seller.nmae }}",
            "line 1, column 10: there is no “nmae”",
            "There are name",
        ),
        (
            "{% for row in rows %}\r\n{{ row.total }}{% endfor %}",
            "line 2, column 7: there is no “total”",
            "There are number and sum",
        ),
        (
            "{{ name|capitalize }}",
            "line 1, column 9: there is no filter “capitalize”",
            "There are breaks, date, default, first, join, last, length, lower, money, number and upper",
        ),
        ("{{ name|date }}", "line 1, column 9: the filter “date” does not fit here", "It is for day"),
        ("{{ name|first }}", "line 1, column 9: the filter “first” does not fit here",
         "It is for link and text in a list"),
        ("{{ rows|join(',') }}", "line 1, column 9: the filter “join” does not fit here",
         "It is for link and text in a list"),
        ("{{ name|length }}", "line 1, column 9: the filter “length” does not fit here",
         "It is for day, flag, link, money, number and text in a list"),
        ("{{ name|breaks|upper }}", "line 1, column 16: the filter “upper” does not fit here",
         "It is for link and text"),
        ("{{ name|upper(1) }}", "line 1, column 9: the filter “upper” is used wrongly",
         "It takes nothing in brackets"),
        ("{{ name|default(level) }}", "line 1, column 17: this is no plain text", "Write it in quotes"),
        ("{{ rows }}", "line 1, column 4: a list cannot be written", "Write a loop: {% for one in list %}"),
        ("{{ seller }}", "line 1, column 4: this is a group of values", "Write one of them: name"),
        ("{{ name or level }}", "line 1, column 4: this is now of one kind, now of another",
         "Write {% if … %} around each of them"),
        ("{{ 'a' if paid }}", "line 1, column 4: “else” is missing", "Write … if … else …"),
        ("{{ name.first }}", "line 1, column 8: there is no “.first” here", "Leave it out"),
        ("{% if sum > 100 %}{% endif %}", "line 1, column 7: these cannot be compared",
         "Compare words with words and numbers with numbers, two at a time"),
        ("{% if rows == 1 %}{% endif %}", "line 1, column 7: these cannot be compared",
         "Compare words with words and numbers with numbers, two at a time"),
        ("{% if level == rows %}{% endif %}", "line 1, column 7: these cannot be compared",
         "Compare words with words and numbers with numbers, two at a time"),
        ("{% for one in level %}{% endfor %}", "line 1, column 15: this is no list", "Loop over one of the lists"),
        ("{% for name in words %}{% endfor %}", "line 1, column 8: “name” is a variable already",
         "Choose another name"),
        ("a {{ 1.5 }}", "line 1, column 6: the number 1.5 cannot be used",
         "Write a whole number of at most 9 digits"),
        ("{{ name[0] }}", "line 1, column 8: square brackets are not allowed",
         "Write a dot, or |first and |last"),
        ("a\n{% if paid %}", "line 2, column 1: the scripting cannot be read: {% if %} is not closed",
         "Close each {{ with }} and each {% if %} with {% endif %}; a brace alone is written {{ '{{' }}"),
        ("{% if paid %}\n{% for one in words %}\nx{% endfor %}\ny\n", "line 1, column 1: the scripting cannot be read: {% if %} is not closed",
         "Close each {{ with }} and each {% if %} with {% endif %}; a brace alone is written {{ '{{' }}"),
        ("{% if paid %}\nx {% for one in words %}\n{% endif %}", "line 2, column 3: the scripting cannot be read: {% for %} is not closed",
         "Close each {{ with }} and each {% if %} with {% endif %}; a brace alone is written {{ '{{' }}"),
        ("a\nb {{ name", "line 2, column 3: the scripting cannot be read: this {{ is not closed",
         "Close each {{ with }} and each {% if %} with {% endif %}; a brace alone is written {{ '{{' }}"),
        ("a {{", "line 1, column 3: the scripting cannot be read: this {{ is not closed",
         "Close each {{ with }} and each {% if %} with {% endif %}; a brace alone is written {{ '{{' }}"),
        ("a {{ name\nMany thanks!\n{{ level }}", "line 1, column 3: the scripting cannot be read: this {{ is not closed",
         "Close each {{ with }} and each {% if %} with {% endif %}; a brace alone is written {{ '{{' }}"),
        ("{% if paid }}\nx{% endif %}", "line 1, column 1: the scripting cannot be read: this {% is not closed",
         "Close each {{ with }} and each {% if %} with {% endif %}; a brace alone is written {{ '{{' }}"),
        ("a {# words", "line 1, column 3: the scripting cannot be read: this {# is not closed",
         "Close each {{ with }} and each {% if %} with {% endif %}; a brace alone is written {{ '{{' }}"),
        ("{{ name name }}", "line 1, column 9: the scripting cannot be read: expected token 'end of print statement', got 'name'",
         "Close each {{ with }} and each {% if %} with {% endif %}; a brace alone is written {{ '{{' }}"),
        ("{{ § }}", "line 1, column 4: the scripting cannot be read: unexpected char '§' at 3",
         "Close each {{ with }} and each {% if %} with {% endif %}; a brace alone is written {{ '{{' }}"),
    ],
)  # fmt: skip
def test_a_broken_text_is_refused_with_line_and_column_and_a_way_out(text, problem, mend):
    """Both are counted from 1, also behind Windows line ends."""
    with pytest.raises(TemplateRefused) as refused:
        check_template(text, Part.PLAIN, VARIABLES, field="plain")

    error = refused.value
    assert (error.place, error.problem, error.mend) == ("plain", problem, mend)


def test_values_may_come_as_json_has_them_or_as_they_are():
    """Days and amounts as texts; an amount takes the nearest currency, Money brings its own."""
    text = "{{ on }} {{ sum }} {% for row in rows %}{{ row.sum }}{% endfor %}"

    as_json = filled(text, rows=[{"number": "", "sum": "5.00"}])
    as_values = filled(
        text,
        on=date(2026, 11, 1),
        sum=Decimal(1071),
        rows=[{"number": "", "sum": Money(500, "EUR")}],
    )
    foreign = filled("{{ sum }}", currency="CHF")

    assert as_json == as_values == "01.11.2026 1.071,00 EUR 5,00 EUR"
    assert foreign == "1.071,00 CHF"


@pytest.mark.parametrize(
    ("name", "value", "problem", "place"),
    [
        ("name", 5, "“5” is not text", "text, name"),
        ("name", None, "“None” is not text", "text, name"),
        ("level", True, "“True” is not number", "text, level"),
        ("level", "1", "“1” is not number", "text, level"),
        ("paid", 1, "“1” is not flag", "text, paid"),
        ("on", 5, "“5” is not day", "text, on"),
        ("on", "2026-02-30", "“2026-02-30” is not a date", "text, on"),
        ("sum", 1.5, "“1.5” is not money", "text, sum"),
        ("sum", "much", None, "text, sum"),
        ("sum", "0.001", None, "text, sum"),
        ("words", "abc", "“abc” is not a list", "text, words"),
        ("rows", [5], "“5” is not a group of values", "text, rows.1"),
        ("rows", [{"number": "1"}], "the value “rows.1.sum” is missing", "text"),
        ("seller", {}, "the value “seller.name” is missing", "text"),
    ],
)
def test_a_value_of_another_kind_is_named_and_never_written(name, value, problem, place):
    """Nothing is guessed: the mail waits for a person instead."""
    with pytest.raises(TemplateFailed) as failed:
        filled("x", **{name: value})

    assert failed.value.place == place
    assert problem in (None, failed.value.problem)


def test_a_value_that_is_left_out_is_named():
    """Also one that the text does not use: what a use promises is there."""
    with pytest.raises(TemplateFailed) as failed:
        program("x", Part.PLAIN, VARIABLES, "de", "plain").filled(
            {name: value for name, value in VALUES.items() if name != "level"}
        )

    assert (failed.value.place, failed.value.problem) == ("plain", "the value “level” is missing")


def test_variables_are_described_by_the_name_that_texts_use():
    """Fields behind a dot, those of a list's entries behind brackets."""
    found = [(one.name, one.kind, one.about) for one in described(VARIABLES)]

    assert found[0] == ("name", "TEXT", "a name")
    assert found[-4:] == [
        ("rows", "LIST", "rows"),
        ("rows[].number", "TEXT", ""),
        ("rows[].sum", "MONEY", ""),
        ("seller.name", "TEXT", "its name"),
    ]
