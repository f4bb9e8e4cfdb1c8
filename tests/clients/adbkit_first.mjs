// npm adbkit: openstf's, of which later ones are made.

import fs from "node:fs";
import { apk, app, camera, done, granted, holds, port, required, same, serial, view } from "./flow.mjs";

const adb = required("adbkit");
const client = adb.createClient({ host: "127.0.0.1", port });
const all = (stream) => adb.util.readAll(stream);
const shell = async (command) => (await all(await client.shell(serial, command))).toString();
same(await client.version(), 41, "version of the server");
same((await client.listDevices()).map((d) => [d.id, d.type]), [[serial, "device"]], "list");
// The first list may come in one piece with the answer before it, from a real server too: then the client tells of it before
// one that awaits its promise listens.
const first = await new Promise((found, failed) => {
    client.trackDevices().then((tracker) => {
        tracker.on("add", (added) => found(added) || tracker.end()).on("error", failed);
    }, failed);
});
same([first.id, first.type], [serial, "device"], "tracked");
same(await client.getState(serial), "device", "state");
same(await client.getSerialNo(serial), serial, "serial number");
const properties = await client.getProperties(serial);
const api = Number(properties["ro.build.version.sdk"]);
holds("android.hardware.camera" in (await client.getFeatures(serial)), "features");
await client.waitBootComplete(serial);

same(await client.isInstalled(serial, app), false, "not there yet");
await client.install(serial, apk);
holds(await client.isInstalled(serial, app), "installed");
holds((await client.getPackages(serial)).includes(app), "list of packages");
await client.startActivity(serial, { component: `${app}/.Main`, wait: true });
holds((await shell("dumpsys activity activities")).includes(`${app}/.Main`), "current activity");
const dump = async () => {
    await shell("uiautomator dump /data/local/tmp/window.xml");
    return (await all(await client.pull(serial, "/data/local/tmp/window.xml"))).toString();
};
const press = view(await dump(), "press");
await shell(["input", "tap", press.x, press.y]);
same(view(await dump(), "state").text, "state pressed", "tap");
holds((await all(await client.screencap(serial))).length > 1000, "screenshot");
if (api < 26) {
    // It reads the header of before Android 8.
    const pixels = await client.framebuffer(serial, "raw");
    same([pixels.meta.width, pixels.meta.height], [480, 800], "size of the screen");
    pixels.destroy?.();
}
for (const [verb, state] of [["grant", "true"], ["revoke", "false"]]) {
    await shell(`pm ${verb} ${app} ${camera}`);
    same(granted(await shell(`dumpsys package ${app}`)), state, verb);
}

const entry = await new Promise((found, failed) => {
    client.openLogcat(serial, { clear: false }).then((log) => log.once("entry", (one) => found(one) || log.end()), failed);
});
holds(entry.tag && entry.message, "logcat");
const loads = await new Promise((found, failed) => {
    client.openProcStat(serial).then((load) => load.once("load", (all) => found(all) || load.end()).once("error", failed), failed);
});
holds("cpu0" in loads, "load of the processors");
const monkey = await client.openMonkey(serial);
same(await new Promise((found, failed) => monkey.get("build.version.sdk", (e, v) => (e ? failed(e) : found(v)))), String(api), "monkey");
monkey.end();

await client.forward(serial, "tcp:0", "tcp:8000").catch(() => null);
await client.reverse(serial, "tcp:8001", "tcp:8000");
same(await client.listReverses(serial), [{ remote: "tcp:8001", local: "tcp:8000" }], "reverse");
fs.writeFileSync("pushed", Buffer.alloc(70000, 7));
const push = await client.push(serial, "pushed", "/data/local/tmp/pushed");
await new Promise((over, failed) => push.on("end", over).on("error", failed));
same((await client.stat(serial, "/data/local/tmp/pushed")).size, 70000, "stat");
holds((await client.readdir(serial, "/data/local/tmp")).some((file) => file.name === "pushed"), "files");
same((await all(await client.pull(serial, "/data/local/tmp/pushed"))).equals(Buffer.alloc(70000, 7)), true, "pull");
await client.clear(serial, app);
await client.uninstall(serial, app);
same(await client.isInstalled(serial, app), false, "uninstalled");
done();
process.exit(0);
