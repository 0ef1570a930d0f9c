"""The mapping table, part two: who is named, the seller and the buyer first."""

from typing import Final

SELLER: Final = """
BT-27  seller name  seller/Name  seller/PartyLegalEntity/RegistrationName
BT-28  seller trading name  seller/SpecifiedLegalOrganization/TradingBusinessName  \
seller/PartyName/Name
BT-29  seller identifier  seller/ID | seller/GlobalID  \
seller/PartyIdentification/ID[not(@schemeID='SEPA')]
BT-29-1  scheme of the seller identifier  seller/GlobalID/@schemeID  \
seller/PartyIdentification/ID[not(@schemeID='SEPA')]/@schemeID
BT-30  seller registration  seller/SpecifiedLegalOrganization/ID  seller/PartyLegalEntity/CompanyID
BT-30-1  scheme of the seller registration  seller/SpecifiedLegalOrganization/ID/@schemeID  \
seller/PartyLegalEntity/CompanyID/@schemeID
BT-31  seller VAT id  seller/SpecifiedTaxRegistration/ID[@schemeID='VA']  \
seller/PartyTaxScheme[TaxScheme/ID='VAT']/CompanyID
BT-32  seller tax number  seller/SpecifiedTaxRegistration/ID[@schemeID='FC']  \
seller/PartyTaxScheme[TaxScheme/ID!='VAT']/CompanyID
BT-33  seller legal information  seller/Description  seller/PartyLegalEntity/CompanyLegalForm
BT-34  seller electronic address  seller/URIUniversalCommunication/URIID  seller/EndpointID
BT-34-1  scheme of the seller electronic address  \
seller/URIUniversalCommunication/URIID/@schemeID  seller/EndpointID/@schemeID
BT-35  seller address line 1  seller/PostalTradeAddress/LineOne  seller/PostalAddress/StreetName
BT-36  seller address line 2  seller/PostalTradeAddress/LineTwo  \
seller/PostalAddress/AdditionalStreetName
BT-162  seller address line 3  seller/PostalTradeAddress/LineThree  \
seller/PostalAddress/AddressLine/Line
BT-37  seller city  seller/PostalTradeAddress/CityName  seller/PostalAddress/CityName
BT-38  seller post code  seller/PostalTradeAddress/PostcodeCode  seller/PostalAddress/PostalZone
BT-39  seller subdivision  seller/PostalTradeAddress/CountrySubDivisionName  \
seller/PostalAddress/CountrySubentity
BT-40  seller country  seller/PostalTradeAddress/CountryID  \
seller/PostalAddress/Country/IdentificationCode
BT-41  seller contact name  \
seller/DefinedTradeContact/PersonName | seller/DefinedTradeContact/DepartmentName  \
seller/Contact/Name
BT-42  seller contact phone  \
seller/DefinedTradeContact/TelephoneUniversalCommunication/CompleteNumber  seller/Contact/Telephone
BT-43  seller contact e-mail  seller/DefinedTradeContact/EmailURIUniversalCommunication/URIID  \
seller/Contact/ElectronicMail
"""

BUYER: Final = """
BT-44  buyer name  buyer/Name  buyer/PartyLegalEntity/RegistrationName
BT-45  buyer trading name  buyer/SpecifiedLegalOrganization/TradingBusinessName  \
buyer/PartyName/Name
BT-46  buyer identifier  buyer/ID | buyer/GlobalID  buyer/PartyIdentification/ID
BT-46-1  scheme of the buyer identifier  buyer/GlobalID/@schemeID  \
buyer/PartyIdentification/ID/@schemeID
BT-47  buyer registration  buyer/SpecifiedLegalOrganization/ID  buyer/PartyLegalEntity/CompanyID
BT-47-1  scheme of the buyer registration  buyer/SpecifiedLegalOrganization/ID/@schemeID  \
buyer/PartyLegalEntity/CompanyID/@schemeID
BT-48  buyer VAT id  buyer/SpecifiedTaxRegistration/ID[@schemeID='VA']  \
buyer/PartyTaxScheme[TaxScheme/ID='VAT']/CompanyID
BT-49  buyer electronic address  buyer/URIUniversalCommunication/URIID  buyer/EndpointID
BT-49-1  scheme of the buyer electronic address  buyer/URIUniversalCommunication/URIID/@schemeID  \
buyer/EndpointID/@schemeID
BT-50  buyer address line 1  buyer/PostalTradeAddress/LineOne  buyer/PostalAddress/StreetName
BT-51  buyer address line 2  buyer/PostalTradeAddress/LineTwo  \
buyer/PostalAddress/AdditionalStreetName
BT-163  buyer address line 3  buyer/PostalTradeAddress/LineThree  \
buyer/PostalAddress/AddressLine/Line
BT-52  buyer city  buyer/PostalTradeAddress/CityName  buyer/PostalAddress/CityName
BT-53  buyer post code  buyer/PostalTradeAddress/PostcodeCode  buyer/PostalAddress/PostalZone
BT-54  buyer subdivision  buyer/PostalTradeAddress/CountrySubDivisionName  \
buyer/PostalAddress/CountrySubentity
BT-55  buyer country  buyer/PostalTradeAddress/CountryID  \
buyer/PostalAddress/Country/IdentificationCode
BT-56  buyer contact name  \
buyer/DefinedTradeContact/PersonName | buyer/DefinedTradeContact/DepartmentName  buyer/Contact/Name
BT-57  buyer contact phone  \
buyer/DefinedTradeContact/TelephoneUniversalCommunication/CompleteNumber  buyer/Contact/Telephone
BT-58  buyer contact e-mail  buyer/DefinedTradeContact/EmailURIUniversalCommunication/URIID  \
buyer/Contact/ElectronicMail
"""

OTHERS: Final = """
BT-59  payee name  payee/Name  payee/PartyName/Name
BT-60  payee identifier  payee/ID | payee/GlobalID  \
payee/PartyIdentification/ID[not(@schemeID='SEPA')]
BT-60-1  scheme of the payee identifier  payee/GlobalID/@schemeID  \
payee/PartyIdentification/ID[not(@schemeID='SEPA')]/@schemeID
BT-61  payee registration  payee/SpecifiedLegalOrganization/ID  payee/PartyLegalEntity/CompanyID
BT-61-1  scheme of the payee registration  payee/SpecifiedLegalOrganization/ID/@schemeID  \
payee/PartyLegalEntity/CompanyID/@schemeID
BT-62  tax representative name  agent/Name  agent/PartyName/Name
BT-63  tax representative VAT id  agent/SpecifiedTaxRegistration/ID[@schemeID='VA']  \
agent/PartyTaxScheme/CompanyID
BT-64  tax representative address line 1  agent/PostalTradeAddress/LineOne  \
agent/PostalAddress/StreetName
BT-65  tax representative address line 2  agent/PostalTradeAddress/LineTwo  \
agent/PostalAddress/AdditionalStreetName
BT-164  tax representative address line 3  agent/PostalTradeAddress/LineThree  \
agent/PostalAddress/AddressLine/Line
BT-66  tax representative city  agent/PostalTradeAddress/CityName  agent/PostalAddress/CityName
BT-67  tax representative post code  agent/PostalTradeAddress/PostcodeCode  \
agent/PostalAddress/PostalZone
BT-68  tax representative subdivision  agent/PostalTradeAddress/CountrySubDivisionName  \
agent/PostalAddress/CountrySubentity
BT-69  tax representative country  agent/PostalTradeAddress/CountryID  \
agent/PostalAddress/Country/IdentificationCode
"""
