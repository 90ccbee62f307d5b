// The real bbolt (go.etcd.io/bbolt v1.4.3, that of LND v0.20 and later): it writes the fixtures of
// tests/data/bolt, says what it reads back from them, and what its own check says of damaged ones.
//
//	go run . fixtures DIR         write the fixtures
//	go run . dump FILE...         every bucket: path, sequence, entries, hash of its entries (TSV)
//	go run . check FILE...        what bbolt's check says of each, in a process of its own (TSV)
//	go run . big FILE MEGABYTES   a large file to measure with
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"sort"
	"strconv"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"
)

func main() {
	if len(os.Args) < 3 {
		fail(fmt.Errorf("usage: fixtures DIR | dump FILE... | check FILE... | big FILE MEGABYTES"))
	}
	switch args := os.Args[2:]; os.Args[1] {
	case "fixtures":
		fixtures(args[0])
	case "dump":
		for _, path := range args {
			dump(path)
		}
	case "check":
		for _, path := range args {
			check(path)
		}
	case "check-here":
		checkHere(args[0])
	case "big":
		var megabytes int
		_, err := fmt.Sscan(args[1], &megabytes)
		fail(err)
		big(args[0], megabytes)
	}
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// ---- what bbolt reads back

func dump(path string) {
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true})
	fail(err)
	defer db.Close()
	name := strings.TrimSuffix(filepath.Base(path), ".db")
	fail(db.View(func(tx *bolt.Tx) error {
		dumpBucket(name, "/", tx.Cursor().Bucket())
		return nil
	}))
}

func dumpBucket(file, path string, bucket *bolt.Bucket) {
	hash := sha256.New()
	put := func(bytes []byte) {
		_ = binary.Write(hash, binary.BigEndian, uint64(len(bytes)))
		hash.Write(bytes)
	}
	entries := 0
	var buckets [][]byte
	fail(bucket.ForEach(func(key, value []byte) error {
		entries++
		put(key)
		if value == nil {
			buckets = append(buckets, append([]byte{}, key...))
			put([]byte("bucket"))
		} else {
			put([]byte("value"))
			put(value)
		}
		return nil
	}))
	fmt.Printf("%s\t%s\t%d\t%d\t%x\n", file, path, bucket.Sequence(), entries, hash.Sum(nil))
	for _, key := range buckets {
		dumpBucket(file, strings.TrimSuffix(path, "/")+"/"+hex.EncodeToString(key), bucket.Bucket(key))
	}
}

// ---- what bbolt's check says

// check runs bbolt's check in a process of its own, for it may panic, or die of a signal that
// cannot be caught, and prints each thing that it said once.
func check(path string) {
	name := strings.TrimSuffix(filepath.Base(path), ".db")
	content, err := os.ReadFile(path)
	fail(err)
	var out, errs bytes.Buffer
	child := exec.Command(os.Args[0], "check-here", path)
	child.Stdout, child.Stderr = &out, &errs
	fail(child.Start())
	timer := time.AfterFunc(8*time.Second, func() { _ = child.Process.Kill() })
	err = child.Wait()
	timer.Stop()
	said := map[string]bool{}
	for _, line := range strings.Split(out.String(), "\n") {
		if line != "" {
			said[normalised(line)] = true
		}
	}
	if err != nil {
		said["panic\t-\t-\t"+panicOf(errs.String())] = true
	}
	if len(said) == 0 {
		said["ok\t-\t-\t"] = true
	}
	lines := inRuns(said)
	sum := sha256.Sum256(content)
	for _, line := range lines {
		fmt.Printf("%s\t%x\t%s\n", name, sum[:8], line)
	}
}

