// What is made: first every state a node can be in between the two stores.
package main

import (
	"os"
	"path/filepath"
)

// recipe is how a fixture is made.
type recipe struct {
	name, state, about string
	releases, backends []string
	make               func(*bench)

	// starts is who starts it.
	starts starts

	// dump are options for pg_dump; custom asks for an archive as well.
	dump   []string
	custom bool
}

var (
	all       = lines
	tracked   = []string{"v0.19", "v0.20", "v0.21"}
	newest    = []string{"v0.21"}
	sqlite    = []string{"sqlite"}
	bolt      = []string{"bolt"}
	pg        = []string{"postgres"}
	boltSQL   = []string{"bolt", "sqlite"}
	sqlitePg  = []string{"sqlite", "postgres"}
	every     = []string{"bolt", "sqlite", "postgres"}
	dropTrack = "DELETE FROM migration_tracker WHERE version"
)

// A trigger that lets the row of version 7 fail: the migration has run, the tombstone is written,
// and the transaction is rolled back. It goes as it came.
const (
	failAt7SQLite = "CREATE TRIGGER no_seven BEFORE INSERT ON migration_tracker " +
		"WHEN NEW.version = 7 BEGIN SELECT RAISE(ABORT, 'disk is full, say'); END"
	failAt7Function = "CREATE FUNCTION no_seven() RETURNS trigger AS $$ BEGIN " +
		"IF NEW.version = 7 THEN RAISE EXCEPTION 'disk is full, say'; END IF; RETURN NEW; " +
		"END $$ LANGUAGE plpgsql"
	failAt7Postgres = "CREATE TRIGGER no_seven BEFORE INSERT ON migration_tracker " +
		"FOR EACH ROW EXECUTE FUNCTION no_seven()"
	tracker = "CREATE TABLE migration_tracker (version INTEGER UNIQUE NOT NULL, " +
		"migration_time TIMESTAMP NOT NULL)"
)

func (b *bench) few() { b.start(off, "plain=few/2", "open=more/1") }

func (b *bench) stranded() {
	if b.fixture.Backend == "postgres" {
		b.sql(tracker, failAt7Function, failAt7Postgres)
		b.refused(on)
		b.sql("DROP TRIGGER no_seven ON migration_tracker", "DROP FUNCTION no_seven()")
		return
	}
	b.sql(tracker, failAt7SQLite)
	b.refused(on)
	b.sql("DROP TRIGGER no_seven")
}

// to moves the graph folder to another network's name.
func (b *bench) to(network string) {
	target := filepath.Join(b.root, "data/graph", network)
	b.note("data/graph/%s becomes data/graph/%s", b.fixture.Network, network)
	check(os.Rename(b.graph(), target))
	b.fixture.Network = network
}

func recipes() []recipe {
	list := stateRecipes()
	list = append(list, indexRecipes()...)
	list = append(list, ruleRecipes()...)
	return append(list, damageRecipes()...)
}

