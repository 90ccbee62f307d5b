// The bench: one store being made.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

type bench struct {
	fixture *Fixture
	recipe  recipe
	server  *postgres

	// root is the lnddir, scratch a folder for answers.
	root, scratch string

	// database is the name in Postgres.
	database string
}

func newBench(id, release, backend string, r recipe, server *postgres) *bench {
	name := strings.NewReplacer("/", "_", ".", "_", "-", "_").Replace(id)
	b := &bench{
		fixture: &Fixture{
			ID: id, Release: release, Backend: backend, Network: "regtest", State: r.state,
			About: r.about, Made: []string{},
		},
		recipe: r, server: server, root: filepath.Join(*work, "stores", name),
		scratch: filepath.Join(*work, "answers", name), database: "fx_" + strings.ToLower(name),
	}
	check(os.RemoveAll(b.root))
	check(os.RemoveAll(b.scratch))
	check(os.MkdirAll(b.root, 0o755))
	check(os.MkdirAll(b.scratch, 0o755))
	if backend == "postgres" {
		server.create(b.database, "")
	}
	return b
}

func (b *bench) drop() {
	if b.fixture.Backend == "postgres" {
		b.server.dropDatabase(b.database)
	}
	check(os.RemoveAll(b.root))
	check(os.RemoveAll(b.scratch))
}

// make follows the recipe and keeps the results.
func (b *bench) make() (ok bool) {
	defer func() {
		if problem := recover(); problem != nil {
			log.Printf("%s: FAILED: %v", b.fixture.ID, problem)
			failures++
			ok = false
		}
	}()
	b.recipe.make(b)
	b.keep()
	return true
}

func (b *bench) program(release string) string { return filepath.Join(*work, "bin", release) }

// run runs a program of a release and decodes its answer.
func (b *bench) run(release string, answer any, arguments ...string) (stdout, stderr string, err error) {
	target := filepath.Join(b.scratch, "answer.json")
	_ = os.Remove(target)
	command := exec.Command(
		b.program(release), append([]string{arguments[0], target}, arguments[1:]...)...,
	)
	command.Env = append(os.Environ(), "TZ=UTC", "HOME="+b.scratch)
	var one, two bytes.Buffer
	command.Stdout, command.Stderr = &one, &two
	err = command.Run()
	if err == nil && answer != nil {
		var text []byte
		text, err = os.ReadFile(target)
		if err == nil {
			err = json.Unmarshal(text, answer)
		}
	}
	return one.String(), two.String(), err
}

func (b *bench) graph() string { return filepath.Join(b.root, "data/graph", b.fixture.Network) }

// kv and tables are the places of the stores.
func (b *bench) kv() string {
	switch b.fixture.Backend {
	case "bolt":
		return filepath.Join(b.graph(), "channel.db")
	case "sqlite":
		return filepath.Join(b.graph(), "channel.sqlite")
	}
	return b.server.dsn(b.database)
}

func (b *bench) tables() string {
	if b.fixture.Backend == "postgres" {
		return b.server.dsn(b.database)
	}
	return filepath.Join(b.graph(), "lnd.sqlite")
}

// places are the arguments of peek and facts: backend, key-value store, tables if there are some.
func (b *bench) places() []string {
	places := []string{b.fixture.Backend, b.kv()}
	if _, err := os.Stat(b.tables()); err == nil || b.fixture.Backend == "postgres" {
		places = append(places, b.tables())
	}
	return places
}

type config struct{ native, skip bool }

func (c config) String() string {
	return fmt.Sprintf("native=%v skip=%v", c.native, c.skip)
}

var (
	off     = config{}
	on      = config{native: true}
	skipped = config{native: true, skip: true}
)

func (b *bench) arguments(network string, c config) []string {
	arguments := []string{
		"--lnddir=" + b.root, "--bitcoin." + network, "--bitcoin.node=nochainbackend",
		"--db.backend=" + b.fixture.Backend,
	}
	if b.fixture.Backend == "postgres" {
		arguments = append(arguments, "--db.postgres.dsn="+b.server.dsn(b.database))
	}
	if c.native {
		arguments = append(arguments, "--db.use-native-sql")
	}
	if c.skip {
		arguments = append(arguments, "--db.skip-native-sql-migration")
	}
	return arguments
}

