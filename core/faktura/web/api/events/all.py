"""Which model the data of each type of event follows."""

from collections.abc import Mapping

from faktura.domain.events import EventType
from faktura.web.api.events import contracts, documents, dunning, house, master_data, payments
from faktura.web.api.events.envelope import Told

E = EventType

DATA: Mapping[EventType, type[Told]] = {
    E.CUSTOMER_CREATED: master_data.CustomerCreated,
    E.CUSTOMER_CHANGED: master_data.CustomerChanged,
    E.CUSTOMER_DELETED: master_data.CustomerDeleted,
    E.CUSTOMER_NOTICE: payments.CustomerNotice,
    E.ITEM_CREATED: master_data.ItemCreated,
    E.ITEM_CHANGED: master_data.ItemChanged,
    E.ITEM_DELETED: master_data.ItemDeleted,
    E.CONTRACT_CREATED: contracts.ContractCreated,
    E.CONTRACT_ACTIVATED: contracts.ContractActivated,
    E.CONTRACT_CHANGED: contracts.ContractChanged,
    E.CONTRACT_VOIDED: contracts.ContractVoided,
    E.CONTRACT_TERMINATED: contracts.ContractTerminated,
    E.CONTRACT_ENDED: contracts.ContractEnded,
    E.CONTRACT_RENEWED: contracts.ContractRenewed,
    E.CONTRACT_PAUSED: contracts.ContractPaused,
    E.CONTRACT_RESUMED: contracts.ContractResumed,
    E.CONTRACT_ALIGNED: contracts.ContractAligned,
    E.CONTRACT_UPGRADED: contracts.ContractUpgraded,
    E.CONTRACT_INVOICE_DATE_MOVED: contracts.ContractInvoiceDateMoved,
    E.CONTRACT_ITEM_SPLIT: contracts.ContractItemSplit,
    E.INVOICE_CREATED: documents.InvoiceCreated,
    E.INVOICECORRECTION_CREATED: documents.CorrectionCreated,
    E.CREDIT_NOTE_CREATED: documents.CreditNoteCreated,
    E.INVOICE_CORRECTED: documents.InvoiceCorrected,
    E.INVOICE_CANCELLED: documents.InvoiceCancelled,
    E.INVOICE_PAYMENT_RECEIVED: documents.InvoicePaid,
    E.INVOICE_REFUNDED: documents.InvoiceRefunded,
    E.INVOICE_SET_UNPAID: documents.InvoiceSetUnpaid,
    E.INVOICE_DISCOUNT_TAKEN: documents.InvoiceDiscountTaken,
    E.INVOICE_WRITTEN_OFF: documents.InvoiceWrittenOff,
    E.CHARGEBACK_RECEIVED: documents.ChargebackReceived,
    E.CHARGEBACK_WON: documents.ChargebackWon,
    E.DOCUMENT_RENDERED: documents.DocumentRendered,
    E.RECURRING_PAYMENT_FAILED: payments.RecurringPaymentFailed,
    E.PAYMENT_MEANS_CHANGED: payments.PaymentMeansChanged,
    E.PROVIDER_ACCOUNT_CHANGED: payments.ProviderAccountChanged,
    E.BANK_CONNECTION_CHANGED: payments.BankConnectionChanged,
    E.DUNNING_CREATED: dunning.DunningCreated,
    E.DUNNING_WAIVED: dunning.DunningWaived,
    E.DUNNING_STOP_CHANGED: dunning.DunningStopChanged,
    E.VATID_CHECK_FAILED: house.VatIdCheckFailed,
    E.MAIL_BOUNCED: house.MailBounced,
    E.WEBHOOK_DISABLED: house.WebhookDisabled,
    E.PERIOD_LOCKED: house.PeriodLocked,
    E.ACCOUNTING_CHANGED: house.AccountingChanged,
}
