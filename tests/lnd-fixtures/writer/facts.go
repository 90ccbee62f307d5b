// The facts that decide what a start does: markers, trackers, counts. Read below lnd.
package writer

import (
	"database/sql"
	"encoding/hex"
	"fmt"
	"sort"
)

// Facts of a store; what is not there is null or missing.
type Facts struct {
	KV *KVFacts `json:"kv,omitempty"`

	// KVError is why the key-value store could not be walked.
	KVError string    `json:"kv_error,omitempty"`
	SQL     *SQLFacts `json:"sql,omitempty"`
}

// KVFacts are those of the channel database.
type KVFacts struct {
	// Version is metadata/dbp.
	Version *uint64 `json:"dbp"`

	// InvoiceTombstone is invoices/invoice-tombstone, DataTombstone the text of
	// data-migration-tombstone, AlreadyMigrated that of data-migration-already-migrated.
	InvoiceTombstone bool    `json:"invoice_tombstone"`
	DataTombstone    *string `json:"data_migration_tombstone"`
	AlreadyMigrated  *string `json:"data_migration_already_migrated"`

	Buckets      []string `json:"top_level_buckets"`
	HasInvoices  bool     `json:"has_invoices_bucket"`
	Bodies       int      `json:"bodies"`
	AMPSets      int      `json:"amp_htlc_sets"`
	Hashes       int      `json:"payment_hashes"`
	NextNumber   *uint64  `json:"next_invoice_number"`
	Added        int      `json:"add_index_rows"`
	AddSequence  uint64   `json:"add_index_sequence"`
	SettledRows  int      `json:"settle_index_rows"`
	SettSequence uint64   `json:"settle_index_sequence"`
	PayAddrs     int      `json:"pay_addr_rows"`
	SetIDs       int      `json:"set_id_rows"`
}

// SQLFacts are those of the native tables.
type SQLFacts struct {
	Tables    []string         `json:"tables"`
	Tracker   []int64          `json:"tracker"`
	Schema    *int64           `json:"schema_version"`
	Dirty     *bool            `json:"schema_dirty"`
	Network   *string          `json:"chain_params_network"`
	Rows      map[string]int64 `json:"rows"`
	Sequences map[string]int64 `json:"invoice_sequences"`
	MaxSettle *int64           `json:"max_settle_index"`
}

// factsCommand: facts OUT BACKEND KVPLACE [SQLPLACE].
func factsCommand(rest []string) (any, error) {
	facts := &Facts{}
	backend, err := openKV(rest[0], rest[1])
	if err == nil {
		var entries []Entry
		entries, err = tree(backend)
		backend.Close()
		if err == nil {
			facts.KV = kvFacts(entries)
		}
	}
	if err != nil {
		facts.KVError = err.Error()
	}
	if len(rest) > 2 {
		db, err := openSQL(rest[0], rest[2])
		if err != nil {
			return nil, err
		}
		defer db.Close()
		facts.SQL, err = sqlFacts(rest[0], db)
		if err != nil {
			return nil, err
		}
	}
	return facts, nil
}

func find(entries []Entry, name string) *Entry {
	key := hex.EncodeToString([]byte(name))
	for i := range entries {
		if entries[i].Key == key {
			return &entries[i]
		}
	}
	return nil
}

func bigEndian(entry *Entry) *uint64 {
	if entry == nil || entry.Value == nil {
		return nil
	}
	var value uint64
	bytes, _ := hex.DecodeString(*entry.Value)
	for _, b := range bytes {
		value = value<<8 | uint64(b)
	}
	return &value
}

// marker reads the marker of this name: a bucket with a key of the same name.
func marker(entries []Entry, name string) *string {
	bucket := find(entries, name)
	if bucket == nil {
		return nil
	}
	inner := find(bucket.Bucket, name)
	if inner == nil || inner.Value == nil {
		return nil
	}
	bytes, _ := hex.DecodeString(*inner.Value)
	text := string(bytes)
	return &text
}

