package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"

	bolt "go.etcd.io/bbolt"
)

// What LND's own database builder sets: no freelist on disk, the freelist as a map.
func likeLND(pageSize int) *bolt.Options {
	return &bolt.Options{PageSize: pageSize, NoFreelistSync: true, FreelistType: bolt.FreelistMapType}
}

func synced(pageSize int) *bolt.Options {
	return &bolt.Options{PageSize: pageSize, FreelistType: bolt.FreelistArrayType}
}

func fixtures(dir string) {
	fail(os.MkdirAll(dir, 0o700))
	write := func(name string, options *bolt.Options, steps ...func(*bolt.Tx) error) {
		path := filepath.Join(dir, name+".db")
		_ = os.Remove(path)
		db, err := bolt.Open(path, 0o600, options)
		fail(err)
		for _, step := range steps {
			fail(db.Update(step))
		}
		fail(db.Close())
	}
	nothing := func(*bolt.Tx) error { return nil }
	write("fresh", synced(4096))
	write("fresh-lnd", likeLND(4096), nothing)
	write("channel", likeLND(4096), store(160, 60), prune, more(20))
	write("channel-synced", synced(4096), store(160, 60), prune, more(20), remove)
	write("pages-1024", likeLND(1024), store(60, 20), prune, more(5))
	write("pages-1024-synced", synced(1024), store(60, 20), prune, more(5), remove)
	write("pages-16384", likeLND(16384), store(100, 20), more(3))
	write("pages-65536", synced(65536), store(100, 20), more(3))
	write("small", synced(1024), small, remove)
	write("deep", likeLND(1024), deep)
	write("macaroons", likeLND(4096), top("macrootkeys", "macaroon-stuff"))
	write("sphinxreplay", likeLND(4096), top("batch-replay", "shared-hash"))
	write("wtclient", likeLND(4096), top("client-session-bucket", "client-tower-bucket", "metadata"))
	write("watchtower", likeLND(4096), top("sessions-bucket", "updates-bucket", "lookout-tip-bucket", "metadata"))
	write("wallet", likeLND(4096), top("waddrmgr", "wtxmgr"))
	write("neutrino", likeLND(4096), top("header-index", "filter-store"))
	write("other", likeLND(4096), top("something"))
}

// bytesOf are n bytes that look like a key or a hash, the same on every run.
func bytesOf(seed uint64, n int) []byte {
	out := make([]byte, 0, n+8)
	for len(out) < n {
		seed += 0x9e3779b97f4a7c15
		mixed := (seed ^ seed>>30) * 0xbf58476d1ce4e5b9
		mixed = (mixed ^ mixed>>27) * 0x94d049bb133111eb
		out = binary.BigEndian.AppendUint64(out, mixed^mixed>>31)
	}
	return out[:n]
}

func u64(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// text is compressible, as the fixtures are kept compressed.
func text(n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = "fulgurite "[i%10]
	}
	return out
}

func bucket(tx *bolt.Tx, path ...[]byte) *bolt.Bucket {
	b, err := tx.CreateBucketIfNotExists(path[0])
	fail(err)
	for _, key := range path[1:] {
		b, err = b.CreateBucketIfNotExists(key)
		fail(err)
	}
	return b
}

func put(b *bolt.Bucket, key, value []byte) { fail(b.Put(key, value)) }

// store has buckets under LND's names, of the shapes that LND's have: nested four deep, inline,
// empty, with sequences, with values that need overflow pages, with trees of several levels.
func store(nodes, invoices uint64) func(*bolt.Tx) error {
	return func(tx *bolt.Tx) error {
		names := []string{"open-chan-bucket", "closed-chan-bucket", "circuit-fwd-log", "fwd-packages",
			"invoices", "pay-addr-index", "set-id-index", "peers-bucket", "nib", "metadata",
			"close-summaries", "outpoint-bucket", "chan-id-bucket", "historical-chan-bucket",
			"graph-node", "graph-edge", "graph-meta", "payments-root-bucket", "payments-index-bucket"}
		for _, name := range names {
			bucket(tx, []byte(name))
		}
		put(bucket(tx, []byte("metadata")), []byte("dbp"), []byte{0, 0, 0, 35})
		for i := uint64(0); i < 4; i++ {
			node, chain, point := bytesOf(i, 33), bytesOf(1000, 32), bytesOf(i+50, 36)
			channel := bucket(tx, []byte("open-chan-bucket"), node, chain, point)
			put(channel, []byte("chan-info-key"), text(300))
			put(channel, []byte("chan-commitment-key"), text(500))
			log := bucket(tx, []byte("open-chan-bucket"), node, chain, point, []byte("revocation-log"))
			for n := uint64(0); n < 30*i; n++ {
				put(log, u64(n), text(40))
			}
			fail(log.SetSequence(i * 1000))
			put(bucket(tx, []byte("outpoint-bucket")), point, []byte{0, 1, 0})
			put(bucket(tx, []byte("fwd-packages"), u64(i), u64(i)), []byte("fwd"), text(100))
		}
		for i := uint64(0); i < nodes; i++ {
			put(bucket(tx, []byte("graph-node")), bytesOf(i+5000, 33), text(200))
			put(bucket(tx, []byte("graph-node"), []byte("graph-node-update-index")), append(u64(i), bytesOf(i+5000, 33)...), []byte{})
			put(bucket(tx, []byte("graph-edge"), []byte("edge-index")), u64(i<<40), text(150))
			put(bucket(tx, []byte("graph-edge"), []byte("chan-index")), bytesOf(i+7000, 36), u64(i<<40))
		}
		list := bucket(tx, []byte("invoices"))
		for i := uint64(0); i < invoices; i++ {
			key := binary.BigEndian.AppendUint32(nil, uint32(i))
			put(list, key, text(250+int(i)*10))
			put(bucket(tx, []byte("invoices"), []byte("paymenthashes")), bytesOf(i+9000, 32), key)
			put(bucket(tx, []byte("invoices"), []byte("invoice-add-index")), u64(i+1), key)
			put(bucket(tx, []byte("pay-addr-index")), bytesOf(i+9500, 32), key)
		}
		fail(bucket(tx, []byte("invoices"), []byte("invoice-add-index")).SetSequence(invoices))
		for i := uint64(0); i < 12; i++ {
			payment := bucket(tx, []byte("payments-root-bucket"), bytesOf(i+300, 32))
			put(payment, []byte("payment-sequence-key"), u64(i))
			put(payment, []byte("payment-creation-info"), text(80))
			put(bucket(tx, []byte("payments-root-bucket"), bytesOf(i+300, 32), []byte("payment-htlcs-bucket")), append([]byte("ai"), u64(i)...), text(120))
			put(bucket(tx, []byte("payments-index-bucket")), u64(i), bytesOf(i+300, 32))
		}
		// Values longer than a page, and a whole contract court log of one.
		put(bucket(tx, []byte("close-summaries")), bytesOf(77, 36), text(3*tx.DB().Info().PageSize))
		scope := bucket(tx, bytesOf(4242, 68))
		put(scope, []byte("state"), []byte{1})
		put(scope, []byte("chain-actions"), text(tx.DB().Info().PageSize+1))
		return nil
	}
}

