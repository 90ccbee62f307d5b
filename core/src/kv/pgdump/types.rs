//! What a column holds: from the dump's `CREATE TABLE`, else from what is known of LND's tables,
//! else from the value itself.

/// How a column's text becomes a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// `bytea`.
    Bytes,
    /// `smallint`, `integer`, `bigint` and the serials.
    Integer,
    /// `boolean`: 0 or 1, as in SQLite.
    Bool,
    /// `real`, `double precision`, `numeric`.
    Real,
    /// Everything else, times included.
    Text,
    /// Not known: the value decides.
    Any,
}

/// The columns of a key-value table of LND in their order (kvdb/sqlbase/schema.go).
pub(super) const KV_COLUMNS: [&str; 5] = ["key", "value", "parent_id", "id", "sequence"];

/// Whether that is the name of a key-value table of LND.
pub(super) fn is_kv(table: &str) -> bool {
    table.len() > 3 && table.ends_with("_kv")
}

/// The type of that name in `CREATE TABLE`; `first` is its first word.
pub(super) fn by_name(first: &str) -> Type {
    match first {
        "bytea" => Type::Bytes,
        "smallint" | "integer" | "bigint" | "int" | "int2" | "int4" | "int8" | "serial"
        | "bigserial" | "smallserial" | "oid" => Type::Integer,
        "boolean" | "bool" => Type::Bool,
        "real" | "double" | "numeric" | "decimal" | "float4" | "float8" => Type::Real,
        _ => Type::Text,
    }
}

/// The type of that column of LND's, for dumps of data alone (sqldb/sqlc/migrations at v0.21.2).
pub(super) fn of_lnd(table: &str, column: &str) -> Type {
    if is_kv(table) {
        return match column {
            "key" | "value" => Type::Bytes,
            "parent_id" | "id" | "sequence" => Type::Integer,
            _ => Type::Any,
        };
    }
    match column {
        "hash" | "preimage" | "payment_addr" | "payment_request_hash" | "set_id" | "root_share" => {
            Type::Bytes
        }
        "is_amp" | "is_hodl" | "is_keysend" | "dirty" | "single_row" => Type::Bool,
        "memo" | "payment_request" | "name" | "description" | "network" | "created_at"
        | "settled_at" | "accept_time" | "resolve_time" | "added_at" | "migration_time" => {
            Type::Text
        }
        // A decimal text, because it is unsigned.
        "chan_id" if table == "invoice_htlcs" => Type::Text,
        _ => Type::Any,
    }
}
