// One invoice of the fixtures, and what can happen to it.
package writer

import (
	"fmt"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcec/v2/ecdsa"
	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/invoices"
	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/lightningnetwork/lnd/record"
	"github.com/lightningnetwork/lnd/zpay32"
)

// draft is an invoice before it is added. All its bytes follow from label and index.
type draft struct {
	label    string
	index    int
	memo     string
	value    lnwire.MilliSatoshi
	delta    int32
	expiry   time.Duration
	created  time.Time
	preimage lntypes.Preimage
	addr     [32]byte
	features []lnwire.FeatureBit

	// unknown: the node does not know the preimage; hodl: it is held until told otherwise.
	unknown, hodl bool

	// spontaneous: nothing was asked for, there is no payment request.
	spontaneous bool

	// as is changed last, just before the invoice is added.
	as func(*invoices.Invoice)

	// under is the hash it is filed under, if not its own.
	under *lntypes.Hash
}

var (
	common = []lnwire.FeatureBit{
		lnwire.TLVOnionPayloadRequired, lnwire.PaymentAddrRequired, lnwire.MPPOptional,
	}
	amp = []lnwire.FeatureBit{
		lnwire.TLVOnionPayloadRequired, lnwire.PaymentAddrRequired, lnwire.AMPRequired,
	}
	keysend = []lnwire.FeatureBit{lnwire.TLVOnionPayloadOptional}
)

func newDraft(label string, index int) *draft {
	return &draft{
		label: label, index: index, value: lnwire.MilliSatoshi(1000 * (index + 1)), delta: 40,
		expiry: time.Hour, preimage: seed("%s/%d preimage", label, index),
		addr:    seed("%s/%d address", label, index),
		created: epoch.Add(-time.Duration(1000-index) * time.Minute), features: common,
	}
}

func (d *draft) hash() lntypes.Hash { return d.preimage.Hash() }

// request is the payment request of the invoice: BOLT11 text for regtest, signed.
func (d *draft) request() (string, error) {
	options := []func(*zpay32.Invoice){
		zpay32.Description(d.memo), zpay32.CLTVExpiry(uint64(d.delta)),
		zpay32.Expiry(d.expiry),
		zpay32.Features(lnwire.NewFeatureVector(
			lnwire.NewRawFeatureVector(d.features...), lnwire.Features,
		)),
	}
	if len(d.memo) > 500 {
		options[0] = zpay32.DescriptionHash(seed("description of %s", d.memo))
	}
	if d.value != 0 {
		options = append(options, zpay32.Amount(d.value))
	}
	if d.addr != invoices.BlankPayAddr {
		options = append(options, zpay32.PaymentAddr(d.addr))
	}
	invoice, err := zpay32.NewInvoice(
		&chaincfg.RegressionNetParams, d.hash(), d.created.Truncate(time.Second), options...,
	)
	if err != nil {
		return "", err
	}
	secret := seed("node key")
	key, _ := btcec.PrivKeyFromBytes(secret[:])
	return invoice.Encode(zpay32.MessageSigner{SignCompact: func(msg []byte) ([]byte, error) {
		return ecdsa.SignCompact(key, chainhash.HashB(msg), true), nil
	}})
}

func (d *draft) add(n *node) error {
	invoice := &invoices.Invoice{
		Memo: []byte(d.memo), CreationDate: d.created, HodlInvoice: d.hodl,
		Terms: invoices.ContractTerm{
			FinalCltvDelta: d.delta, Expiry: d.expiry, Value: d.value, PaymentAddr: d.addr,
			Features: lnwire.NewFeatureVector(
				lnwire.NewRawFeatureVector(d.features...), lnwire.Features,
			),
		},
		Htlcs: make(map[invoices.CircuitKey]*invoices.InvoiceHTLC),
	}
	if !d.unknown {
		preimage := d.preimage
		invoice.Terms.PaymentPreimage = &preimage
	}
	if !d.spontaneous {
		request, err := d.request()
		if err != nil {
			return fmt.Errorf("payment request of %s/%d: %w", d.label, d.index, err)
		}
		invoice.PaymentRequest = []byte(request)
	}
	if d.as != nil {
		d.as(invoice)
	}
	hash := d.hash()
	if d.under != nil {
		hash = *d.under
	}
	_, err := n.invoices.AddInvoice(n.ctx, invoice, hash)
	if err != nil {
		return fmt.Errorf("add %s/%d: %w", d.label, d.index, err)
	}
	return nil
}

// circuit is the key of the invoice's HTLC: channel and number.
func (d *draft) circuit(htlc int) invoices.CircuitKey {
	return invoices.CircuitKey{
		ChanID: lnwire.NewShortChanIDFromInt(
			number("%s/%d channel %d", d.label, d.index, htlc) >> 16,
		),
		HtlcID: uint64(htlc) + uint64(d.index)*10,
	}
}

