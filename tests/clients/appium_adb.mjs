// npm appium-adb, which drives an adb program

import fs from "node:fs";
import path from "node:path";
import { apk, app, camera, done, holds, imported, pngSize, port, same, serial, view } from "./flow.mjs";

// It wants the folders of an SDK; all it needs of them is adb.
const sdkRoot = path.resolve("sdk");
fs.mkdirSync(path.join(sdkRoot, "platform-tools"), { recursive: true });
fs.mkdirSync(path.join(sdkRoot, "build-tools", "30.0.0"), { recursive: true });
const program = process.env.PATH.split(":").map((folder) => path.join(folder, "adb")).find((file) => fs.existsSync(file));
fs.symlinkSync(program, path.join(sdkRoot, "platform-tools", "adb"));
process.env.ANDROID_HOME = sdkRoot;

const { ADB } = await imported("appium-adb/build/lib/index.js");
const adb = await ADB.createADB({ sdkRoot, adbPort: port, udid: serial, suppressKillServer: true });
same((await adb.getConnectedDevices()).map((d) => [d.udid, d.state]), [[serial, "device"]], "list");
adb.setDeviceId(serial);
const old = process.env.PROFILE === "api=23";
same(await adb.getApiLevel(), old ? 23 : 34, "API level");
same(await adb.getPlatformVersion(), old ? "6.0.1" : "14", "release");
holds((await adb.getModel()).length > 0 && (await adb.getManufacturer()).length > 0, "properties");
const size = old ? [480, 800] : [1080, 2400];
same(await adb.getScreenSize(), size.join("x"), "screen size");
same(await adb.getScreenDensity(), old ? 160 : 420, "density");

await adb.install(path.resolve(apk), { grantPermissions: false });
holds(await adb.isAppInstalled(app), "installed");
const info = await adb.getPackageInfo(app);
same([info.versionName, info.versionCode], ["1.7", 7], "facts of the app");
await adb.startApp({ pkg: app, activity: ".Main", retry: false });
const front = await adb.getFocusedPackageAndActivity();
same([front.appPackage, front.appActivity], [app, ".Main"], "current activity");
holds(await adb.isAppRunning(app), "running");
const [pid] = await adb.listAppProcessIds(app);
same(await adb.getProcessNameById(pid), app, "process by id");
// On Android 6 `ps` has a state in each line that its head does not name (captured); looking for a process by its name
// in the column NAME, this client finds none there.
same(await adb.processExists(app), !old, "process by name");

async function dump() {
    holds((await adb.shell(["uiautomator", "dump", "/data/local/tmp/window.xml"])).includes("UI hierchary dumped to"), "dump");
    await adb.pull("/data/local/tmp/window.xml", "window.xml");
    return fs.readFileSync("window.xml", "utf8");
}
const xml = await dump();
same(view(xml, "state").text, "state fresh", "first state");
const press = view(xml, "press");
await adb.shell(["input", "tap", String(press.x), String(press.y)]);
same(view(await dump(), "state").text, "state pressed", "tap");
const field = view(xml, "name");
await adb.shell(["input", "tap", String(field.x), String(field.y)]);
await adb.inputText("some words");
same(view(await dump(), "name").text, "some words", "text");
await adb.back();

same(pngSize(await adb.takeScreenshot()), size, "screenshot");

await adb.grantPermission(app, camera);
holds((await adb.getGrantedPermissions(app)).includes(camera), "grant");
await adb.revokePermission(app, camera);
same((await adb.getGrantedPermissions(app)).includes(camera), false, "revoke");
// Android 6 leaves out what is neither granted nor flagged (captured).
same((await adb.getDeniedPermissions(app)).includes(camera), !old, "denied permissions");
holds((await adb.getReqPermissions(app)).includes(camera), "requested permissions");

await adb.startLogcat();
await adb.shell(["log", "-t", "flow", "a line of the flow"]);
const ends = Date.now() + 20_000;
while (!adb.getLogcatLogs().some((line) => line.message.includes("a line of the flow"))) {
    holds(Date.now() < ends, "logcat");
    await new Promise((next) => setTimeout(next, 50));
}
await adb.stopLogcat();

fs.writeFileSync("pushed", "some bytes");
await adb.push("pushed", "/data/local/tmp/pushed");
holds(await adb.fileExists("/data/local/tmp/pushed"), "push");
same(await adb.fileSize("/data/local/tmp/pushed"), 10, "size");
holds((await adb.ls("/data/local/tmp")).includes("pushed"), "list of files");
await adb.forceStop(app);
holds(await adb.uninstallApk(app), "uninstall");
same(await adb.isAppInstalled(app), false, "uninstalled");
done();
