// The native command, whose answers the page's are compared with.

import { spawnSync } from 'node:child_process';
import { native as program } from './built.mjs';

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

/** The report. */
export const report = (path) => JSON.parse(reportBytes(path));

/** The verdict as the command words it: the word and the sentence. */
export function words(path, language = 'en') {
  const [, mark, sentence] = run('check', '--lang', language, path).toString().split('\n');
  return { word: mark.replace(/^\S+\s*/u, ''), sentence };
}

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
