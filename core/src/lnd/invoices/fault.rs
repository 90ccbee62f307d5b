//! In which ways the indexes of the invoices can be broken.

/// In which way an index is broken. The letters are those of the diagnosis D15.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// (a) A hash leads to no invoice.
    HashWithoutInvoice,
    /// (b) An add index leads to no invoice.
    AddWithoutInvoice,
    /// (c) An invoice has an add index, but no hash leads to it.
    InvoiceWithoutHash,
    /// (d) A hash leads to an invoice, but no add index.
    InvoiceWithoutAdd,
    /// (d) An add index leads to an invoice that says it has another.
    AddDiffers,
    /// (e) A settle index leads to no invoice.
    SettleWithoutInvoice,
    /// (e) A settle index leads to an invoice or an AMP payment that says it has another.
    SettleDiffers,
    /// (e) No settle index leads to a settled invoice or AMP payment.
    SettledWithoutRow,
    /// (f) A payment address leads to no invoice.
    AddressWithoutInvoice,
    /// (f) A payment address leads to an invoice that has another.
    AddressOfOther,
    /// (f) No row has an invoice's payment address.
    AddressWithoutRow,
    /// (g) The id of an AMP set leads to no invoice.
    SetWithoutInvoice,
    /// (g) HTLCs of an AMP payment whose invoice is gone.
    HtlcsWithoutInvoice,
    /// (h) Two rows of an index lead to the same invoice.
    SameTarget,
    /// A key of a length that does not belong there.
    OddKey,
    /// A value of a length that does not belong there.
    OddValue,
    /// A value that cannot be read.
    Unreadable,
}

impl Fault {
    /// All of them.
    pub const ALL: &'static [Fault] = &[
        Fault::HashWithoutInvoice,
        Fault::AddWithoutInvoice,
        Fault::InvoiceWithoutHash,
        Fault::InvoiceWithoutAdd,
        Fault::AddDiffers,
        Fault::SettleWithoutInvoice,
        Fault::SettleDiffers,
        Fault::SettledWithoutRow,
        Fault::AddressWithoutInvoice,
        Fault::AddressOfOther,
        Fault::AddressWithoutRow,
        Fault::SetWithoutInvoice,
        Fault::HtlcsWithoutInvoice,
        Fault::SameTarget,
        Fault::OddKey,
        Fault::OddValue,
        Fault::Unreadable,
    ];

    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Fault::HashWithoutInvoice => "hash_without_invoice",
            Fault::AddWithoutInvoice => "add_without_invoice",
            Fault::InvoiceWithoutHash => "invoice_without_hash",
            Fault::InvoiceWithoutAdd => "invoice_without_add",
            Fault::AddDiffers => "add_differs",
            Fault::SettleWithoutInvoice => "settle_without_invoice",
            Fault::SettleDiffers => "settle_differs",
            Fault::SettledWithoutRow => "settled_without_row",
            Fault::AddressWithoutInvoice => "address_without_invoice",
            Fault::AddressOfOther => "address_of_other",
            Fault::AddressWithoutRow => "address_without_row",
            Fault::SetWithoutInvoice => "set_without_invoice",
            Fault::HtlcsWithoutInvoice => "htlcs_without_invoice",
            Fault::SameTarget => "same_target",
            Fault::OddKey => "odd_key",
            Fault::OddValue => "odd_value",
            Fault::Unreadable => "unreadable",
        }
    }
}
