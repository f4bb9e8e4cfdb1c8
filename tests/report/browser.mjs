// Opens pages in a headless Chromium over its debugging pipe and prints what it saw as JSON.
// Usage: node browser.mjs CHROMIUM OUTPUT_FOLDER WIDTH PAGE.html …   Needs nothing but Node.
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { start } from './chromium.mjs';

const [chromium, out, width, ...pages] = process.argv.slice(2);
const { call, listen } = start(chromium, join(out, `profile-${width}`));

// Runs inside the page. Pictures are loaded first, so that what is not shown can't pass for what is.
async function look() {
  const folded = [...document.querySelectorAll('details:not([open])')];
  for (const details of folded) details.open = true;
  for (const image of document.images) image.loading = 'eager';
  await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
  const shown = (e) => e.getClientRects().length > 0;
  const loaded = (image) => image && image.complete && image.naturalWidth > 0 && shown(image);
  const cards = (kind) => [...document.querySelectorAll(`.card.${kind}`)];
  const levels = [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((h) => Number(h.tagName[1]));
  const light = (c) => {
    const [r, g, b] = c.map((v) => { const s = v / 255; return s <= 0.03928 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const colour = (text) => (text.match(/[\d.]+/g) ?? []).map(Number);
  const ground = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const c = colour(getComputedStyle(at).backgroundColor);
      if (c.length >= 3 && (c[3] ?? 1) === 1) return c.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const faint = new Set();
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const e = words.currentNode.parentElement;
    if (!words.currentNode.textContent.trim() || !shown(e) || ['SCRIPT', 'STYLE'].includes(e.tagName)) continue;
    const [a, b] = [light(colour(getComputedStyle(e).color).slice(0, 3)), light(ground(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faint.add(`${e.tagName}.${e.className} ${ratio.toFixed(2)}: ${e.textContent.trim().slice(0, 30)}`);
  }
  const overflow = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const pictured = (kind) => cards(kind).filter((c) => loaded(c.querySelector('img'))).length;
  const [promptsPictured, popupsPictured] = [pictured('prompt'), pictured('popup')];
  for (const details of folded) details.open = false;
  const named = (e) => e.textContent.trim() || e.getAttribute('aria-label') || e.title || e.querySelector('img')?.alt || e.labels?.length;
  return {
    overflow,
    prompts: cards('prompt').length,
    promptsPictured,
    popups: cards('popup').length,
    popupsPictured,
    images: document.images.length,
    broken: [...document.images].filter((i) => !(i.complete && i.naturalWidth > 0)).length,
    withoutAlt: [...document.images].filter((i) => !i.hasAttribute('alt')).length,
    h1: levels.filter((l) => l === 1).length,
    jumps: levels.filter((l, at) => at > 0 && l > levels[at - 1] + 1).length,
    unnamed: [...document.querySelectorAll('a,button,input,select')].filter((e) => !named(e)).length,
    faint: [...faint],
  };
}

// Runs inside the page: how much of it can be seen, folded parts opened. Needs none of the page's own scripts.
function readable() {
  for (const details of document.querySelectorAll('details')) details.open = true;
  const seen = (selector) => [...document.querySelectorAll(selector)].filter((e) => e.getClientRects().length > 0).length;
  const what = { headings: 'h1,h2,h3,h4', paragraphs: 'p:not([data-comfort])', rows: 'tbody tr', cards: '.card', findings: 'article.finding', items: 'main li', images: 'img' };
  return Object.fromEntries(Object.entries(what).map(([name, selector]) => [name, seen(selector)]));
}

// Runs inside the page: what the keyboard has to reach. Of a group of radio buttons one is a stop.
function stops() {
  const all = [...document.querySelectorAll('a[href],button,input,select,summary,[tabindex="0"]')];
  const there = all.filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.disabled);
  const groups = new Set();
  window.stops = there.filter((e) => e.type !== 'radio' || (!groups.has(e.name) && groups.add(e.name)));
  window.walked = new Set();
  return window.stops.length;
}

// Runs inside the page after each press of Tab: whether the walk came to something that can be seen.
function step() {
  const at = document.activeElement;
  if (!at || at === document.body) return 'out';
  const new_ = !window.walked.has(at);
  window.walked.add(at);
  const box = at.getBoundingClientRect();
  const outlined = getComputedStyle(at).outlineStyle !== 'none' || (at.labels?.[0] && getComputedStyle(at.labels[0]).outlineStyle !== 'none');
  return !new_ ? 'again' : box.width > 0 && box.height > 0 && outlined ? 'seen' : `unseen ${at.outerHTML.slice(0, 90)}`;
}

async function visit(page) {
  const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
  const on = (method, params) => call(method, params, sessionId);
  const inside = async (code) => {
    const { result, exceptionDetails } = await on('Runtime.evaluate', { expression: code, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  const url = pathToFileURL(page).href;
  const seen = { page: basename(page), width: Number(width), requests: [], complaints: [] };
  let onLoad;
  listen(({ method, params }) => {
    if (method === 'Page.loadEventFired') onLoad();
    if (method === 'Network.requestWillBeSent' && params.request.url !== url && !params.request.url.startsWith('data:')) seen.requests.push(params.request.url);
    if (method === 'Runtime.exceptionThrown') seen.complaints.push(params.exceptionDetails.text);
    if (method === 'Runtime.consoleAPICalled') seen.complaints.push(`${params.type}: ${params.args.map((a) => a.value).join(' ')}`);
    if (method === 'Log.entryAdded') seen.complaints.push(`${params.entry.level}: ${params.entry.text}`);
  });
  const open = async () => {
    const loaded = new Promise((resolve) => { onLoad = resolve; });
    await on('Page.navigate', { url });
    await loaded;
  };
  for (const domain of ['Page', 'Network', 'Runtime', 'Log']) await on(`${domain}.enable`);
  await on('Emulation.setDeviceMetricsOverride', { width: Number(width), height: 900, deviceScaleFactor: 1, mobile: Number(width) < 600 });
  await open();
  Object.assign(seen, await inside(`(${look})()`));

  const picture = async (name) => {
    const { data } = await on('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true, fromSurface: true, clip: { x: 0, y: 0, width: Number(width), height: 8000, scale: 1 } });
    writeFileSync(join(out, `${basename(page, '.html')}-${width}-${name}.png`), Buffer.from(data, 'base64'));
  };
  await picture('top');

  const press = async (key, code) => {
    for (const type of ['keyDown', 'keyUp']) await on('Input.dispatchKeyEvent', { type, key, code: key, windowsVirtualKeyCode: code });
  };
  const focus = () => inside(`({ id: document.activeElement.id, kind: document.activeElement.className, left: document.activeElement.getBoundingClientRect().left })`);
  await press('Tab', 9);
  seen.firstFocus = await focus();
  await press('Tab', 9);
  seen.secondFocus = await focus();
  const shown = (language) => inside(`[...document.querySelectorAll('.${language}')].filter((e) => e.getClientRects().length).length`);
  const choice = async () => { await press('ArrowRight', 39); return { zh: await shown('zh'), en: await shown('en') }; };
  seen.languages = [await choice(), await choice(), await choice()];

  // The whole way through the page with the keyboard, from its top until the focus leaves it. Opened anew: a page keeps
  // the place from which Tab goes on.
  await open();
  seen.walk = { stops: await inside(`(${stops})()`), seen: 0, unseen: [], missed: [] };
  for (let at = 0; at < seen.walk.stops + 20; at += 1) {
    await press('Tab', 9);
    const came = await inside(`(${step})()`);
    if (came === 'out') break;
    if (came === 'seen') seen.walk.seen += 1; else seen.walk.unseen.push(came);
  }
  const radio = `(e) => e.type === 'radio' && [...window.walked].some((w) => w.name === e.name)`;
  seen.walk.missed = await inside(`window.stops.filter((e) => !window.walked.has(e) && !(${radio})(e)).map((e) => e.outerHTML.slice(0, 90))`);

  await on('Emulation.setEmulatedMedia', { media: 'print' });
  seen.printedGroups = await inside(`[...document.querySelectorAll('details.group table, details.asked .card')].filter((e) => e.getBoundingClientRect().height > 0).length`);
  seen.groups = await inside(`document.querySelectorAll('details.group table, details.asked .card').length`);
  const { data } = await on('Page.printToPDF', { printBackground: true, preferCSSPageSize: true });
  const pdf = Buffer.from(data, 'base64');
  writeFileSync(join(out, `${basename(page, '.html')}-${width}.pdf`), pdf);
  seen.pdf = pdf.subarray(0, 5).toString() === '%PDF-' ? pdf.length : 0;
  await on('Emulation.setEmulatedMedia', { media: '' });

  // Once more with all scripts off: as much can be read.
  seen.readable = await inside(`(${readable})()`);
  await on('Emulation.setScriptExecutionDisabled', { value: true });
  await open();
  seen.readableWithoutScript = await inside(`(${readable})()`);
  await call('Target.closeTarget', { targetId });
  return seen;
}

const all = [];
for (const page of pages) all.push(await visit(page));
console.log(JSON.stringify(all));
await call('Browser.close').catch(() => {});
process.exit(0);
