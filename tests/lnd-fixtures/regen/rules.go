// What is made: indexes that disagree, and what the migration trips over.
package main

import "encoding/hex"

func hexText(text string) string { return hex.EncodeToString([]byte(text)) }

// Invoices number 0 and 2 or later are healthy ones; number 1 is the bad one (writer/bad.go).
const unknownHash = "1111111111111111111111111111111111111111111111111111111111111111"

func edited(rule string, edits ...string) func(*bench) {
	return func(b *bench) {
		b.start(off, "bad="+rule)
		if len(edits) > 0 {
			b.edit(edits...)
		}
	}
}

// migrated starts with native SQL after all that.
func migrated(rule string, edits ...string) func(*bench) {
	return func(b *bench) {
		edited(rule, edits...)(b)
		b.start(on)
	}
}

func indexRecipes() []recipe {
	index := func(name, about, rule string, edits ...string) recipe {
		return recipe{
			name: "d15" + name, state: "D15", about: about, releases: newest, backends: boltSQL,
			starts: own, make: edited(rule, edits...),
		}
	}
	sequence := func(name, about string, edits ...string) recipe {
		return recipe{
			name: "d18-" + name, state: "D18", about: about, releases: newest, backends: bolt,
			starts: own, make: edited("plain", edits...),
		}
	}
	return []recipe{
		index("a", "A payment hash leads to a number without a body.", "plain",
			"put=invoices/paymenthashes:"+unknownHash+":00000063"),
		index("b", "A row of the add index leads to a number without a body.", "plain", "add=9:99"),
		index("c", "A body with an add index row and without a payment hash.", "plain", "unhash=1"),
		index("d", "A body with a payment hash and without an add index row.", "plain", "unadd=2"),
		index("e1", "A row of the settle index leads to a number without a body.", "plain",
			"settle=9:99"),
		index("e2", "A body whose settle index is not its row's.", "plain", "body-settle=1:8"),
		index("e3", "A settled body without a row in the settle index.", "plain", "unsettle=2"),
		index("f1", "A payment address leads to another invoice.", "plain", "addr=1:0"),
		index("f2", "A payment address leads to a number without a body.", "plain", "addr=1:99"),
		index("f3", "A payment address is not indexed.", "plain", "unaddr=1"),
		index("g1", "A set id leads to a number without a body.", "amp",
			"put=set-id-index:"+unknownHash+":00000063"),
		index("g2", "The HTLCs of an AMP set, but no body of their invoice.", "amp", "unbody=1"),
		index("h", "Two payment hashes lead to one invoice.", "plain", "rehash=1:"+unknownHash),
		index("-all-orphan", "A body without any row, settled: lost (D14's grave form).", "plain",
			"unhash=1", "unadd=2", "unsettle=2", "unaddr=1"),
		sequence("add-behind", "The add index's sequence is behind its highest row.",
			"sequence=invoices/invoice-add-index:1"),
		sequence("settle-behind", "The settle index's sequence is behind its highest row.",
			"sequence=invoices/invoice-settle-index:1"),
		sequence("next-behind", "The next invoice's number is one that is in use.", "next=2"),
		{
			name: "d13", starts: own, state: "D13", releases: newest, backends: sqlite,
			about: "A held invoice without a payment hash, migrated: its hash is 32 zero bytes.",
			make:  migrated("held", "unhash=1"),
		},
		{
			name: "d26-orphan", starts: own, state: "D26", releases: newest, backends: sqlite,
			about: "A row of channeldb_kv whose parent is missing.",
			make: func(b *bench) {
				b.few()
				b.sqlKV("PRAGMA foreign_keys=off", "INSERT INTO channeldb_kv (key, value, parent_id) "+
					"VALUES (x'6c6f7374', x'01', 987654)")
			},
		},
		{
			name: "d26-leaf-parent", starts: own, state: "D26", releases: newest, backends: sqlite,
			about: "A row of channeldb_kv whose parent is no bucket: dbp has a child.",
			make: func(b *bench) {
				b.few()
				b.sqlKV("INSERT INTO channeldb_kv (key, value, parent_id) " +
					"SELECT x'6368696c64', x'01', id FROM channeldb_kv WHERE key = x'646270'")
			},
		},
		{
			name: "d26-null-body", starts: own, state: "D26", releases: newest, backends: sqlite,
			about: "The body of an invoice is NULL, which makes it a bucket.",
			make: func(b *bench) {
				b.few()
				b.sqlKV("UPDATE channeldb_kv SET value = NULL WHERE key = x'00000001' AND " +
					"parent_id = (SELECT id FROM channeldb_kv WHERE key = x'696e766f69636573' " +
					"AND parent_id IS NULL)")
			},
		},
		{
			name: "d27", starts: own, state: "D27", releases: newest, backends: boltSQL,
			about: "A settled invoice that claims more than its HTLCs brought.",
			make:  edited("plain", "body-paid=1:999999"),
		},
		{
			name: "d21", state: "D21", releases: []string{"v0.19"}, backends: sqlite,
			about: "Native since v0.18.0: every expiry reset to a day or thirty (the statements of " +
				"000004_invoice_expiry_fix, run by hand, since v0.18.4 has them behind it).",
			make: func(b *bench) {
				b.startBy("v0.18", on, "plain=native/2")
				b.sql("UPDATE invoices SET expiry = 86400 WHERE is_amp = 0",
					"UPDATE invoices SET expiry = 2592000 WHERE is_amp = 1")
				b.start(on)
			},
		},
	}
}

// written: the rules' stores come from v0.19, because a release refuses a store whose key-value
// part a newer one has opened; so v0.19, v0.20 and v0.21 can all migrate them.
var written = []string{"v0.19"}

