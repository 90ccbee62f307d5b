// Edits below lnd: what a crash, an older release or a person left behind.
package writer

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/lightningnetwork/lnd/kvdb"
)

// editor is the invoice buckets inside a transaction.
type editor struct {
	tx                               kvdb.RwTx
	invoices, hashes, added, settled kvdb.RwBucket
	addresses, sets, metadata        kvdb.RwBucket
}

func newEditor(tx kvdb.RwTx) *editor {
	e := &editor{tx: tx}
	e.invoices = tx.ReadWriteBucket([]byte("invoices"))
	e.addresses = tx.ReadWriteBucket([]byte("pay-addr-index"))
	e.sets = tx.ReadWriteBucket([]byte("set-id-index"))
	e.metadata = tx.ReadWriteBucket([]byte("metadata"))
	if e.invoices != nil {
		e.hashes = e.invoices.NestedReadWriteBucket([]byte("paymenthashes"))
		e.added = e.invoices.NestedReadWriteBucket([]byte("invoice-add-index"))
		e.settled = e.invoices.NestedReadWriteBucket([]byte("invoice-settle-index"))
	}
	return e
}

// editCommand: edit OUT BACKEND PLACE EDIT…. Each edit is a name, or name=ARGUMENT.
func editCommand(rest []string) (any, error) {
	backend, err := openKV(rest[0], rest[1])
	if err != nil {
		return nil, err
	}
	defer backend.Close()
	for _, edit := range rest[2:] {
		name, argument, _ := strings.Cut(edit, "=")
		run, known := allEdits[name]
		if !known {
			return nil, fmt.Errorf("unknown edit %q", name)
		}
		err := kvdb.Update(backend, func(tx kvdb.RwTx) error {
			return run(newEditor(tx), argument)
		}, func() {})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", edit, err)
		}
	}
	return rest[2:], nil
}

// key is the key of the n-th invoice: its number, counted from 0.
func key(n int) []byte {
	var k [4]byte
	binary.BigEndian.PutUint32(k[:], uint32(n))
	return k[:]
}

// index is the key of an add or settle index.
func index(n uint64) []byte {
	var k [8]byte
	binary.BigEndian.PutUint64(k[:], n)
	return k[:]
}

// value is a copy of the n-th invoice's bytes.
func (e *editor) value(n int) []byte { return bytes.Clone(e.invoices.Get(key(n))) }

// change rewrites the n-th invoice.
func (e *editor) change(n int, how func([]byte) []byte) error {
	return e.invoices.Put(key(n), how(e.value(n)))
}

// set overwrites a record of the n-th invoice with bytes of the same length.
func (e *editor) set(n int, kind uint64, value []byte) error {
	return e.change(n, func(b []byte) []byte {
		spans, _ := body(b)
		at := one(spans, kind)
		if at.end-at.start != len(value) {
			panic("a record may not change its length here")
		}
		copy(b[at.start:at.end], value)
		return b
	})
}

// sub reads a record of the n-th invoice.
func (e *editor) sub(n int, kind uint64) []byte {
	b := e.value(n)
	spans, _ := body(b)
	at := one(spans, kind)
	return b[at.start:at.end]
}

// hashOf finds the row of paymenthashes that leads to the n-th invoice.
func (e *editor) hashOf(n int) []byte {
	var hash []byte
	_ = e.hashes.ForEach(func(k, v []byte) error {
		if len(k) == 32 && bytes.Equal(v, key(n)) {
			hash = bytes.Clone(k)
		}
		return nil
	})
	return hash
}

// htlcSets lists the keys of the n-th invoice's AMP sets.
func (e *editor) htlcSets(n int) [][]byte {
	var keys [][]byte
	_ = e.invoices.ForEach(func(k, v []byte) error {
		if len(k) == 36 && bytes.HasPrefix(k, key(n)) {
			keys = append(keys, bytes.Clone(k))
		}
		return nil
	})
	return keys
}

