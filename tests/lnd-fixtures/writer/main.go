// Package writer drives the code of one LND release: it starts the database as lnd does, writes
// invoices through lnd's own stores, edits stores below it, and says what lnd reads back.
//
// It is compiled once for each release line, by the modules ../v0.18 to ../v0.21: whichever
// version of lnd the main module requires is the one that is linked here. One process starts one
// database, as one lnd does: kvdb's pool of SQL connections is a global of its own.
package writer

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/lightningnetwork/lnd"
	"github.com/lightningnetwork/lnd/sqldb"
)

// Release is what differs between the releases.
type Release struct {
	// Line is the name of the release line: "v0.21".
	Line string

	// Version is the version of the module github.com/lightningnetwork/lnd.
	Version string

	// BaseDB hands out the native store of a started database, nil if there is none.
	BaseDB func(*lnd.DatabaseInstances) *sqldb.BaseDB
}

// Main is the command.
//
//	start  OUT SCRIPT… -- ARGS…   start as lnd does with these arguments, run the scripts
//	peek   OUT BACKEND KV [SQL]   say what lnd's stores read back, without a start
//	facts  OUT BACKEND KV [SQL]   say what decides a start
//	tree   OUT BACKEND KV         print every bucket
//	edit   OUT BACKEND KV EDIT…   edit the buckets below lnd
//	move   OUT BACKEND KV BACKEND KV [COUNT]  copy buckets
//	bolt   OUT FILE create SIZE | roots       make an empty file; list buckets' pages
//	sql    OUT BACKEND SQL TEXT…  run statements
//	list   OUT kv|sql FILE        print what lncli listinvoices does, of a store in SQLite
func Main(release Release) {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: start|peek|facts|tree|edit|move|bolt|sql|list OUT …")
		os.Exit(64)
	}
	command, out, rest := os.Args[1], os.Args[2], os.Args[3:]

	var answer any
	var err error
	switch command {
	case "start":
		answer, err = start(release, out, rest)
	case "tree":
		answer, err = kvCommand(rest)
	case "sql":
		answer, err = sqlCommand(rest)
	case "edit":
		answer, err = editCommand(rest)
	case "move":
		answer, err = moveCommand(rest)
	case "bolt":
		answer, err = boltCommand(rest)
	case "peek":
		answer, err = peekCommand(rest)
	case "list":
		answer, err = listCommand(rest)
	case "facts":
		answer, err = factsCommand(rest)
	default:
		err = fmt.Errorf("unknown command %q", command)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "writer:", err)
		os.Exit(65)
	}
	write(out, answer)
}

// write puts the answer where the caller wants it.
func write(out string, answer any) {
	text, err := json.MarshalIndent(answer, "", " ")
	if err == nil {
		err = os.WriteFile(out, append(text, '\n'), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "writer:", err)
		os.Exit(66)
	}
}
