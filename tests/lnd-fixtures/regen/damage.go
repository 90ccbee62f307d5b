// What is made: files that a disk, a copy or a crash has hurt.
package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// filled is a channel.db with something in the graph and in the open channels. The rows are not
// channels: they only give the buckets pages of their own.
func (b *bench) filled() {
	b.start(off, "plain=few/2", "open=more/1")
	b.edit("bulk=open-chan-bucket/rows:60", "bulk=graph-edge/rows:60")
}

// root finds the page on which a bucket's tree begins.
func (b *bench) rootPage(bucket string) int {
	var roots map[string]int
	var raw json.RawMessage
	_, stderr, err := b.run(b.fixture.Release, &raw, "bolt", b.kv(), "roots")
	if err != nil {
		panic(stderr)
	}
	check(json.Unmarshal(raw, &roots))
	page, known := roots[bucket]
	if !known || page == 0 {
		panic(fmt.Sprintf("%s has no page of its own: %v", bucket, roots))
	}
	return page
}

const pageSize = 4096

func (b *bench) zeroPage(bucket string) {
	page := b.rootPage(bucket)
	b.bytes("channel.db", fmt.Sprintf("page %d (root of %s) zeroed", page, bucket),
		func(data []byte) []byte {
			clear(data[page*pageSize : (page+1)*pageSize])
			return data
		})
}

// newer tells which meta page holds the higher transaction.
func newer(data []byte) int {
	id := func(page int) uint64 {
		return binary.LittleEndian.Uint64(data[page*pageSize+16+48:])
	}
	if id(1) > id(0) {
		return 1
	}
	return 0
}

func spoil(data []byte, page int) []byte {
	// The root's page number: the checksum no longer holds.
	data[page*pageSize+16+16] ^= 0x01
	return data
}

func damageRecipes() []recipe {
	damaged := func(name, state, about string, change func(*bench)) recipe {
		return recipe{
			name: name, state: state, about: about, releases: newest, backends: bolt,
			starts: own, make: func(b *bench) {
				b.filled()
				change(b)
			},
		}
	}
	meta := func(note string, which func([]byte) []int) func(*bench) {
		return func(b *bench) {
			b.bytes("channel.db", note, func(data []byte) []byte {
				for _, page := range which(data) {
					data = spoil(data, page)
				}
				return data
			})
		}
	}
	return []recipe{
		{
			name: "s1-16k", state: "S1", releases: newest, backends: bolt,
			about: "Pages of 16,384 bytes, as on Apple's processors.",
			make: func(b *bench) {
				b.below("an empty channel.db with pages of 16384 bytes, by bbolt",
					"bolt", b.kv(), "create", "16384")
				b.start(off, "variety=a")
			},
		},
		{
			name: "s1-64k", state: "S1", releases: newest, backends: bolt,
			about: "Pages of 65,536 bytes.",
			make: func(b *bench) {
				b.below("an empty channel.db with pages of 65536 bytes, by bbolt",
					"bolt", b.kv(), "create", "65536")
				b.start(off, "plain=few/2")
			},
		},
		damaged("filled", "S1", "Rows enough that graph and open channels have pages of their own.",
			func(*bench) {}),
		damaged("meta-newer-bad", "D19", "The newer meta page fails its checksum: the older one rules.",
			meta("the newer meta page's root changed",
				func(data []byte) []int { return []int{newer(data)} })),
		damaged("meta0-bad", "D19", "Meta page 0 fails its checksum.",
			meta("meta 0's root changed", func([]byte) []int { return []int{0} })),
		damaged("meta1-bad", "D19", "Meta page 1 fails its checksum.",
			meta("meta 1's root changed", func([]byte) []int { return []int{1} })),
		damaged("meta-both-bad", "D19", "Both meta pages fail their checksums.",
			meta("both metas' roots changed", func([]byte) []int { return []int{0, 1} })),
		damaged("zero-graph", "D19", "A zeroed page in the graph.",
			func(b *bench) { b.zeroPage("graph-edge/rows") }),
		damaged("zero-channels", "D19", "A zeroed page in the open channels.",
			func(b *bench) { b.zeroPage("open-chan-bucket/rows") }),
		damaged("zero-invoices", "D19", "The root page of the bucket invoices is zeroed.",
			func(b *bench) { b.zeroPage("invoices") }),
		damaged("truncated", "D19", "The last three eighths of the file are missing.",
			func(b *bench) {
				b.bytes("channel.db", "cut to five eighths", func(data []byte) []byte {
					return data[:len(data)*5/8/pageSize*pageSize]
				})
			}),
		{
			name: "wal-s1", state: "S1", releases: newest, backends: sqlite,
			about: "Copied while lnd ran: the invoices are in channel.sqlite-wal.",
			make: func(b *bench) {
				b.start(off)
				b.running(off, "variety=a")
			},
		},
		{
			name: "wal-s2", state: "S2", releases: tracked, backends: sqlite,
			about: "Copied while lnd ran, right after the migration: it is in the -wal files.",
			make: func(b *bench) {
				b.few()
				b.running(on)
			},
		},
		{
			name: "wal-s2-lost", state: "D20", releases: newest, backends: sqlite,
			about: "The same without its -wal files: lnd.sqlite is back at its beginning.",
			make: func(b *bench) {
				b.few()
				b.running(on)
				b.note("channel.sqlite-wal and lnd.sqlite-wal are left behind")
				for _, name := range []string{
					"channel.sqlite-wal", "channel.sqlite-shm", "lnd.sqlite-wal", "lnd.sqlite-shm",
				} {
					check(os.RemoveAll(filepath.Join(b.graph(), name)))
				}
			},
		},
		{
			name: "wal-s2-native-lost", state: "D20", releases: newest, backends: sqlite,
			about: "The same without lnd.sqlite-wal only: tombstone, but no tracker.",
			make: func(b *bench) {
				b.few()
				b.running(on)
				b.note("lnd.sqlite-wal is left behind")
				for _, name := range []string{"lnd.sqlite-wal", "lnd.sqlite-shm"} {
					check(os.RemoveAll(filepath.Join(b.graph(), name)))
				}
			},
		},
	}
}

// running starts lnd, runs the scripts, and keeps the files as they lie before it closes them.
func (b *bench) running(c config, scripts ...string) {
	copied := b.root + ".live"
	check(os.RemoveAll(copied))
	b.note("the files are copied before lnd closes them")
	b.start(c, append(scripts, "copy="+b.root+">"+copied)...)
	check(os.RemoveAll(b.root))
	check(os.Rename(copied, b.root))
}
