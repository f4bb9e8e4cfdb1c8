"""PyPI uiautomator2: pushes its jar, starts it, and talks JSON-RPC to it."""

import re

import adbutils
import uiautomator2
from flow import APK, CAMERA, PACKAGE, PORT, SERIAL, done, granted, holds, same, several_colours, view

client = adbutils.AdbClient(host="127.0.0.1", port=PORT)
same([d.serial for d in client.device_list()], [SERIAL], "list")
device = uiautomator2.connect(client.device(serial=SERIAL))
old = device.info["sdkInt"] < 24

same(device.serial, SERIAL, "serial")
facts = device.device_info
same(facts["sdk"], device.info["sdkInt"], "API level by property and by the jar")
holds(facts["model"] and facts["brand"] and facts["arch"], "properties", facts)
size = (480, 800) if old else (1080, 2400)
same((device.info["displayWidth"], device.info["displayHeight"]), size, "size of the display")
same(device.info["screenOn"], True, "screen on")
same(tuple(device.window_size()), size, "window size")

holds(PACKAGE not in device.app_list(), "not there yet")
device.app_install(APK)
holds(PACKAGE in device.app_list("-3"), "installed")
same(device.app_info(PACKAGE), {"versionName": "1.7", "versionCode": 7}, "facts of the app")
device.app_start(PACKAGE, ".Main", wait=True)
holds(device.wait_activity(f"{PACKAGE}.Main", timeout=5), "activity")
current = device.app_current()
same((current["package"], current["activity"]), (PACKAGE, f"{PACKAGE}.Main"), "current activity")

xml = device.dump_hierarchy()
same(view(xml, "state")["text"], "state fresh", "dump")
holds(re.search(r'visible-to-user="true" bounds="\[', xml), "the jar's own attribute")
holds(device(resourceId=f"{PACKAGE}:id/state").wait(timeout=2), "a view is waited for")
device(text="Press me").click(timeout=2)
same(device(resourceId=f"{PACKAGE}:id/state").get_text(), "state pressed", "click by text")
same(device.xpath('//*[@text="Press me"]').exists, True, "XPath")
same(device(className="android.widget.Button", clickable=True).count, 1, "count")
same(bool(device(textMatches="no such.*").exists), False, "a view that is not there")
try:
    device(text="no such words").click(timeout=0.2)
    raise SystemExit("a missing view was clicked")
except uiautomator2.UiObjectNotFoundError:
    print("ok: a missing view is an error")

device(resourceId=f"{PACKAGE}:id/name").set_text("two words & 汉字")
same(view(device.dump_hierarchy(), "name")["text"], "two words & 汉字", "text")
device(resourceId=f"{PACKAGE}:id/name").clear_text()
device(resourceId=f"{PACKAGE}:id/name").click(timeout=2)
device.clear_text()
device.set_clipboard("from the clipboard")
same(device.clipboard, "from the clipboard", "clipboard")
device.jsonrpc.pasteClipboard()
same(device(resourceId=f"{PACKAGE}:id/name").get_text(), "from the clipboard", "paste")

several_colours(device.screenshot(), size)
several_colours(device(resourceId=f"{PACKAGE}:id/press").screenshot().resize(size), size)
device.swipe(0.5, 0.7, 0.5, 0.3)
device.long_click(*device(resourceId=f"{PACKAGE}:id/press").center(), duration=0.1)
same(device.orientation, "natural", "orientation")
same(device.last_toast, None, "no toast")
device.screen_off()
same(device.info["screenOn"], False, "screen off")
device.screen_on()
same(device.info["screenOn"], True, "screen on again")

for verb, state in [("grant", "true"), ("revoke", "false")]:
    device.shell(["pm", verb, PACKAGE, CAMERA])
    same(granted(device.shell(["dumpsys", "package", PACKAGE]).output), state, verb)
holds("START u0" in device.shell("logcat -d -v time").output, "logcat")

# An app whose permission is revoked is ended; what it has stored stays.
device.app_start(PACKAGE, ".Main", wait=True)

# UiAutomation has one client at a time: the stock command fails while the jar runs, and the jar goes on.
stock = device.shell("uiautomator dump /data/local/tmp/stock.xml").output
holds("Killed" in stock if old else "already registered!" in stock, "the stock dump is refused", stock)
same(view(device.dump_hierarchy(), "state")["text"], "state pressed", "the jar goes on")
device.stop_uiautomator()
stock = device.shell("uiautomator dump /data/local/tmp/stock.xml").output
holds("dumped to" in stock, "without the jar the stock dump works", stock)
same(view(device.dump_hierarchy(), "state")["text"], "state pressed", "the client starts its jar again")

device.press("home")
device.app_stop(PACKAGE)
holds(device.app_uninstall(PACKAGE), "uninstalled")
holds(PACKAGE not in device.app_list(), "gone")
device.stop_uiautomator(wait=True)
done()
