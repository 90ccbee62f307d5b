-- Tables as LND has them in Postgres (kvdb/sqlbase/schema.go, sqldb/sqlc/migrations), and one with
-- nasty names; in them whatever pg_dump has to escape.
CREATE TABLE channeldb_kv (
    key bytea NOT NULL,
    value bytea,
    parent_id bigint,
    id bigserial PRIMARY KEY,
    sequence bigint,
    CONSTRAINT channeldb_kv_parent FOREIGN KEY (parent_id) REFERENCES channeldb_kv (id)
        ON UPDATE NO ACTION ON DELETE CASCADE
);
CREATE INDEX channeldb_kv_p ON channeldb_kv (parent_id);
CREATE UNIQUE INDEX channeldb_kv_up ON channeldb_kv (parent_id, key) WHERE parent_id IS NOT NULL;
CREATE UNIQUE INDEX channeldb_kv_unp ON channeldb_kv (key) WHERE parent_id IS NULL;
CREATE TABLE macaroondb_kv (
    key bytea NOT NULL, value bytea, parent_id bigint, id bigserial PRIMARY KEY, sequence bigint,
    CONSTRAINT macaroondb_kv_parent FOREIGN KEY (parent_id) REFERENCES macaroondb_kv (id)
        ON UPDATE NO ACTION ON DELETE CASCADE
);
CREATE TABLE invoice_sequences (name text PRIMARY KEY, current_value bigint NOT NULL);
CREATE TABLE invoices (
    id bigserial PRIMARY KEY,
    hash bytea NOT NULL UNIQUE,
    preimage bytea,
    settle_index bigint,
    settled_at timestamp without time zone,
    memo text,
    amount_msat bigint NOT NULL,
    cltv_delta integer,
    expiry integer NOT NULL,
    payment_addr bytea UNIQUE,
    payment_request text,
    state smallint NOT NULL,
    is_amp boolean NOT NULL,
    is_hodl boolean NOT NULL,
    created_at timestamp without time zone NOT NULL
);
CREATE TABLE migration_tracker (version integer UNIQUE NOT NULL, migration_time timestamp NOT NULL);
CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL);
CREATE TABLE chain_params (
    single_row boolean PRIMARY KEY DEFAULT true CHECK (single_row), network text NOT NULL
);
CREATE TABLE "Odd ""Name"" (x)" (
    "select" text, "a,b" bytea, "c""d" double precision, e numeric(40, 5), "Ünïcode" boolean,
    f character varying(80) DEFAULT 'a''b,(c)', g bigint GENERATED ALWAYS AS (1 + 1) STORED
);
CREATE FUNCTION lure() RETURNS text LANGUAGE sql AS $body$
    SELECT 'COPY public.channeldb_kv (key) FROM stdin;
\.
'::text; -- it's a trap
$body$;
COMMENT ON TABLE invoices IS 'it''s; COPY public.invoices FROM stdin;';

INSERT INTO channeldb_kv (key, value, parent_id, sequence) VALUES
    ('invoices', NULL, NULL, NULL), ('metadata', NULL, NULL, 0), ('\x00ff', NULL, NULL, 9223372036854775807);
INSERT INTO channeldb_kv (key, value, parent_id) VALUES ('dbp', '\x00000023', 2), ('empty', '', 2);
INSERT INTO channeldb_kv (key, value, parent_id, sequence) VALUES ('paymenthashes', NULL, 1, 42);
INSERT INTO channeldb_kv (key, value, parent_id)
    SELECT set_byte('\x0000', 1, n), set_byte('\x00', 0, n), 6 FROM generate_series(0, 255) n;
INSERT INTO channeldb_kv (key, value, parent_id)
    SELECT '\x616c6c', string_agg(set_byte('\x00', 0, n), ''::bytea ORDER BY n), 3
    FROM generate_series(0, 255) n;
INSERT INTO channeldb_kv (key, value, parent_id)
    SELECT 'long', decode(repeat('00275c0a', 75000), 'hex'), 3;
INSERT INTO macaroondb_kv (key, value, parent_id) VALUES ('macrootkeys', NULL, NULL), ('enckey', '\x5c2e0a', 1);
INSERT INTO invoice_sequences VALUES ('settle_index', 7);
INSERT INTO invoices VALUES
    (1, '\x01', NULL, NULL, NULL, '', 0, -1, 86400, NULL, NULL, 0, false, true, '2026-01-02 03:04:05.678901'),
    (2, '\x02', '\x', 9223372036854775807, '2026-01-02 03:04:05', E'tab\there\nline\r\\ \\. \\N ''q'' "d" \b\f\x0b $$ ;--',
        -9223372036854775808, 40, 2147483647, '\x5c', 'lnbcrt1', 1, true, false, '0001-01-01 00:00:00 BC'),
    (3, '\x03', '\x27', 1, NULL, E'\\.\n', 1, 2, 3, '\x2727', E'\\.', 2, true, true, 'infinity'),
    (4, '\x04', '\x00', 1, NULL, E'\n\\.\nCOPY public.invoices (id) FROM stdin;\n5\n\\.\n', 1, 2, 3, '\x2728', U&'\26A1 \95EA \202E \00E9', 3, false, false, '2026-01-02'),
    (5, '\x05', '\x00', 1, NULL, E'''); INSERT INTO public.invoices VALUES (9, ''', 1, 2, 3, '\x2729', '\N', 3, false, false, '2026-01-02'),
    (6, '\x06', '\x00', 1, NULL, repeat(E'x\\', 3), 1, 2, 3, '\x2730', '\x', 3, false, false, '2026-01-02'),
    (7, '\x07', '\x00', 1, NULL, '12', 1, 2, 3, '\x2731', 'true', 3, false, false, '2026-01-02');
SELECT setval('invoices_id_seq', 12, true);
INSERT INTO migration_tracker VALUES (5, '2026-01-02 03:04:05'), (7, '2026-01-02 03:04:06.5');
INSERT INTO schema_migrations VALUES (15, false);
INSERT INTO "Odd ""Name"" (x)" VALUES
    ('1', '\x31', 1.5, 12345678901234567890.12345, true, 'v'), (NULL, NULL, NULL, NULL, NULL, NULL),
    ('', '', 'NaN', -0.5, false, ''), ('NULL', '\x4e554c4c', 1e300, 3, true, E'(''),\n');
