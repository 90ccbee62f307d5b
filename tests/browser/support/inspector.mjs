// The inspector as someone uses it: opened, given files, read, pressed, saved from.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from './built.mjs';

export class Inspector {
  constructor(context, page, guard) {
    Object.assign(this, { context, page, guard });
  }

  /** Waits until the page stands. */
  ready() {
    return this.page.locator('main #verdict').waitFor();
  }

  /** Drops files as a person does: they come over the window, and are let go. */
  async drop(...paths) {
    const session = await this.context.newCDPSession(this.page);
    const { width, height } = this.page.viewportSize();
    const data = { items: [], files: paths, dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop']) {
      const place = { x: Math.round(width / 2), y: Math.round(height / 2) };
      await session.send('Input.dispatchDragEvent', { type, ...place, data });
    }
    await session.detach();
  }

  /** Chooses files in the dialog that the page opens. */
  async choose(...paths) {
    const [chooser] = await Promise.all([
      this.page.waitForEvent('filechooser'),
      this.page.locator('label:has(input[type=file])').first().click(),
    ]);
    await chooser.setFiles(paths);
  }

  /** Gives files in that way, and waits for the outcome of the first. */
  async open(way, ...paths) {
    await this[way](...paths);
    await this.done();
  }

  /** Waits until what is shown is read, or given up. */
  async done() {
    await this.page.locator('#sentence, #given').first().waitFor();
    // The parts below the verdict follow one by one.
    await this.page.locator('main > p[aria-busy]').waitFor({ state: 'detached' });
  }

  /** Lets go of all files: the page is empty again. */
  async close() {
    const button = this.page.locator('.file-tab .close').first();
    while (await this.page.locator('.file-tab').count() > 0) await button.click();
    await this.page.locator('section.home').waitFor();
  }

  /** The verdict as it is read: the word and the sentence, and what severity it looks like. */
  async verdict() {
    const section = this.page.locator('#verdict');
    return {
      word: (await section.locator('.word').innerText()).trim(),
      sentence: (await section.locator('#sentence').innerText()).trim(),
      style: (await section.getAttribute('class')).split(' ').at(-1),
    };
  }

  /** Turns to a tab: findings, records, channels, nodes, lightningd or repair. */
  async tab(name) {
    await this.page.locator(`#tab-${name}`).click();
    await this.page.locator(`#tab-${name}[aria-selected=true]`).waitFor();
  }

  /** A parameter of the page's fragment, once it is there. */
  async fragment(name) {
    const hash = new URL(this.page.url()).hash.slice(1);
    return new URLSearchParams(hash).get(name);
  }

  /** Waits until the fragment says so. */
  async says(name, value) {
    await this.page.waitForFunction(([name, value]) => {
      return new URLSearchParams(location.hash.slice(1)).get(name) === value;
    }, [name, value === null ? null : String(value)]);
  }

  /** Waits until the bytes of what covers this offset are shown. */
  async bytes(offset) {
    await this.says('at', offset);
    await this.page.locator('#bytes .piece').waitFor();
  }

  /** The bytes that the byte view shows, with the offset of the first; repeated lines are left out. */
  dump() {
    return this.page.evaluate(() => {
      const lines = [];
      for (const line of document.querySelectorAll('#bytes .dump .line')) {
        const at = Number(line.querySelector('.at').textContent.replaceAll(',', ''));
        const parts = [...line.querySelectorAll('.hex .part')].map((part) => part.textContent);
        lines.push({ at, hex: parts.join(' ').replaceAll(/\s+/g, '') });
      }
      return lines;
    });
  }

  /** How many rows a table says it has. */
  async count(table) {
    return Number(await this.page.locator(`#grid-${table}`).getAttribute('aria-rowcount')) - 1;
  }

  /** Types into the search of a table and waits until it is done. */
  async search(text) {
    await this.page.locator('#search').fill(text);
    await this.settled();
  }

  /** Waits until no search runs; one begins in the moment in which something is typed or chosen. */
  async settled() {
    await this.page.waitForFunction(() => {
      const status = document.querySelector('.listing .status');
      return status && !/^(Searching|正在搜索)/.test(status.textContent);
    });
  }

  /** Saves the report in a form; the bytes and the name that is proposed. */
  async save(form) {
    await this.page.locator('button[popovertarget=exports]').first().click();
    const item = this.page.locator('#exports > button').nth(['html', 'markdown', 'json'].indexOf(form));
    const [download] = await Promise.all([this.page.waitForEvent('download'), item.click()]);
    return this.downloaded(download);
  }

  async downloaded(download) {
    const name = download.suggestedFilename();
    const path = join(scratch('saved'), `${process.pid}-${name}`);
    await download.saveAs(path);
    return { name, path, bytes: readFileSync(path) };
  }

  /** Chooses a language by its tag. */
  async language(tag) {
    await this.page.locator('select.language').selectOption(tag);
    await this.page.locator(`html[lang="${tag}"]`).waitFor({ state: 'attached' });
  }

  /** All text of the page. */
  text() {
    return this.page.evaluate(() => document.body.innerText);
  }
}
