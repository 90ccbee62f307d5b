// What lnd reads back, field by field.
package writer

import (
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"time"

	"github.com/lightningnetwork/lnd/invoices"
	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
)

// Answer is what a store says of its invoices.
type Answer struct {
	// Invoices are those that QueryInvoices pages through, by add index.
	Invoices []Invoice `json:"invoices"`

	// Error is where the paging ended.
	Error string `json:"error,omitempty"`

	// Settled lists settle indexes in the order of InvoicesSettledSince(1), with add indexes.
	Settled []Settled `json:"settled_since_1"`

	// SettledError is why that list could not be had.
	SettledError string `json:"settled_error,omitempty"`
}

// Settled is one entry of lnd's list of settled invoices.
type Settled struct {
	SettleIndex uint64 `json:"settle_index"`
	AddIndex    uint64 `json:"add_index"`
}

// Invoice is lnd's invoices.Invoice, in plain values. Bytes are hexadecimal.
type Invoice struct {
	AddIndex       uint64   `json:"add_index"`
	SettleIndex    uint64   `json:"settle_index"`
	State          string   `json:"state"`
	Memo           string   `json:"memo_hex"`
	PaymentRequest string   `json:"payment_request"`
	Created        string   `json:"creation_date"`
	Settled        string   `json:"settle_date"`
	Delta          int32    `json:"final_cltv_delta"`
	ExpiryNs       int64    `json:"expiry_ns"`
	Preimage       *string  `json:"preimage"`
	Hash           *string  `json:"hash_of_preimage"`
	Value          uint64   `json:"value_msat"`
	Address        string   `json:"payment_addr"`
	Features       []uint16 `json:"features"`
	AmountPaid     uint64   `json:"amt_paid_msat"`
	Hodl           bool     `json:"hodl"`
	IsAMP          bool     `json:"is_amp"`
	IsKeysend      bool     `json:"is_keysend"`
	Htlcs          []Htlc   `json:"htlcs"`
	AMPState       []Set    `json:"amp_state"`
}

// Htlc is one HTLC of an invoice.
type Htlc struct {
	ChanID       uint64            `json:"chan_id"`
	HtlcID       uint64            `json:"htlc_id"`
	Amount       uint64            `json:"amt_msat"`
	Total        uint64            `json:"mpp_total_amt_msat"`
	AcceptHeight uint32            `json:"accept_height"`
	AcceptTime   string            `json:"accept_time"`
	ResolveTime  string            `json:"resolve_time"`
	Expiry       uint32            `json:"expiry_height"`
	State        string            `json:"state"`
	Custom       map[string]string `json:"custom_records"`
	AMP          *HtlcAMP          `json:"amp"`
}

// HtlcAMP is what an HTLC of an AMP set carries.
type HtlcAMP struct {
	RootShare  string  `json:"root_share"`
	SetID      string  `json:"set_id"`
	ChildIndex uint32  `json:"child_index"`
	Hash       string  `json:"hash"`
	Preimage   *string `json:"preimage"`
}

// Set is the state of an AMP set.
type Set struct {
	SetID       string      `json:"set_id"`
	State       string      `json:"state"`
	SettleIndex uint64      `json:"settle_index"`
	SettleDate  string      `json:"settle_date"`
	Keys        [][2]uint64 `json:"circuit_keys"`
	AmountPaid  uint64      `json:"amt_paid_msat"`
}

var contractStates = map[invoices.ContractState]string{
	invoices.ContractOpen: "open", invoices.ContractSettled: "settled",
	invoices.ContractCanceled: "canceled", invoices.ContractAccepted: "accepted",
}

var htlcStates = map[invoices.HtlcState]string{
	invoices.HtlcStateAccepted: "accepted", invoices.HtlcStateCanceled: "canceled",
	invoices.HtlcStateSettled: "settled",
}

// moment is RFC 3339 in UTC with all nine places, or "" for Go's zero time.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000000Z")
}

func preimage(p *lntypes.Preimage) *string {
	if p == nil {
		return nil
	}
	text := hex.EncodeToString(p[:])
	return &text
}

func readAll(n *node, store invoices.InvoiceDB) *Answer {
	answer := &Answer{Invoices: []Invoice{}, Settled: []Settled{}}
	offset := uint64(0)
	for {
		slice, err := store.QueryInvoices(n.ctx, invoices.InvoiceQuery{
			IndexOffset: offset, NumMaxInvoices: 100,
		})
		if err != nil {
			answer.Error = err.Error()
			break
		}
		for _, invoice := range slice.Invoices {
			answer.Invoices = append(answer.Invoices, plainInvoice(invoice))
		}
		if len(slice.Invoices) < 100 {
			break
		}
		offset = slice.LastIndexOffset
	}
	settled, err := store.InvoicesSettledSince(n.ctx, 1)
	if err != nil {
		answer.SettledError = err.Error()
	}
	for _, invoice := range settled {
		index := invoice.SettleIndex
		for _, set := range invoice.AMPState {
			if len(invoice.AMPState) == 1 && invoice.SettleIndex == 0 {
				index = set.SettleIndex
			}
		}
		answer.Settled = append(answer.Settled, Settled{index, invoice.AddIndex})
	}
	return answer
}

