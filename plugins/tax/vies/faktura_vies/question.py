"""What VIES is asked: the number by country and digits, who asks, and what is compared."""

import json

from faktura.plugin import VatIdQuestion

# VIES refuses longer ones; a name that is cut is still compared from its beginning.
_LONGEST = 250


def question_body(question: VatIdQuestion) -> bytes:
    """The JSON body of check-vat-number; what is not given is left out."""
    fields = {
        "countryCode": question.vat_id[:2],
        "vatNumber": question.vat_id[2:],
        "requesterMemberStateCode": question.own_vat_id[:2],
        "requesterNumber": question.own_vat_id[2:],
        "traderName": question.name,
        "traderStreet": question.street,
        "traderPostalCode": question.zip_code,
        "traderCity": question.city,
    }
    return json.dumps({name: text[:_LONGEST] for name, text in fields.items() if text}).encode()
