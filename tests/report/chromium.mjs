// A headless Chromium over its debugging pipe. Needs nothing but Node.
import { spawn } from 'node:child_process';

// Starts a browser whose profile is kept in `profile`; gives `call(method, params, session)` and `listen(to events)`.
export function start(chromium, profile) {
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars', '--no-first-run',
    `--user-data-dir=${profile}`, '--remote-debugging-pipe', 'about:blank'];
  const browser = spawn(chromium, flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const [, , , toBrowser, fromBrowser] = browser.stdio;
  const waiting = new Map();
  let listener = () => {};
  let last = 0;
  let rest = Buffer.alloc(0);
  fromBrowser.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      const message = JSON.parse(rest.subarray(0, end).toString());
      rest = rest.subarray(end + 1);
      const waiter = waiting.get(message.id);
      if (!waiter) { listener(message); continue; }
      waiting.delete(message.id);
      if (message.error) waiter.reject(new Error(message.error.message)); else waiter.resolve(message.result);
    }
  });
  browser.on('exit', (code) => { if (waiting.size) { console.error(`the browser left with ${code}`); process.exit(1); } });
  const call = (method, params = {}, sessionId = undefined) => {
    const id = ++last;
    toBrowser.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  };
  return { call, listen: (to) => { listener = to; } };
}
