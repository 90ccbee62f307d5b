#!/bin/sh
# Writes the dumps in this folder anew with a Postgres server and its pg_dump (Debian: postgresql-15).
# Usage: PGHOST=… PGPORT=… PGUSER=… ./generate.sh   (a database `fulgurite_dumps` is made anew)
set -eu
cd "$(dirname "$0")"
db=fulgurite_dumps
psql -q -d postgres -c "DROP DATABASE IF EXISTS $db" -c "CREATE DATABASE $db"
psql -q -v ON_ERROR_STOP=1 -d $db -f tables.sql >/dev/null
psql -q -v ON_ERROR_STOP=1 -d $db -At -F "$(printf '\t')" -f golden.sql | xz -9e >golden.tsv.xz
dump() { name=$1; shift; pg_dump "$@" $db | xz -9e >"$name.sql.xz"; }
dump default
dump inserts --inserts
dump column-inserts --column-inserts
dump rows-per-insert --rows-per-insert=50
dump data-only --data-only
dump data-only-inserts --data-only --inserts
dump public -n public
dump quoted --quote-all-identifiers
PGOPTIONS='-c bytea_output=escape' dump escape
PGOPTIONS='-c bytea_output=escape' dump escape-inserts --inserts
PGOPTIONS='-c standard_conforming_strings=off' dump nonstandard-inserts --column-inserts
PGOPTIONS='-c standard_conforming_strings=off -c bytea_output=escape' dump nonstandard-escape --rows-per-insert=7
pg_dump -Fc --no-comments -t schema_migrations $db >custom.dump
pg_dump -Ft -t schema_migrations $db >tar.dump
