// regen makes the fixtures: it runs the programs of the release lines in order, keeps what tests
// need, and writes the manifest. README.md beside this folder describes the results.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
)

// Manifest is tests/data/lnd/manifest.json.
type Manifest struct {
	Format   int        `json:"format"`
	Releases []Release  `json:"releases"`
	Fixtures []*Fixture `json:"fixtures"`
}

// Release names the code that wrote.
type Release struct {
	Line    string `json:"line"`
	Version string `json:"version"`
	Sum     string `json:"module_sum"`
}

// Fixture is one entry.
type Fixture struct {
	ID      string          `json:"id"`
	Release string          `json:"release"`
	Backend string          `json:"backend"`
	Network string          `json:"network"`
	State   string          `json:"state"`
	About   string          `json:"about"`
	Made    []string        `json:"made"`
	Files   []File          `json:"files"`
	Read    string          `json:"read,omitempty"`
	Tree    string          `json:"tree,omitempty"`
	Facts   json.RawMessage `json:"facts"`
}

// File is a kept file.
type File struct {
	Name   string `json:"name"`
	Path   string `json:"path"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

var (
	work      = flag.String("work", "/tmp/lnd-fixtures", "where stores are made; bin/ holds the programs")
	out       = flag.String("out", "", "tests/data/lnd")
	modules   = flag.String("modules", "", "tests/lnd-fixtures")
	only      = flag.String("only", "", "make only fixtures whose id has this in it; keep the others")
	noPg      = flag.Bool("no-postgres", false, "leave Postgres out")
	addStarts = flag.String("add-starts", "", "only let this release start what is there (no Postgres)")
	pgBin     = flag.String("postgres", "/usr/lib/postgresql/15/bin", "Postgres' programs")
)

var lines = []string{"v0.18", "v0.19", "v0.20", "v0.21"}

func main() {
	log.SetFlags(0)
	flag.Parse()
	if *out == "" || *modules == "" {
		log.Fatal("-out and -modules are needed")
	}
	var server *postgres
	if !*noPg {
		server = startPostgres()
		defer server.stop()
		interrupted := make(chan os.Signal, 1)
		signal.Notify(interrupted, os.Interrupt, syscall.SIGTERM)
		go func() {
			<-interrupted
			server.stop()
			os.Exit(130)
		}()
	}
	manifest, starts := previous()
	manifest.Format = 1
	manifest.Releases = releases()
	kept := make(map[string]*Fixture)
	for _, fixture := range manifest.Fixtures {
		kept[fixture.ID] = fixture
	}
	for _, recipe := range recipes() {
		for _, release := range recipe.releases {
			for _, backend := range recipe.backends {
				id := fmt.Sprintf("%s/%s-%s", release, recipe.name, backend)
				if !strings.Contains(id, *only) || (backend == "postgres" && server == nil) {
					continue
				}
				if _, err := os.Stat(filepath.Join(*work, "bin", release)); err != nil {
					log.Printf("%s: no program for %s", id, release)
					continue
				}
				if *addStarts != "" {
					if kept[id] != nil && backend != "postgres" {
						b := newBench(id, release, backend, recipe, server)
						b.fixture = kept[id]
						starts[id] = merge(starts[id], b.startsOf(*addStarts), *addStarts)
						b.drop()
					}
					continue
				}
				b := newBench(id, release, backend, recipe, server)
				ok := b.make()
				if !ok {
					b.drop()
					continue
				}
				kept[id] = b.fixture
				starts[id] = b.startsOf("")
				b.drop()
				log.Printf("%s: %d files, %d starts", id, len(b.fixture.Files), len(starts[id]))
			}
		}
	}
	manifest.Fixtures = nil
	var ids []string
	for id := range kept {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	var table strings.Builder
	for _, id := range ids {
		manifest.Fixtures = append(manifest.Fixtures, kept[id])
		for _, start := range starts[id] {
			text, err := json.Marshal(start)
			check(err)
			table.Write(text)
			table.WriteByte('\n')
		}
	}
	check(os.WriteFile(filepath.Join(*out, "manifest.json"), manifest.text(), 0o644))
	check(os.WriteFile(filepath.Join(*out, "starts.jsonl"), []byte(table.String()), 0o644))
	sweep(manifest)
	if failures > 0 {
		log.Printf("%d fixtures could not be made", failures)
		if server != nil {
			server.stop()
		}
		os.Exit(1)
	}
}

// sweep removes answers that no fixture names any more.
func sweep(manifest *Manifest) {
	named := make(map[string]bool)
	for _, fixture := range manifest.Fixtures {
		named[filepath.Base(fixture.Read)], named[filepath.Base(fixture.Tree)] = true, true
	}
	answers, err := os.ReadDir(filepath.Join(*out, "read"))
	check(err)
	for _, answer := range answers {
		if !named[answer.Name()] {
			check(os.Remove(filepath.Join(*out, "read", answer.Name())))
		}
	}
}

// text is the manifest with one fixture a line.
func (m *Manifest) text() []byte {
	line := func(value any) string {
		text, err := json.Marshal(value)
		check(err)
		return string(text)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "{\n\"format\": %d,\n\"releases\": %s,\n\"fixtures\": [", m.Format,
		line(m.Releases))
	for i, fixture := range m.Fixtures {
		if i > 0 {
			text.WriteByte(',')
		}
		text.WriteString("\n" + line(fixture))
	}
	text.WriteString("\n]\n}\n")
	return []byte(text.String())
}

var failures int

// merge replaces the starts by one release.
func merge(old, added []Start, by string) []Start {
	var all []Start
	for _, line := range lines {
		for _, start := range old {
			if start.Release == line && line != by {
				all = append(all, start)
			}
		}
		if line == by {
			all = append(all, added...)
		}
	}
	return all
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// previous reads what an earlier run left, for -only.
func previous() (*Manifest, map[string][]Start) {
	manifest, starts := &Manifest{}, make(map[string][]Start)
	if *only == "" && *addStarts == "" {
		check(os.RemoveAll(*out))
	}
	check(os.MkdirAll(*out, 0o755))
	if text, err := os.ReadFile(filepath.Join(*out, "manifest.json")); err == nil {
		check(json.Unmarshal(text, manifest))
	}
	if text, err := os.ReadFile(filepath.Join(*out, "starts.jsonl")); err == nil {
		for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
			var start Start
			check(json.Unmarshal([]byte(line), &start))
			starts[start.Fixture] = append(starts[start.Fixture], start)
		}
	}
	return manifest, starts
}

// releases reads the versions and their checksums out of the modules.
func releases() []Release {
	var answer []Release
	for _, line := range lines {
		release := Release{Line: line}
		module, err := os.ReadFile(filepath.Join(*modules, line, "go.mod"))
		check(err)
		for _, text := range strings.Split(string(module), "\n") {
			fields := strings.Fields(text)
			if len(fields) == 2 && fields[0] == "github.com/lightningnetwork/lnd" {
				release.Version = fields[1]
			}
		}
		sums, _ := os.ReadFile(filepath.Join(*modules, line, "go.sum"))
		for _, text := range strings.Split(string(sums), "\n") {
			fields := strings.Fields(text)
			if len(fields) == 3 && fields[0] == "github.com/lightningnetwork/lnd" &&
				fields[1] == release.Version {

				release.Sum = fields[2]
			}
		}
		answer = append(answer, release)
	}
	return answer
}
