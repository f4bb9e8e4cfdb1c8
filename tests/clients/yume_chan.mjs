// npm @yume-chan/adb with its TCP connector for Node.js

import fs from "node:fs";
import { apk, app, camera, done, granted, holds, imported, pngSize, port, same, serial, severalColours, view } from "./flow.mjs";

const { AdbServerClient } = await imported("@yume-chan/adb/esm/index.js");
const { AdbServerNodeTcpConnector } = await imported("@yume-chan/adb-server-node-tcp/esm/index.js");
const { ReadableStream } = await imported("@yume-chan/stream-extra/esm/index.js");

const server = new AdbServerClient(new AdbServerNodeTcpConnector({ host: "127.0.0.1", port }));
same(await server.getVersion(), 41, "version of the server");
const devices = await server.getDevices();
same(devices.map((d) => [d.serial, d.state]), [[serial, "device"]], "list");
const adb = await server.createAdb({ serial });
const api = Number(await adb.getProp("ro.build.version.sdk"));
const [width, height] = api < 24 ? [480, 800] : [1080, 2400];
holds(adb.banner.model || api < 24, "model in the banner", JSON.stringify(adb.banner));

const { shellProtocol, noneProtocol } = adb.subprocess;
same(Boolean(shellProtocol?.isSupported), api >= 24, "shell protocol");
const shell = (command) => noneProtocol.spawnWaitText(command);
if (api >= 24) {
    const ran = await shellProtocol.spawnWaitText("echo out; echo err >&2; exit 5");
    same([ran.stdout, ran.stderr, ran.exitCode], ["out\n", "err\n", 5], "streams and exit status");
}

const sync = await adb.sync();
const pieces = (bytes) => new ReadableStream({ start(to) { to.enqueue(new Uint8Array(bytes)); to.close(); } });
async function pull(file) {
    const chunks = [];
    for await (const chunk of sync.read(file)) chunks.push(chunk);
    return Buffer.concat(chunks);
}
await sync.write({ filename: "/data/local/tmp/probe.apk", file: pieces(fs.readFileSync(apk)), permission: 0o644 });
holds((await shell("pm install -r /data/local/tmp/probe.apk")).includes("Success"), "install");
holds((await pull("/data/local/tmp/probe.apk")).equals(fs.readFileSync(apk)), "push and pull");
same(Number((await sync.lstat("/data/local/tmp/probe.apk")).size), fs.statSync(apk).size, "stat");
holds((await sync.readdir("/data/local/tmp")).some((file) => file.name === "probe.apk"), "list of files");
await adb.rm("/data/local/tmp/probe.apk");
holds((await shell("pm list packages -3")).includes(`package:${app}`), "installed");

await shell(["am", "start", "-W", "-n", `${app}/.Main`]);
holds((await shell("dumpsys activity activities")).match(/ResumedActivity.*org\.example\.probe\/\.Main/), "current activity");

async function dump() {
    holds((await shell("uiautomator dump /data/local/tmp/window.xml")).includes("UI hierchary dumped to"), "dump");
    return (await pull("/data/local/tmp/window.xml")).toString();
}
const xml = await dump();
same(view(xml, "state").text, "state fresh", "first state");
const press = view(xml, "press");
await shell(["input", "tap", String(press.x), String(press.y)]);
same(view(await dump(), "state").text, "state pressed", "tap");
const field = view(xml, "name");
await shell(["input", "tap", String(field.x), String(field.y)]);
await shell("input text 'some words'");
same(view(await dump(), "name").text, "some words", "text");

same(pngSize(Buffer.from(await noneProtocol.spawnWait("screencap -p"))), [width, height], "screenshot");
const frame = await adb.framebuffer();
same([frame.width, frame.height, frame.bpp], [width, height, 32], "framebuffer");
severalColours(frame.data, 4, width, height);

for (const [verb, state] of [["grant", "true"], ["revoke", "false"]]) {
    await shell(["pm", verb, app, camera]);
    same(granted(await shell(["dumpsys", "package", app])), state, verb);
}
holds((await shell("logcat -d")).includes("START u0"), "logcat");
holds((await shell(["pm", "uninstall", app])).includes("Success"), "uninstall");
holds(!(await shell("pm list packages -3")).includes(app), "uninstalled");
await sync.dispose();
done();
