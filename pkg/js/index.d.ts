/**
 * Diagnose Core Lightning's gossip_store and LND's databases: what is damaged, what is lost, what to
 * do next.
 *
 * Offsets and lengths are bytes. Numbers that may pass 2^53 (msat, satoshi, raw channel ids) are
 * strings. Text from files (aliases, host names) has been made visible: control and bidirectional
 * characters are written as `\u{…}`; escaping it for HTML or Markdown is up to you.
 */

/** Where the bytes come from. They are never changed. */
export type Input =
  | Blob
  | ArrayBuffer
  | ArrayBufferView
  /** Gathered in a Blob first, because wounds are looked at twice. */
  | AsyncIterable<ArrayBufferView | ArrayBuffer>
  | ReadableStream<Uint8Array>
  /** Node only: opened read-only, never held in memory as a whole. */
  | { path: string | URL };

export interface OpenOptions {
  /** Cancels: the promise is rejected with the signal's reason, an `AbortError` by default. */
  signal?: AbortSignal;
  /** Called about every 4 MiB with the bytes read so far, and those in all. */
  onProgress?: (done: number, total: number) => void;
  /**
   * Also verifies signatures, as {@link Store.verifySignatures} does; progress then begins anew
   * from 0. False by default.
   */
  verifySignatures?: boolean;
  /**
   * For which releases of lightningd verdicts are given: names such as `'v25.12'`, or `'all'`.
   * Without it, or with none, the newest that writes the file's version, and the newest that is
   * known.
   */
  releases?: string | string[];
  /**
   * What counts as now, in whole seconds since 1970, for what the next prune would leave. Without
   * it the newest timestamp in the store, so that the same file always gives the same report.
   */
  now?: number;
  /** Names private channels, and channels and nodes of the operator's own, instead of `channel#1`. */
  reveal?: boolean;
  /** Node ids that the operator calls their own: 66 hexadecimal digits each. */
  own?: string[];
  /** How much is remembered; reaching a limit is itself a finding. */
  limits?: {
    /** Distinct channels; 1,000,000 by default. */
    channels?: number;
    /** Distinct nodes; 500,000 by default. */
    nodes?: number;
    /** Findings of each code; 1,000 by default. */
    findings?: number;
  };
  /** Seed for hashing, random by default. No output depends on it. */
  seed?: number;
  /** Bytes read at a time, at most; 4 MiB by default. The first reads are shorter. */
  chunkSize?: number;
}

/**
 * Reads a file once, from its first byte to its last, and draws up its report.
 *
 * Damage is no error: any bytes give a report. The promise is rejected where the input cannot be
 * read at all, or by the signal. A file that changes while it is read gives a report that says so
 * (`report.verdict.headline === 'not_still'`).
 *
 * @example
 * const store = await open({ path: 'gossip_store' });
 * console.log(store.report.verdict.headline);
 * await store.close();
 */
export function open(input: Input, options?: OpenOptions): Promise<Store>;

/** A file with its report, of which parts can be read again. */
export interface Store {
  /** The report. */
  readonly report: Report;
  /** The report as one line of JSON: the very bytes that `fulgurite check --json` prints. */
  readonly reportJson: string;
  /** How many records and wounds there are. */
  readonly rowCount: number;
  /** What stands where on the offset axis. */
  map(): StoreMap;
  /** Records and wounds in the order of the file; at most 1,000 at a time. */
  records(page?: Page): Promise<Rows<RecordRow | WoundRow>>;
  /** Live channels by the offset of their announcement; at most 1,000 at a time. */
  channels(page?: Page): Promise<Rows<Channel>>;
  /** Nodes with live channels by the offset of their announcement; at most 1,000 at a time. */
  nodes(page?: Page): Promise<Rows<Node>>;
  /** The number of the record or wound that covers this offset; null beyond the end. */
  rowAt(offset: number, options?: { signal?: AbortSignal }): Promise<number | null>;
  /** What covers this offset, field by field; null beyond the end. */
  record(
    offset: number,
    options?: { reveal?: boolean; signal?: AbortSignal },
  ): Promise<Detail | VersionDetail | null>;
  /** Searches the whole file. */
  find(filter?: Filter, options?: FindOptions): Promise<Found>;
  /**
   * Verifies the signatures of all live records and draws up the report anew, as `fulgurite check
   * --verify-signatures` does: `report.gossip.signatures` and the findings about signatures come
   * in. It takes a while (README.md has figures), and everything else has its turn meanwhile. Where
   * it is cancelled, the report stays as it was.
   */
  verifySignatures(options?: VerifyOptions): Promise<Report>;
  /**
   * Of a log: draws up its report anew, with the store that it is about, as `fulgurite log --store`
   * does. Offsets in its lines lead to records, and what syncing peers are sent is estimated.
   */
  beside(store: Store, options?: BesideOptions): Promise<Report>;
  /** Bytes as they are, as far as the file has them. */
  bytes(offset: number, length: number): Promise<Uint8Array>;
  /** What only one of two stores has. */
  compare(other: Store): Comparison;
  /** Plans a repair of this file alone; see {@link repair}. */
  repair(options?: RepairOptions): Promise<RepairedStore>;
  /** Frees the memory; nothing works afterwards. */
  close(): Promise<void>;
}

export interface VerifyOptions {
  /** Cancels. */
  signal?: AbortSignal;
  /** Called with the bytes whose signatures are verified, and those in all. */
  onProgress?: (done: number, total: number) => void;
}

export interface BesideOptions {
  /** How many peers the node has; without it, as many as the log tells apart, or ten. */
  peers?: number;
  signal?: AbortSignal;
}

export interface Page {
  /** Number of the first row; 0 by default. */
  from?: number;
  /** How many; 100 by default. */
  count?: number;
  signal?: AbortSignal;
}

export interface Rows<T> {
  /** How many there are in all. */
  total: number;
  rows: T[];
}

/** The inks of a map, in the order of the counts in a cell. */
export const inks: readonly ['channel', 'update', 'node', 'other', 'deleted', 'wound'];

export interface StoreMap {
  /** How many bytes a cell covers; the first begins at offset 0. */
  cellLen: number;
  /** For each cell six numbers: its bytes of each of {@link inks}. At most 8,192 cells. */
  cells: Uint32Array;
}

