"""PyPI pure-python-adb."""

import io

from flow import APK, CAMERA, PACKAGE, PORT, SERIAL, center, done, granted, holds, same, several_colours, view
from PIL import Image
from ppadb.client import Client

client = Client(host="127.0.0.1", port=PORT)
same(client.version(), 41, "version of the server")
same([d.serial for d in client.devices()], [SERIAL], "list")
device = client.device(SERIAL)
api = int(device.get_properties()["ro.build.version.sdk"])
size = device.wm_size()
same(tuple(size), (480, 800) if api < 24 else (1080, 2400), "window size")
same(device.wm_density(), 1 if api < 24 else 2, "density")

device.install(APK)
holds(device.is_installed(PACKAGE) and PACKAGE in device.list_packages(), "installed")
same(device.get_package_version_name(PACKAGE), "1.7", "version")
device.shell(f"am start -n {PACKAGE}/.Main")
# The last one is in front; get_top_activity() takes the first.
top = device.get_top_activities()[-1]
same(top.package, PACKAGE, "current activity")
pid = device.get_pid(PACKAGE)
same(str(top.pid), pid, "process id")
if api < 30:
    # Later releases call it appId.
    holds(int(device.get_uid(PACKAGE)) >= 10000, "user id")


def dump():
    said = device.shell("uiautomator dump /sdcard/window.xml")
    holds("UI hierchary dumped to: /sdcard/window.xml" in said, "dump", said)
    device.pull("/sdcard/window.xml", "window.xml")
    with open("window.xml", encoding="utf-8") as file:
        return file.read()


xml = dump()
same(view(xml, "state")["text"], "state fresh", "first state")
device.input_tap(*center(view(xml, "press")))
same(view(dump(), "state")["text"], "state pressed", "tap")
device.input_tap(*center(view(xml, "name")))
device.input_text("some words")
same(view(dump(), "name")["text"], "some words", "text")
device.input_keyevent("KEYCODE_BACK")
device.input_swipe(200, 600, 200, 300, 200)

several_colours(Image.open(io.BytesIO(device.screencap())), tuple(size))

for verb, state in [("grant", "true"), ("revoke", "false")]:
    device.shell(f"pm {verb} {PACKAGE} {CAMERA}")
    same(granted(device.shell(f"dumpsys package {PACKAGE}")), state, verb)

holds("START u0" in device.shell("logcat -d"), "logcat")
with open("pushed", "wb") as file:
    file.write(bytes(range(256)) * 300)
device.push("pushed", "/data/local/tmp/pushed")
device.pull("/data/local/tmp/pushed", "pulled")
with open("pushed", "rb") as pushed, open("pulled", "rb") as pulled:
    same(pulled.read(), pushed.read(), "push and pull")
device.forward("tcp:17171", "tcp:9999")
same(device.list_forward(), {"tcp:17171": "tcp:9999"}, "forward")
device.killforward_all()
holds(device.clear(PACKAGE), "clear")
holds(device.uninstall(PACKAGE), "uninstall")
holds(not device.is_installed(PACKAGE), "uninstalled")
done()