func stateRecipes() []recipe {
	return []recipe{
		{
			name: "s0", state: "S0", releases: tracked, backends: sqlite,
			about: "A new node with native SQL from its first start: nothing migrated, tombstone set.",
			make:  func(b *bench) { b.start(on) },
		},
		{
			name: "s0-kv", state: "S0", releases: all, backends: boltSQL,
			about: "A new node without native SQL, before its first invoice.",
			make:  func(b *bench) { b.start(off) },
		},
		{
			name: "s1", state: "S1", releases: all, backends: every,
			about: "Invoices of every kind in the key-value store, nothing migrated.",
			make:  func(b *bench) { b.start(off, "variety=a") },
		},
		{
			name: "many", state: "S1", releases: newest, backends: boltSQL,
			about: "150 invoices: trees of more than one level.",
			make:  func(b *bench) { b.start(off, "plain=many/110", "open=rest/40") },
		},
		{
			name: "s2", state: "S2", releases: tracked, backends: sqlitePg, custom: true,
			about: "Migrated by the release itself: tombstone and tracker 7.",
			make: func(b *bench) {
				b.start(off, "variety=a")
				b.start(on)
			},
		},
		{
			name: "s2-inserts", state: "S2", releases: newest, backends: pg, starts: none,
			about: "A small S2, dumped with pg_dump --column-inserts.",
			dump:  []string{"--column-inserts"},
			make: func(b *bench) {
				b.few()
				b.start(on)
			},
		},
		{
			name: "s2-native", state: "S2", releases: newest, backends: sqlite,
			about: "Nothing to migrate, then invoices of every kind written by the SQL store itself.",
			make:  func(b *bench) { b.start(on, "variety=n") },
		},
		{
			name: "d01", state: "D01", releases: tracked, backends: sqlite,
			about: "Migrated, then two more invoices settled: their settle indexes begin at 1 again.",
			make: func(b *bench) {
				b.few()
				b.start(on, "plain=after/2")
			},
		},
		{
			name: "d28", state: "D28", releases: newest, backends: sqlite,
			about: "The last invoice was canceled and deleted; the next one got its number again.",
			make: func(b *bench) {
				b.start(on, "variety=n")
				b.sql("DELETE FROM invoices WHERE id = (SELECT max(id) FROM invoices)")
				b.start(on, "open=reuse/1")
			},
		},
		{
			name: "s3", state: "S3", releases: tracked, backends: sqlitePg,
			about: "The migration ran and its commit failed: tombstone, but no tracker 7.",
			make: func(b *bench) {
				b.few()
				b.stranded()
			},
		},
		{
			name: "s4a", state: "S4", releases: tracked, backends: sqlitePg,
			about: "The migration was skipped over a full key-value store.",
			make: func(b *bench) {
				b.few()
				b.start(skipped)
			},
		},
		{
			name: "s4b", state: "S4", releases: tracked, backends: sqlite,
			about: "Migrated, but the tombstone is gone: the key-value store came from a backup.",
			make: func(b *bench) {
				b.few()
				b.start(on)
				b.edit("untombstone")
			},
		},
		{
			name: "s3-skipped", state: "S4", releases: newest, backends: sqlite,
			about: "S3 and then the skip flag: tombstone and tracker 7, but nothing of the key-value " +
				"store is in SQL, and it is locked.",
			make: func(b *bench) {
				b.few()
				b.stranded()
				b.start(skipped)
			},
		},
		{
			name: "d04", state: "D04", releases: newest, backends: sqlite,
			about: "Split brain: after the tombstone was lost both stores took invoices.",
			make: func(b *bench) {
				b.few()
				b.start(on, "plain=native/2")
				b.edit("untombstone")
				b.start(off, "late=kv/2")
			},
		},
		{
			name: "s5", state: "S5", releases: tracked, backends: sqlite,
			about: "A new node with the skip flag from its first start.",
			make:  func(b *bench) { b.start(skipped, "plain=native/2", "open=native too/1") },
		},
		{
			name: "native18", state: "S5", releases: []string{"v0.18"}, backends: sqlitePg,
			about: "Native SQL from the first start with v0.18: schema 4, no tracker at all.",
			make:  func(b *bench) { b.start(on, "variety=n") },
		},
		{
			name: "both18", state: "S1", releases: []string{"v0.18"}, backends: sqlite,
			about: "v0.18 with native SQL and then without: both stores hold invoices.",
			make: func(b *bench) {
				b.start(on, "plain=native/2")
				b.start(off, "plain=kv/2")
			},
		},
		{
			name: "both18-same", state: "S1", releases: []string{"v0.18"}, backends: sqlite,
			about: "v0.18, and both stores hold the same invoice.",
			make: func(b *bench) {
				b.start(on, "plain=both/2")
				b.start(off, "plain=both/1")
			},
		},
		{
			name: "s6", state: "S6", releases: all, backends: bolt,
			about: "channel.db after lndinit has moved it.",
			make:  func(b *bench) { b.start(off, "plain=few/2", "retire="+lndinit) },
		},
		{
			name: "s6-empty", state: "S1", releases: newest, backends: bolt,
			about: "The bucket of lndinit's tombstone without its key: not a tombstone.",
			make: func(b *bench) {
				b.start(off, "plain=few/2")
				b.edit("bucket=data-migration-tombstone")
			},
		},
		{
			name: "s7", state: "S7", releases: newest, backends: sqlite,
			about: "A move by lndinit that ended half way (made by our own copier): " +
				"ten buckets are there, the source lies beside and is not retired.",
			make: func(b *bench) { b.moved("10", false, false) },
		},
		{
			name: "s8", state: "S8", releases: newest, backends: sqlite,
			about: "Moved in full, the source retired, the destination not marked.",
			make:  func(b *bench) { b.moved("", true, false) },
		},
		{
			name: "s8-done", state: "S1", releases: newest, backends: sqlite,
			about: "Moved in full, both sides marked.",
			make:  func(b *bench) { b.moved("", true, true) },
		},
		{
			name: "d25", state: "D25", releases: newest, backends: sqlite,
			about: "A live channel.db beside a live channel.sqlite, with different invoices.",
			make: func(b *bench) {
				b.start(off, "plain=sqlite/2")
				b.note("a channel.db of its own (plain=bolt/2) is laid beside it")
				b.beside("plain=bolt/2")
			},
		},
		{
			name: "s9", state: "S9", releases: tracked, backends: sqlite,
			about: "Dirty schema, nothing pending.",
			make: func(b *bench) {
				b.few()
				b.start(on)
				b.sql("UPDATE schema_migrations SET dirty = 1")
			},
		},
		{
			name: "s10", state: "S10", releases: newest, backends: sqlitePg,
			about: "A store of v0.20 (tracker 10) whose schema 8 is dirty: later migrations are pending.",
			make: func(b *bench) {
				b.startBy("v0.20", off, "plain=few/2", "open=more/1")
				b.startBy("v0.20", on)
				dirty := "1"
				if b.fixture.Backend == "postgres" {
					dirty = "true"
				}
				b.sql("UPDATE schema_migrations SET dirty = " + dirty)
			},
		},
		{
			name: "s10-rc1", state: "S10", releases: newest, backends: sqlite,
			about: "Dirty schema 3 at tracker 2, as v0.19.0-rc1 left it (made by hand from a " +
				"v0.19 store: what later migrations had added is dropped).",
			make: func(b *bench) {
				b.startBy("v0.19", off, "plain=few/2", "open=more/1")
				b.startBy("v0.19", skipped)
				b.sql("DROP TABLE invoice_events", "DROP TABLE invoice_event_types",
					"DROP TABLE invoice_payment_hashes", dropTrack+" > 2",
					"UPDATE schema_migrations SET version = 3, dirty = 1")
			},
		},
		{
			name: "s11", state: "S11", releases: newest, backends: sqlite,
			about: "The graph's tables dropped and its tracker rows deleted, later rows kept.",
			make: func(b *bench) {
				b.few()
				b.start(on)
				b.sql("DROP TABLE graph_source_nodes", "DROP TABLE graph_closed_scids",
					"DELETE FROM migration_tracker WHERE version IN (9, 10)",
					"UPDATE schema_migrations SET version = 7")
			},
		},
		{
			name: "s12", state: "S12", releases: newest, backends: sqlitePg,
			about: "The tracker lost its rows from 8 on; the schema is the newest.",
			make: func(b *bench) {
				b.few()
				b.start(on)
				b.sql(dropTrack + " > 7")
			},
		},
		{
			name: "s12-all", state: "S12", releases: newest, backends: sqlite,
			about: "The tracker lost all its rows; the schema is the newest.",
			make: func(b *bench) {
				b.few()
				b.start(on)
				b.sql("DELETE FROM migration_tracker")
			},
		},
		{
			name: "s12-three", state: "S12", releases: newest, backends: sqlite,
			about: "The tracker's highest row is 3; the schema is the newest.",
			make: func(b *bench) {
				b.few()
				b.start(on, "plain=native/1")
				b.sql(dropTrack + " > 3")
			},
		},
		{
			name: "s13", state: "S13", releases: newest, backends: sqlitePg,
			about: "The native store belongs to signet.",
			make: func(b *bench) {
				b.fixture.Network = "signet"
				b.few()
				b.start(on)
				if b.fixture.Backend == "postgres" {
					b.note("the same database, asked for by regtest")
					b.fixture.Network = "regtest"
					return
				}
				b.to("regtest")
			},
		},
		{
			name: "s14", state: "S14", releases: newest, backends: sqlite,
			about: "chain_params is empty.",
			make: func(b *bench) {
				b.few()
				b.start(on)
				b.sql("DELETE FROM chain_params")
			},
		},
		{
			name: "s14-poisoned", state: "S13", releases: newest, backends: sqlite,
			about: "A regtest store of v0.20, first started by v0.21 as signet: signet it is.",
			make: func(b *bench) {
				b.startBy("v0.20", off, "plain=few/2", "open=more/1")
				b.startBy("v0.20", on)
				b.to("signet")
				b.start(on)
				b.to("regtest")
			},
		},
		{
			name: "s15", state: "S15", releases: newest, backends: sqlite,
			about: "Rows left in the scratch table of the migration.",
			make: func(b *bench) {
				b.few()
				b.start(on)
				b.sql("INSERT INTO invoice_payment_hashes (id, add_index, hash) " +
					"VALUES (0, 1, NULL), (1, 2, x'00112233')")
			},
		},
		{
			name: "s16", state: "S16", releases: all, backends: boltSQL,
			about: "Canceled invoices deleted by gc-canceled-invoices-on-startup: " +
				"their bodies are still there (D14).",
			make: func(b *bench) { b.start(off, "variety=a", "gc") },
		},
		{
			name: "s16-s2", state: "S2", releases: newest, backends: sqlite,
			about: "Orphaned bodies, then migrated.",
			make: func(b *bench) {
				b.start(off, "variety=a", "gc")
				b.start(on)
			},
		},
		{
			name: "d24", state: "D24", releases: newest, backends: boltSQL,
			about: "metadata without dbp, as a node first created by v0.20 has it.",
			make: func(b *bench) {
				b.few()
				b.edit("unversioned")
			},
		},
		{
			name: "upgrade", state: "S2", releases: newest, backends: sqlite,
			about: "A node through all releases: v0.18 key-value, migrated by v0.19, then v0.20, v0.21.",
			make: func(b *bench) {
				b.startBy("v0.18", off, "plain=eighteen/2")
				b.startBy("v0.19", off, "plain=nineteen/1")
				b.startBy("v0.19", on, "plain=native nineteen/1")
				b.startBy("v0.20", on, "plain=native twenty/1")
				b.start(on, "plain=native twenty-one/1")
			},
		},
		{
			name: "upgrade-native18", state: "S2", releases: newest, backends: sqlite,
			about: "Native since v0.18, then v0.19 to v0.21: the tracker begins at 5.",
			make: func(b *bench) {
				b.startBy("v0.18", on, "plain=eighteen/2")
				b.startBy("v0.19", on, "plain=nineteen/1")
				b.startBy("v0.20", on)
				b.start(on)
			},
		},
		{
			name: "no-invoices-bucket", state: "S1", releases: newest, backends: boltSQL,
			about: "The bucket invoices is missing; a start creates it again.",
			make: func(b *bench) {
				b.start(off)
				b.edit("dropbucket=invoices")
			},
		},
		{
			name: "only-tracker", state: "S1", releases: newest, backends: sqlite,
			about: "lnd.sqlite holds nothing but an empty migration_tracker.",
			make: func(b *bench) {
				b.few()
				b.sql(tracker)
			},
		},
	}
}

const lndinit = "lndinit migrate-db 2026-01-02T03:04:05Z"

// moved makes a bolt store and copies it into this one's key-value store, as lndinit does.
func (b *bench) moved(count string, retired, marked bool) {
	scripts := []string{"plain=few/2", "open=more/1"}
	b.note("in channel.db: %v", scripts)
	b.beside(scripts...)
	source := filepath.Join(b.graph(), "channel.db")
	arguments := []string{"move", "bolt", source, "sqlite", b.kv()}
	if count != "" {
		arguments = append(arguments, count)
	}
	b.below("copy buckets of channel.db into channel.sqlite "+count, arguments...)
	if retired {
		b.below("retire channel.db", "edit", "bolt", source, marker("data-migration-tombstone"))
	}
	if marked {
		b.edit(marker("data-migration-already-migrated"))
	}
}

func marker(name string) string {
	return "put=" + name + ":" + hexText(name) + ":" + hexText(lndinit)
}

// beside makes a channel.db in the same folder by a start with bolt.
func (b *bench) beside(scripts ...string) {
	other := *b
	inner := *b.fixture
	inner.Backend, inner.Made = "bolt", nil
	other.fixture = &inner
	other.start(off, scripts...)
}