/** Values of one kind are alternatives; different kinds must all hold. */
export interface Filter {
  /** A short channel id or its beginning, the first digits of a node id, or a part of an alias. */
  text?: string;
  /** Types by number or by upstream's name: `258` or `'channel_update'`. */
  types?: number | string | (number | string)[];
  states?: State | State[];
  /** Short channel ids, such as `899494x897x1`. */
  scids?: string | string[];
  /** First digits of node ids. Updates name no node. */
  nodes?: string | string[];
  /** A part of an alias, whatever the case. */
  alias?: string;
  /** Only what begins at this offset or behind it. */
  from?: number;
  /** Only what begins before this offset. */
  to?: number;
}

export interface FindOptions {
  /** The most rows; 1,000 by default. */
  limit?: number;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

export interface Found {
  /** Each with its number in the table of records. */
  rows: ((RecordRow | WoundRow) & { row: number })[];
  /** Whether there are more than the limit. */
  more: boolean;
}

export type State =
  | 'live' | 'deleted' | 'push' | 'ratelimited' | 'uncompleted' | 'zombie' | 'dying' | 'private'
  | 'resynchronised' | 'malformed' | 'wounded';

/** A record in one line: a line of `fulgurite records --json`. */
export interface RecordRow {
  kind: 'record';
  /** Offset of its header. */
  offset: number;
  /** Length, header included. */
  len: number;
  /** Its type; null where the body is too short for one. */
  type: number | null;
  /** Upstream's name of the type. */
  name: string;
  /** It is private: nothing more is shown. */
  redacted?: true;
  /** Four hexadecimal digits. */
  flags?: string;
  flag_names?: string[];
  /** Seconds since 1970: the header's, or where it has none the message's. */
  timestamp?: number | null;
  states: State[];
  scid?: string;
  node_id?: string;
  node_id_1?: string;
  node_id_2?: string;
  alias?: string;
  satoshis?: string;
  direction?: 0 | 1;
  disabled?: boolean;
  fee_base_msat?: string;
  fee_proportional_millionths?: number;
  cltv_expiry_delta?: number;
  htlc_minimum_msat?: string;
  htlc_maximum_msat?: string;
  blockheight?: number;
  uuid?: string;
  equivalent_offset?: string;
}

/** A span that no record could be made of, in one line. */
export interface WoundRow {
  kind: 'wound';
  offset: number;
  len: number;
  /** Its type, if it is one record. */
  type?: number;
  name?: string;
  states: ['wounded'];
  /** It is one record with a wrong checksum. */
  framed: boolean;
  /** The file ends here. */
  at_end: boolean;
  /** The longest run of zero bytes inside. */
  zeros?: { start: number; len: number };
}

/** A live channel: a line of `fulgurite channels --json`. */
export interface Channel {
  scid: string;
  /** The same as one number. */
  scid_raw: string;
  /** Offset of its announcement. */
  announcement: number;
  /** Its capacity, if the store has it. */
  satoshis: string | null;
  node_id_1: string;
  node_id_2: string;
  /** The updates that count, that of direction 0 first. */
  updates: ChannelUpdate[];
}

export interface ChannelUpdate {
  /** 0 where `node_id_1` speaks, 1 where `node_id_2` does. */
  direction: 0 | 1;
  /** Offset of its record. */
  offset: number;
  /** Seconds since 1970. */
  timestamp: number;
  /** This direction forwards nothing for now. */
  disabled: boolean;
  fee_base_msat: string;
  fee_proportional_millionths: number;
  cltv_expiry_delta: number;
  htlc_minimum_msat: string;
  htlc_maximum_msat: string | null;
}

/** A node with live channels: a line of `fulgurite nodes --json`. */
export interface Node {
  node_id: string;
  /** How many live channels it has. */
  channels: number;
  /** Offset of its announcement, if there is one; what it says follows only then. */
  announcement: number | null;
  /** The announcement stands before the node's first channel, so that upstream does not show it. */
  hidden: boolean;
  timestamp?: number;
  alias?: string;
  /** The bytes of the alias. */
  alias_hex?: string;
  rgb?: string;
  features?: number[];
  addresses?: string[];
}

/** A record or a wound byte by byte: `fulgurite show --json`. */
export interface Detail {
  kind: 'record' | 'wound';
  offset: number;
  len: number;
  type: number | null;
  name: string;
  /** It is private, or may be: nothing more is shown. */
  redacted: boolean;
  /** The stored checksum beside the true one. */
  checksum: { stored: string; computed: string; seed: number; holds: boolean } | null;
  fields: Field[];
  /** Bytes at the end of a long wound that are not among the fields. */
  not_shown: number;
  /** What is said of these bytes. */
  findings: Finding[];
}

export interface Field {
  name: string;
  offset: number;
  hex: string;
  /** What the bytes say, where that is not the bytes themselves. */
  value?: Value;
}

/** The first byte of a store. */
export interface VersionDetail {
  kind: 'version';
  offset: 0;
  len: 1;
  version: Version | null;
  findings: Finding[];
}

/** Two stores side by side. */
export interface Comparison {
  /** Live channels that both have. */
  channels_in_both: number;
  first: OneSided;
  second: OneSided;
}

/** What only one store has, or has newer. */
export interface OneSided {
  channels: number;
  /** Their short channel ids, at most 1,000. */
  scids: string[];
  nodes: number;
  newer_updates: number;
}

/** Everything there is to say about one file. */
export interface Report {
  schema: 'fulgurite-report/1';
  /** What was read; of several files the first. */
  input: { kind: Kind; size: number };
  /** All that was read together; absent where it was one file. */
  inputs?: { kind: Kind; size: number }[];
  verdict: Verdict;
  /** How many findings of each code there are. */
  counts: { code: Code; count: number }[];
  /** By offset and code; of each code at most the first 1,000. */
  findings: Finding[];
  /** What the store holds, if it is one. */
  gossip?: Gossip;
  /** What lightningd does with it: the newest line of releases that writes its version, and the newest known. */
  releases?: ReleaseVerdict[];
  /** What LND's stores hold, and what LND would do with them. */
  lnd?: LndReport;
  /** What a log says. */
  log?: LogReport;
}

/** What a log of lightningd or LND says, in figures. Times are seconds since 1970. */
export interface LogReport {
  program?: 'lightningd' | 'lnd';
  form: 'plain' | 'journal_export' | 'json';
  lines: number;
  /** Lines of whoever passes lines on. */
  framing: number;
  /** Lines in the form of the program. */
  framed: number;
  known: number;
  unknown: number;
  /** Lines that were longer than is kept. */
  cut: number;
  first?: number;
  last?: number;
  /** Times are the machine's own, which the log does not name. */
  local_time: boolean;
  levels: { level: string; count: number }[];
  /** Known lines by what they say. */
  says: {
    says: string; weight: LogWeight; count: number; first_line: number; first?: number; last?: number;
  }[];
  /** Messages out of order. */
  flood?: {
    count: number;
    orders: { order: string; count: number }[];
    peers: number;
    others: number;
    most: { peer: string; count: number }[];
    per_second: number;
  };
  /** From start to end. */
  runs: {
    line: number; at?: number; release?: string;
    ended: 'stopped' | 'crashed' | 'silent' | 'open';
    last_at?: number; lines: number;
  }[];
  starts: number;
  /** How long compaction and upgrades took, in milliseconds. */
  compaction?: { count: number; longest: number; total: number };
  /** LND's migrations. */
  migrations?: {
    what: 'invoices' | 'graph' | 'payments';
    outcome: 'done' | 'failed' | 'interrupted' | 'open';
    line: number; offset: number; at?: number; until?: number;
    count: number; rates: number; slowest_per_hour?: number; fastest_per_hour?: number;
    error_line?: number; error?: string;
  }[];
  /** How much was said when: a number for each bucket of `width` seconds. */
  timeline?: {
    start: number; width: number;
    lines: number[]; harmless: number[]; trouble: number[]; starts: number[];
  };
  /** The lines that tell most, by offset. */
  events: {
    says: string; line: number; offset: number; len: number; at?: number;
    moved?: boolean; emptied?: boolean; values?: Values; text?: string;
    record?: { start: number; end: number; record_type?: string; wound: boolean };
  }[];
  /** What peers are sent: where a store was given to the command, or by `beside`. */
  upload?: { [name: string]: number };
}

/** What a line is worth. */
export type LogWeight = 'harmless' | 'note' | 'trouble' | 'damage';

/** What one line of releases of lightningd does with the file. */
export interface ReleaseVerdict {
  /** The first release of the line. */
  release: string;
  /** The last one that does the same. */
  last: string;
  why: Why;
  /** Whether gossipd keeps all that is alive, and every other reader reads all of what is left. */
  accepted: boolean;
  gossipd: {
    fate: Fate;
    check?: Check;
    /** Offset of the record in the file. */
    at?: number;
    /** Lines of the log; bytes of records are `<hex>`. */
    log?: string[];
    values?: Values;
  };
  /** Absent before v0.9.1. */
  plugins?: ReaderVerdict;
  connectd: ReaderVerdict;
}

/** What another reader of the store does with it. */
export interface ReaderVerdict {
  reads: Reads;
  check?: Check;
  at?: number;
  log?: string[];
  values?: Values;
}

/** Why a release is spoken of. */
export type Why = 'wrote_it' | 'newest' | 'wrote_it_newest' | 'asked';

/** What gossipd does with the file when it starts. */
export type Fate =
  | 'accepted' | 'compacted' | 'upgraded' | 'prefix' | 'part' | 'moved' | 'not_truncated'
  | 'emptied' | 'dies' | 'dies_emptied';

/** How another reader fares. */
export type Reads =
  | 'all' | 'part' | 'sends_on' | 'dies_when_asked' | 'dies' | 'refuses' | 'memory';

/** Which check decided. */
export type Check =
  | 'version' | 'checksum' | 'torn' | 'stray' | 'completed' | 'too_short' | 'type' | 'amount'
  | 'duplicate' | 'announcement' | 'update' | 'node' | 'unupdated' | 'dying' | 'private'
  | 'amount_fields' | 'deletion' | 'ended' | 'fields' | 'same_node';

/** What a file is, by its content. */
export type Kind =
  | 'gossip_store' | 'lightningd_sqlite' | 'sqlite' | 'hsm_secret' | 'wallet_db' | 'bolt'
  | 'channel_backup' | 'macaroon' | 'gzip' | 'xz' | 'zip' | 'tar' | 'zstd' | 'gossmap_compressed'
  | 'sqlite_wal' | 'pg_dump' | 'bucket_dump' | 'lightningd_log' | 'lnd_log' | 'unknown';

export interface Verdict {
  headline: Headline;
  /** The worst among the findings. */
  severity: Severity;
  /** The figures for the sentence. */
  values: Values;
  /** What to do, the safest first. */
  next: Step[];
}

export type Headline =
  | 'healthy' | 'torn_tail' | 'zero_run' | 'damaged' | 'second_store' | 'duplicates' | 'orphans'
  | 'hidden_alias' | 'bloat' | 'readvertising' | 'version' | 'too_old' | 'bad_signatures' | 'empty'
  | 'all_zero' | 'wrong_file' | 'not_still' | 'lnd_migrated' | 'lnd_not_migrated' | 'lnd_native'
  | 'lnd_crash_window' | 'lnd_passed_over' | 'lnd_split_brain' | 'lnd_retired' | 'lnd_half_copied'
  | 'lnd_refuses' | 'lnd_do_not_start' | 'lnd_incomplete' | 'lnd_unread' | 'lnd_damaged'
  | 'lnd_no_rehearsal' | 'lnd_sides_agree' | 'lnd_sides_differ' | 'lnd_would_fail'
  | 'lnd_would_lose' | 'lnd_would_migrate'
  | 'log_store_lost' | 'log_store_damaged' | 'log_trouble' | 'log_flood' | 'log_calm'
  | 'log_unknown' | 'log_lnd_failed' | 'log_lnd_unfinished' | 'log_lnd_migrated';

export type Severity = 'info' | 'warning' | 'damage';
export type Confidence = 'possible' | 'likely' | 'certain';

/** One value of a finding. */
export type Value = number | boolean | string | Value[] | Values;
export interface Values {
  [name: string]: Value;
}

export interface Finding {
  code: Code;
  severity: Severity;
  confidence: Confidence;
  place: {
    /** The bytes, end exclusive. */
    span: { start: number; end: number };
    /** Offset of the record's header, if it is a record's matter. */
    record?: number;
    /** Upstream's name of that record's type. */
    record_type?: string;
    /** What it is about: a short channel id or a node id, or an ordinal in place of one. */
    key?: string;
    /** Which of several files that were read together; absent for the first. */
    input?: number;
    /** The path of the bucket or the name of the table. */
    path?: string;
  };
  values?: Values;
  /** What to do, the safest first. */
  next: Step[];
}

/** What can be found. The words for each are in {@link words}. */
export type Code =
  | 'gossip.empty_file' | 'gossip.all_zero' | 'gossip.torn_tail' | 'gossip.uncompleted_record'
  | 'gossip.zero_run' | 'gossip.bit_flip' | 'gossip.two_bit_flip' | 'gossip.length_flip'
  | 'gossip.deleted_flip' | 'gossip.overwritten_span' | 'gossip.duplicated_span'
  | 'gossip.missing_span' | 'gossip.moved_span' | 'gossip.overlay' | 'gossip.second_store'
  | 'gossip.ended_left' | 'gossip.timestamp_contradiction' | 'gossip.wrong_version'
  | 'gossip.trailing_garbage' | 'gossip.malformed_record' | 'gossip.unknown_record'
  | 'gossip.flags_in_length' | 'gossip.bad_signature' | 'gossip.unfinished_delete' | 'gossip.out_of_order'
  | 'gossip.orphan_update' | 'gossip.orphan_node' | 'gossip.orphan_amount' | 'gossip.hidden_alias'
  | 'gossip.duplicate_announcement' | 'gossip.superseded_updates' | 'gossip.unsupported_version'
  | 'gossip.older_version' | 'gossip.bloat' | 'gossip.readvertising' | 'gossip.too_old'
  | 'gossip.private_records' | 'gossip.push_records' | 'gossip.unknown_flags'
  | 'gossip.dying_channels' | 'gossip.resynchronised' | 'gossip.zero_signatures'
  | 'gossip.limit_reached' | 'input.not_a_store' | 'input.lightningd_sqlite' | 'input.sqlite'
  | 'input.hsm_secret' | 'input.wallet_db' | 'input.bolt' | 'input.channel_backup'
  | 'input.macaroon' | 'input.compressed' | 'input.gossmap_compressed' | 'input.not_still'
  | 'input.sqlite_wal' | 'bbolt.no_meta' | 'bbolt.meta_damaged' | 'bbolt.meta_pair'
  | 'bbolt.big_endian' | 'bbolt.truncated' | 'bbolt.missing_page' | 'bbolt.out_of_bounds'
  | 'bbolt.multiple_references' | 'bbolt.reachable_freed' | 'bbolt.zero_page' | 'bbolt.page_type'
  | 'bbolt.page_id' | 'bbolt.overflow' | 'bbolt.count' | 'bbolt.element' | 'bbolt.key_order'
  | 'bbolt.inline_bucket' | 'bbolt.too_deep' | 'bbolt.freelist' | 'bbolt.free_twice'
  | 'bbolt.bad_free_page' | 'bbolt.unreachable' | 'bbolt.channel_state_hit' | 'bbolt.graph_hit'
  | 'bbolt.records_hit' | 'sqlite.header' | 'sqlite.truncated' | 'sqlite.trailing'
  | 'sqlite.stale_copy' | 'sqlite.wal_foreign' | 'sqlite.wal_tail' | 'sqlite.wal_broken'
  | 'sqlite.schema' | 'sqlite.page' | 'sqlite.zero_page' | 'sqlite.cell' | 'sqlite.child'
  | 'sqlite.used_twice' | 'sqlite.overflow' | 'sqlite.order' | 'sqlite.impossible_value'
  | 'sqlite.index_differs' | 'sqlite.duplicate_key' | 'sqlite.freelist' | 'sqlite.pointer_map'
  | 'sqlite.lost_page' | 'sqlite.unused_pages' | 'pgdump.packed' | 'pgdump.cut_short'
  | 'pgdump.bad_row' | 'pgdump.unread' | 'pgdump.no_columns' | 'dump.limit_reached'
  | 'kvsql.tree_broken' | 'bucket_dump.cut_short' | 'bucket_dump.bad_line' | 'bucket_dump.changed'
  | 'bucket_dump.version' | 'bucket_dump.redacted' | 'lnd.kv_counts' | 'lnd.sql_counts'
  | 'lnd.undecodable' | 'lnd.orphan_canceled' | 'lnd.orphan_lost' | 'lnd.broken_index'
  | 'lnd.duplicate' | 'lnd.sequence_behind' | 'lnd.htlc_sum' | 'lnd.settle_sequence'
  | 'lnd.no_settle_sequence' | 'lnd.cut_short'
  | 'lnd.zero_hash' | 'lnd.expiry_reset' | 'lnd.hash_scratch' | 'lnd.reused_id' | 'lnd.renumbered'
  | 'lnd.bad_row' | 'lnd.tombstone_without_tracker' | 'lnd.migration_skipped'
  | 'lnd.tombstone_lost' | 'lnd.split_brain' | 'lnd.tracker_schema_disagree' | 'lnd.dirty_schema'
  | 'lnd.wrong_network' | 'lnd.data_migration_tombstone' | 'lnd.half_copied' | 'lnd.copy_unmarked'
  | 'lnd.stale_copy' | 'lnd.newer_than_release' | 'lnd.missing_dbp' | 'lnd.bolt_beside_sql'
  | 'lnd.foreign_marker' | 'lnd.closed_channel_tombstones' | 'lnd.compared' | 'lnd.invoice_differs'
  | 'lnd.invoice_extra' | 'lnd.invoice_missing' | 'lnd.invoices_deleted' | 'lnd.kv_ahead'
  | 'lnd.left_behind' | 'lnd.migration_alters' | 'lnd.migration_fails' | 'lnd.migration_loses'
  | 'lnd.not_compared' | 'lnd.rehearsal'
  | 'input.log' | 'log.checksum' | 'log.bad_record' | 'log.store_lost' | 'log.stale_index'
  | 'log.cannot_read' | 'log.write_failed' | 'log.ends_early' | 'log.duplicate'
  | 'log.compaction_failed' | 'log.crash' | 'log.unclean_restart' | 'log.likely_cause'
  | 'log.flood' | 'log.harmless' | 'log.trouble' | 'log.slow_start' | 'log.cut_lines'
  | 'log.nothing_known' | 'log.other_store' | 'log.upload' | 'log.lnd_migrated' | 'log.lnd_failed'
  | 'log.lnd_unfinished' | 'log.lnd_left_out' | 'log.lnd_refuses';

/** What can be done next. The words for each are in {@link words}. */
export type Step =
  | 'nothing' | 'keep_copy' | 'repair' | 'cut_tail' | 'rename_and_restart' | 'watch_upload' | 'ups'
  | 'stop_cleanly' | 'back_up_before_upgrade' | 'alert_on_log' | 'watch_size' | 'stay_current'
  | 'lower_gossip' | 'check_disk' | 'upgrade_lightningd' | 'do_not_downgrade' | 'do_not_restore'
  | 'heals_by_itself' | 'report_upstream' | 'redact' | 'which_file' | 'never_share'
  | 'never_share_keys' | 'unpack' | 'copy_again' | 'which_database' | 'lnd_do_not_start'
  | 'lnd_keep_copy' | 'lnd_copy_again' | 'lnd_no_old_copy' | 'lnd_salvage' | 'lnd_channel_backup'
  | 'lnd_drop_graph' | 'lnd_freelist' | 'lnd_compact' | 'sqlite_do_not_start' | 'sqlite_keep_copy'
  | 'sqlite_copy_with_wal' | 'sqlite_restore' | 'sqlite_recover' | 'sqlite_reindex' | 'pg_restore'
  | 'dump_again' | 'export_again' | 'keep_lnd_stopped' | 'upgrade_fulgurite' | 'lnd_copy_first'
  | 'lnd_keep_stopped' | 'lnd_do_not_migrate' | 'lnd_list_from_copy' | 'lnd_redact_dump'
  | 'lnd_watch_accepted' | 'lnd_rescan_settled' | 'lnd_resync_add' | 'lnd_no_hand_edit'
  | 'lnd_report' | 'lnd_copy_all' | 'lnd_migrate_without_skip' | 'lnd_never_skip'
  | 'lnd_never_edit_marks' | 'lnd_stay_native' | 'lnd_keep_left_behind' | 'lnd_one_store'
  | 'lnd_restore_native' | 'lnd_ask_developers' | 'lnd_right_network' | 'lnd_check_network'
  | 'lnd_use_destination' | 'lnd_restore_source' | 'lnd_finish_copy' | 'lnd_never_run_both'
  | 'lnd_copy_with_wal' | 'lnd_newer_release' | 'lnd_give_both_sides'
  | 'log_how' | 'log_which_log' | 'log_keep_corrupt' | 'log_give_store' | 'log_read_lines'
  | 'log_gentle_rebuild' | 'log_give_lnd_stores';

/** The version byte and what it means. */
export interface Version {
  /** As stored. */
  byte: number;
  /** The version that the records are read as. */
  read_as: number;
  /** Releases that write that version. */
  written_by: string;
  /** Releases that read it. */
  read_by: string;
  /** Bytes in a record header. */
  header_len: 8 | 12;
}

/** What a store holds, in figures. */
export interface Gossip {
  version: Version;
  /** Records whose checksum holds. */
  records: number;
  /** Those of them that are marked DELETED. */
  deleted: number;
  /** Wounds that are one record, its checksum wrong. */
  bad_checksums: number;
  /** Spans that no record could be made of, those included. */
  wounds: number;
  wounded_bytes: number;
  /** Records known to be lost or unreadable. */
  lost: number;
  /** Wounds of which nobody can say how many records were in them. */
  uncounted_wounds: number;
  live_bytes: number;
  deleted_bytes: number;
  /** Bytes that no checksum covers. */
  unprotected_bytes: number;
  types: {
    type?: number;
    name: string;
    live: number;
    deleted: number;
    bad_checksum: number;
    live_bytes: number;
    deleted_bytes: number;
  }[];
  flags: { flags: string; names: string[]; records: number }[];
  network: Network;
  compaction: {
    rule: 'while_running' | 'every_start' | 'by_size';
    /** Whether the size rule of v26.04 and later is met. */
    size_rule_met: boolean;
  };
  /** What a peer that asks for everything is sent. */
  sync: { messages: number; bytes: number; wire_bytes: number };
  /** What verifying the signatures of live records came to; only where that was asked for. */
  signatures?: Signatures & { types: (Signatures & { type: number; name: string })[] };
}

/** How many live records hold what was signed. */
export interface Signatures {
  /** Live records that ought to be signed. */
  records: number;
  /** Signatures that were verified: four of each channel_announcement, else one. */
  signatures: number;
  valid: number;
  invalid: number;
  /** Records whose signatures are all zero. */
  all_zero: number;
  /** Records with nothing to verify them by. */
  unverifiable: number;
}

/** The network in figures. */
export interface Network {
  nodes: number;
  announced_nodes: number;
  channels: number;
  updates: number;
  disabled: number;
  updates_without_htlc_maximum: number;
  capacity_sat: number;
  dying: number;
  live_records: number;
  dead_records: number;
  superseded: number;
  superseded_bytes: number;
  orphan_updates: number;
  oldest_timestamp?: number;
  newest_timestamp?: number;
  /** What counts as now. */
  now: number;
  /** Channels that the next prune leaves. */
  channels_after_prune: number;
  /** Live updates by age in days; the last count is for 30 days and more. */
  update_ages_days: number[];
  most_announced_node: number;
}

/** The catalogue of one language, keyed by code. */
export interface Words {
  language: 'en' | 'zh-CN';
  /** The language's name in itself. */
  name: string;
  headlines: Record<Headline, string>;
  findings: Record<Code, { title: string; meaning: string }>;
  steps: Record<Step, string>;
  severities: Record<Severity, string>;
  confidences: Record<Confidence, string>;
  /** What a value is called. */
  /** What gossipd does: sentences. */
  fates: Record<Fate, string>;
  /** What other readers do: sentences without their subject. */
  readers: Record<Reads, string>;
  /** Which check decided, in a few words. */
  checks: Record<Check, string>;
  whys: Record<Why, string>;
  labels: Record<string, string>;
}

/**
 * Every finding, verdict and step in English or 简体中文. Texts are templates, filled from `values`
 * and from the place (`start`, `end`, `bytes`, `key`, `record_type`): `{name}` is the value,
 * `{name:n}` with separators, `{name:n one|many}` with its noun, `{name:t}` seconds as a date, and
 * `[name|text]` is the text if the value is there and not 0.
 */
export function words(language?: 'en' | 'zh-CN'): Promise<Words>;

export interface RepairOptions {
  /** Cancels the planning. */
  signal?: AbortSignal;
  /** Called now and then with the bytes done, and those in all; every file is read three times. */
  onProgress?: (done: number, total: number) => void;
  /**
   * The version to write, 9 to 16; without it that of the newest file. A lightningd loses a store
   * that is newer than itself: 16 is for v26.04 and later, 15 for v25.09.1 and later.
   */
  version?: number;
  /** What counts as now, in whole seconds since 1970, for what the next prune would leave. */
  now?: number;
  /** Drop what newer records replace, and tombstones. */
  compact?: boolean;
  /** Seed for hashing, random by default. No output depends on it. */
  seed?: number;
}

/**
 * Plans a repair: every good record is kept, what can be proven is mended, and nothing is guessed.
 * Several stores (a store, its gossip_store.corrupt, a backup) are merged into one: the newest
 * message wins, and what a newer store has deleted stays deleted.
 *
 * The promise is rejected where there is nothing to keep, or a file changed meanwhile. The stores
 * must stay open until the repair is closed.
 *
 * @example
 * const store = await open({ path: 'gossip_store' });
 * const repaired = await store.repair({ version: 15 });
 * const { channels, lost } = repaired.plan;
 * await writeFile('repaired', (await repaired.blob()).stream(), { flag: 'wx' });
 */
export function repair(stores: Iterable<Store>, options?: RepairOptions): Promise<RepairedStore>;

/** A planned repair. */
export interface RepairedStore {
  /** What is kept, mended, dropped and lost, as `fulgurite repair --plan --json` has it. */
  readonly plan: Plan;
  /** The same as one line of JSON. */
  readonly planJson: string;
  /**
   * The repaired store. Large pieces that need no change are slices of the files, which must stay
   * as they are for as long as the Blob is used. To see that it is sound, and what lightningd does
   * with it (`report.releases`), {@link open} it.
   */
  blob(options?: {
    signal?: AbortSignal;
    onProgress?: (done: number, total: number) => void;
  }): Promise<Blob>;
  /** Frees its memory. */
  close(): void;
}

/** What is done with a run of records. */
export type Action = 'keep' | 'mend' | 'move' | 'drop' | 'lose';

/** What a repair does. */
export interface Plan {
  schema: 'fulgurite-plan/1';
  inputs: {
    size: number;
    /** 64 hexadecimal digits. */
    sha256: string;
    version: number;
    /** Records whose checksum holds, deleted ones included. */
    intact: number;
    /** Its chains of records, newest first, with the newest timestamp of each. */
    chains: [{ start: number; end: number }, number][];
  }[];
  /** The version that is written. */
  version: number;
  /** Nothing needs repair: the repaired store is the file, byte for byte. */
  unchanged: boolean;
  /** Its length in bytes. */
  size: number;
  /** 64 hexadecimal digits; from version 16. */
  uuid?: string;
  records: number;
  channels: number;
  updates: number;
  nodes: number;
  announced_nodes: number;
  now: number;
  channels_after_prune: number;
  /** Channels that only an older file has. */
  channels_from_older: number;
  kept: number;
  mended: number;
  moved: number;
  dropped: number;
  /** Damaged places that are lost, and their bytes. */
  lost: [number, number];
  dropped_by: { reason: string; records: number }[];
  mended_by: { mend: string; records: number }[];
  rows: PlanRow[];
  rows_left_off: number;
}

/** Neighbouring records with the same fate. */
export interface PlanRow {
  /** The file, counted from 0. */
  source: number;
  span: { start: number; end: number };
  action: Action;
  reason?: string;
  mends?: string[];
  proofs?: string[];
  /** File offset and bit of what is turned back. */
  bits?: [number, number][];
  records: number;
  record_type?: string;
}

/** One of LND's files: a File, a path in Node, or bytes with a name. */
export type LndFile =
  | File
  | { path: string | URL }
  /** The name only says which log belongs to which database (`channel.sqlite-wal`). */
  | { name?: string; input: Input };

/**
 * Work on LND's stores is done in one piece on the thread that asks for it: call it in a worker, or
 * live with the pause. Between two steps `onProgress` is called and the signal is looked at.
 */
export interface LndTask {
  /** Cancels: the promise is rejected with the signal's reason. Only `onProgress` can abort it. */
  signal?: AbortSignal;
  /** Called between two steps with how far the work is. */
  onProgress?: (done: number, total: number) => void;
}

export interface OpenLndOptions extends LndTask {
  /** Tells hashes, addresses, amounts and texts in the report. */
  reveal?: boolean;
  /** The files are a whole data folder: what is not there does not exist. */
  whole?: boolean;
  /** The network that LND is configured for, as its folder is called. */
  network?: string;
  /** Decisions for this release only, such as `v0.21`. */
  release?: string;
  backend?: LndBackend;
  /** `db.use-native-sql`. */
  native?: boolean;
  /** `db.skip-native-sql-migration`. */
  skip?: boolean;
}

/**
 * Judges LND's files together: channel.db, channel.sqlite, lnd.sqlite, each with its -wal, plain
 * dumps of Postgres, bucket dumps. What each is, is known by its content.
 *
 * Without `FileReaderSync` (outside of a browser's worker) a Blob is read into memory, up to 1 GiB;
 * a path never is.
 *
 * @example
 * const lnd = await openLnd([{ path: 'channel.sqlite' }, { path: 'channel.sqlite-wal' }, { path: 'lnd.sqlite' }]);
 * console.log(lnd.report.lnd?.state.kind, lnd.report.lnd?.way);
 * await lnd.close();
 */
export function openLnd(files: Iterable<LndFile>, options?: OpenLndOptions): Promise<LndStores>;

/** LND's files with their report. What is listed of them is redacted unless `reveal` is set. */
export interface LndStores {
  readonly report: Report;
  /** The report as one line of JSON: the very bytes that `fulgurite check --json` prints. */
  readonly reportJson: string;
  /** What each page of bbolt and SQLite files is. */
  maps(): PageMap[];
  /** The files that hold trees of buckets; databases may hold several, by their tables' prefixes. */
  trees(): { input: number; prefixes: string[] }[];
  /** Invoices of the store that LND would use, or of a side; null where no file has it. */
  invoices(
    page?: LndTask & { from?: number; count?: number; side?: LndSide; reveal?: boolean },
  ): Promise<Invoices | null>;
  /**
   * What stands in a bucket: that of a row before (`bucket`), or that at `path` in the first tree, in
   * the tree of `input`, or in the tree with the prefix `tree`. Null where it is not there.
   */
  buckets(
    page?: LndTask & {
      bucket?: number;
      path?: (string | Uint8Array)[];
      input?: number;
      tree?: string;
      /** Number of the first row; 0 by default. */
      from?: number;
      /** How many; 1,000 by default. */
      count?: number;
      reveal?: boolean;
    },
  ): Promise<BucketPage | null>;
  /** A dump of the buckets that the migration is judged by, of these, or of all; what can be sent instead of the store. */
  dump(
    options?: LndTask & {
      input?: number;
      tree?: string;
      buckets?: string[];
      all?: boolean;
      reveal?: boolean;
    },
  ): Promise<BucketDump | null>;
  /**
   * Is every invoice on the newer side what it was on the older? Null where there are not two sides.
   * `list` is what `lncli listinvoices` printed, and stands for a side that is missing; it is the
   * last of the inputs.
   */
  compare(
    options?: LndTask & { list?: LndFile; reveal?: boolean },
  ): Promise<{
    report: LndComparison;
    /** The very bytes that `fulgurite lnd compare --json` prints. */
    reportJson: string;
  } | null>;
  /**
   * How the migration of invoices by a release of LND (`v0.21.3`, `v0.20`; the newest by default)
   * would end, and what it would lose or change. Null where there is no key-value store.
   */
  rehearse(
    options?: LndTask & {
      release?: string;
      /** That is to migrate; Postgres for a dump of Postgres, else SQLite. */
      backend?: 'sqlite' | 'postgres';
      /** As the case was opened for, by default. */
      network?: string;
      reveal?: boolean;
    },
  ): Promise<{
    report: LndRehearsal;
    /** The very bytes that `fulgurite lnd rehearse --json` prints. */
    reportJson: string;
  } | null>;
  /** Bytes of a file as they are. */
  bytes(input: number, offset: number, length: number): Promise<Uint8Array>;
  /** Frees the memory; nothing works afterwards. */
  close(): Promise<void>;
}

/** Both sides compared: in figures, and each difference as a finding. */
export interface LndComparison extends Report {
  summary: {
    /** The side that was there first. */
    old: LndSideOf;
    /** The side that came after it. */
    new: LndSideOf;
    /** Invoices on both sides that fit together. */
    same: number;
    /** Invoices on both sides that do not. */
    differ: number;
    /** Those that the newer side ought to have, and has not. */
    missing: number;
    /** Canceled or expired ones that the newer side need not have. */
    deleted: number;
    /** Those that no add index led to, not canceled: the migration did not see them. */
    left_behind: number;
    /** Canceled ones that LND's own clean-up left without an index. */
    orphans: number;
    /** Only on the newer side: made there. */
    made_here: number;
    /** Only on the newer side: migrated, but not from here. */
    extra: number;
    /** Only on the newer side, of unknown origin. */
    unexplained: number;
    /** What could not be read, and so was not compared. */
    unread: number;
    fields: { field: LndField; count: number }[];
  };
}

export interface LndSideOf {
  kind: 'kv' | 'sql' | 'list';
  input: number;
  invoices: number;
}

/** In what an invoice differs. */
export type LndField =
  | 'payment_hash' | 'preimage' | 'value' | 'memo' | 'payment_request' | 'payment_request_hash'
  | 'payment_addr' | 'created' | 'expiry' | 'cltv_delta' | 'features' | 'is_amp' | 'is_keysend'
  | 'is_hodl' | 'state' | 'settle_index' | 'settled_at' | 'amount_paid' | 'htlc' | 'htlc_amount'
  | 'htlc_total' | 'htlc_accept_height' | 'htlc_accept_time' | 'htlc_resolve_time'
  | 'htlc_expiry_height' | 'htlc_state' | 'custom_records' | 'htlc_amp' | 'htlc_preimage'
  | 'amp_set' | 'amp_state' | 'amp_settle_index' | 'amp_settled_at' | 'amp_created' | 'amp_paid'
  | 'amp_htlcs';

/** LND's migration rehearsed: in figures, and each offender as a finding. */
export interface LndRehearsal extends Report {
  rehearsal: {
    release: string;
    engine: 'sqlite' | 'postgres';
    foreseen: LndForeseen;
    /** Invoices in the store. */
    invoices: number;
    /** Those that would be brought over; none where the migration does not begin. */
    brought: number;
    /** Their HTLCs. */
    htlcs: number;
    /** How many each rule meets; none where the migration does not begin. */
    rules: { rule: LndRule; count: number }[];
    seconds_least: number;
    /** Only for Postgres. */
    seconds_most?: number;
    /** With any, nothing here is certain. */
    unread: number;
  };
}

/** How the migration would end. */
export type LndForeseen =
  | { outcome: 'succeeds' | 'never_ends' | 'not_run' }
  | { outcome: 'alters'; lost: number; altered: number }
  | {
      outcome: 'fails' | 'crashes';
      rule: LndRule;
      number?: number;
      add_index?: number;
      /** LND's own words. */
      error: string;
      /** Whether that is the whole text up to the first line end. */
      exact: boolean;
    }
  | { outcome: 'refused'; error: string };

/** The rules of docs/upstream.md that an invoice may break. */
export type LndRule =
  | 'P1' | 'P2' | 'P3' | 'P4' | 'P5' | 'P6' | 'P7' | 'P8' | 'P9' | 'P10' | 'P11' | 'P12' | 'P13'
  | 'P14' | 'P15' | 'P16' | 'P17' | 'P18' | 'accept_time' | 'misshapen';

export interface PageMap {
  input: number;
  /** Bytes of a page. */
  pageSize: number;
  /** What the first page is called: 0, or 1 in SQLite. */
  firstPage: number;
  /** Names of kinds of pages. */
  kinds: string[];
  /** Top-level buckets, or tables and indexes. */
  owners: string[];
  /** For each run of alike pages four numbers: first page from 0 on, how many, kind, owner from 1 on or 0. */
  runs: Uint32Array;
}

export interface Invoices {
  side: LndSide;
  input: number;
  store: 'bolt' | 'sqlite' | 'postgres' | 'dump';
  total: number;
  /** Whether LND would use this side. */
  inForce?: boolean;
  /** As `fulgurite lnd invoices --json` prints them. */
  rows: InvoiceRow[];
}

/** An invoice of either side: `number` is that of a key-value store, `id` that of native SQL. */
export interface InvoiceRow {
  number?: number;
  id?: string;
  span: { start: number; end: number };
  hash: string | null;
  listed?: boolean;
  provenance?: 'native' | 'migrated' | 'unknown';
  invoice: { state: string; add_index: string; settle_index: string; [field: string]: unknown };
  [field: string]: unknown;
}

export interface BucketPage {
  input: number;
  store: 'bolt' | 'sqlite' | 'postgres' | 'dump';
  prefix: string | null;
  path: string[];
  counts: { sequence: string; buckets: number; values: number; unreadable: number };
  /** As `fulgurite lnd buckets --json` prints them. */
  rows: BucketRow[];
  /** Whether more follows. */
  more: boolean;
}

export type BucketRow = {
  depth: number;
  /** The key, or what is shown in its place. */
  key: string;
  span: { start: number; end: number };
} & (
  | {
      kind: 'bucket';
      /** What it is looked into by. */
      bucket: number;
      sequence: string;
      buckets: number;
      values: number;
      unreadable: number;
    }
  | { kind: 'value'; len: number; hex: string | null }
  | { kind: 'unreadable' }
);

export interface BucketDump {
  /** JSON lines; every face of Fulgurite reads them. */
  blob: Blob;
  input: number;
  kind: string;
  /** By which rules it is redacted. */
  redaction: string | null;
  bytes: number;
  values: number;
  written: string[];
  left_out: string[];
  missing: string[];
}

export type LndSide = 'kv' | 'sql';
export type LndBackend = 'bolt' | 'sqlite' | 'postgres';

/** Where the stores are on the way to native SQL. */
export type LndState =
  | 'unread' | 'fresh' | 'not_migrated' | 'migrated' | 'tombstone_without_tracker' | 'skipped'
  | 'skipped_behind_tombstone' | 'tombstone_lost' | 'native_only' | 'retired_bolt' | 'half_copied'
  | 'copy_unmarked' | 'dirty_ignored' | 'dirty_blocking' | 'tracker_ahead' | 'schema_ahead'
  | 'network_mismatch' | 'network_unset' | 'scratch_rows' | 'canceled_orphans';

/** What to know beside the outcome of a start. */
export type LndCaution =
  | 'settle_sequence_restarts' | 'settle_sequence_behind' | 'split_brain' | 'newer_tracker'
  | 'stale_graph' | 'stale_payments' | 'tombstone_unknown' | 'dirty_ignored' | 'dirty_reset'
  | 'runs_again' | 'added_behind' | 'partial_copy' | 'bolt_beside' | 'wrong_network'
  | 'dbp_taken_as_latest' | 'dbp_recovered' | 'empty_store' | 'kv_unread' | 'sql_unread'
  | 'partly_read' | 'maybe_stale';

/** Where LND's stores are, and what LND would do with them. */
export interface LndReport {
  state: {
    kind: LndState;
    /** What holds besides, the gravest first. */
    remarks?: LndState[];
    confidence: Confidence;
    /** What it follows from. */
    evidence: Values;
  };
  /** Each decision once, those of the newest release first. */
  board: {
    when: {
      backend: LndBackend;
      native: boolean;
      /** Absent where it makes no difference. */
      skip?: boolean;
      /** Rows of releases, by their first. */
      releases: string[];
    }[];
    decision: LndDecision;
  }[];
  /** What to do, in this order. */
  way: Step[];
  kv?: {
    store: 'bolt' | 'sqlite' | 'postgres' | 'dump';
    input: number;
    dbp?: number;
    invoices: number;
    reachable: number;
    settled: number;
    canceled_orphans: number;
    payments?: number;
    graph_channels?: number;
    open_channels?: number;
    wal: LndWal;
  }[];
  sql?: {
    engine: 'sqlite' | 'postgres';
    input: number;
    tracker?: number;
    schema?: number;
    invoices: number;
    migrated: number;
    created: number;
    settle_sequence?: number;
    highest_settle_index?: number;
    payments?: number;
    graph_channels?: number;
    wal: LndWal;
  }[];
}

export type LndWal = 'none' | 'applied' | 'not_given' | 'missing';

/** How many of what; of the graph channels. */
export interface LndPart {
  what: 'invoices' | 'graph' | 'payments';
  count?: number;
}

/** Where a start of LND ends. */
export type LndDecision = (
  | { outcome: 'proceeds'; on: LndSide; ignored?: LndPart[] }
  | { outcome: 'migrates'; parts: LndPart[] }
  | {
      outcome: 'refuses';
      at: 'config' | 'open' | 'channel_db' | 'migrations' | 'network' | 'tombstone';
      /** LND's own words. */
      error: string;
      /** Whether that is the whole text up to the first line end. */
      exact: boolean;
      log?: string;
    }
  | { outcome: 'breaks'; table: string; error: string }
  | { outcome: 'unknown'; unread: LndSide }
) & {
  loses?: { loss: 'passed_over' | 'unseen'; part: LndPart }[];
  marks?: (
    | { mark: 'invoice_tombstone' }
    | { mark: 'tracker' | 'dbp'; version: number }
    | { mark: 'network'; network?: string }
  )[];
  warnings?: LndCaution[];
  confidence: Confidence;
};
