// A Postgres server of our own, on a socket and a port of this machine only.
package main

import (
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

type postgres struct {
	folder, port string
	stopped      bool
}

// asServer runs one of Postgres' programs. The server refuses to be root.
func (p *postgres) asServer(name string, arguments ...string) ([]byte, error) {
	command := exec.Command(filepath.Join(*pgBin, name), arguments...)
	command.Dir = "/"
	command.Env = append(os.Environ(), "TZ=UTC", "LC_ALL=C")
	if os.Getuid() == 0 {
		id := func(flag string) uint32 {
			text, err := exec.Command("id", flag, "postgres").Output()
			check(err)
			number, err := strconv.Atoi(strings.TrimSpace(string(text)))
			check(err)
			return uint32(number)
		}
		command.SysProcAttr = &syscall.SysProcAttr{
			Credential: &syscall.Credential{Uid: id("-u"), Gid: id("-g")},
		}
	}
	return command.CombinedOutput()
}

func startPostgres() *postgres {
	folder, err := os.MkdirTemp("", "lnd-fixtures-pg")
	check(err)
	check(os.Chmod(folder, 0o777))
	p := &postgres{folder: folder, port: "54329"}
	must := func(name string, arguments ...string) {
		if text, err := p.asServer(name, arguments...); err != nil {
			log.Fatalf("%s: %v: %s", name, err, text)
		}
	}
	must("initdb", "-D", folder+"/data", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync",
		"--locale=C")
	must("pg_ctl", "-D", folder+"/data", "-w", "-l", folder+"/log", "-o",
		"-p "+p.port+" -k "+folder+" -c listen_addresses=127.0.0.1 -c fsync=off "+
			"-c timezone=UTC -c log_timezone=UTC", "start")
	return p
}

func (p *postgres) stop() {
	if p.stopped {
		return
	}
	p.stopped = true
	text, err := p.asServer("pg_ctl", "-D", p.folder+"/data", "-m", "immediate", "-w", "stop")
	if err != nil {
		log.Printf("pg_ctl: %v: %s", err, text)
	}
	check(os.RemoveAll(p.folder))
}

func (p *postgres) dsn(database string) string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%s/%s?sslmode=disable", p.port, database)
}

func (p *postgres) tool(name string, arguments ...string) {
	arguments = append([]string{"-h", p.folder, "-p", p.port, "-U", "postgres"}, arguments...)
	if text, err := p.asServer(name, arguments...); err != nil {
		panic(fmt.Sprintf("%s %v: %v: %s", name, arguments, err, text))
	}
}

func (p *postgres) create(name, template string) {
	p.dropDatabase(name)
	arguments := []string{name}
	if template != "" {
		arguments = append(arguments, "-T", template)
	}
	p.tool("createdb", arguments...)
}

func (p *postgres) dropDatabase(name string) { p.tool("dropdb", "--if-exists", "--force", name) }

func (p *postgres) dump(database, target string, options ...string) {
	between := filepath.Join(p.folder, "dump")
	p.tool("pg_dump", append(options, "-f", between, database)...)
	data, err := os.ReadFile(between)
	check(err)
	check(os.WriteFile(target, data, 0o644))
	_ = os.Remove(between)
}
