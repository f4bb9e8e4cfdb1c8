// What the flows share: where the device is, what the app shows, and how to fail.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import zlib from "node:zlib";

export const port = Number(process.env.ADB_PORT);
export const serial = "emulator-5554";
export const apk = "probe.apk";
export const app = "org.example.probe";
export const camera = "android.permission.CAMERA";
export const tools = process.env.TOOLS;

/** A package under the folder of tools. */
export const required = createRequire(path.join(tools, "package.json"));
export const imported = (file) => import(pathToFileURL(path.join(tools, "node_modules", file)));

export function same(got, wanted, what) {
    assert.deepEqual(got, wanted, what);
    console.log("ok:", what);
}

export function holds(condition, what, shown = "") {
    assert.ok(condition, `${what}: ${shown}`);
    console.log("ok:", what);
}

/** Text and middle of the one view with this resource name. */
export function view(xml, name) {
    const nodes = [...xml.matchAll(/<node [^>]*>/g)].map((match) => match[0]);
    const found = nodes.filter((node) => node.includes(`resource-id="${app}:id/${name}"`));
    assert.equal(found.length, 1, `one view ${name}: ${xml}`);
    const [left, top, right, bottom] = found[0].match(/bounds="([^"]*)"/)[1].match(/\d+/g).map(Number);
    const text = found[0].match(/ text="([^"]*)"/)[1];
    return { text, x: (left + right) >> 1, y: (top + bottom) >> 1 };
}

// API 23 leaves out what is neither granted nor flagged.
export const granted = (dumpsys) => [...dumpsys.matchAll(/permission\.CAMERA: granted=(\w+)/g)].at(-1)?.[1] ?? "false";

/** Pixels in rows without padding: size, and more than one colour. */
export function severalColours(pixels, bytesPerPixel, width, height) {
    assert.equal(pixels.length, width * height * bytesPerPixel, "length of the picture");
    const colours = new Set();
    for (let at = 0; at + 3 < pixels.length; at += bytesPerPixel) colours.add(pixels[at] << 16 | pixels[at + 1] << 8 | pixels[at + 2]);
    holds(colours.size > 20, "the screenshot shows something", colours.size);
}

/** A PNG's size, after its chunks and their data were checked. */
export function pngSize(bytes) {
    assert.equal(bytes.subarray(0, 8).toString("hex"), "89504e470d0a1a0a", "a PNG");
    const data = [];
    let size;
    for (let at = 8; at < bytes.length; ) {
        const length = bytes.readUInt32BE(at);
        const kind = bytes.subarray(at + 4, at + 8).toString();
        const body = bytes.subarray(at + 8, at + 8 + length);
        if (kind === "IHDR") size = [body.readUInt32BE(0), body.readUInt32BE(4)];
        if (kind === "IDAT") data.push(body);
        at += 12 + length;
    }
    const rows = zlib.inflateSync(Buffer.concat(data));
    assert.equal(rows.length % size[1], 0, "whole rows");
    return size;
}

export function done() {
    console.log("the flow is done");
    process.exit(0);
}
