"""PyPI adbutils."""

import adbutils
from flow import APK, CAMERA, PACKAGE, PORT, SERIAL, center, done, granted, holds, same, several_colours, view

client = adbutils.AdbClient(host="127.0.0.1", port=PORT)
same([d.serial for d in client.device_list()], [SERIAL], "list")
same([(d.serial, d.state) for d in client.list()], [(SERIAL, "device")], "list with states")
device = client.device(serial=SERIAL)
same(device.get_state(), "device", "state")
api = int(device.prop.get("ro.build.version.sdk"))
holds(device.prop.model and device.prop.name and device.prop.device, "properties")
same(device.shell2(["sh", "-c", "exit 3"]).returncode, 3, "exit status")
old = api < 24
same(device.shell("echo hi"), "hi", "shell")

holds(PACKAGE not in device.list_packages(), "not there yet")
device.install(APK, nolaunch=True, silent=True)
holds(PACKAGE in device.list_packages(["-3"]), "installed")
info = device.app_info(PACKAGE)
same((info.version_name, info.version_code), ("1.7", 7), "facts of the app")
holds(info.first_install_time and info.path.endswith("base.apk"), "when and where", info)

device.app_start(PACKAGE, ".Main")
current = device.app_current()
same((current.package, current.activity), (PACKAGE, f"{PACKAGE}.Main"), "current activity")

xml = device.dump_hierarchy()
same(view(xml, "state")["text"], "state fresh", "dump")
device.click(*center(view(xml, "press")))
same(view(device.dump_hierarchy(), "state")["text"], "state pressed", "tap")
device.click(*center(view(xml, "name")))
device.send_keys("two words & more")
same(view(device.dump_hierarchy(), "name")["text"], "two words & more", "text")
device.keyevent("BACK")

size = tuple(device.window_size())
same(size, (480, 800) if old else (1080, 2400), "window size")
if not old:
    # An old adbd's shell turns the line feeds of a picture into two bytes, and adbutils does not undo that.
    several_colours(device.screenshot(error_ok=False), size)
several_colours(device.framebuffer(), size)
same(device.rotation(), 0, "rotation")
if not old:
    # The captured Android 6 has no battery service.
    battery = device.battery()
    same((battery.level, battery.scale, battery.usb_powered), (100, 100, True), "battery")

for verb, state in [("grant", "true"), ("revoke", "false")]:
    device.shell(["pm", verb, PACKAGE, CAMERA])
    same(granted(device.shell(["dumpsys", "package", PACKAGE])), state, verb)

holds("START u0" in device.shell("logcat -d -v time"), "logcat")
device.sync.push(b"some bytes\x00\xff", "/data/local/tmp/pushed")
same(device.sync.read_bytes("/data/local/tmp/pushed"), b"some bytes\x00\xff", "push and pull")
holds("pushed" in [entry.path for entry in device.sync.list("/data/local/tmp")], "list of files")
port = device.forward_port("tcp:9999")
holds(any(f.remote == "tcp:9999" and f.local == f"tcp:{port}" for f in client.forward_list()), "forward")
device.app_stop(PACKAGE)
device.app_clear(PACKAGE)
device.uninstall(PACKAGE)
same(device.app_info(PACKAGE), None, "uninstalled")
done()
