// What can be done to a started store, by name.
package writer

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/lightningnetwork/lnd/channeldb"
	"github.com/lightningnetwork/lnd/invoices"
	"github.com/lightningnetwork/lnd/kvdb"
)

var allScripts map[string]func(*node, string) (any, error)

func init() {
	allScripts = map[string]func(*node, string) (any, error){
		// variety writes one invoice of each kind.
		"variety": func(n *node, label string) (any, error) {
			return nil, variety(n, label)
		},
		// plain=LABEL/N writes N settled invoices of one kind; open= leaves them open.
		"plain": func(n *node, argument string) (any, error) {
			return nil, plain(n, argument, true)
		},
		"open": func(n *node, argument string) (any, error) {
			return nil, plain(n, argument, false)
		},
		// bad=RULE writes what breaks or escapes the migration (P1 to P18).
		"bad": func(n *node, rule string) (any, error) {
			return nil, bad(n, rule)
		},
		// gc is what gc-canceled-invoices-on-startup does.
		"gc": func(n *node, _ string) (any, error) {
			return nil, n.invoices.DeleteCanceledInvoices(n.ctx)
		},
		// delete=LABEL/I deletes a canceled invoice in order.
		"delete": func(n *node, argument string) (any, error) {
			return nil, deleteCanceled(n, argument)
		},
		// retire marks the key-value store as lndinit does after it has moved it.
		"retire": func(n *node, text string) (any, error) {
			return nil, kvdb.Update(n.backend, func(tx kvdb.RwTx) error {
				return channeldb.AddMarker(tx, channeldb.TombstoneKey, []byte(text))
			}, func() {})
		},
		// moved marks a destination as lndinit does.
		"moved": func(n *node, text string) (any, error) {
			return nil, kvdb.Update(n.backend, func(tx kvdb.RwTx) error {
				return channeldb.AddMarker(
					tx, []byte("data-migration-already-migrated"), []byte(text),
				)
			}, func() {})
		},
		// read is what lnd reads back through the store in force.
		"read": func(n *node, _ string) (any, error) { return readAll(n, n.invoices), nil },
		// readkv is the same through the key-value store, whichever is in force.
		"readkv": func(n *node, _ string) (any, error) { return readAll(n, n.kv), nil },
		// copy=FROM>TO copies the stores as they lie, before they are closed.
		"copy": func(_ *node, argument string) (any, error) {
			from, to, _ := strings.Cut(argument, ">")
			return nil, copyTree(from, to)
		},
		// late=LABEL/N writes settled invoices a hundred years later than all others.
		"late": func(n *node, argument string) (any, error) {
			n.clock.now = n.clock.now.AddDate(100, 0, 0)
			return nil, plain(n, argument, true)
		},
	}
}

// split takes "LABEL/N" apart.
func split(argument string) (string, int, error) {
	for i := len(argument) - 1; i >= 0; i-- {
		if argument[i] == '/' {
			count, err := strconv.Atoi(argument[i+1:])
			return argument[:i], count, err
		}
	}
	return argument, 1, nil
}

func plain(n *node, argument string, settle bool) error {
	label, count, err := split(argument)
	if err != nil {
		return err
	}
	for i := 0; i < count; i++ {
		draft := newDraft(label, i)
		draft.memo = fmt.Sprintf("%s %d", label, i)
		if n.clock.now.Year() > 2100 {
			draft.created = n.clock.now
		}
		if err := draft.add(n); err != nil {
			return err
		}
		if settle {
			if err := draft.pay(n, invoices.ContractSettled, draft.value); err != nil {
				return err
			}
		}
	}
	return nil
}

func deleteCanceled(n *node, argument string) error {
	label, index, err := split(argument)
	if err != nil {
		return err
	}
	draft := newDraft(label, index)
	invoice, err := n.invoices.LookupInvoice(n.ctx, invoices.InvoiceRefByHash(draft.hash()))
	if err != nil {
		return err
	}
	addr := invoice.Terms.PaymentAddr
	return n.invoices.DeleteInvoice(n.ctx, []invoices.InvoiceDeleteRef{{
		PayHash: draft.hash(), PayAddr: &addr, AddIndex: invoice.AddIndex,
		SettleIndex: invoice.SettleIndex,
	}})
}