func ruleRecipes() []recipe {
	rule := func(name, about, rule string, edits ...string) recipe {
		state := name
		for i, r := range name {
			if i > 0 && (r < '0' || r > '9') {
				state = name[:i]
				break
			}
		}
		return recipe{
			name: name, state: "P" + state[1:], about: about, releases: written, backends: sqlite,
			starts: migrating, make: edited(rule, edits...),
		}
	}
	list := []recipe{
		rule("p1-index", "Settled without a settle index.", "settled-no-index"),
		rule("p1-date", "Settled without a settle date.", "settled-no-date"),
		rule("p2-index", "Open with a settle index.", "open-with-index"),
		rule("p2-date", "Open with a settle date.", "open-with-date"),
		rule("p3-settled", "AMP as lnd 0.13 kept it: settled, with one settled set.", "amp",
			"legacy=1", "state=1:1", "body-settle=1:2", "body-settled-at=1"),
		rule("p3-open", "The same, but the invoice is open: v0.13 did not leave that.", "amp",
			"legacy=1"),
		rule("p3-accepted", "AMP as lnd 0.13 kept it, one accepted set.", "amp-accepted", "legacy=1"),
		rule("p3-two", "Settled, with two settled sets.", "amp-two-sets",
			"legacy=1", "state=1:1", "body-settle=1:2", "body-settled-at=1"),
		rule("p3-plain", "AMP as lnd 0.13 kept it, with an HTLC that is not AMP.", "amp", "legacy=1",
			"inline-plain=1:0"),
		rule("p4", "The state of an AMP set names HTLCs that are gone.", "amp", "lose-htlcs=1"),
		rule("p5", "An AMP set claims a millisatoshi more than its HTLCs brought.", "amp",
			"set-paid=1"),
		rule("p6", "A settled AMP set without a date.", "amp", "set-undated=1"),
		rule("p7-set", "The same AMP set id in two invoices.", "two-amp", "same-set=1:2"),
		rule("p7-circuit", "The same channel and HTLC number in two invoices.", "same-circuit"),
		rule("p7-addr", "The same payment address in two invoices.", "two-plain", "same-addr=1:2"),
		rule("p7-request", "The same payment request in two invoices.", "same-request"),
		rule("p7-hash", "The same preimage in two invoices.", "same-preimage"),
		rule("p8-ns", "An expiry with nanoseconds.", "expiry-nanoseconds"),
		rule("p8-long", "An expiry of 80 years: more seconds than 31 bits hold.", "expiry-long"),
		rule("p9", "An invoice that is not AMP, with AMP HTLCs (by v0.18).", "amp-accepted", "legacy=1",
			"unamp=1"),
		rule("p10", "Filed under a hash that is not its preimage's.", "other-hash"),
		rule("p11-one", "A held invoice without a payment hash.", "held", "unhash=1"),
		rule("p11-two", "Two held invoices without payment hashes.", "two-held", "unhash=1",
			"unhash=2"),
		rule("p12-known", "The body's add index is not its row's; the preimage is known.", "plain",
			"body-index=1:77"),
		rule("p12-unknown", "The body's add index is not its row's; the preimage is unknown.", "held",
			"body-index=1:77"),
		rule("p13", "The add index leads to a missing body.", "plain", "unbody=1"),
		rule("p14", "Two rows of the add index lead to one invoice.", "plain", "add=9:1"),
		rule("p15", "A body with a payment hash and no add index row.", "plain", "unadd=2"),
		rule("p16", "A payment hash of 31 bytes.", "plain",
			"put=invoices/paymenthashes:"+unknownHash[2:]+":00000001"),
		{
			name: "p17-nul", state: "P17", releases: written, backends: sqlitePg, starts: migrating,
			about: "A memo with a zero byte.", make: edited("memo-nul"),
		},
		{
			name: "p17-latin1", state: "P17", releases: written, backends: sqlitePg, starts: migrating,
			about: "A memo that is not UTF-8.", make: edited("memo-latin1"),
		},
		rule("p18-short", "A body that ends a byte early.", "open", "shorten=1"),
		rule("p18-long", "A body with a byte behind it.", "open", "lengthen=1"),
		rule("p18-time", "A body with a date of unknown version.", "open", "mistime=1"),
		rule("p19", "Indexes that the migration does not read are broken: settle, address, set.",
			"amp", "settle=9:99", "addr=1:0", "put=set-id-index:"+unknownHash+":00000063"),
		rule("p20", "AMP without a state of its sets, and their HTLCs cannot be read.", "amp-accepted",
			"stateless=1", "break-set=1"),
		rule("p21", "Made in the year 12000.", "open", "year-12000=1"),
		rule("p22", "An HTLC number with its highest bit set.", "plain", "htlc-number=1"),
		rule("p23", "No record of the payment request.", "open", "unrequest=1"),
		rule("p24", "Not settled, at a zero time an hour east.", "open", "zone=1"),
		rule("p25-add", "A row of the add index whose value has a byte too many.", "plain",
			"put=invoices/invoice-add-index:0000000000000002:0000000100"),
		rule("p25-hash", "A row of paymenthashes whose value has a byte too many.", "plain",
			"put=invoices/paymenthashes:"+unknownHash+":0000000100"),
		rule("p26", "A body that announces 4,096 bytes more than there are.", "open", "overlong=1"),
	} // What a UNIQUE constraint says depends on the driver.
	for i := range list {
		switch list[i].name {
		case "p9":
			list[i].releases = []string{"v0.18"}
		case "p4", "p7-set", "p7-circuit", "p7-addr", "p7-request", "p7-hash", "p11-two", "p14":
			list[i].backends = sqlitePg
		}
	}
	return list
}
