// Reading back without a start: the stores that lnd's start refuses are read as well.
package writer

import (
	"context"
	"database/sql"
	"time"

	"github.com/lightningnetwork/lnd/channeldb"
	"github.com/lightningnetwork/lnd/clock"
	"github.com/lightningnetwork/lnd/invoices"
	"github.com/lightningnetwork/lnd/sqldb"
)

// Peek is what lnd's two stores say.
type Peek struct {
	KV      *Answer `json:"kv"`
	KVError string  `json:"kv_error,omitempty"`
	SQL     *Answer `json:"sql"`
}

// peekCommand: peek OUT BACKEND KVPLACE [SQLPLACE].
func peekCommand(rest []string) (any, error) {
	answer := &Peek{}
	n := &node{ctx: context.Background(), clock: newStepClock()}
	backend, err := openKV(rest[0], rest[1])
	if err == nil {
		defer backend.Close()
		n.kv, err = channeldb.CreateWithBackend(backend)
		if err == nil {
			answer.KV = readAll(n, n.kv)
		}
	}
	if err != nil {
		answer.KVError = err.Error()
	}
	if len(rest) < 3 {
		return answer, nil
	}

	var base *sqldb.BaseDB
	if rest[0] == "postgres" {
		store, err := sqldb.NewPostgresStore(&sqldb.PostgresConfig{
			Dsn: rest[2], SkipMigrations: true, MaxConnections: 4, Timeout: time.Minute,
		})
		if err != nil {
			return nil, err
		}
		base = store.BaseDB
	} else {
		store, err := sqldb.NewSqliteStore(
			&sqldb.SqliteConfig{SkipMigrations: true, BusyTimeout: 10 * time.Second}, rest[2],
		)
		if err != nil {
			return nil, err
		}
		base = store.BaseDB
	}
	defer base.Close()
	executor := sqldb.NewTransactionExecutor(
		base, func(tx *sql.Tx) invoices.SQLInvoiceQueries { return base.WithTx(tx) },
	)
	answer.SQL = readAll(n, invoices.NewSQLStore(executor, clock.NewDefaultClock()))
	return answer, nil
}
