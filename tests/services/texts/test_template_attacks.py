"""Texts that try to get out, to run for ever or to grow without end: each is stopped when it is saved."""

import re

import pytest
from tests.services.texts.variables import VALUES, VARIABLES, filled

from faktura.kernel.template_errors import TemplateFailed, TemplateRefused
from faktura.services.text_engine import LARGEST, Part, check_template, program

WHERE = re.compile(r"line \d+, column \d+: ")
PLAIN = {
    # Walks along attributes to Python's own objects.
    "class of a text": "{{ name.__class__ }}",
    "subclasses": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "class of a number": "{{ (1).__class__ }}",
    "globals of a method": "{{ name.upper.__globals__ }}",
    "init of a record": "{{ seller.__init__ }}",
    "method of a record": "{{ seller.items }}",
    "pop of a record": "{{ seller.pop('name') }}",
    "update of a record": "{{ seller.update({'name': 1}) }}",
    "bracket walk": "{{ name['__class__'] }}",
    "bracket of a list": "{{ words[0] }}",
    "slice": "{{ words[::1] }}",
    "method of a list": "{{ words.append('x') }}",
    "loop's own parts": "{% for one in words %}{{ loop.__init__ }}{% endfor %}",
    "loop's context": "{% for one in words %}{{ loop._iterable }}{% endfor %}",
    "calling the loop": "{% for one in words %}{{ loop(words) }}{% endfor %}",
    "recursive loop": "{% for one in words recursive %}{{ loop(words) }}{% endfor %}",
    "changed in the loop": "{% for one in words %}{{ loop.changed(one) }}{% endfor %}",
    "escaped name": "{{ name['\\x5f\\x5fclass\\x5f\\x5f'] }}",
    # Globals and special names of the library.
    "self": "{{ self.__init__ }}",
    "self alone": "{{ self }}",
    "cycler": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "lipsum": "{{ lipsum(n=100000) }}",
    "joiner": "{{ joiner(',') }}",
    "namespace": "{% set n = namespace(x=1) %}",
    "range": "{% for i in range(100000) %}x{% endfor %}",
    "dict": "{{ dict(a=1) }}",
    "super": "{{ super() }}",
    "caller": "{{ caller() }}",
    "varargs": "{{ varargs }}",
    "environment": "{{ environment }}",
    "python's import": "{{ __import__('os') }}",
    "config": "{{ config.items() }}",
    "request": "{{ request.application }}",
    # Filters that reach further than they look.
    "attr": "{{ name|attr('__class__') }}",
    "map of attributes": "{{ rows|map(attribute='__class__')|list }}",
    "selectattr": "{{ rows|selectattr('__class__') }}",
    "groupby": "{{ rows|groupby('__class__') }}",
    "sum of attributes": "{{ rows|sum(attribute='__class__') }}",
    "format": "{{ '%s'|format(name) }}",
    "safe": "{{ name|safe }}",
    "pprint": "{{ seller|pprint }}",
    "tojson": "{{ seller|tojson }}",
    "xmlattr": "{{ seller|xmlattr }}",
    "replace": "{{ name|replace('a', 'aaaaaaaaaaaaaaaa') }}",
    "filter block": "{% filter upper %}x{% endfilter %}",
    "star arguments": "{{ name|default(*words) }}",
    "double star arguments": "{{ name|default(**seller) }}",
    # Format strings.
    "format method": "{{ '{0.__class__}'.format(name) }}",
    "format_map": "{{ '{a.__class__}'.format_map(seller) }}",
    "percent": "{{ '%(name)s' % seller }}",
    # Giant texts and long calculations.
    "giant text": "{{ 'a' * 1000000000 }}",
    "giant number": "{{ 9 ** 999999999 }}",
    "giant literal": "{{ " + "9" * 5000 + " }}",
    "giant hex literal": "{{ 0x" + "f" * 5000 + " }}",
    "padding": "{{ 'a'.ljust(1000000000) }}",
    "joined with itself": "{{ name ~ name ~ name }}",
    "a sum of texts": "{{ name + name }}",
    "division by zero": "{{ 1 / 0 }}",
    "modulo": "{{ 1 % 0 }}",
    "float": "{{ 1e308 }}",
    "three loops": "{% for a in rows %}{% for b in rows %}{% for c in rows %}x"
    "{% endfor %}{% endfor %}{% endfor %}",
    "loop over a text": "{% for sign in name %}x{% endfor %}",
    "loop over a literal": "{% for a in [1, 2, 3] %}x{% endfor %}",
    "loop that unpacks": "{% for a, b in rows %}x{% endfor %}",
    "growing in a loop": "{% set x = 'a' %}{% for a in rows %}{% set x = x ~ x %}{% endfor %}",
    "too long": "x" * 20_001,
    # Nested deeply enough to break whoever reads it.
    "brackets": "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "not not not": "{{ " + "not " * 4000 + "paid }}",
    "minus minus": "{{ " + "-" * 8000 + "1 }}",
    "filters in a row": "{{ name" + "|upper" * 2000 + " }}",
    "dots in a row": "{{ seller" + ".name" * 3000 + " }}",
    "or or or": "{{ name" + " or name" * 2000 + " }}",
    "if in if": "{% if paid %}" * 400 + "{% endif %}" * 400,
    "elif without end": "{% if paid %}" + "{% elif paid %}" * 1000 + "{% endif %}",
    "inline if without end": "{{ " + "1 if paid else " * 900 + "1 }}",
    "a chain of comparisons": "{{ 1" + " < 1" * 2000 + " }}",
    "lists in lists": "{{ " + "[" * 3000 + "]" * 3000 + " }}",
    # Other files and code.
    "include": "{% include '/etc/passwd' %}",
    "import": "{% import 'os' as os %}",
    "from import": "{% from 'os' import system %}",
    "extends": "{% extends 'frame.html' %}",
    "block": "{% block a %}{% endblock %}",
    "macro": "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "call block": "{% macro f() %}{% endmacro %}{% call f() %}{% endcall %}",
    "set": "{% set name = 'x' %}",
    "set block": "{% set name %}x{% endset %}",
    "with": "{% with x = name %}{{ x }}{% endwith %}",
    "do": "{% do words.append('x') %}",
    "autoescape off": "{% autoescape false %}{{ name }}{% endautoescape %}",
    "trans": "{% trans %}x{% endtrans %}",
    "debug": "{% debug %}",
    "break": "{% for a in rows %}{% break %}{% endfor %}",
    # Characters that deceive.
    "nul byte": "a\x00b",
    "escape": "a\x1b[2Jb",
    "turned direction": "a\u202eb",
    "half a pair": "a\ud800b",
    "half a pair in quotes": "{{ name|default('\\ud800') }}",
    "nul in quotes": "{{ name|default('\\x00') }}",
    "look-alike name": "{{ \uff4eame }}",
    "look-alike underscores": "{{ name.\uff3f\uff3fclass\uff3f\uff3f }}",
    "bad escape": "{{ '\\N{x}' }}",
    # What is not closed, or is no value.
    "open braces": "{{ name",
    "open block": "{% if paid %}x",
    "open comment": "{# x",
    "open quote": "{{ 'x }}",
    "open raw": "{% raw %}{{ name }}",
    "stray end": "{% endif %}",
    "unknown tag": "{% exec 'id' %}",
    "none": "{{ none }}",
    "a test": "{{ name is sameas name }}",
    "loop called loop": "{% for loop in words %}x{% endfor %}",
    "loop called true": "{% for true in words %}x{% endfor %}",
    "loop's length in its own condition": "{% for one in words if loop.length %}x{% endfor %}",
    "long words between": "{{ words|join('" + "x" * 501 + "') }}",
    "long words for nothing": "{{ name|default('" + "x" * 501 + "') }}",
    "raw number with a name": "{{ 1e5 }}",
    "list of one": "{{ (name,) }}",
    "line break in quotes as a number": "{{ '\\ud800' }}",
    "hidden variable": "{% for seller in rows %}{{ seller.number }}{% endfor %}",
}