// inRuns sorts lines, and puts those that differ in the page alone together: `12-15,17`.
func inRuns(said map[string]bool) []string {
	pages := map[[3]string][]int{}
	for line := range said {
		cells := strings.Split(line, "\t")
		page, err := strconv.Atoi(cells[1])
		if err != nil {
			page = -1
		}
		key := [3]string{cells[0], cells[2], strings.Join(cells[3:], " ")}
		pages[key] = append(pages[key], page)
	}
	var lines []string
	for key, all := range pages {
		sort.Ints(all)
		var runs []string
		for from := 0; from < len(all); {
			to := from
			for to+1 < len(all) && all[to+1] == all[to]+1 {
				to++
			}
			switch {
			case all[from] < 0:
				runs = append(runs, "-")
			case from == to:
				runs = append(runs, strconv.Itoa(all[from]))
			default:
				runs = append(runs, fmt.Sprintf("%d-%d", all[from], all[to]))
			}
			from = to + 1
		}
		lines = append(lines, key[0]+"\t"+strings.Join(runs, ",")+"\t"+key[1]+"\t"+key[2])
	}
	sort.Strings(lines)
	return lines
}

// checkHere prints what bbolt says: `error` in front of what made it refuse the file.
func checkHere(path string) {
	debug.SetMaxStack(64 << 20)
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true, PreLoadFreelist: true})
	if err != nil {
		fmt.Println("error: " + err.Error())
		return
	}
	defer db.Close()
	fail(db.View(func(tx *bolt.Tx) error {
		for err := range tx.Check() {
			fmt.Println(err)
		}
		// The check panics in a goroutine whose channel is closed by then: let it.
		time.Sleep(300 * time.Millisecond)
		return nil
	}))
}

var (
	ofPage   = regexp.MustCompile(`^page (\d+): (already freed|out of bounds|multiple references|reachable freed|invalid type|unreachable unfreed)`)
	ofKey    = regexp.MustCompile(`^(?:the first )?key\[(\d+)\]=\(hex\)\S* on (leaf|branch) page\((\d+)\) needs to be (>= the key in the ancestor|> \(found <\)|> \(found =\)|< than key of the next)`)
	ofType   = regexp.MustCompile(`^unexpected page type \(flags: (\w+)\) for pgId:(\d+)`)
	expected = regexp.MustCompile(`Page expected to be: (\d+), but self identifies as (\d+)`)
	badType  = regexp.MustCompile(`page (\d+): has unexpected type/flags: (\w+)`)
	badList  = regexp.MustCompile(`invalid freelist page: (\d+)`)
	freeing  = regexp.MustCompile(`failed to get all reachable pages \(((?s).*?)\)\n`)
)

// normalised is `kind TAB page TAB detail TAB`.
func normalised(line string) string {
	if rest, is := strings.CutPrefix(line, "error: "); is {
		return "error\t-\t-\t" + rest
	}
	if m := ofPage.FindStringSubmatch(line); m != nil {
		return strings.ReplaceAll(m[2], " ", "_") + "\t" + m[1] + "\t-\t"
	}
	if m := ofKey.FindStringSubmatch(line); m != nil {
		return "key_order\t" + m[3] + "\t" + m[2] + " " + m[1] + "\t" + m[4]
	}
	if m := ofType.FindStringSubmatch(line); m != nil {
		return "unexpected_type\t" + m[2] + "\t-\t" + m[1]
	}
	return "other\t-\t-\t" + line
}

func panicOf(text string) string {
	for _, re := range []*regexp.Regexp{expected, badType, badList} {
		if m := re.FindString(text); m != "" {
			return m
		}
	}
	if m := freeing.FindStringSubmatch(text); m != nil {
		return "freepages: " + strings.TrimRight(normalised(m[1]), "\t")
	}
	switch {
	case strings.Contains(text, "stack overflow") || strings.Contains(text, "stack exceeds"):
		return "stack overflow"
	case strings.Contains(text, "SIGBUS") || strings.Contains(text, "bus error"):
		return "SIGBUS"
	case strings.Contains(text, "SIGSEGV") || strings.Contains(text, "unexpected fault address"):
		return "SIGSEGV"
	case text == "":
		return "no end within 8 s"
	}
	first, _, _ := strings.Cut(text, "\n")
	return first
}