func plainInvoice(i invoices.Invoice) Invoice {
	answer := Invoice{
		AddIndex: i.AddIndex, SettleIndex: i.SettleIndex, State: contractStates[i.State],
		Memo: hex.EncodeToString(i.Memo), PaymentRequest: string(i.PaymentRequest),
		Created: moment(i.CreationDate), Settled: moment(i.SettleDate),
		Delta: i.Terms.FinalCltvDelta, ExpiryNs: int64(i.Terms.Expiry),
		Preimage: preimage(i.Terms.PaymentPreimage), Value: uint64(i.Terms.Value),
		Address:  hex.EncodeToString(i.Terms.PaymentAddr[:]),
		Features: []uint16{}, AmountPaid: uint64(i.AmtPaid), Hodl: i.HodlInvoice,
		IsAMP: i.IsAMP(), IsKeysend: i.IsKeysend(), Htlcs: []Htlc{}, AMPState: []Set{},
	}
	if i.Terms.PaymentPreimage != nil {
		hash := i.Terms.PaymentPreimage.Hash()
		text := hex.EncodeToString(hash[:])
		answer.Hash = &text
	}
	for bit := lnwire.FeatureBit(0); bit < 3000; bit++ {
		if i.Terms.Features != nil && i.Terms.Features.IsSet(bit) {
			answer.Features = append(answer.Features, uint16(bit))
		}
	}
	for key, htlc := range i.Htlcs {
		answer.Htlcs = append(answer.Htlcs, plainHtlc(key, htlc))
	}
	sort.Slice(answer.Htlcs, func(a, b int) bool {
		left, right := answer.Htlcs[a], answer.Htlcs[b]
		if left.ChanID != right.ChanID {
			return left.ChanID < right.ChanID
		}
		return left.HtlcID < right.HtlcID
	})
	for id, set := range i.AMPState {
		entry := Set{
			SetID: hex.EncodeToString(id[:]), State: htlcStates[set.State],
			SettleIndex: set.SettleIndex, SettleDate: moment(set.SettleDate),
			Keys: [][2]uint64{}, AmountPaid: uint64(set.AmtPaid),
		}
		for key := range set.InvoiceKeys {
			entry.Keys = append(entry.Keys, [2]uint64{key.ChanID.ToUint64(), key.HtlcID})
		}
		sort.Slice(entry.Keys, func(a, b int) bool {
			if entry.Keys[a][0] != entry.Keys[b][0] {
				return entry.Keys[a][0] < entry.Keys[b][0]
			}
			return entry.Keys[a][1] < entry.Keys[b][1]
		})
		answer.AMPState = append(answer.AMPState, entry)
	}
	sort.Slice(answer.AMPState, func(a, b int) bool {
		return answer.AMPState[a].SetID < answer.AMPState[b].SetID
	})
	return answer
}

func plainHtlc(key invoices.CircuitKey, htlc *invoices.InvoiceHTLC) Htlc {
	answer := Htlc{
		ChanID: key.ChanID.ToUint64(), HtlcID: key.HtlcID, Amount: uint64(htlc.Amt),
		Total: uint64(htlc.MppTotalAmt), AcceptHeight: htlc.AcceptHeight,
		AcceptTime: moment(htlc.AcceptTime), ResolveTime: moment(htlc.ResolveTime),
		Expiry: htlc.Expiry, State: htlcStates[htlc.State], Custom: map[string]string{},
	}
	for kind, value := range htlc.CustomRecords {
		answer.Custom[strconv.FormatUint(kind, 10)] = hex.EncodeToString(value)
	}
	if htlc.AMP != nil {
		share, set := htlc.AMP.Record.RootShare(), htlc.AMP.Record.SetID()
		answer.AMP = &HtlcAMP{
			RootShare: hex.EncodeToString(share[:]), SetID: hex.EncodeToString(set[:]),
			ChildIndex: htlc.AMP.Record.ChildIndex(),
			Hash:       hex.EncodeToString(htlc.AMP.Hash[:]),
			Preimage:   preimage(htlc.AMP.Preimage),
		}
	}
	return answer
}

// copyTree copies a folder.
func copyTree(from, directory string) error {
	return filepath.Walk(from, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(directory, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		in, err := os.Open(path)
		if err != nil {
			return err
		}
		defer in.Close()
		to, err := os.Create(target)
		if err != nil {
			return err
		}
		if _, err := io.Copy(to, in); err != nil {
			return err
		}
		return to.Close()
	})
}