@pytest.mark.parametrize("attack", PLAIN)
@pytest.mark.parametrize("part", [Part.PLAIN, Part.HTML])
def test_a_text_that_attacks_is_refused_when_it_is_saved(attack, part):
    """P49: the error names the field, and line and column within it, and says what to do."""
    with pytest.raises(TemplateRefused) as refused:
        check_template(PLAIN[attack], part, VARIABLES, field="plain")

    error = refused.value
    assert error.place == "plain"
    assert WHERE.match(error.problem)
    assert error.mend
    assert len(error.problem) < 200


def test_there_are_at_least_forty_attacks():
    """The list may grow, never shrink."""
    assert len(PLAIN) + len(MARKUP) >= 140


MARKUP = {
    "script": "<script>alert(1)</script>",
    "script in capitals": "<SCRIPT src='https://x.example'></SCRIPT>",
    "script in two pieces": "<scr{# #}ipt>alert(1)</script>",
    "script around a block": "<scr{% if paid %}ipt>{% endif %}",
    "script by a value": "<{{ name }}>",
    "closing by a value": "</{{ name }}>",
    "iframe": "<iframe srcdoc='x'>",
    "object": "<object data='x'>",
    "embed": "<embed src='x'>",
    "form": "<form action='https://x.example'>",
    "svg": "<svg onload=alert(1)>",
    "math": "<math><mtext>",
    "base": "<base href='https://x.example'>",
    "link": "<link rel='stylesheet' href='https://x.example'>",
    "refresh": "<meta http-equiv='refresh' content='0;url=https://x.example'>",
    "title that hides": "<title><!--</title><img src=x onerror=alert(1)>-->",
    "comment": "<!-- x -->",
    "comment that ends early": "<!--><img src=x onerror=alert(1)>-->",
    "processing instruction": "<?php x ?>",
    "declaration": "<!ENTITY x>",
    "handler": "<p onclick='alert(1)'>",
    "handler in pieces": "<p on{# #}click='alert(1)'>",
    "handler behind a slash": "<img/onerror='x'>",
    "javascript address": "<a href='javascript:alert(1)'>x</a>",
    "javascript in capitals": "<a href=' JaVaScRiPt:alert(1)'>x</a>",
    "javascript by entities": "<a href='java&#115;cript&colon;alert(1)'>x</a>",
    "javascript with a tab": "<a href='java\tscript:alert(1)'>x</a>",
    "javascript in pieces": "<a href='java{# #}script:alert(1)'>x</a>",
    "href in pieces": "<a hr{# #}ef='javascript:alert(1)'>x</a>",
    "data address": "<a href='data:text/html,x'>x</a>",
    "relative address": "<a href='/admin'>x</a>",
    "address without scheme": "<img src='//x.example/a.png'>",
    "value in href": "<a href='{{ name }}'>x</a>",
    "value behind a scheme": "<a href='https://{{ name }}'>x</a>",
    "link in the middle": "<a href='https://x.example/?to={{ link }}'>x</a>",
    "value behind a link": "<a href='{{ link }}{{ name }}'>x</a>",
    "link in src": "<img src='{{ link }}'>",
    "value in style": "<p style='color:{{ name }}'>",
    "value in a style element": "<style>p { color: {{ name }} }</style>",
    "style that ends early": "<style></style x><script></style>",
    "value without quotes": "<p title={{ name }}>",
    "attribute without quotes": "<p title=x>",
    "value as attribute": "<p {{ name }}>",
    "value in an attribute's name": "<p data-{{ name }}='x'>",
    "block in a tag": "<p {% if paid %}title='x'{% endif %}>",
    "block in a value": "<p title='{% if paid %}x{% endif %}'>",
    "tag begun in a block": "{% if paid %}<p title='{% endif %}x'>",
    "tag begun in a loop": "{% for one in words %}<p {% endfor %}>",
    "tag begun before else": "{% if paid %}x{% else %}<p {% endif %}>",
    "tag begun behind elif": "{% if paid %}x{% elif paid %}<p {% endif %}>",
    "tag begun behind a loop": "{% for one in words %}x{% else %}<p {% endfor %}>",
    "tag that never ends": "<p title='x",
    "tag without a quote's end": "<p title='x>",
    "tag in a tag": "<p <b>",
    "quote in a tag": "<p '>",
    "bare less-than": "a < b",
    "quote behind a blank that HTML does not know": "<p title=\u00a0'{{ name }}'>",
    "script behind such a quote": "<p title=\u2003'><script>alert(1)</script>'>",
    "address behind such a quote": "<a href=\u3000'{{ link }}'>x</a>",
    "such a blank behind a tag's name": "<p\u00a0title='{{ name }}'>",
    "such a blank before a handler": "<p title='x'\u00a0onclick='alert(1)'>",
    "such a blank in a tag that is refused": "<iframe\u2028src='x'>",
    "letters that look like others in a name": "<ſcript>alert(1)</ſcript>",
    "attribute that looks like another": "<p οnclick='alert(1)'>",
    "quote in a tag's name": "<p'title='x'>",
    "equals sign in a tag's name": "<p=onclick='x'>",
    "two hrefs": "<a href='https://x.example' href='javascript:alert(1)'>x</a>",
    "picture with script": "<img src='data:image/svg+xml;base64,x'>",
    "mailto of a value": "<a href='mailto:{{ name }}'>x</a>",
    "anchor of a value": "<a href='#{{ name }}'>x</a>",
    "colour of a value": "<td bgcolor='{{ name }}'>",
    "link or words in href": "<a href='{{ link or name }}'>x</a>",
    "link changed by a filter": "<a href='{{ link|lower }}'>x</a>",
    "words as a link": "<a href='{{ name|default(link) }}'>x</a>",
    "conditional comment": "<!--[if mso]><p>x</p><![endif]-->",
    "cdata": "<![CDATA[{{ name }}]]>",
    "noscript that hides": "<noscript><p title='</noscript><script>x</script>'></noscript>",
    "ping": "<a href='https://x.example' ping='https://y.example'>x</a>",
}


