// Bytes of an invoice as records, for edits that lnd's own code would never make.
package writer

import (
	"encoding/binary"
	"fmt"
	"time"
)

// span is the value of a record inside the bytes it was found in.
type span struct {
	kind       uint64
	start, end int
}

// bigSize reads lightning's variable-length integer, big-endian.
func bigSize(b []byte, at int) (uint64, int) {
	switch b[at] {
	case 0xfd:
		return uint64(binary.BigEndian.Uint16(b[at+1:])), at + 3
	case 0xfe:
		return uint64(binary.BigEndian.Uint32(b[at+1:])), at + 5
	case 0xff:
		return binary.BigEndian.Uint64(b[at+1:]), at + 9
	}
	return uint64(b[at]), at + 1
}

// records lists the records between start and end.
func records(b []byte, start, end int) []span {
	var spans []span
	for at := start; at < end; {
		kind, next := bigSize(b, at)
		length, value := bigSize(b, next)
		at = value + int(length)
		spans = append(spans, span{kind, value, at})
	}
	return spans
}

// body splits the value of an invoice: its records, and where the HTLCs begin.
func body(value []byte) ([]span, int) {
	end := 8 + int(binary.BigEndian.Uint64(value))
	return records(value, 8, end), end
}

func one(spans []span, kind uint64) span {
	for _, s := range spans {
		if s.kind == kind {
			return s
		}
	}
	panic(fmt.Sprintf("no record %d", kind))
}

// ampSets lists the records of each AMP set's state.
func ampSets(value []byte) [][]span {
	spans, _ := body(value)
	state := one(spans, 15)
	count, at := bigSize(value, state.start)
	var sets [][]span
	for i := uint64(0); i < count; i++ {
		length, next := bigSize(value, at)
		at = next + int(length)
		sets = append(sets, records(value, next, at))
	}
	return sets
}

// withoutAMPState is the body as lnd 0.13 wrote it: no record 15.
func withoutAMPState(value []byte) []byte {
	spans, end := body(value)
	state := one(spans, 15)
	// Record 15 is the last. Its length takes one byte, or three from 253 on.
	cut := state.start - 2
	if state.end-state.start >= 0xfd {
		cut = state.start - 4
	}
	if value[cut] != 15 || state.end != end {
		panic("record 15 is not where it should be")
	}
	short := append([]byte(nil), value[:cut]...)
	binary.BigEndian.PutUint64(short, uint64(cut-8))
	return append(short, value[end:]...)
}

// zeroTime is Go's zero time in Go's own binary form.
func zeroTime() []byte {
	bytes, err := time.Time{}.MarshalBinary()
	if err != nil {
		panic(err)
	}
	return bytes
}
