// Where the page comes from: a file on disk, or a server on this machine.

import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { html } from './built.mjs';

/** A server of that one page; it remembers what it was asked for. */
export async function serve(content = () => readFileSync(html)) {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.url !== '/fulgurite.html') return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(content());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${server.address().port}/fulgurite.html`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { address, asked, close };
}

/** Both origins by name. */
export const ORIGINS = ['file', 'http'];

let server;

/** The page's address at an origin. */
export async function address(origin) {
  if (origin === 'file') return pathToFileURL(html).href;
  server ??= await serve();
  return server.address;
}

/** Ends the server, if one was started; what it was asked for besides the page. */
export function stop() {
  const asked = server?.asked.filter((what) => what !== 'GET /fulgurite.html') ?? [];
  server?.close();
  server = undefined;
  return asked;
}
