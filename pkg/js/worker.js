// The engine in a classic worker, for a page. The build puts the no-modules glue (`wasm_bindgen`),
// engine-host.js, reader.js and verifiers.js in front of this file.
//
//   → {id, op, ...}      ← {id, ok} | {id, error: {name, message}}
//                        ← {id, event: 'progress', done, total}
//
//   init      {module: WebAssembly.Module, port?}: the engine; files are read through the port
//   warm      {file: Blob}: a small store, checked over and over while nothing else is wanted, so
//               that the engine's code is compiled, and compiled well, when a large one comes
//   serve     {port}: no engine, but reading for another worker through the port
//   open      {file: Blob, options: {now?, reveal?, own?}, begun?: it is the first of lndOurs before}
//               → {handle, reportJson, rows, map: {cellLen, cells: Uint32Array}}
//   lend      {module, port}: no files, but verifying for another worker through the port
//   cancel    {target: id of what tells its progress, which then answers AbortError}
//   rows      {handle, from, count}    → {total, rows}
//   rowAt     {handle, offset}         → {row: number | null}
//   detail    {handle, offset, reveal} → object | null
//   channels  {handle, from, count}    → {total, rows}
//   nodes     {handle, from, count}    → {total, rows}
//   find      {handle, filter, limit}  → {rows: [{row, ...}], more}
//   verify    {handle, ports: other ends of those that were lent} → {reportJson}: anew, with signatures
//   compare   {handle, other}          → what only one of two stores has
//   bytes     {handle, at, len}        → Uint8Array
//   repair    {handles, options: {version?, now?, compact?}} → {repair, planJson}
//   repaired  {repair}                 → {blob: Blob}
//   dismiss   {repair}
//   close     {handle}
//   peek      {file: Blob, at, len}    → Uint8Array, of any file
//
//   lndOurs     {files: Blob[], names}   → what each is: 'store', 'list' (as lncli prints it) or ''
//   lndOpen     {files: Blob[], names}   → {handle}; nothing is read yet
//   lndCheck    {handle, options}        → {reportJson, maps, trees}
//   lndInvoices {handle, page}           → {side, input, store, total, inForce, rows} | null
//   lndBuckets  {handle, page}           → {input, store, prefix, path, counts, rows, more} | null
//   lndCompare  {handle, options, list?: Blob} → both sides compared, as JSON | null
//   lndRehearse {handle, options}        → the migration rehearsed, as JSON | null
//   lndDump     {handle, options}        → {blob: Blob, ...} | null
//
// What is asked of LND's stores is done in one piece: meanwhile the worker tells how far it is, and
// hears nothing. Whoever wants to cancel ends the worker, and so gives LND's stores one of their own.
//
// Rows, details and filters are those of index.d.ts.

