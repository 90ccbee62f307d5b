// Invoices that break the migration or slip past it, as far as lnd's own code can be made to
// write them. The rest is done by edits below lnd.
package writer

import (
	"fmt"
	"time"

	"github.com/lightningnetwork/lnd/invoices"
	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/record"
)

// bad writes what the rule is about, always between two healthy invoices, so that it has the
// number 1 (and 2, if there are two).
func bad(n *node, rule string) error {
	if err := plain(n, "before/1", true); err != nil {
		return err
	}
	if err := badOnes(n, rule); err != nil {
		return fmt.Errorf("%s: %w", rule, err)
	}
	return plain(n, "after/1", false)
}

func badOnes(n *node, rule string) error {
	d, other := newDraft(rule, 1), newDraft(rule, 2)
	d.memo, other.memo = rule, rule+" too"
	settled := invoices.ContractSettled
	addAndPay := func(drafts ...*draft) error {
		for _, draft := range drafts {
			if err := draft.add(n); err != nil {
				return err
			}
			if err := draft.pay(n, settled, draft.value); err != nil {
				return err
			}
		}
		return nil
	}
	switch rule {
	case "settled-no-index":
		d.as = func(i *invoices.Invoice) { i.State, i.SettleDate = settled, epoch }
		return d.add(n)
	case "settled-no-date":
		d.as = func(i *invoices.Invoice) { i.State, i.SettleIndex = settled, 2 }
		return d.add(n)
	case "open-with-index":
		d.as = func(i *invoices.Invoice) { i.SettleIndex = 7 }
		return d.add(n)
	case "open-with-date":
		d.as = func(i *invoices.Invoice) { i.SettleDate = epoch }
		return d.add(n)
	case "amp":
		// One AMP invoice with a settled set: what several edits start from.
		d.features, d.unknown = amp, true
		if err := d.add(n); err != nil {
			return err
		}
		return d.paySet(n, 0, 0, true, 1000, 1000)
	case "amp-accepted":
		d.features, d.unknown = amp, true
		if err := d.add(n); err != nil {
			return err
		}
		return d.paySet(n, 0, 0, false, 1000, 1000)
	case "amp-two-sets":
		d.features, d.unknown = amp, true
		if err := d.add(n); err != nil {
			return err
		}
		if err := d.paySet(n, 0, 0, true, 1000, 1000); err != nil {
			return err
		}
		return d.paySet(n, 1, 2, true, 2000)
	case "two-amp":
		for _, draft := range []*draft{d, other} {
			draft.features, draft.unknown = amp, true
			if err := draft.add(n); err != nil {
				return err
			}
			if err := draft.paySet(n, 0, 0, true, draft.value); err != nil {
				return err
			}
		}
		return nil
	case "same-circuit":
		if err := addAndPay(d); err != nil {
			return err
		}
		if err := other.add(n); err != nil {
			return err
		}
		preimage := other.preimage
		return other.update(n, nil, &invoices.InvoiceUpdateDesc{
			UpdateType: invoices.AddHTLCsUpdate,
			AddHtlcs: map[invoices.CircuitKey]*invoices.HtlcAcceptDesc{
				d.circuit(0): {Amt: other.value, CustomRecords: make(record.CustomSet)},
			},
			State: &invoices.InvoiceStateUpdateDesc{NewState: settled, Preimage: &preimage},
		})
	case "same-request":
		if err := d.add(n); err != nil {
			return err
		}
		request, err := d.request()
		if err != nil {
			return err
		}
		other.as = func(i *invoices.Invoice) { i.PaymentRequest = []byte(request) }
		return other.add(n)
	case "same-preimage":
		other.preimage = d.preimage
		hash := lntypes.Hash(seed("another hash"))
		other.under = &hash
		if err := d.add(n); err != nil {
			return err
		}
		return other.add(n)
	case "expiry-nanoseconds":
		d.expiry += time.Nanosecond
		return addAndPay(d)
	case "expiry-long":
		d.expiry = 80 * 365 * 24 * time.Hour
		return addAndPay(d)
	case "other-hash":
		hash := lntypes.Hash(seed("another hash"))
		d.under = &hash
		return d.add(n)
	case "held":
		d.unknown, d.hodl = true, true
		return d.add(n)
	case "two-held":
		d.unknown, d.hodl, other.unknown, other.hodl = true, true, true, true
		if err := d.add(n); err != nil {
			return err
		}
		return other.add(n)
	case "plain":
		return addAndPay(d)
	case "two-plain":
		return addAndPay(d, other)
	case "open":
		return d.add(n)
	case "memo-nul":
		d.as = func(i *invoices.Invoice) { i.Memo = []byte("nul \x00 inside") }
		return d.add(n)
	case "memo-latin1":
		d.as = func(i *invoices.Invoice) { i.Memo = []byte("caf\xe9") }
		return d.add(n)
	}
	return fmt.Errorf("unknown rule")
}
