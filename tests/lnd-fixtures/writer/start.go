// The start: lnd's own configuration, its own validation of it, its own database builder.
package writer

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"

	"github.com/lightningnetwork/lnd"
	"github.com/lightningnetwork/lnd/channeldb"
	"github.com/lightningnetwork/lnd/invoices"
	"github.com/lightningnetwork/lnd/kvdb"
	"github.com/lightningnetwork/lnd/signal"
	"github.com/lightningnetwork/lnd/sqldb"
)

// Started is the outcome of a start.
type Started struct {
	Release string   `json:"release"`
	Version string   `json:"version"`
	Args    []string `json:"args"`

	// Stage is how far it came: "config", "init", "database" (refused there) or "ok".
	Stage string `json:"stage"`
	Error string `json:"error,omitempty"`

	// Scripts holds what each script brought to light.
	Scripts map[string]any `json:"scripts,omitempty"`
}

// node is a started database.
type node struct {
	ctx     context.Context
	dbs     *lnd.DatabaseInstances
	backend kvdb.Backend

	// kv is a second view of the key-value store with the clock of the fixtures.
	kv *channeldb.DB

	// invoices is the store that lnd would use, with the clock of the fixtures.
	invoices invoices.InvoiceDB
	native   bool
	clock    *stepClock
	out      string
}

func start(release Release, out string, rest []string) (*Started, error) {
	var scripts []string
	for len(rest) > 0 && rest[0] != "--" {
		scripts, rest = append(scripts, rest[0]), rest[1:]
	}
	if len(rest) > 0 {
		rest = rest[1:]
	}
	answer := &Started{
		Release: release.Line, Version: release.Version, Args: rest, Stage: "config",
		Scripts: make(map[string]any),
	}

	// lnd reads its arguments from the process.
	os.Args = append([]string{"lnd"}, rest...)
	interceptor, err := signal.Intercept()
	if err != nil {
		return nil, err
	}
	cfg, err := lnd.LoadConfig(interceptor)
	if err != nil {
		answer.Error = err.Error()
		return answer, nil
	}

	ctx := context.Background()
	answer.Stage = "init"
	if err := cfg.DB.Init(ctx, cfg.LndDir); err != nil {
		answer.Error = err.Error()
		return answer, nil
	}

	answer.Stage = "database"
	impl := cfg.ImplementationConfig(interceptor)
	dbs, cleanUp, err := impl.DatabaseBuilder.BuildDatabase(ctx)
	if err != nil {
		answer.Error = err.Error()
		return answer, nil
	}
	answer.Stage = "ok"

	n := &node{
		ctx: ctx, dbs: dbs, backend: dbs.ChanStateDB.Backend, clock: newStepClock(),
		native: cfg.DB.UseNativeSQL, out: out,
	}
	n.kv, err = channeldb.CreateWithBackend(n.backend, channeldb.OptionClock(n.clock))
	if err != nil {
		return nil, fmt.Errorf("second view: %w", err)
	}
	n.invoices = n.kv
	if n.native {
		base := release.BaseDB(dbs)
		executor := sqldb.NewTransactionExecutor(
			base, func(tx *sql.Tx) invoices.SQLInvoiceQueries {
				return base.WithTx(tx)
			},
		)
		n.invoices = invoices.NewSQLStore(executor, n.clock)
	}
	for _, script := range scripts {
		name, argument, _ := strings.Cut(script, "=")
		run, known := allScripts[name]
		if !known {
			return nil, fmt.Errorf("unknown script %q", name)
		}
		result, err := run(n, argument)
		if err != nil {
			return nil, fmt.Errorf("script %s: %w", script, err)
		}
		if result != nil {
			answer.Scripts[script] = result
		}
	}
	if os.Getenv("FIXTURE_LEAVE") == "" {
		cleanUp()
	}
	return answer, nil
}
