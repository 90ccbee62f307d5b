// Every release's start on every fixture, in every configuration.
package main

import (
	"encoding/json"
	"os/exec"
	"regexp"
	"strings"
)

// Start is one line of starts.jsonl.
type Start struct {
	Fixture string   `json:"fixture"`
	Release string   `json:"release"`
	Native  bool     `json:"native"`
	Skip    bool     `json:"skip"`
	Result  string   `json:"result"`
	Stage   string   `json:"stage,omitempty"`
	Error   string   `json:"error,omitempty"`
	At      string   `json:"at,omitempty"`
	Log     []string `json:"log,omitempty"`
	After   *After   `json:"after,omitempty"`
}

// After is what the start left.
type After struct {
	Version     *uint64 `json:"dbp"`
	Tombstone   bool    `json:"tombstone"`
	KVInvoices  int     `json:"kv_invoices"`
	Tracker     *int64  `json:"tracker,omitempty"`
	Schema      *int64  `json:"schema,omitempty"`
	Dirty       *bool   `json:"dirty,omitempty"`
	Network     *string `json:"network,omitempty"`
	SQLInvoices *int64  `json:"sql_invoices,omitempty"`
	Tables      int     `json:"tables,omitempty"`
}

// starts says who starts a fixture, and how.
type starts int

const (
	// full: every release, every configuration.
	full starts = iota

	// own: the release that wrote it, every configuration.
	own

	// migrating: every release that migrates, with native SQL.
	migrating

	// none: nobody.
	none
)

// startsOf runs them all, or only those by one release.
func (b *bench) startsOf(by string) []Start {
	var starts []Start
	for _, release := range lines {
		if _, err := exec.LookPath(b.program(release)); err != nil || (by != "" && by != release) {
			continue
		}
		for _, c := range []config{off, on, skipped} {
			// v0.18 has no such flag; bolt refuses native SQL whatever else is said.
			if c.skip && (release == "v0.18" || b.fixture.Backend == "bolt") {
				continue
			}
			switch b.recipe.starts {
			case own:
				if release != b.fixture.Release {
					continue
				}
			case migrating:
				if release == "v0.18" || c != on {
					continue
				}
			case none:
				continue
			}
			copied := b.unpacked("start")
			starts = append(starts, copied.observe(release, c))
			copied.drop()
		}
	}
	return starts
}

var (
	logLine   = regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \[(\w+)\] (\w+): (.*)$`)
	took      = regexp.MustCompile(` in [0-9.]+(ns|µs|ms|s)\b`)
	rate      = regexp.MustCompile(`\([0-9.]+ \w+/sec\)`)
	pointers  = regexp.MustCompile(`0x[0-9a-f]{6,}\b`)
	milestone = regexp.MustCompile(`base version|Applying custom migration 'kv_invoice|` +
		`All invoices migrated|recovering from db_version|` +
		`Schema version \d+ is dirty`)
)

func (b *bench) observe(release string, c config) Start {
	start := Start{
		Fixture: b.fixture.ID, Release: release, Native: c.native, Skip: c.skip,
	}
	arguments := append([]string{"start", "--"}, b.arguments(b.fixture.Network, c)...)
	var answer started
	stdout, stderr, err := b.run(release, &answer, arguments...)
	migrated := false
	for _, line := range strings.Split(stdout, "\n") {
		parts := logLine.FindStringSubmatch(line)
		if parts == nil || strings.Contains(line, "/lnd.conf: no such file") ||
			strings.Contains(line, "LTND: Error closing ") {

			// The second is said of one or another store, as Go's maps go.
			continue
		}
		text := parts[3]
		migrated = migrated || strings.Contains(text, "from KV to SQL completed") &&
			strings.Contains(text, "invoices")
		if parts[1] != "WRN" && parts[1] != "ERR" && parts[1] != "CRT" &&
			!milestone.MatchString(text) {

			continue
		}
		text = took.ReplaceAllString(text, "")
		text = rate.ReplaceAllString(text, "")
		start.Log = append(start.Log, parts[1]+" "+parts[2]+": "+b.plain(strings.TrimSpace(text)))
		if len(start.Log) == 20 {
			break
		}
	}
	switch {
	case err != nil:
		start.Result, start.Stage = "crashed", "database"
		start.Error = b.plain(panicLine(stderr))
		start.At = frame(stderr)
	case answer.Stage != "ok":
		start.Result, start.Stage = "refused", answer.Stage
		start.Error = b.plain(firstLine(answer.Error))
	case migrated:
		start.Result = "migrated"
	default:
		start.Result = "ok"
	}
	// What lnd logs on its way out is the error once more.
	said := start.Log[:0]
	for _, line := range start.Log {
		if start.Error == "" || !strings.HasSuffix(line, start.Error) {
			said = append(said, line)
		}
	}
	start.Log = said
	start.After = b.after()
	return start
}

// frame is the first function of lnd or bbolt in a trace, without its arguments.
func frame(trace string) string {
	_, trace, _ = strings.Cut(trace, "goroutine ")
	for _, line := range strings.Split(trace, "\n") {
		if strings.HasPrefix(line, "github.com/lightningnetwork/lnd") ||
			strings.HasPrefix(line, "go.etcd.io/bbolt") {

			name := line[:strings.LastIndex(line, "(")]
			return name
		}
	}
	return ""
}

func (b *bench) after() *After {
	text, problem := b.facts()
	if problem != "" {
		return nil
	}
	var facts struct {
		KV *struct {
			Version   *uint64 `json:"dbp"`
			Tombstone bool    `json:"invoice_tombstone"`
			Added     int     `json:"add_index_rows"`
		} `json:"kv"`
		SQL *struct {
			Tables  []string         `json:"tables"`
			Tracker []int64          `json:"tracker"`
			Schema  *int64           `json:"schema_version"`
			Dirty   *bool            `json:"schema_dirty"`
			Network *string          `json:"chain_params_network"`
			Rows    map[string]int64 `json:"rows"`
		} `json:"sql"`
	}
	check(json.Unmarshal(text, &facts))
	after := &After{}
	if facts.KV != nil {
		after.Version, after.Tombstone = facts.KV.Version, facts.KV.Tombstone
		after.KVInvoices = facts.KV.Added
	}
	if facts.SQL != nil {
		after.Schema, after.Dirty, after.Network = facts.SQL.Schema, facts.SQL.Dirty, facts.SQL.Network
		after.Tables = len(facts.SQL.Tables)
		if n := len(facts.SQL.Tracker); n > 0 {
			after.Tracker = &facts.SQL.Tracker[n-1]
		}
		rows := facts.SQL.Rows["invoices"]
		for _, table := range facts.SQL.Tables {
			if table == "invoices" {
				after.SQLInvoices = &rows
			}
		}
		if len(facts.SQL.Tables) == 0 {
			return after
		}
	}
	return after
}
