"""How values are written decides what may stand for them: as text, in a JSON file, in a request."""

from decimal import Decimal

import pytest
from tests.services.master_data.requests import refused_parts

from faktura.kernel.errors import FieldInvalid
from faktura.services.imports.contract_file import ActivityFields
from faktura.services.imports.entries import Form
from faktura.services.imports.findings import FieldsRefused
from faktura.services.imports.json_entries import json_object
from faktura.services.imports.validation import fields_of

ACTIVITY = '{"articleNumber": "A", "quantity": %s, "from": "2026-10-20"}'


def read(quantity, form):
    """An activity of that quantity, from JSON."""
    return fields_of(ActivityFields, json_object(ACTIVITY % quantity), form)


def test_a_request_writes_amounts_as_text():
    """Readers differ in what a JSON number is; a request has no person who could be asked."""
    assert read('"1.50"', Form.REST).quantity == Decimal("1.50")
    assert read("2", Form.FILE).quantity == Decimal(2)
    assert read('" 2 "', Form.FILE).quantity == Decimal(2)

    assert refused_parts(lambda: read("2", Form.REST)) == [("field_invalid", "quantity")]
    assert refused_parts(lambda: read("2.5", Form.REST)) == [("field_invalid", "quantity")]
    assert refused_parts(lambda: read("true", Form.REST)) == [("field_invalid", "quantity")]
    assert refused_parts(lambda: read('" 2 "', Form.REST)) == [("amount_unreadable", "quantity")]
    assert refused_parts(lambda: read("2.5", Form.FILE)) == [("amount_unreadable", "quantity")]


def test_a_number_in_place_of_an_amount_is_told_how_to_be_written():
    """The advice shows the value in quotes."""
    with pytest.raises(FieldsRefused) as refused:
        read("2", Form.REST)

    (part,) = refused.value.parts
    assert part.mend == 'Write "2" in quotes'


@pytest.mark.parametrize(
    ("form", "given"), [(Form.FILE, '"true"'), (Form.REST, '"true"'), (Form.REST, "1")]
)
def test_only_text_files_write_truth_as_text(form, given):
    """CSV has nothing but text; JSON has true and false."""
    text = ACTIVITY % f'"1", "manual": {given}'

    found = refused_parts(lambda: fields_of(ActivityFields, json_object(text), form))

    assert found == [("field_invalid", "manual")]


def test_a_request_keeps_its_nulls():
    """A patch takes a field away with null; in a file null is the same as leaving it out."""
    text = '{"a": null, "b": {"c": null, "d": 1}, "e": [null]}'

    assert json_object(text) == {"b": {"d": 1}, "e": [None]}
    assert json_object(text, keep_nulls=True) == {
        "a": None,
        "b": {"c": None, "d": 1},
        "e": [None],
    }


@pytest.mark.parametrize("keep_nulls", [True, False])
def test_a_field_that_is_given_twice_is_refused(keep_nulls):
    """Also where one of them is null: nobody knows which was meant."""
    with pytest.raises(FieldInvalid, match="twice"):
        json_object('{"a": null, "a": 1}', keep_nulls=keep_nulls)
