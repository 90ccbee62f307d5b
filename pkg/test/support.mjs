// The package as a stranger gets it: packed, and installed offline in an empty folder.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What `cargo xtask pkg` has made. */
export const built = process.env.FULGURITE_PKG;
if (!built) throw new Error('run these tests by `cargo xtask pkg --test`');

/** A folder that is gone when the tests are done. */
export const folder = mkdtempSync(join(tmpdir(), 'fulgurite-npm-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Runs a program; its standard output. Other codes than these are errors. */
export function run(program, args, { codes = [0], ...options } = {}) {
  const done = spawnSync(program, args, { maxBuffer: 1 << 30, ...options });
  if (done.error) throw done.error;
  if (!codes.includes(done.status)) {
    throw new Error(`${program} ${args.join(' ')}: code ${done.status}\n${done.stderr}`);
  }
  return done.stdout;
}

/** Packs and installs; the folder that it is installed in. */
export function install() {
  const project = join(folder, 'project');
  mkdirSync(project, { recursive: true });
  const npm = (args) => run('npm', [...args, '--offline', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: project,
    shell: process.platform === 'win32',
  });
  const packed = npm(['pack', join(built, 'npm'), '--json']);
  const [{ filename }] = JSON.parse(packed);
  writeFileSync(join(project, 'package.json'), '{"private": true, "type": "module"}\n');
  npm(['install', join(project, filename)]);
  return project;
}

/** The installed package's exports. */
export async function installed() {
  const project = install();
  const entry = join(project, 'entry.js');
  writeFileSync(entry, "export * from 'fulgurite';\n");
  return import(pathToFileURL(entry));
}

/** What the native command prints for a file. */
export function native(...args) {
  return run(process.env.FULGURITE_NATIVE, args, { codes: [0, 1, 2] }).toString();
}

/** Its lines, without the last line end. */
export function lines(...args) {
  const text = native(...args);
  return text === '' ? [] : text.trimEnd().split('\n');
}

/** Every store of the tests: [name, path]. */
export function fixtures() {
  const stores = join(built, 'fixtures');
  const names = readdirSync(stores).filter((name) => name.endsWith('.gs')).sort();
  if (names.length < 20) throw new Error(`only ${names.length} fixtures in ${stores}`);
  return names.map((name) => [name.slice(0, -3), join(stores, name)]);
}

/** One of them. */
export function fixture(name) {
  return join(built, 'fixtures', `${name}.gs`);
}

/** Its bytes. */
export function bytesOf(name) {
  return readFileSync(fixture(name));
}
