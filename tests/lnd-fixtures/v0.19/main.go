// Drives lnd v0.19.3-beta. The work is done in ../writer; here stands what is this release's alone.
package main

import (
	"fulgurite.test/lnd-fixtures/writer"
	"github.com/lightningnetwork/lnd"
	"github.com/lightningnetwork/lnd/sqldb"
)

func main() {
	writer.Main(writer.Release{
		Line:    "v0.19",
		Version: "v0.19.3-beta",
		BaseDB: func(dbs *lnd.DatabaseInstances) *sqldb.BaseDB {
			return dbs.NativeSQLStore.GetBaseDB()
		},
	})
}