// started is the writer's answer to start.
type started struct {
	Stage string `json:"stage"`
	Error string `json:"error"`
}

// startBy starts another release on the store; it must come up.
func (b *bench) startBy(release string, c config, scripts ...string) {
	answer := b.tryStart(release, b.fixture.Network, c, scripts...)
	if answer.Stage != "ok" {
		panic(fmt.Sprintf("start by %s (%v): %s: %s", release, c, answer.Stage, answer.Error))
	}
}

func (b *bench) start(c config, scripts ...string) {
	b.startBy(b.fixture.Release, c, scripts...)
}

// refused starts it; it must not come up.
func (b *bench) refused(c config) {
	answer := b.tryStart(b.fixture.Release, b.fixture.Network, c)
	if answer.Stage == "ok" {
		panic("the start was expected to fail")
	}
	b.note("  refused: %s", b.plain(firstLine(answer.Error)))
}

func (b *bench) tryStart(release, network string, c config, scripts ...string) started {
	step := fmt.Sprintf("%s starts, %v", release, c)
	if network != "regtest" {
		step += " network=" + network
	}
	if len(scripts) > 0 {
		step += ": " + strings.Join(scripts, " ")
	}
	b.note("%s", b.plain(step))
	var answer started
	arguments := append([]string{"start"}, scripts...)
	arguments = append(append(arguments, "--"), b.arguments(network, c)...)
	_, stderr, err := b.run(release, &answer, arguments...)
	if err != nil {
		panic(fmt.Sprintf("%s: %v: %s", step, err, stderr))
	}
	return answer
}

func (b *bench) note(format string, arguments ...any) {
	b.fixture.Made = append(b.fixture.Made, fmt.Sprintf(format, arguments...))
}

func (b *bench) below(note string, arguments ...string) {
	b.note("%s", note)
	_, stderr, err := b.run(b.fixture.Release, nil, arguments...)
	if err != nil {
		panic(fmt.Sprintf("%s: %v: %s", note, err, stderr))
	}
}

// edit edits the buckets below lnd.
func (b *bench) edit(edits ...string) {
	b.below("edit buckets: "+strings.Join(edits, " "),
		append([]string{"edit", b.fixture.Backend, b.kv()}, edits...)...)
}

// sql runs statements on the native tables.
func (b *bench) sql(statements ...string) {
	b.below("run: "+strings.Join(statements, "; "),
		append([]string{"sql", b.fixture.Backend, b.tables()}, statements...)...)
}

// sqlKV runs statements on the table of the key-value store.
func (b *bench) sqlKV(statements ...string) {
	b.below("run on channel.sqlite: "+strings.Join(statements, "; "),
		append([]string{"sql", b.fixture.Backend, b.kv()}, statements...)...)
}

// bytes edits a file of the graph folder.
func (b *bench) bytes(name, note string, change func([]byte) []byte) {
	b.note("bytes of %s: %s", name, note)
	path := filepath.Join(b.graph(), name)
	data, err := os.ReadFile(path)
	check(err)
	check(os.WriteFile(path, change(data), 0o600))
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// plain takes the names of this machine out of a text.
func (b *bench) plain(text string) string {
	text = strings.ReplaceAll(text, b.root, "<lnddir>")
	text = pointers.ReplaceAllString(text, "0x…")
	if b.server != nil {
		text = strings.ReplaceAll(text, b.server.dsn(b.database), "<dsn>")
		text = strings.ReplaceAll(text, b.database, "<database>")
	}
	return text
}

// names of the files that are kept, if they are there and not empty.
var names = []string{
	"channel.db", "channel.sqlite", "channel.sqlite-wal", "lnd.sqlite", "lnd.sqlite-wal",
}

// keep copies what tests need.
func (b *bench) keep() {
	folder := filepath.Join(*out, b.fixture.ID)
	check(os.RemoveAll(folder))
	check(os.MkdirAll(folder, 0o755))
	if b.fixture.Backend == "postgres" {
		dump := filepath.Join(b.scratch, "dump.sql")
		b.server.dump(b.database, dump, b.recipe.dump...)
		b.keepFile(dump, "dump.sql")
		if b.recipe.custom {
			archive := filepath.Join(b.scratch, "dump.pgc")
			b.server.dump(b.database, archive, "--format=custom", "--schema-only")
			b.keepFile(archive, "dump.pgc")
		}
	}
	for _, name := range names {
		path := filepath.Join(b.graph(), name)
		if info, err := os.Stat(path); err == nil && info.Size() > 0 {
			b.keepFile(path, name)
		}
	}

	// What follows opens the stores, which may change them: on a copy.
	copied := b.copy("read")
	defer copied.drop()
	var read json.RawMessage
	_, stderr, err := copied.run(
		b.fixture.Release, &read, append([]string{"peek"}, copied.places()...)...,
	)
	if err != nil {
		b.note("lnd cannot read it: %s", copied.plain(panicLine(stderr)))
	} else {
		b.fixture.Read = b.keepJSON(read)
	}
	copied.drop()

	copied = b.copy("tree")
	var tree json.RawMessage
	_, _, err = copied.run(b.fixture.Release, &tree, "tree", b.fixture.Backend, copied.kv())
	if err == nil {
		b.fixture.Tree = b.keepJSON(tree)
	}
	copied.drop()

	copied = b.copy("facts")
	b.fixture.Facts, _ = copied.facts()
	copied.drop()
}

// facts reads what decides a start. The newest program reads them all.
func (b *bench) facts() (json.RawMessage, string) {
	var facts json.RawMessage
	_, stderr, err := b.run(lines[len(lines)-1], &facts, append([]string{"facts"}, b.places()...)...)
	if err != nil {
		text, _ := json.Marshal(map[string]string{"kv_error": b.plain(panicLine(stderr))})
		return text, stderr
	}
	return facts, ""
}

func panicLine(text string) string {
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") ||
			strings.HasPrefix(line, "unexpected fault") {

			return line
		}
	}
	return firstLine(text)
}

