// Ways out of a page, each a function that runs in it. What counts is what reaches the trap whose
// addresses it is given.

/** By name. */
export const WAYS_OUT = {
  fetch: ({ http }) => fetch(`${http}/fetch`, { mode: 'no-cors' }),
  'fetch with keepalive': ({ http }) => fetch(`${http}/keep`, { method: 'POST', mode: 'no-cors', keepalive: true, body: 'x' }),
  XMLHttpRequest: ({ http }) => new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.onload = resolve;
    request.onerror = reject;
    request.open('GET', `${http}/xhr`);
    request.send();
  }),
  beacon: ({ http }) => navigator.sendBeacon(`${http}/beacon`, 'x'),
  img: ({ http }) => new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = resolve;
    image.onerror = reject;
    image.src = `${http}/img.png`;
  }),
  WebSocket: ({ ws }) => new Promise((resolve, reject) => {
    const socket = new WebSocket(ws);
    socket.onopen = resolve;
    socket.onerror = reject;
  }),
  EventSource: ({ http }) => new Promise((resolve, reject) => {
    const source = new EventSource(`${http}/events`);
    source.onopen = resolve;
    source.onerror = (event) => {
      source.close();
      reject(event);
    };
  }),
  WebTransport: ({ udp }) => new WebTransport(`https://127.0.0.1:${udp}/`).ready,
  RTCPeerConnection: async ({ udp, tcp }) => {
    const peer = new RTCPeerConnection({
      iceServers: [
        { urls: `stun:127.0.0.1:${udp}` },
        { urls: [`turn:127.0.0.1:${udp}`, `turn:127.0.0.1:${tcp}?transport=tcp`], username: 'x', credential: 'y' },
      ],
    });
    peer.createDataChannel('x');
    await peer.setLocalDescription();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    peer.close();
  },
  'the fetch of an empty frame': async ({ http }) => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    try {
      await frame.contentWindow.fetch(`${http}/frame-fetch`, { mode: 'no-cors' });
    } finally {
      frame.remove();
    }
  },
  iframe: ({ http }) => new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.src = `${http}/frame`;
    document.body.append(frame);
    setTimeout(resolve, 300);
    setTimeout(() => frame.remove(), 600);
  }),
  object: ({ http }) => new Promise((resolve) => {
    const object = document.createElement('object');
    object.data = `${http}/object`;
    document.body.append(object);
    setTimeout(() => resolve(object.remove()), 300);
  }),
  video: ({ http }) => new Promise((resolve, reject) => {
    const video = document.createElement('video');
    video.onerror = reject;
    video.onloadeddata = resolve;
    video.src = `${http}/video.mp4`;
  }),
  form: ({ http }) => new Promise((resolve) => {
    const form = document.createElement('form');
    form.action = `${http}/form`;
    form.method = 'post';
    document.body.append(form);
    form.submit();
    setTimeout(() => resolve(form.remove()), 300);
  }),
  'dynamic import': ({ http }) => import(`${http}/module.js`),
  'script element': ({ http }) => new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.onload = resolve;
    script.onerror = reject;
    script.src = `${http}/script.js`;
    document.head.append(script);
  }),
  'inline script': () => new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    document.head.append(script);
    if (window.ran) resolve();
    else reject(new Error('not run'));
  }),
  eval: async () => {
    // What the debugger evaluates may use eval; what comes a turn later is the page's own.
    await new Promise((resolve) => setTimeout(resolve));
    return (0, eval)('1');
  },
  'style sheet': ({ http }) => new Promise((resolve, reject) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.onload = resolve;
    link.onerror = reject;
    link.href = `${http}/style.css`;
    document.head.append(link);
  }),
  'CSS url()': ({ http }) => new Promise((resolve) => {
    const part = document.createElement('div');
    part.style.cssText = `width:9px;height:9px;background:url(${http}/background.png)`;
    document.body.append(part);
    setTimeout(() => resolve(part.remove()), 300);
  }),
  'CSS @import': ({ http }) => new Promise((resolve) => {
    const style = document.createElement('style');
    style.textContent = `@import url(${http}/import.css);`;
    document.head.append(style);
    setTimeout(() => resolve(style.remove()), 300);
  }),
  font: ({ http }) => new FontFace('x', `url(${http}/font.woff2)`).load(),
  'prefetch and preconnect': ({ http, tcp }) => new Promise((resolve) => {
    for (const rel of ['prefetch', 'preload', 'modulepreload', 'preconnect', 'dns-prefetch', 'icon', 'manifest']) {
      const link = document.createElement('link');
      link.rel = rel;
      link.as = 'image';
      link.href = rel === 'preconnect' ? `http://127.0.0.1:${tcp}` : `${http}/${rel}`;
      document.head.append(link);
    }
    setTimeout(resolve, 500);
  }),
  'speculation rules': ({ http }) => new Promise((resolve) => {
    const script = document.createElement('script');
    script.type = 'speculationrules';
    script.textContent = JSON.stringify({ prefetch: [{ urls: [`${http}/speculation`], eagerness: 'immediate' }] });
    document.head.append(script);
    setTimeout(resolve, 500);
  }),
  ping: ({ http }) => new Promise((resolve) => {
    const link = document.createElement('a');
    link.href = '#';
    link.ping = `${http}/ping`;
    document.body.append(link);
    link.click();
    setTimeout(() => resolve(link.remove()), 300);
  }),
  'fetch in a worker': ({ http }) => new Promise((resolve, reject) => {
    const source = `fetch('${http}/worker', { mode: 'no-cors' }).then(() => postMessage('out'), () => postMessage('refused'))`;
    const worker = new Worker(URL.createObjectURL(new Blob([source])));
    worker.onerror = reject;
    worker.onmessage = ({ data }) => (data === 'out' ? resolve() : reject(new Error(data)));
  }),
  'WebSocket and importScripts in a worker': ({ http, ws }) => new Promise((resolve, reject) => {
    const source = `
      try { new WebSocket('${ws}') } catch {}
      try { importScripts('${http}/import.js') } catch {}
      setTimeout(() => postMessage('done'), 300)`;
    const worker = new Worker(URL.createObjectURL(new Blob([source])));
    worker.onerror = reject;
    worker.onmessage = () => resolve();
  }),
};

/** Those that go nowhere, but would run code that did not come with the page. */
export const CODE = ['eval', 'inline script'];