(() => {
  const files = new Map();
  const repairs = new Map();
  const cases = new Map();
  const running = new Map();
  let opened = 0;
  let wanted = false;
  // The first of the files that were asked about last: its reader, and the chunks on their way.
  let early;

  /** How long warming up takes at most, in milliseconds. */
  const WARMING = 500;

  const file = ({ handle }) => {
    const found = files.get(handle);
    if (!found) throw new RangeError(`there is no file ${handle}`);
    return found;
  };

  const lnd = ({ handle }) => {
    const found = cases.get(handle);
    if (!found) throw new RangeError(`there are no stores ${handle}`);
    return found;
  };

  const lndOf = ({ files, names }) => {
    const named = files.map((file, at) => ({ ...blobReader(file), name: names[at] }));
    return LndCase.open(wasm_bindgen.Lnd, named);
  };

  /** So many bytes of a file tell what it is: all places where bbolt may have a meta page. */
  const HEAD = 129 * 1024;

  /**
   * A reader whose first bytes are there already: to tell what a file is takes some twenty reads
   * of them, and a read that answers at once takes milliseconds.
   */
  const headed = async (reader) => {
    const whole = await synchronous(reader);
    const head = await reader.read(0, Math.min(HEAD, reader.size)).catch(() => new Uint8Array());
    const readSync = (at, len) => {
      return at + len <= head.length ? head.subarray(at, at + len) : whole.readSync(at, len);
    };
    return { ...whole, name: reader.name, readSync };
  };

  /** Tells how far work is, not at every step but at the end: whenever it is told, the page is drawn anew. */
  const told = (id) => {
    let last = performance.now();
    const progress = (done, total) => {
      const now = performance.now();
      if (done < total && now - last < 100) return;
      last = now;
      postMessage({ id, event: 'progress', done, total });
    };
    return { progress };
  };

  /** What may be cancelled, and tells how far it is. */
  const task = async (id, work) => {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      return await work({ signal: controller.signal, ...told(id) });
    } finally {
      running.delete(id);
    }
  };

  const operations = {
    init({ module, port }) {
      wasm_bindgen.initSync({ module });
      if (port) ahead.ask(port);
      return null;
    },

    async warm({ file: blob }) {
      const small = memoryReader(new Uint8Array(await blob.arrayBuffer()));
      const end = performance.now() + WARMING;
      while (!wanted && performance.now() < end) {
        const file = await OpenFile.open(wasm_bindgen.Engine, small, {}, {});
        file.close();
      }
      return null;
    },

    serve({ port }) {
      ahead.serve(port);
      return null;
    },

    lend({ module, port }) {
      wasm_bindgen.initSync({ module });
      verifiers.serve(port);
      return null;
    },

    open({ id, file: blob, options, begun }) {
      wanted = true;
      const { reader = ahead.reader(blob), ...chunks } = (begun && early) || {};
      early = undefined;
      return task(id, async (task) => {
        const work = { ...task, ...chunks };
        const file = await OpenFile.open(wasm_bindgen.Engine, reader, options, work);
        const handle = ++opened;
        files.set(handle, file);
        const map = file.engine.map();
        const { report } = file;
        return { handle, reportJson: report, rows: file.engine.rows(), map };
      });
    },

    cancel({ target }) {
      running.get(target)?.abort();
      return null;
    },

    rows: (request) => file(request).rows(request.from, request.count),
    channels: (request) => file(request).channels(request.from, request.count),
    nodes: (request) => file(request).nodes(request.from, request.count),
    detail: (request) => file(request).detail(request.offset, request.reveal === true),
    bytes: (request) => file(request).bytes(request.at, request.len),

    async rowAt(request) {
      return { row: await file(request).rowAt(request.offset) };
    },

    find(request) {
      const { id, filter, limit } = request;
      return task(id, (task) => file(request).find(filter, limit, task));
    },

    verify(request) {
      const { id, ports = [] } = request;
      const helpers = (join) => {
        for (const port of ports) verifiers.ask(port, join);
      };
      return task(id, async (task) => {
        try {
          const opened = file(request);
          await opened.verify(wasm_bindgen.Verifying, task, helpers);
          return { reportJson: opened.report };
        } finally {
          for (const port of ports) port.close();
        }
      });
    },

    compare(request) {
      return file(request).engine.compare(file({ handle: request.other }).engine);
    },

    repair({ id, handles, options }) {
      return task(id, async (task) => {
        const readers = handles.map((handle) => file({ handle }).reader);
        const made = await Repairing.plan(wasm_bindgen.Repair, readers, options, task);
        const repair = ++opened;
        repairs.set(repair, made);
        return { repair, planJson: made.plan };
      });
    },

    repaired({ id, repair }) {
      return task(id, async (task) => {
        const made = repairs.get(repair);
        if (!made) throw new RangeError(`there is no repair ${repair}`);
        return { blob: new Blob(await made.parts(task), { type: 'application/octet-stream' }) };
      });
    },

    dismiss({ repair }) {
      repairs.get(repair)?.close();
      repairs.delete(repair);
      return null;
    },

    peek: ({ file, at, len }) => blobReader(file).read(at, len),

    async lndOurs({ files, names }) {
      // What it is, is found out while its first chunks are on their way.
      const reader = ahead.reader(files[0]);
      const mine = (early = { reader, begun: begin(reader, 0) });
      wanted = true;
      const readers = files.map((file, at) => headed({ ...blobReader(file), name: names[at] }));
      const made = await LndCase.open(wasm_bindgen.Lnd, await Promise.all(readers));
      try {
        const ours = made.engine.ours();
        if (ours[0] && early === mine) early = undefined;
        return ours;
      } finally {
        made.close();
      }
    },

    async lndOpen(request) {
      const handle = ++opened;
      cases.set(handle, await lndOf(request));
      return { handle };
    },

    async lndCheck({ id, handle, options }) {
      const made = lnd({ handle });
      await made.check(options, told(id));
      const { engine } = made;
      return { reportJson: made.report, maps: engine.maps(), trees: engine.trees() };
    },

    lndInvoices: (request) => lnd(request).invoices(request.page, told(request.id)),
    lndBuckets: (request) => lnd(request).buckets(request.page, told(request.id)),
    lndCompare({ id, handle, options, list }) {
      return lnd({ handle }).compare(options, list && { ...blobReader(list), name: '' }, told(id));
    },
    lndRehearse: (request) => lnd(request).rehearse(request.options, told(request.id)),
    lndDump: (request) => lnd(request).dump(request.options, told(request.id)),

    close(request) {
      files.get(request.handle)?.close();
      files.delete(request.handle);
      return null;
    },
  };

  const transferred = (ok) => {
    if (ok instanceof Uint8Array) return [ok.buffer];
    if (ok?.maps) return ok.maps.map(({ runs }) => runs.buffer);
    return ok?.map?.cells ? [ok.map.cells.buffer] : [];
  };

  addEventListener('message', async ({ data }) => {
    const { id, op } = data;
    try {
      if (!Object.hasOwn(operations, op)) throw new TypeError(`there is no operation ${op}`);
      const ok = await operations[op](data);
      postMessage({ id, ok }, transferred(ok));
    } catch (error) {
      const { name = 'Error', message = String(error) } = error ?? {};
      postMessage({ id, error: { name, message } });
    }
  });
})();