func (d *draft) update(n *node, set *invoices.SetID, desc *invoices.InvoiceUpdateDesc) error {
	ref := invoices.InvoiceRefByHash(d.hash())
	if set != nil {
		ref = invoices.InvoiceRefByAddr(d.addr)
	}
	_, err := n.invoices.UpdateInvoice(n.ctx, ref, set,
		func(*invoices.Invoice) (*invoices.InvoiceUpdateDesc, error) { return desc, nil },
	)
	if err != nil {
		return fmt.Errorf("update %s/%d: %w", d.label, d.index, err)
	}
	return nil
}

// pay adds HTLCs with these amounts, and moves the invoice on to the state unless it is Open.
func (d *draft) pay(n *node, state invoices.ContractState, amounts ...lnwire.MilliSatoshi) error {
	return d.payWith(n, state, nil, amounts...)
}

func (d *draft) payWith(n *node, state invoices.ContractState, records record.CustomSet,
	amounts ...lnwire.MilliSatoshi) error {

	var total lnwire.MilliSatoshi
	for _, amount := range amounts {
		total += amount
	}
	if len(amounts) == 1 {
		total = 0
	}
	if records == nil {
		records = make(record.CustomSet)
	}
	for i, amount := range amounts {
		desc := &invoices.InvoiceUpdateDesc{
			UpdateType: invoices.AddHTLCsUpdate,
			AddHtlcs: map[invoices.CircuitKey]*invoices.HtlcAcceptDesc{
				d.circuit(i): {
					Amt: amount, MppTotalAmt: total, AcceptHeight: 800_000 + int32(d.index),
					Expiry: 800_144 + uint32(i), CustomRecords: records,
				},
			},
		}
		if i == len(amounts)-1 && state != invoices.ContractOpen {
			desc.State = &invoices.InvoiceStateUpdateDesc{NewState: state}
			if state == invoices.ContractSettled {
				preimage := d.preimage
				desc.State.Preimage = &preimage
			}
		}
		if err := d.update(n, nil, desc); err != nil {
			return err
		}
	}
	return nil
}

// settle reveals the preimage of a held invoice.
func (d *draft) settle(n *node) error {
	preimage := d.preimage
	return d.update(n, nil, &invoices.InvoiceUpdateDesc{
		UpdateType: invoices.SettleHodlInvoiceUpdate,
		State: &invoices.InvoiceStateUpdateDesc{
			NewState: invoices.ContractSettled, Preimage: &preimage,
		},
	})
}

func (d *draft) cancel(n *node) error {
	return d.update(n, nil, &invoices.InvoiceUpdateDesc{
		UpdateType: invoices.CancelInvoiceUpdate,
		State:      &invoices.InvoiceStateUpdateDesc{NewState: invoices.ContractCanceled},
	})
}

// cancelHTLCs gives HTLCs back while the invoice stays open, as after an MPP timeout.
func (d *draft) cancelHTLCs(n *node, set *invoices.SetID, htlcs ...int) error {
	keys := make(map[invoices.CircuitKey]struct{})
	for _, htlc := range htlcs {
		keys[d.circuit(htlc)] = struct{}{}
	}
	return d.update(n, set, &invoices.InvoiceUpdateDesc{
		UpdateType: invoices.CancelHTLCsUpdate, CancelHtlcs: keys, SetID: set,
	})
}

// setID names a set of HTLCs of an AMP invoice.
func (d *draft) setID(set int) *invoices.SetID {
	id := invoices.SetID(seed("%s/%d set %d", d.label, d.index, set))
	return &id
}

// paySet adds an AMP set: HTLCs numbered from first on, accepted; then settled if so wished.
func (d *draft) paySet(n *node, set, first int, settle bool, amounts ...lnwire.MilliSatoshi) error {
	id := d.setID(set)
	var total lnwire.MilliSatoshi
	for _, amount := range amounts {
		total += amount
	}
	preimages := make(map[invoices.CircuitKey]lntypes.Preimage)
	for i, amount := range amounts {
		key := d.circuit(first + i)
		preimage := lntypes.Preimage(seed("%s/%d set %d child %d", d.label, d.index, set, i))
		preimages[key] = preimage
		last := i == len(amounts)-1
		data := &invoices.InvoiceHtlcAMPData{
			Record: *record.NewAMP(
				seed("%s/%d set %d share %d", d.label, d.index, set, i), *id, uint32(i*300),
			),
			Hash: preimage.Hash(),
		}
		desc := &invoices.InvoiceUpdateDesc{
			UpdateType: invoices.AddHTLCsUpdate,
			AddHtlcs: map[invoices.CircuitKey]*invoices.HtlcAcceptDesc{
				key: {
					Amt: amount, MppTotalAmt: total, AcceptHeight: 810_000, Expiry: 810_144,
					CustomRecords: make(record.CustomSet), AMP: data,
				},
			},
		}
		if last && settle {
			desc.State = &invoices.InvoiceStateUpdateDesc{
				NewState: invoices.ContractSettled, SetID: (*[32]byte)(id),
				HTLCPreimages: preimages,
			}
		} else if last {
			desc.State = &invoices.InvoiceStateUpdateDesc{
				NewState: invoices.ContractAccepted, SetID: (*[32]byte)(id),
			}
		}
		if err := d.update(n, id, desc); err != nil {
			return err
		}
	}
	return nil
}