@pytest.mark.parametrize("attack", MARKUP)
def test_html_in_which_a_value_could_act_is_refused_when_it_is_saved(attack):
    """Escaping saves only what stands between tags or in quotes; scripts are no mail's business."""
    with pytest.raises(TemplateRefused) as refused:
        check_template(MARKUP[attack], Part.HTML, VARIABLES, field="html")

    assert refused.value.place == "html"
    assert WHERE.match(refused.value.problem)


def test_html_in_which_values_are_words_is_taken():
    """Tags, quoted attributes, styles and links are the author's own; values are escaped."""
    text = (
        '<!doctype html>\n<html lang="de"><head><style>p { color: red }</style></head><body hidden>'
        '<a href="{{ link }}" title="{{ name }}">{{ name|breaks }}</a>'
        '<img src="https://x.example/a.png" alt=\'{{ seller.name }}\'><br/><a href="#top" data-x="{{ name }}">x</a>'
        '<a href="mailto:a@x.example">{% if paid %}&lt;{% else %}<b>x</b>{% endif %}</a></body></html>'
    )

    assert filled(text, Part.HTML) == (
        '<!doctype html>\n<html lang="de"><head><style>p { color: red }</style></head><body hidden>'
        '<a href="https://pay.example/?a=1&amp;b=2" title="Müller &amp; Söhne &lt;Bau&gt;\nKG">'
        "Müller &amp; Söhne &lt;Bau&gt;<br>\nKG</a>"
        "<img src=\"https://x.example/a.png\" alt='Nord'><br/>"
        '<a href="#top" data-x="Müller &amp; Söhne &lt;Bau&gt;\nKG">x</a>'
        '<a href="mailto:a@x.example">&lt;</a></body></html>'
    )


