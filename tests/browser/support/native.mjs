// The native command, whose answers the page's are compared with.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { native as program, scratch } from './built.mjs';

function run(...args) {
  const done = spawnSync(program, args, { maxBuffer: 1 << 30 });
  if (done.error) throw done.error;
  if (![0, 1, 2].includes(done.status)) {
    throw new Error(`fulgurite ${args.join(' ')}: code ${done.status}\n${done.stderr}`);
  }
  return done.stdout;
}

/** The report as `--json` prints it: bytes. */
export const reportBytes = (path) => run('check', '--json', path);

/** The same with signatures verified. */
export const verifiedBytes = (path) => run('check', '--json', '--verify-signatures', path);

/** The report. */
export const report = (path) => JSON.parse(reportBytes(path));

/** The one report on several files, as `--json` prints it: bytes. */
export const reportBytesOf = (paths) => run('check', '--json', ...paths);

/** The one report on several files. */
export const reportOf = (paths) => JSON.parse(reportBytesOf(paths));

/** All invoices that `lnd invoices` lists. */
export function invoices(...paths) {
  const text = run('lnd', 'invoices', '--json', '--count', 'all', ...paths).toString().trimEnd();
  return text.split('\n').map((line) => JSON.parse(line));
}

/** Both sides compared, as `--json` prints it: bytes. */
export const compared = (paths) => run('lnd', 'compare', '--json', ...paths);

/** The migration rehearsed, as `--json` prints it: bytes. */
export const rehearsed = (paths, ...args) => run('lnd', 'rehearse', '--json', ...args, ...paths);

/** The redacted dump that `lnd dump` writes: bytes. */
export function bucketDump(path) {
  const to = join(scratch('dumped'), `${process.pid}.jsonl`);
  rmSync(to, { force: true });
  run('lnd', 'dump', path, '-o', to);
  return readFileSync(to);
}

/** The verdict as the command words it: the word and the sentence. */
export function words(path, language = 'en', ...args) {
  const [, mark, sentence] = run('check', '--lang', language, ...args, path).toString().split('\n');
  return { word: mark.replace(/^\S+\s*/u, ''), sentence };
}

/** What `log` says of a log with its store beside it. */
export const beside = (log, store) => run('log', '--all', '--lang', 'en', '--store', store, log).toString();

/** Rows of `records`, `nodes` or `channels`. */
export function rows(list, path, ...args) {
  const text = run(list, '--json', ...args, path).toString().trimEnd();
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line));
}

/** One record, field by field. */
export const show = (path, offset) => JSON.parse(run('show', '--json', path, String(offset)));

/**
 * Where a walk must stop: the offsets of what is more than a note and not about the whole file.
 * What begins at one offset is one place.
 */
export function problems({ findings, input, gossip }) {
  const stops = findings
    .filter(({ severity }) => severity !== 'info')
    .map(({ place }) => place.span)
    .filter(({ start, end }) => !(gossip && start === 0 && end === input.size))
    .map(({ start }) => start);
  return [...new Set(stops)].sort((a, b) => a - b);
}

/** The plan of a repair, the repaired store (bytes), and what releases of lightningd do with it. */
export function repaired(paths, ...args) {
  const to = join(scratch('repaired'), `${process.pid}.gs`);
  // The command overwrites nothing.
  rmSync(to, { force: true });
  const { plan, releases } = JSON.parse(run('repair', '--json', ...args, ...paths, '-o', to));
  return { plan, releases, bytes: readFileSync(to) };
}

/** The plan as the command words it. */
export const repairText = (paths, language = 'en') => run('repair', '--plan', '--lang', language, ...paths).toString();

/** SHA-256, as hexadecimal digits. */
export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
