-- Every row as Postgres itself reads it: table, then one cell for each column: `~` is NULL, `i`
-- and digits a whole number or a boolean, `r` a number with a fraction as Postgres prints it, `t`
-- and hex the UTF-8 of a text or of a timestamp, `b` and hex the bytes of a bytea.
CREATE FUNCTION pg_temp.cell(v anyelement) RETURNS text LANGUAGE sql AS $$
    SELECT CASE
        WHEN v IS NULL THEN '~'
        WHEN pg_typeof(v) = 'bytea'::regtype THEN 'b' || encode(v::text::bytea, 'hex')
        WHEN pg_typeof(v) = 'boolean'::regtype THEN 'i' || (v::text::boolean)::int
        WHEN pg_typeof(v) IN ('bigint', 'integer', 'smallint') THEN 'i' || v::text
        WHEN pg_typeof(v) IN ('double precision', 'numeric') THEN 'r' || v::text
        ELSE 't' || encode(convert_to(v::text, 'UTF8'), 'hex') END $$;
CREATE FUNCTION pg_temp.cell(v bytea) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce('b' || encode(v, 'hex'), '~') $$;
SELECT 'channeldb_kv', pg_temp.cell(key), pg_temp.cell(value), pg_temp.cell(parent_id), pg_temp.cell(id), pg_temp.cell(sequence) FROM channeldb_kv;
SELECT 'macaroondb_kv', pg_temp.cell(key), pg_temp.cell(value), pg_temp.cell(parent_id), pg_temp.cell(id), pg_temp.cell(sequence) FROM macaroondb_kv;
SELECT 'invoice_sequences', pg_temp.cell(name), pg_temp.cell(current_value) FROM invoice_sequences;
SELECT 'invoices', pg_temp.cell(id), pg_temp.cell(hash), pg_temp.cell(preimage), pg_temp.cell(settle_index), pg_temp.cell(settled_at), pg_temp.cell(memo), pg_temp.cell(amount_msat), pg_temp.cell(cltv_delta), pg_temp.cell(expiry), pg_temp.cell(payment_addr), pg_temp.cell(payment_request), pg_temp.cell(state), pg_temp.cell(is_amp), pg_temp.cell(is_hodl), pg_temp.cell(created_at) FROM invoices;
SELECT 'migration_tracker', pg_temp.cell(version), pg_temp.cell(migration_time) FROM migration_tracker;
SELECT 'schema_migrations', pg_temp.cell(version), pg_temp.cell(dirty) FROM schema_migrations;
SELECT 'Odd "Name" (x)', pg_temp.cell("select"), pg_temp.cell("a,b"), pg_temp.cell("c""d"), pg_temp.cell(e), pg_temp.cell("Ünïcode"), pg_temp.cell(f) FROM "Odd ""Name"" (x)";