// legacy rewrites the n-th invoice, an AMP one, as lnd 0.13 kept it: no state of the sets, and
// their HTLCs behind the body.
func (e *editor) legacy(n int) error {
	short := withoutAMPState(e.value(n))
	for _, k := range e.htlcSets(n) {
		short = append(short, e.invoices.Get(k)...)
		if err := e.invoices.Delete(k); err != nil {
			return err
		}
	}
	return e.invoices.Put(key(n), short)
}

func intOf(argument string) int {
	n, err := strconv.Atoi(argument)
	if err != nil {
		panic(err)
	}
	return n
}

func hexOf(argument string) []byte {
	b, err := hex.DecodeString(argument)
	if err != nil {
		panic(err)
	}
	return b
}

// place walks to the bucket whose path is given by names joined by "/".
func (e *editor) place(path string) (kvdb.RwBucket, error) {
	names := strings.Split(path, "/")
	bucket, err := e.tx.CreateTopLevelBucket([]byte(names[0]))
	for _, name := range names[1:] {
		if err != nil {
			return nil, err
		}
		bucket, err = bucket.CreateBucketIfNotExists([]byte(name))
	}
	return bucket, err
}

// allEdits by name. Numbers of invoices count from 0, as their keys do.
var allEdits = map[string]func(*editor, string) error{
	// put=PATH:KEY:VALUE, key and value in hexadecimal.
	"put": func(e *editor, argument string) error {
		parts := strings.Split(argument, ":")
		bucket, err := e.place(parts[0])
		if err != nil {
			return err
		}
		return bucket.Put(hexOf(parts[1]), hexOf(parts[2]))
	},
	// del=PATH:KEY, the key in hexadecimal.
	"del": func(e *editor, argument string) error {
		parts := strings.Split(argument, ":")
		bucket, err := e.place(parts[0])
		if err != nil {
			return err
		}
		return bucket.Delete(hexOf(parts[1]))
	},
	// bulk=PATH:N puts N rows of 200 bytes.
	"bulk": func(e *editor, argument string) error {
		parts := strings.Split(argument, ":")
		bucket, err := e.place(parts[0])
		if err != nil {
			return err
		}
		for i := 0; i < intOf(parts[1]); i++ {
			k := seed("bulk %s %d", parts[0], i)
			v := seed("bulk value %s %d", parts[0], i)
			if err := bucket.Put(k[:], bytes.Repeat(v[:8], 25)); err != nil {
				return err
			}
		}
		return nil
	},
	// bucket=PATH creates a bucket.
	"bucket": func(e *editor, argument string) error {
		_, err := e.place(argument)
		return err
	},
	// dropbucket=NAME deletes a top-level bucket.
	"dropbucket": func(e *editor, name string) error {
		return e.tx.DeleteTopLevelBucket([]byte(name))
	},
	// sequence=PATH:N sets the bucket's sequence.
	"sequence": func(e *editor, argument string) error {
		parts := strings.Split(argument, ":")
		bucket, err := e.place(parts[0])
		if err != nil {
			return err
		}
		return bucket.SetSequence(uint64(intOf(parts[1])))
	},
	// next=N sets the number of the next invoice.
	"next": func(e *editor, n string) error {
		return e.hashes.Put([]byte("nik"), key(intOf(n)))
	},
	"untombstone": func(e *editor, _ string) error {
		return e.invoices.Delete([]byte("invoice-tombstone"))
	},
	"unversioned": func(e *editor, _ string) error { return e.metadata.Delete([]byte("dbp")) },

	// unamp=N takes the feature bits 30 and 31 away.
	"unamp": func(e *editor, n string) error {
		features := bytes.Clone(e.sub(intOf(n), 11))
		if len(features) < 4 {
			panic("no AMP feature")
		}
		features[len(features)-4] &= 0x3f
		return e.set(intOf(n), 11, features)
	},
	"legacy": func(e *editor, n string) error { return e.legacy(intOf(n)) },
	"inline-plain": func(e *editor, argument string) error {
		// The HTLC of invoice B is put behind the body of invoice A.
		parts := strings.Split(argument, ":")
		from := e.value(intOf(parts[1]))
		_, end := body(from)
		return e.change(intOf(parts[0]), func(b []byte) []byte { return append(b, from[end:]...) })
	},
	// lose-htlcs=N deletes the first AMP set of HTLCs, the state keeps its circuit keys.
	"lose-htlcs": func(e *editor, n string) error {
		return e.invoices.Delete(e.htlcSets(intOf(n))[0])
	},
	// set-paid=N makes the first AMP set claim a millisatoshi more.
	"set-paid": func(e *editor, n string) error {
		return e.change(intOf(n), func(b []byte) []byte {
			b[one(ampSets(b)[0], 5).end-1]++
			return b
		})
	},
	// set-undated=N makes the first settled AMP set forget when.
	"set-undated": func(e *editor, n string) error {
		return e.change(intOf(n), func(b []byte) []byte {
			for _, set := range ampSets(b) {
				if b[one(set, 1).start] == 2 {
					at := one(set, 3)
					copy(b[at.start:at.end], zeroTime())
					return b
				}
			}
			panic("no settled set")
		})
	},
	// same-set=A:B gives the first AMP set of B the id of A's.
	"same-set": func(e *editor, argument string) error {
		parts := strings.Split(argument, ":")
		a, b := intOf(parts[0]), intOf(parts[1])
		from, to := e.htlcSets(b)[0], e.htlcSets(a)[0]
		htlcs := bytes.ReplaceAll(bytes.Clone(e.invoices.Get(from)), from[4:], to[4:])
		if err := e.invoices.Delete(from); err != nil {
			return err
		}
		if err := e.invoices.Put(append(key(b), to[4:]...), htlcs); err != nil {
			return err
		}
		if err := e.sets.Delete(from[4:]); err != nil {
			return err
		}
		return e.change(b, func(v []byte) []byte {
			return bytes.ReplaceAll(v, from[4:], to[4:])
		})
	},
	// same-addr=A:B gives B the payment address of A.
	"same-addr": func(e *editor, argument string) error {
		parts := strings.Split(argument, ":")
		if err := e.addresses.Delete(e.sub(intOf(parts[1]), 10)); err != nil {
			return err
		}
		return e.set(intOf(parts[1]), 10, e.sub(intOf(parts[0]), 10))
	},
	// unhash=N deletes the row of paymenthashes.
	"unhash": func(e *editor, n string) error { return e.hashes.Delete(e.hashOf(intOf(n))) },
	// rehash=N:HEX files the invoice under another hash as well.
	"rehash": func(e *editor, argument string) error {
		parts := strings.Split(argument, ":")
		return e.hashes.Put(hexOf(parts[1]), key(intOf(parts[0])))
	},
	// body-index=N:ADD makes the body claim another add index.
	"body-index": func(e *editor, argument string) error {
		parts := strings.Split(argument, ":")
		return e.set(intOf(parts[0]), 4, index(uint64(intOf(parts[1]))))
	},
	// body-settle=N:INDEX likewise the settle index.
	"body-settle": func(e *editor, argument string) error {
		parts := strings.Split(argument, ":")
		return e.set(intOf(parts[0]), 5, index(uint64(intOf(parts[1]))))
	},
	// state=N:STATE sets the invoice's state.
	"state": func(e *editor, argument string) error {
		parts := strings.Split(argument, ":")
		return e.set(intOf(parts[0]), 12, []byte{byte(intOf(parts[1]))})
	},
	// body-settled-at=N gives the body a settle date: that of its creation.
	"body-settled-at": func(e *editor, n string) error {
		return e.set(intOf(n), 3, e.sub(intOf(n), 2))
	},
	// body-paid=N:MSAT likewise the amount paid.
	"body-paid": func(e *editor, argument string) error {
		parts := strings.Split(argument, ":")
		return e.set(intOf(parts[0]), 13, index(uint64(intOf(parts[1]))))
	},
	"unbody": func(e *editor, n string) error { return e.invoices.Delete(key(intOf(n))) },
	// unadd=ADD, add=ADD:N, unsettle=INDEX, settle=INDEX:N work on the rows of the indexes.
	"unadd": func(e *editor, n string) error { return e.added.Delete(index(uint64(intOf(n)))) },
	"add": func(e *editor, argument string) error {
		parts := strings.Split(argument, ":")
		return e.added.Put(index(uint64(intOf(parts[0]))), key(intOf(parts[1])))
	},
	"unsettle": func(e *editor, n string) error {
		return e.settled.Delete(index(uint64(intOf(n))))
	},
	"settle": func(e *editor, argument string) error {
		parts := strings.Split(argument, ":")
		return e.settled.Put(index(uint64(intOf(parts[0]))), key(intOf(parts[1])))
	},
	// addr=A:B lets the payment address of A lead to the number B; unaddr=A forgets it.
	"addr": func(e *editor, argument string) error {
		parts := strings.Split(argument, ":")
		return e.addresses.Put(e.sub(intOf(parts[0]), 10), key(intOf(parts[1])))
	},
	"unaddr": func(e *editor, n string) error { return e.addresses.Delete(e.sub(intOf(n), 10)) },
	// shorten=N cuts the body's last byte off, lengthen=N adds one, mistime=N breaks its date.
	"shorten": func(e *editor, n string) error {
		return e.change(intOf(n), func(b []byte) []byte { return b[:len(b)-1] })
	},
	"lengthen": func(e *editor, n string) error {
		return e.change(intOf(n), func(b []byte) []byte { return append(b, 0) })
	},
	// overlong=N makes the body announce 4,096 bytes more than there are; it must have no HTLCs.
	"overlong": func(e *editor, n string) error {
		return e.change(intOf(n), func(b []byte) []byte {
			if _, end := body(b); end != len(b) {
				panic("there are HTLCs behind the body")
			}
			binary.BigEndian.PutUint64(b, binary.BigEndian.Uint64(b)+4096)
			return b
		})
	},
	// unrequest=N takes the record of the payment request away.
	"unrequest": func(e *editor, n string) error {
		return e.change(intOf(n), func(b []byte) []byte {
			spans, _ := body(b)
			at, memo := one(spans, 1), one(spans, 0)
			short := append(bytes.Clone(b[:memo.end]), b[at.end:]...)
			length := binary.BigEndian.Uint64(b) - uint64(at.end-memo.end)
			binary.BigEndian.PutUint64(short, length)
			return short
		})
	},
	// year-12000=N moves the body's date of creation there.
	"year-12000": func(e *editor, n string) error {
		return e.change(intOf(n), func(b []byte) []byte {
			spans, _ := body(b)
			binary.BigEndian.PutUint64(b[one(spans, 2).start+1:], 11_999*31_556_952)
			return b
		})
	},
	// zone=N gives the zero time of settlement a zone: an hour east.
	"zone": func(e *editor, n string) error {
		return e.change(intOf(n), func(b []byte) []byte {
			spans, _ := body(b)
			binary.BigEndian.PutUint16(b[one(spans, 3).end-2:], 60)
			return b
		})
	},
	// htlc-number=N sets the highest bit of the number of the first HTLC behind the body.
	"htlc-number": func(e *editor, n string) error {
		return e.change(intOf(n), func(b []byte) []byte {
			_, end := body(b)
			spans := records(b, end+8, end+8+int(binary.BigEndian.Uint64(b[end:])))
			b[one(spans, 3).start] |= 0x80
			return b
		})
	},
	// stateless=N takes the state of all AMP sets away and leaves their HTLCs where they are.
	"stateless": func(e *editor, n string) error {
		return e.change(intOf(n), withoutAMPState)
	},
	// break-set=N puts a byte behind the HTLCs of the first AMP set, which then cannot be read.
	"break-set": func(e *editor, n string) error {
		k := e.htlcSets(intOf(n))[0]
		return e.invoices.Put(k, append(bytes.Clone(e.invoices.Get(k)), 0))
	},
	"mistime": func(e *editor, n string) error {
		return e.change(intOf(n), func(b []byte) []byte {
			spans, _ := body(b)
			b[one(spans, 2).start] = 9
			return b
		})
	},
}
