"""Laws of texts with scripting: what is taken can be filled in, and values never become tags (P49)."""

import re
from html.parser import HTMLParser

from hypothesis import example, given
from hypothesis import strategies as st
from tests.services.texts.variables import VALUES, VARIABLES
from typing_extensions import override

from faktura.kernel.template_errors import TemplateRefused
from faktura.services.text_engine import LARGEST, Part, check_template, program

NOTHING: dict[str, object] = {
    **VALUES, "name": "", "link": "", "level": 0, "paid": False, "sum": None, "on": None,
    "words": [], "rows": [],
}  # fmt: skip
EXPRESSIONS = st.sampled_from(
    ["name", "link", "level", "paid", "sum", "on", "words", "rows", "seller.name", "seller", "loop.index",
     "row.number", "row.sum", "word", "'x'", "1", "true", "none", "nothing", "name.upper", "words[0]", "f()"]
)  # fmt: skip
FILTERS = st.sampled_from(
    ["upper", "lower", "default('-')", "breaks", "date", "money", "number", "join(', ')", "first", "last",
     "length", "safe", "attr('x')", "join", "upper(1)"]
)  # fmt: skip
COMPUTED = st.recursive(
    EXPRESSIONS,
    lambda inner: st.one_of(
        st.builds("{}|{}".format, inner, FILTERS),
        st.builds("({} {} {})".format, inner, st.sampled_from(["or", "and", "==", "<", "in", "~", "*"]), inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("(not {})".format, inner),
    ),
    max_leaves=4,
)  # fmt: skip
WORDS = st.sampled_from(
    ["a", "\n", " ", "&", "<b>", "</b>", "<p title='", "'", '"', ">", "<a href=\"", "<br/>", "<style>",
     "</style>", "<scr", "ipt>", "<!--", "-->", "{#", "#}", "{{", "}}", "{%", "%}", "javascript:", "https://x/"]
)  # fmt: skip
TEXTS = st.recursive(
    WORDS | st.builds("{{{{ {} }}}}".format, COMPUTED),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map("".join),
        st.builds("{{% if {} %}}{}{{% else %}}{}{{% endif %}}".format, COMPUTED, inner, inner),
        st.builds("{{% for row in rows if {} %}}{}{{% endfor %}}".format, COMPUTED, inner),
        st.builds("{{% for word in words %}}{}{{% else %}}{}{{% endfor %}}".format, inner, inner),
    ),
    max_leaves=12,
)
HOSTILE = st.text(st.sampled_from("<>\"'&/=a !-{}%;:#\n"), max_size=20)


def is_taken(text: str, part: Part) -> bool:
    """Whether the text may be kept."""
    try:
        check_template(text, part, VARIABLES, field="text")
    except TemplateRefused:
        return False
    return True


@given(TEXTS, st.sampled_from(Part), st.sampled_from(["de", "en"]))
@example(
    "{% for row in rows if (row.sum or name) %}{{ row.sum|number }}{% endfor %}", Part.PLAIN, "de"
)
@example(
    "{% for row in rows %}{% for word in words if loop.first %}{% endfor %}{% endfor %}",
    Part.PLAIN,
    "de",
)
@example(
    "{% for row in rows %}{% for word in words %}{% else %}{{ loop.index }}{% endfor %}{% endfor %}",
    Part.PLAIN,
    "de",
)
@example("{{ (name|breaks or name)|upper }}", Part.HTML, "de")
@example("{{ words|first|default('-') }}", Part.SUBJECT, "en")
def test_every_text_that_is_taken_can_be_filled_in_within_limits(text, part, language):
    """Whatever is there or absent: no error of any kind, no more than 256 kB, one line in a subject."""
    if not is_taken(text, part):
        return
    made = program(text, part, VARIABLES, language, "text")

    for values in (VALUES, NOTHING):
        written = made.filled(values)

        assert len(written.encode()) <= LARGEST
        assert part is not Part.SUBJECT or "\n" not in written


@given(st.text(max_size=60), st.sampled_from(Part))
def test_any_text_at_all_is_taken_or_refused(text, part):
    """Never another error, whatever characters it is made of."""
    if is_taken(text, part):
        program(text, part, VARIABLES, "de", "text").filled(VALUES)


class Tags(HTMLParser):
    """What tags a reader's program sees, with the names of their attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[tuple[str, ...]] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, *(name for name, _ in attrs)))


def tags(html: str) -> list[tuple[str, ...]]:
    """The tags of a whole text."""
    reader = Tags()
    reader.feed(html)
    reader.close()
    return reader.seen


@given(TEXTS, HOSTILE)
@example("<p title='{{ name }}'>{{ name }}</p>", "'><b>\"")
@example("<b>{{ name|breaks }}</b>", "<a\n<b>")
def test_no_value_ever_makes_a_tag_or_an_attribute_in_html(text, hostile):
    """The tags of a filled-in text are the same whatever its values say."""
    if not is_taken(text, Part.HTML):
        return
    made = program(text, Part.HTML, VARIABLES, "de", "text")
    link = "https://pay.example/" + re.sub(r"\s", "", hostile)

    plain = made.filled({**VALUES, "name": "n", "words": ["w"], "link": "https://pay.example"})
    attacked = made.filled({**VALUES, "name": hostile + "n", "words": [hostile], "link": link})

    # Line breaks that `breaks` made of the value's own are not the value's tags.
    kept = [tag for tag in tags(attacked) if tag != ("br",)]
    assert kept == [tag for tag in tags(plain) if tag != ("br",)]
