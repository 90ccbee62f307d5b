// One invoice of each kind that a node meets.
package writer

import (
	"fmt"
	"strings"
	"time"

	"github.com/lightningnetwork/lnd/invoices"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/lightningnetwork/lnd/record"
)

func variety(n *node, label string) error {
	index := 0
	var later []func() error

	next := func(memo string, change func(*draft)) (*draft, error) {
		d := newDraft(label, index)
		d.memo = memo
		index++
		if change != nil {
			change(d)
		}
		return d, d.add(n)
	}
	// each adds an invoice and does something with it.
	each := func(memo string, change func(*draft), then ...func(*draft) error) error {
		d, err := next(memo, change)
		if err != nil {
			return err
		}
		for _, step := range then {
			if err := step(d); err != nil {
				return fmt.Errorf("%s: %w", memo, err)
			}
		}
		return nil
	}
	settled := func(amounts ...lnwire.MilliSatoshi) func(*draft) error {
		return func(d *draft) error {
			return d.pay(n, invoices.ContractSettled, amounts...)
		}
	}
	held := func(amounts ...lnwire.MilliSatoshi) func(*draft) error {
		return func(d *draft) error {
			return d.pay(n, invoices.ContractAccepted, amounts...)
		}
	}
	canceled := func(d *draft) error { return d.cancel(n) }
	hold := func(d *draft) { d.unknown, d.hodl = true, true }
	anAMP := func(d *draft) { d.features, d.unknown = amp, true }

	steps := []func() error{
		func() error { return each("open", nil) },
		// Settled last of all, so that settle order is not add order.
		func() error {
			return each("settled late", nil, func(d *draft) error {
				later = append(later, func() error {
					return d.pay(n, invoices.ContractSettled, d.value)
				})
				return nil
			})
		},
		func() error { return each("settled", nil, settled(3000)) },
		func() error { return each("canceled, never paid", nil, canceled) },
		func() error {
			return each("deleted in order", nil, canceled, func(*draft) error {
				return deleteCanceled(n, fmt.Sprintf("%s/%d", label, index-1))
			})
		},
		func() error { return each("held: accepted", hold, held(6000)) },
		func() error {
			return each("held: settled", hold, held(7000), func(d *draft) error {
				return d.settle(n)
			})
		},
		func() error { return each("held: canceled", hold, held(4000, 4000), canceled) },
		func() error { return each("held: open", hold) },
		func() error {
			return each("", func(d *draft) {
				d.spontaneous, d.features, d.addr = true, keysend, invoices.BlankPayAddr
			}, func(d *draft) error {
				return d.payWith(n, invoices.ContractSettled, record.CustomSet{
					record.KeySendType: d.preimage[:],
					34349334:           []byte("hello over keysend"),
				}, 9000)
			})
		},
		func() error { return each("mpp: settled by three", nil, settled(5000, 5000, 1000)) },
		func() error {
			return each("mpp: one part came back", nil, func(d *draft) error {
				if err := d.pay(n, invoices.ContractOpen, 4000, 5000); err != nil {
					return err
				}
				return d.cancelHTLCs(n, nil, 0)
			})
		},
		func() error {
			return each("amp: several sets", anAMP, func(d *draft) error {
				if err := d.paySet(n, 0, 0, true, 6000, 7000); err != nil {
					return err
				}
				if err := d.paySet(n, 1, 2, false, 13000); err != nil {
					return err
				}
				if err := d.paySet(n, 2, 3, false, 13000); err != nil {
					return err
				}
				if err := d.cancelHTLCs(n, d.setID(2), 3); err != nil {
					return err
				}
				return d.paySet(n, 3, 4, true, 3000, 4000, 6000)
			})
		},
		func() error { return each("amp: nobody paid", anAMP) },
		func() error {
			return each("", func(d *draft) {
				anAMP(d)
				d.spontaneous, d.value = true, 0
			}, func(d *draft) error { return d.paySet(n, 0, 0, true, 25_000) })
		},
		func() error { return each(strings.Repeat("0123456789abcdef", 64), nil) },
		func() error {
			return each("Kaffee ☕ 咖啡 קפה \u202eevil\u202c \u0007 ‘q’ \"\\\\\" 🜁", nil, settled(17_000))
		},
		func() error {
			return each("no payment address", func(d *draft) {
				d.addr, d.features = invoices.BlankPayAddr, nil
			}, settled(18_000))
		},
		func() error {
			return each("any amount", func(d *draft) { d.value = 0 }, settled(123_456_789))
		},
		func() error {
			return each("custom records", nil, func(d *draft) error {
				return d.payWith(n, invoices.ContractSettled, record.CustomSet{
					65536: {}, 65537: {0}, 5_000_000_001: []byte(strings.Repeat("x", 300)),
					1<<63 + 7: {1, 2, 3},
				}, 20_000)
			})
		},
		func() error { return each("overpaid", nil, settled(40_000)) },
		func() error {
			return each("expires after a second", func(d *draft) { d.expiry = time.Second },
				canceled)
		},
		func() error {
			return each("expires after a year", func(d *draft) {
				d.expiry = 365 * 24 * time.Hour
				d.delta = 144
			})
		},
		func() error {
			return each("created in another zone", func(d *draft) {
				d.created = d.created.In(time.FixedZone("", 5*3600+1800))
			}, settled(24_000))
		},
		func() error {
			return each("biggest amount", func(d *draft) {
				d.value = 2_100_000_000_000_000_000 / 1000
			})
		},
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	for _, step := range later {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
