"""What customers read on the pages on which they pay, German and English."""

from collections.abc import Mapping

PAY: Mapping[str, tuple[str, str]] = {
    "pay.title": ("{number} bezahlen", "Pay {number}"),
    "pay.open": ("Zu zahlen", "To pay"),
    "pay.date": ("Datum", "Date"),
    "pay.due": ("Fällig am", "Due on"),
    "pay.customer": ("Kunde", "Customer"),
    "pay.gross": ("Gesamtbetrag", "Total"),
    "pay.document": ("Beleg als PDF", "Document as PDF"),
    "pay.how": ("Wie möchten Sie zahlen?", "How would you like to pay?"),
    "pay.keep": (
        "Für künftige Rechnungen merken. Deren Beträge werden dann auf diesem Weg eingezogen.",
        "Keep for future invoices. Their amounts will then be collected this way.",
    ),
    "pay.go": ("{amount} zahlen", "Pay {amount}"),
    "pay.go_on": ("Weiter", "Continue"),
    "pay.or_transfer": ("Oder per Überweisung", "Or by bank transfer"),
    "pay.transfer": ("Per Überweisung zahlen", "Pay by bank transfer"),
    "pay.holder": ("Empfänger", "Payee"),
    "pay.iban": ("IBAN", "IBAN"),
    "pay.bic": ("BIC", "BIC"),
    "pay.amount": ("Betrag", "Amount"),
    "pay.remittance": ("Verwendungszweck", "Reference"),
    "pay.no_way": (
        "Zurzeit lässt sich hier nicht zahlen. Versuchen Sie es später noch einmal.",
        "Payment is not possible here at the moment. Please try again later.",
    ),
    "pay.state.PAID": ("Bezahlt", "Paid"),
    "pay.state.UNDER_WAY": ("Zahlung unterwegs", "Payment under way"),
    "pay.state.CANCELLED": ("Storniert", "Cancelled"),
    "pay.state.NOTHING": ("Nichts zu zahlen", "Nothing to pay"),
    "pay.told.PAID": (
        "Vielen Dank, die Zahlung ist da. Es ist nichts mehr offen.",
        "Thank you, the payment has arrived. Nothing is open any more.",
    ),
    "pay.told.UNDER_WAY": (
        "Der Betrag wird bereits eingezogen oder geprüft. Bitte zahlen Sie nicht noch einmal.",
        "The amount is already being collected or checked. Please do not pay again.",
    ),
    "pay.told.CANCELLED": (
        "Dieser Beleg wurde zurückgenommen. Bitte zahlen Sie ihn nicht.",
        "This document was taken back. Please do not pay it.",
    ),
    "pay.told.NOTHING": (
        "Von diesem Beleg ist nichts zu zahlen.",
        "There is nothing to pay of this document.",
    ),
    "pay.refused.AMOUNT_CHANGED": (
        "Der offene Betrag hat sich geändert. Bitte sehen Sie ihn sich noch einmal an.",
        "The open amount has changed. Please look at it once more.",
    ),
    "pay.refused.NOT_OFFERED": (
        "Diese Zahlungsart steht hier nicht zur Wahl.",
        "This payment method is not available here.",
    ),
    "pay.refused.NOTHING_OPEN": ("Es ist nichts offen.", "Nothing is open."),
    "pay.refused.UNDER_WAY": (
        "Eine Zahlung ist schon unterwegs. Bitte zahlen Sie nicht noch einmal.",
        "A payment is under way already. Please do not pay again.",
    ),
    "pay.refused.UNAVAILABLE": (
        "Der Zahlungsdienst antwortet gerade nicht. Es wurde nichts abgebucht.",
        "The payment service does not answer at the moment. Nothing was charged.",
    ),
    "pay.failed": ("Die Zahlung ist nicht gelungen.", "The payment did not succeed."),
    "pay.reason.GENERAL": (
        "Bitte versuchen Sie es noch einmal oder wählen Sie eine andere Zahlungsart.",
        "Please try again or choose another payment method.",
    ),
    "pay.reason.EXPIRED": (
        "Die Karte ist abgelaufen. Bitte nehmen Sie eine andere.",
        "The card has expired. Please use another one.",
    ),
    "pay.reason.NO_FUNDS": (
        "Das Konto ist nicht gedeckt. Bitte wählen Sie eine andere Zahlungsart.",
        "There are not enough funds. Please choose another payment method.",
    ),
    "pay.reason.CONFIRM": (
        "Ihre Bank verlangt, dass Sie die Zahlung bestätigen. Bitte versuchen Sie es noch einmal.",
        "Your bank wants you to confirm the payment. Please try again.",
    ),
    "pay.reason.ENTER_AGAIN": (
        "Bitte geben Sie Ihre Daten noch einmal ein.",
        "Please enter your details once more.",
    ),
    "pay.reason.WITHDRAWN": (
        "Die Erlaubnis zum Einzug besteht nicht mehr. Bitte wählen Sie eine andere Zahlungsart.",
        "The permission to collect was withdrawn. Please choose another payment method.",
    ),
    "pay.script": (
        "Diese Zahlungsart braucht JavaScript. Andere finden Sie eine Seite zurück.",
        "This payment method needs JavaScript. You find others one page back.",
    ),
    "pay.back": ("Andere Zahlungsart wählen", "Choose another payment method"),
    "pay.method.title": ("Zahlungsmittel hinterlegen", "Save a means of payment"),
    "pay.method.which": ("Welche Zahlungsart?", "Which payment method?"),
    "pay.method.intro": (
        "Künftige Rechnungen für {customer} werden darüber eingezogen. Heute wird nichts abgebucht.",
        "Future invoices for {customer} will be collected by it. Nothing is charged today.",
    ),
    "pay.method.saved": (
        "Das Zahlungsmittel ist hinterlegt.",
        "The means of payment is saved.",
    ),
    "pay.method.not_saved": (
        "Es ist noch kein Zahlungsmittel hinterlegt.",
        "No means of payment is saved yet.",
    ),
    "pay.method.save": ("Hinterlegen", "Save"),
    "pay.method.link": (
        "Zahlungsmittel für künftige Rechnungen hinterlegen",
        "Save a means of payment for future invoices",
    ),
    "pay.error.404": (
        "Diesen Link gibt es nicht. Bitte prüfen Sie, ob er vollständig ist.",
        "There is no such link. Please check that it is complete.",
    ),
    "pay.error.503": (
        "Das geht im Moment nicht. Bitte versuchen Sie es später noch einmal.",
        "This is not possible at the moment. Please try again later.",
    ),
    "pay.error.429": (
        "Zu viele Versuche. Bitte warten Sie einen Augenblick.",
        "Too many attempts. Please wait a moment.",
    ),
}