def test_a_quote_in_a_value_does_not_end_an_attribute():
    """Both kinds of quotes are escaped."""
    text = "<p title=\"{{ name }}\" lang='{{ name }}'>"

    assert filled(text, Part.HTML, name="\"' onload='x") == (
        "<p title=\"&#34;&#39; onload=&#39;x\" lang='&#34;&#39; onload=&#39;x'>"
    )


def test_scripting_in_a_value_is_never_run():
    """What a customer calls themselves is a value and stays one."""
    assert filled("{{ name }}", name="{{ seller.name }}{% if %}") == "{{ seller.name }}{% if %}"


def test_loops_over_long_lists_stop_after_ten_thousand_rounds():
    """Two loops over 200 rows would make 40,000 rounds; no clock decides."""
    rows = [{"number": "RE-1", "sum": "1.00"}] * 200
    text = "{% for a in rows %}{% for b in rows %}{% endfor %}{% endfor %}"

    with pytest.raises(TemplateFailed) as failed:
        filled(text, rows=rows)

    assert failed.value.problem == "the text's loops make more than 10,000 rounds"
    assert filled(text, rows=rows[:99]) == ""


def test_a_text_stops_growing_at_256_kilobytes():
    """A thousand rounds of 300 bytes; each byte counts, whatever the letters."""
    text = "{% for row in rows %}" + "ä" * 150 + "{% endfor %}"
    row = {"number": "RE-1", "sum": "1.00"}

    with pytest.raises(TemplateFailed) as failed:
        filled(text, rows=[row] * 1000)

    assert failed.value.problem == "the filled-in text is larger than 262,144 bytes"
    assert len(filled(text, rows=[row] * 800).encode()) == 240_000 < LARGEST


def test_joining_a_long_list_counts_as_rounds():
    """So a long separator cannot make a giant text out of one expression."""
    text = "{{ words|join('" + "x" * 500 + "') }}"

    with pytest.raises(TemplateFailed):
        filled(text, words=["a"] * 10_001)


def test_the_sandbox_holds_even_where_the_check_does_not(monkeypatch):
    """Attributes, brackets and calls reach nothing, whatever the tree says."""
    monkeypatch.setattr("faktura.services.text_checks.Check.body", lambda *_given: None)

    for number, text in enumerate(
        ("{{ name.__class__ }}", "{{ name['x'] }}", "{{ name.upper() }}", "{{ nothing }}",
         "{% for one in words %}{{ loop(words) }}{% endfor %}", "{{ seller.items() }}")
    ):  # fmt: skip
        made = program(f"{text}{number} unchecked", Part.PLAIN, VARIABLES, "de", "text")
        with pytest.raises(TemplateFailed):
            made.filled(VALUES)
