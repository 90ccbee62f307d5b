// A clock that goes on by seconds and a seed that yields the same bytes each time.
package writer

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"
)

// epoch is the fixtures' first moment, with a part of a second that neither milliseconds nor
// microseconds can hold exactly: the SQL stores keep microseconds.
var epoch = time.Date(2025, 3, 14, 15, 9, 26, 535_897_932, time.UTC)

// stepClock says a second more each time it is asked.
type stepClock struct{ now time.Time }

func newStepClock() *stepClock { return &stepClock{now: epoch} }

// Now is the next second.
func (c *stepClock) Now() time.Time {
	c.now = c.now.Add(time.Second)
	return c.now
}

// TickAfter never ticks: nothing here waits.
func (c *stepClock) TickAfter(time.Duration) <-chan time.Time { return make(chan time.Time) }

// seed is 32 bytes that depend on the label alone.
func seed(format string, arguments ...any) [32]byte {
	return sha256.Sum256([]byte("fulgurite fixture " + fmt.Sprintf(format, arguments...)))
}

// number is a number that depends on the label alone.
func number(format string, arguments ...any) uint64 {
	s := seed(format, arguments...)
	return binary.BigEndian.Uint64(s[:8])
}
