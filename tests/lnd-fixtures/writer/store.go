// The stores below lnd, opened without any start: as key-value trees and as tables.
package writer

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/lightningnetwork/lnd/kvdb"
	"github.com/lightningnetwork/lnd/kvdb/postgres"
	"github.com/lightningnetwork/lnd/kvdb/sqlbase"
	"github.com/lightningnetwork/lnd/kvdb/sqlite"
)

// openKV opens channel.db, channel.sqlite or a Postgres database.
func openKV(backend, place string) (kvdb.Backend, error) {
	ctx := context.Background()
	switch backend {
	case "bolt":
		return kvdb.GetBoltBackend(&kvdb.BoltBackendConfig{
			DBPath: filepath.Dir(place), DBFileName: filepath.Base(place),
			NoFreelistSync: true, DBTimeout: time.Minute,
		})
	case "sqlite":
		sqlbase.Init(2)
		return kvdb.Open(kvdb.SqliteBackendName, ctx, &sqlite.Config{
			Timeout: time.Minute, BusyTimeout: 10 * time.Second,
		}, filepath.Dir(place), filepath.Base(place), "channeldb")
	case "postgres":
		sqlbase.Init(4)
		return kvdb.Open(
			kvdb.PostgresBackendName, ctx, &postgres.Config{Dsn: place}, "channeldb",
		)
	}
	return nil, fmt.Errorf("unknown backend %q", backend)
}

// Entry is a key with its value, or a bucket with its entries.
type Entry struct {
	Key      string  `json:"key"`
	Value    *string `json:"value,omitempty"`
	Sequence uint64  `json:"sequence,omitempty"`
	Bucket   []Entry `json:"bucket,omitempty"`
	IsBucket bool    `json:"is_bucket,omitempty"`
}

var errOnlyLooking = fmt.Errorf("nothing is to be written")

// tree reads every bucket. It asks for a transaction that may write, since only that one tells
// sequences, and gives it up at the end.
func tree(backend kvdb.Backend) ([]Entry, error) {
	var entries []Entry
	err := kvdb.Update(backend, func(tx kvdb.RwTx) error {
		entries = nil
		var names [][]byte
		err := tx.ForEachBucket(func(key []byte) error {
			names = append(names, append([]byte(nil), key...))
			return nil
		})
		if err != nil {
			return err
		}
		for _, name := range names {
			entry, err := branch(name, tx.ReadWriteBucket(name))
			if err != nil {
				return err
			}
			entries = append(entries, entry)
		}
		return errOnlyLooking
	}, func() {})
	if err != nil && !strings.Contains(err.Error(), errOnlyLooking.Error()) {
		return nil, err
	}
	return entries, nil
}

func branch(name []byte, bucket kvdb.RwBucket) (Entry, error) {
	entry := Entry{
		Key: hex.EncodeToString(name), IsBucket: true, Sequence: bucket.Sequence(),
	}
	var nested [][]byte
	err := bucket.ForEach(func(key, value []byte) error {
		if value == nil {
			nested = append(nested, append([]byte(nil), key...))
			return nil
		}
		text := hex.EncodeToString(value)
		entry.Bucket = append(entry.Bucket, Entry{Key: hex.EncodeToString(key), Value: &text})
		return nil
	})
	if err != nil {
		return entry, err
	}
	for _, key := range nested {
		inner, err := branch(key, bucket.NestedReadWriteBucket(key))
		if err != nil {
			return entry, err
		}
		entry.Bucket = append(entry.Bucket, inner)
	}
	sort.Slice(entry.Bucket, func(a, b int) bool {
		return entry.Bucket[a].Key < entry.Bucket[b].Key
	})
	return entry, nil
}

// kvCommand prints the tree: kv OUT BACKEND PLACE.
func kvCommand(rest []string) (any, error) {
	backend, err := openKV(rest[0], rest[1])
	if err != nil {
		return nil, err
	}
	defer backend.Close()
	return tree(backend)
}

func openSQL(backend, place string) (*sql.DB, error) {
	switch backend {
	case "sqlite":
		return sql.Open("sqlite", place+"?_pragma=foreign_keys=on&_pragma=busy_timeout=10000")
	case "postgres":
		return sql.Open("pgx", place)
	}
	return nil, fmt.Errorf("no tables in %q", backend)
}

// sqlCommand runs statements: sql OUT BACKEND PLACE STATEMENT….
func sqlCommand(rest []string) (any, error) {
	db, err := openSQL(rest[0], rest[1])
	if err != nil {
		return nil, err
	}
	defer db.Close()
	var changed []int64
	for _, statement := range rest[2:] {
		result, err := db.Exec(statement)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", statement, err)
		}
		rows, _ := result.RowsAffected()
		changed = append(changed, rows)
	}
	return changed, nil
}
