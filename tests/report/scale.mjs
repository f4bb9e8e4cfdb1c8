// Opens the page of a large run, uses its filters and its order, and prints what came of it as JSON.
// Usage: node scale.mjs CHROMIUM OUTPUT_FOLDER PAGE.html   Needs nothing but Node.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { start } from './chromium.mjs';

const [chromium, out, page] = process.argv.slice(2);
const { call, listen } = start(chromium, join(out, 'profile-scale'));
const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
const on = (method, params) => call(method, params, sessionId);
const inside = async (code) => {
  const { result, exceptionDetails } = await on('Runtime.evaluate', { expression: code, awaitPromise: true, returnByValue: true });
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value;
};
const complaints = [];
let opened = () => {};
listen(({ method, params }) => {
  if (method === 'Page.loadEventFired') opened();
  if (method === 'Runtime.exceptionThrown') complaints.push(params.exceptionDetails.text);
  if (method === 'Log.entryAdded') complaints.push(params.entry.text);
});
for (const domain of ['Page', 'Runtime', 'Log']) await on(`${domain}.enable`);
await on('Emulation.setDeviceMetricsOverride', { width: 1440, height: 900, deviceScaleFactor: 1, mobile: false });
const loaded = new Promise((resolve) => { opened = resolve; });
const began = performance.now();
await on('Page.navigate', { url: pathToFileURL(page).href });
await loaded;
// Two frames later it is on the screen.
await inside('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
const openedAfter = Math.round(performance.now() - began);

const state = `({ shown: Number(document.getElementById('shown').textContent),
  rows: [...document.querySelectorAll('#cases tbody tr')].filter((row) => !row.hidden && row.getClientRects().length > 0).length,
  first: document.querySelector('#cases tbody tr').dataset.name })`;
const timed = async (code) => {
  const before = performance.now();
  await inside(`(() => { ${code} })()`);
  const seen = await inside(state);
  return { ...seen, ms: Math.round(performance.now() - before) };
};
const pick = (id, value) => `const e = document.getElementById('${id}'); e.value = ${value}; e.dispatchEvent(new Event('change'));`;
const clear = `document.getElementById('all-cases').click();`;
// What Chromium itself says of it, in ms since the navigation began.
const own = await inside(`(() => { const [n] = performance.getEntriesByType('navigation');
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  return { parsed: Math.round(n.domContentLoadedEventEnd), loaded: Math.round(n.loadEventEnd), painted: Math.round(paint?.startTime ?? -1) }; })()`);
const seen = { openedAfter, own, complaints };
seen.all = await timed('');
seen.finding = await timed(pick('by-finding', 'e.options[1].value'));
seen.findingCount = await inside(`Number(document.getElementById('by-finding').selectedOptions[0].textContent.match(/\\((\\d+)\\)$/)[1])`);
await inside(clear);
seen.category = await timed(pick('by-category', 'e.options[1].value'));
seen.categoryCount = await inside(`Number(document.getElementById('by-category').selectedOptions[0].textContent.match(/\\((\\d+)\\)$/)[1])`);
await inside(clear);
seen.search = await timed(`const e = document.getElementById('search'); e.value = 'app711'; e.dispatchEvent(new Event('input'));`);
await inside(clear);
seen.verdicts = {};
for (const verdict of ['findings', 'clear', 'incomplete', 'failed']) {
  seen.verdicts[verdict] = await timed(`document.getElementById('v-${verdict}').click();`);
  seen.verdicts[verdict].others = await inside(`[...document.querySelectorAll('#cases tbody tr:not([data-verdict=${verdict}])')].filter((row) => row.getClientRects().length > 0).length`);
  await inside(clear);
}
seen.linked = await timed(`document.querySelector('a[data-finding]').click();`);
await inside(clear);
seen.sorted = await timed(`document.querySelector('#cases th[data-sort=name] button').click();`);
seen.sortedBack = await timed(`document.querySelector('#cases th[data-sort=name] button').click();`);
seen.cleared = await inside(state);
const { data } = await on('Page.captureScreenshot', { format: 'png' });
writeFileSync(join(out, 'scale.png'), Buffer.from(data, 'base64'));
await inside(`document.getElementById('cases').scrollIntoView()`);
const cases = await on('Page.captureScreenshot', { format: 'png' });
writeFileSync(join(out, 'scale-cases.png'), Buffer.from(cases.data, 'base64'));
console.log(JSON.stringify(seen));
await call('Browser.close').catch(() => {});
process.exit(0);