// prune leaves pages to the freelist.
func prune(tx *bolt.Tx) error {
	nodes := tx.Bucket([]byte("graph-node"))
	for i := uint64(0); i < 40; i++ {
		fail(nodes.Delete(bytesOf(i+5000, 33)))
	}
	return nil
}

func more(n uint64) func(*bolt.Tx) error {
	return func(tx *bolt.Tx) error {
		for i := uint64(0); i < n; i++ {
			put(tx.Bucket([]byte("circuit-fwd-log")), u64(i), text(32))
		}
		return nil
	}
}

// remove leaves more of them.
func remove(tx *bolt.Tx) error {
	edges := tx.Bucket([]byte("graph-edge"))
	if edges == nil {
		return nil
	}
	return edges.DeleteBucket([]byte("chan-index"))
}

// small is for tests that change every single byte.
func small(tx *bolt.Tx) error {
	for i := uint64(0); i < 12; i++ {
		put(bucket(tx, []byte("graph-edge"), []byte("chan-index")), bytesOf(i, 36), u64(i))
		put(bucket(tx, []byte("invoices")), u64(i)[4:], text(90))
	}
	put(bucket(tx, []byte("open-chan-bucket"), bytesOf(1, 33)), []byte("inline"), []byte("value"))
	put(bucket(tx, []byte("metadata")), []byte("dbp"), []byte{0, 0, 0, 35})
	put(bucket(tx, []byte("close-summaries")), []byte("long"), text(1500))
	return nil
}

// deep is a tree of many levels: long keys, few to a page.
func deep(tx *bolt.Tx) error {
	for i := uint64(0); i < 48; i++ {
		key := append(u64(i), text(250)...)
		put(bucket(tx, []byte("graph-edge")), key, u64(i))
	}
	path := [][]byte{}
	for i := 0; i < 12; i++ {
		path = append(path, fmt.Appendf(nil, "level %d", i))
		put(bucket(tx, path...), []byte("key"), text(300))
	}
	return nil
}

func top(names ...string) func(*bolt.Tx) error {
	return func(tx *bolt.Tx) error {
		for _, name := range names {
			put(bucket(tx, []byte(name)), []byte("key"), []byte("value"))
		}
		return nil
	}
}

// big is a store of about that size, written in many transactions, as LND writes.
func big(path string, megabytes int) {
	_ = os.Remove(path)
	db, err := bolt.Open(path, 0o600, &bolt.Options{NoFreelistSync: true, FreelistType: bolt.FreelistMapType, NoSync: true})
	fail(err)
	for i := uint64(0); ; i++ {
		fail(db.Update(func(tx *bolt.Tx) error {
			for n := uint64(0); n < 2000; n++ {
				id := i*2000 + n
				put(bucket(tx, []byte("graph-edge"), []byte("edge-index")), bytesOf(id, 8), text(400))
				put(bucket(tx, []byte("graph-node")), bytesOf(id+1<<40, 33), text(300))
				if n%10 == 0 {
					payment := bucket(tx, []byte("payments-root-bucket"), bytesOf(id, 32))
					put(payment, []byte("payment-creation-info"), text(1500))
				}
			}
			return nil
		}))
		info, err := os.Stat(path)
		fail(err)
		if info.Size() >= int64(megabytes)<<20 {
			break
		}
	}
	fail(db.Close())
}
