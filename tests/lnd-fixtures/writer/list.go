// What `lncli listinvoices` prints of a store.
package writer

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/btcsuite/btcd/chaincfg"
	"github.com/lightningnetwork/lnd/channeldb"
	"github.com/lightningnetwork/lnd/clock"
	"github.com/lightningnetwork/lnd/invoices"
	"github.com/lightningnetwork/lnd/lnrpc"
	"github.com/lightningnetwork/lnd/lnrpc/invoicesrpc"
	"github.com/lightningnetwork/lnd/sqldb"
)

// listCommand: list OUT kv|sql FILE, both in SQLite. The rows go through the code of lnd's RPC server
// and of lncli, without a node between them.
func listCommand(rest []string) (any, error) {
	var db invoices.InvoiceDB
	if rest[0] == "kv" {
		backend, err := openKV("sqlite", rest[1])
		if err != nil {
			return nil, err
		}
		defer backend.Close()
		if db, err = channeldb.CreateWithBackend(backend); err != nil {
			return nil, err
		}
	} else {
		store, err := sqldb.NewSqliteStore(
			&sqldb.SqliteConfig{SkipMigrations: true, BusyTimeout: 10 * time.Second}, rest[1],
		)
		if err != nil {
			return nil, err
		}
		base := store.BaseDB
		defer base.Close()
		executor := sqldb.NewTransactionExecutor(
			base, func(tx *sql.Tx) invoices.SQLInvoiceQueries { return base.WithTx(tx) },
		)
		db = invoices.NewSQLStore(executor, clock.NewDefaultClock())
	}

	slice, err := db.QueryInvoices(
		context.Background(), invoices.InvoiceQuery{NumMaxInvoices: 1_000_000},
	)
	if err != nil {
		return nil, err
	}
	list := &lnrpc.ListInvoiceResponse{
		FirstIndexOffset: slice.FirstIndexOffset, LastIndexOffset: slice.LastIndexOffset,
	}
	for i := range slice.Invoices {
		one, err := invoicesrpc.CreateRPCInvoice(
			&slice.Invoices[i], &chaincfg.RegressionNetParams,
		)
		if err != nil {
			return nil, err
		}
		list.Invoices = append(list.Invoices, one)
	}
	text, err := lnrpc.ProtoJSONMarshalOpts.Marshal(list)
	return json.RawMessage(text), err
}