// copy is the same store once more.
func (b *bench) copy(name string) *bench {
	other := *b
	other.root = b.root + "." + name
	other.scratch = b.scratch + "." + name
	other.database = b.database + "_" + name
	check(os.RemoveAll(other.root))
	check(os.MkdirAll(other.scratch, 0o755))
	command := exec.Command("cp", "-a", b.root, other.root)
	if text, err := command.CombinedOutput(); err != nil {
		panic(string(text))
	}
	if b.fixture.Backend == "postgres" {
		b.server.create(other.database, b.database)
	}
	return &other
}

// unpacked is the same store made of the kept files alone.
func (b *bench) unpacked(name string) *bench {
	other := *b
	other.root = b.root + "." + name
	other.scratch = b.scratch + "." + name
	other.database = b.database + "_" + name
	check(os.RemoveAll(other.root))
	check(os.MkdirAll(other.graph(), 0o755))
	check(os.MkdirAll(other.scratch, 0o755))
	for _, file := range b.fixture.Files {
		if strings.HasPrefix(file.Name, "dump.") {
			continue
		}
		data, err := exec.Command("xz", "-dc", filepath.Join(*out, file.Path)).Output()
		check(err)
		check(os.WriteFile(filepath.Join(other.graph(), file.Name), data, 0o600))
	}
	if b.fixture.Backend == "postgres" {
		b.server.create(other.database, b.database)
	}
	return &other
}

// keepJSON keeps an answer under the name of its hash: stores that hold the same on two backends
// share it.
func (b *bench) keepJSON(value json.RawMessage) string {
	var compact bytes.Buffer
	check(json.Compact(&compact, value))
	sum := sha256.Sum256(compact.Bytes())
	path := filepath.Join(b.scratch, "compact.json")
	check(os.WriteFile(path, compact.Bytes(), 0o644))
	check(os.MkdirAll(filepath.Join(*out, "read"), 0o755))
	return pack(path, filepath.Join("read", hex.EncodeToString(sum[:8])+".json.xz"))
}

func (b *bench) keepFile(path, name string) {
	data, err := os.ReadFile(path)
	check(err)
	sum := sha256.Sum256(data)
	b.fixture.Files = append(b.fixture.Files, File{
		Name: name, Path: pack(path, filepath.Join(b.fixture.ID, name+".xz")), Size: int64(len(data)),
		SHA256: hex.EncodeToString(sum[:]),
	})
}

// pack writes the xz of a file into the output.
func pack(path, target string) string {
	packed, err := exec.Command("xz", "-9e", "--check=crc32", "-c", path).Output()
	check(err)
	check(os.WriteFile(filepath.Join(*out, target), packed, 0o644))
	return target
}