func kvFacts(entries []Entry) *KVFacts {
	facts := &KVFacts{
		DataTombstone:   marker(entries, "data-migration-tombstone"),
		AlreadyMigrated: marker(entries, "data-migration-already-migrated"),
		Buckets:         []string{},
	}
	for _, entry := range entries {
		name, _ := hex.DecodeString(entry.Key)
		facts.Buckets = append(facts.Buckets, string(name))
	}
	sort.Strings(facts.Buckets)
	if metadata := find(entries, "metadata"); metadata != nil {
		facts.Version = bigEndian(find(metadata.Bucket, "dbp"))
	}
	if rows := find(entries, "pay-addr-index"); rows != nil {
		facts.PayAddrs = len(rows.Bucket)
	}
	if rows := find(entries, "set-id-index"); rows != nil {
		facts.SetIDs = len(rows.Bucket)
	}
	invoices := find(entries, "invoices")
	if invoices == nil {
		return facts
	}
	facts.HasInvoices = true
	facts.InvoiceTombstone = find(invoices.Bucket, "invoice-tombstone") != nil
	for _, entry := range invoices.Bucket {
		if entry.Value != nil && len(entry.Key) == 8 {
			facts.Bodies++
		}
		if entry.Value != nil && len(entry.Key) == 72 {
			facts.AMPSets++
		}
	}
	if rows := find(invoices.Bucket, "paymenthashes"); rows != nil {
		facts.NextNumber = bigEndian(find(rows.Bucket, "nik"))
		facts.Hashes = len(rows.Bucket)
		if facts.NextNumber != nil {
			facts.Hashes--
		}
	}
	if rows := find(invoices.Bucket, "invoice-add-index"); rows != nil {
		facts.Added, facts.AddSequence = len(rows.Bucket), rows.Sequence
	}
	if rows := find(invoices.Bucket, "invoice-settle-index"); rows != nil {
		facts.SettledRows, facts.SettSequence = len(rows.Bucket), rows.Sequence
	}
	return facts
}

func sqlFacts(backend string, db *sql.DB) (*SQLFacts, error) {
	names := "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'"
	if backend == "postgres" {
		names = "SELECT tablename FROM pg_tables WHERE schemaname='public'"
	}
	facts := &SQLFacts{
		Tables: []string{}, Tracker: []int64{}, Rows: make(map[string]int64),
		Sequences: make(map[string]int64),
	}
	err := each(db, names, func(scan func(...any) error) error {
		var name string
		if err := scan(&name); err != nil {
			return err
		}
		facts.Tables = append(facts.Tables, name)
		return nil
	})
	if err != nil {
		return nil, err
	}
	sort.Strings(facts.Tables)
	have := make(map[string]bool)
	for _, table := range facts.Tables {
		have[table] = true
		var rows int64
		if err := db.QueryRow("SELECT count(*) FROM " + table).Scan(&rows); err != nil {
			return nil, fmt.Errorf("%s: %w", table, err)
		}
		if rows != 0 {
			facts.Rows[table] = rows
		}
	}
	if have["migration_tracker"] {
		err = each(db, "SELECT version FROM migration_tracker ORDER BY version",
			func(scan func(...any) error) error {
				var version int64
				err := scan(&version)
				facts.Tracker = append(facts.Tracker, version)
				return err
			})
		if err != nil {
			return nil, err
		}
	}
	if have["schema_migrations"] {
		var version int64
		var dirty bool
		err = db.QueryRow("SELECT version, dirty FROM schema_migrations").Scan(&version, &dirty)
		if err == nil {
			facts.Schema, facts.Dirty = &version, &dirty
		} else if err != sql.ErrNoRows {
			return nil, err
		}
	}
	if have["chain_params"] {
		var network string
		err = db.QueryRow("SELECT network FROM chain_params").Scan(&network)
		if err == nil {
			facts.Network = &network
		} else if err != sql.ErrNoRows {
			return nil, err
		}
	}
	if have["invoice_sequences"] {
		err = each(db, "SELECT name, current_value FROM invoice_sequences",
			func(scan func(...any) error) error {
				var name string
				var value int64
				err := scan(&name, &value)
				facts.Sequences[name] = value
				return err
			})
		if err != nil {
			return nil, err
		}
	}
	if have["invoices"] && have["amp_sub_invoices"] {
		var most sql.NullInt64
		err = db.QueryRow("SELECT max(s) FROM (SELECT max(settle_index) AS s FROM invoices " +
			"UNION SELECT max(settle_index) FROM amp_sub_invoices) AS both_tables").Scan(&most)
		if err != nil {
			return nil, err
		}
		if most.Valid {
			facts.MaxSettle = &most.Int64
		}
	}
	return facts, nil
}

func each(db *sql.DB, query string, row func(func(...any) error) error) error {
	rows, err := db.Query(query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
