// npm @devicefarmer/adbkit

import fs from "node:fs";
import { apk, app, camera, done, granted, holds, pngSize, port, required, same, serial, severalColours, view } from "./flow.mjs";

const { Adb } = required("@devicefarmer/adbkit");
const client = Adb.createClient({ host: "127.0.0.1", port });
same(await client.version(), 41, "version of the server");
same((await client.listDevices()).map((d) => [d.id, d.type]), [[serial, "device"]], "list");
const device = client.getDevice(serial);
same(await device.getState(), "device", "state");
const properties = await device.getProperties();
const api = Number(properties["ro.build.version.sdk"]);
const [width, height] = api < 24 ? [480, 800] : [1080, 2400];
holds(properties["ro.product.model"], "properties");
await device.waitBootComplete();
const all = (stream) => Adb.util.readAll(stream);
const shell = async (command) => (await all(await device.shell(command))).toString();
same((await shell("echo hi")).trim(), "hi", "shell");

same(await device.isInstalled(app), false, "not there yet");
await device.install(apk);
holds(await device.isInstalled(app), "installed");
holds((await device.getPackages("-3")).includes(app), "list of packages");
await device.startActivity({ component: `${app}/.Main`, wait: true });
holds((await shell("dumpsys activity activities")).match(/ResumedActivity.*org\.example\.probe\/\.Main/), "current activity");

async function pull(file) {
    return all(await device.pull(file));
}
async function dump() {
    holds((await shell("uiautomator dump /data/local/tmp/window.xml")).includes("UI hierchary dumped to"), "dump");
    return (await pull("/data/local/tmp/window.xml")).toString();
}
const xml = await dump();
same(view(xml, "state").text, "state fresh", "first state");
const press = view(xml, "press");
await shell(["input", "tap", press.x, press.y]);
same(view(await dump(), "state").text, "state pressed", "tap");
const field = view(xml, "name");
await shell(["input", "tap", field.x, field.y]);
await shell("input text 'some words'");
same(view(await dump(), "name").text, "some words", "text");

same(pngSize(await all(await device.screencap())), [width, height], "screenshot");
if (api < 26) {
    // It knows no header but the first: of a newer one it takes the colour space for the size.
    const frame = await device.framebuffer();
    same([frame.meta.width, frame.meta.height, frame.meta.bpp], [width, height, 32], "framebuffer");
    severalColours(await all(frame), 4, width, height);
}

for (const [verb, state] of [["grant", "true"], ["revoke", "false"]]) {
    await shell(["pm", verb, app, camera]);
    same(granted(await shell(["dumpsys", "package", app])), state, verb);
}

const log = await device.openLogcat({ clear: true });
const heard = new Promise((hear) => log.on("entry", (entry) => entry.tag === "flow" && hear(entry)));
await shell(["log", "-p", "w", "-t", "flow", "a line of the flow"]);
const entry = await heard;
same([entry.message, entry.priority], ["a line of the flow", 5], "logcat");
holds(Math.abs(entry.date - Date.now()) < 86_400_000 && entry.pid > 0, "time and process of a line", entry);
log.end();

fs.writeFileSync("pushed", Buffer.alloc(100_000, "some bytes"));
const push = await device.push("pushed", "/data/local/tmp/pushed");
await new Promise((resolve, reject) => push.on("end", resolve).on("error", reject));
holds((await pull("/data/local/tmp/pushed")).equals(fs.readFileSync("pushed")), "push and pull");
same((await device.stat("/data/local/tmp/pushed")).size, 100_000, "stat");
holds((await device.readdir("/data/local/tmp")).some((file) => file.name === "pushed"), "list of files");
holds(await device.clear(app), "clear");
holds(await device.uninstall(app), "uninstall");
same(await device.isInstalled(app), false, "uninstalled");
done();
