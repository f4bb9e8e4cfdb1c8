"""PyPI mobly's AndroidDevice, which drives an adb program."""

import os
import time

from flow import APK, CAMERA, PACKAGE, SERIAL, center, done, granted, holds, same, several_colours, view
from mobly import logger
from mobly.controllers import android_device
from mobly.controllers.android_device_lib import adb, apk_utils
from PIL import Image

logger.setup_test_logger(os.getcwd(), prefix="flow")
same(android_device.list_adb_devices(), [SERIAL], "list")
[device] = android_device.get_all_instances()
holds(device.is_boot_completed() and not device.is_bootloader, "booted")
api = int(device.build_info["build_version_sdk"])
old = api < 24
holds(device.model and device.build_info["build_id"], "properties", device.build_info)
same(device.is_emulator, True, "an emulator")
same(device.adb.shell("echo hi").strip(), b"hi", "shell")
same(device.adb.has_shell_command("screencap"), True, "command -v")
if not old:
    try:
        device.adb.shell("exit 3")
    except adb.AdbError as error:
        same(error.ret_code, 3, "exit status")
    else:
        raise SystemExit("no exit status")

same(apk_utils.is_apk_installed(device, PACKAGE), False, "not there yet")
apk_utils.install(device, APK, enable_runtime_perms=False)
same(apk_utils.is_apk_installed(device, PACKAGE), True, "installed")
device.adb.shell(["am", "start", "-W", "-n", f"{PACKAGE}/.Main"])
activities = device.adb.shell(["dumpsys", "activity", "activities"]).decode()
holds(any("ResumedActivity" in line and f"{PACKAGE}/.Main" in line for line in activities.splitlines()), "current activity")


def dump():
    said = device.adb.shell("uiautomator dump /data/local/tmp/window.xml")
    holds(b"UI hierchary dumped to" in said, "dump", said)
    device.adb.pull(["/data/local/tmp/window.xml", "window.xml"])
    with open("window.xml", encoding="utf-8") as file:
        return file.read()


xml = dump()
same(view(xml, "state")["text"], "state fresh", "first state")
device.adb.shell(["input", "tap", *map(str, center(view(xml, "press")))])
same(view(dump(), "state")["text"], "state pressed", "tap")
device.adb.shell(["input", "tap", *map(str, center(view(xml, "name")))])
device.adb.shell(["input", "text", "some%swords"])
same(view(dump(), "name")["text"], "some words", "text")

picture = device.take_screenshot(os.getcwd())
several_colours(Image.open(picture), (480, 800) if old else (1080, 2400))

for verb, state in [("grant", "true"), ("revoke", "false")]:
    device.adb.shell(["pm", verb, PACKAGE, CAMERA])
    same(granted(device.adb.shell(["dumpsys", "package", PACKAGE]).decode()), state, verb)

device.services.start_all()
device.adb.shell(["log", "-t", "flow", "'a line of the flow'"])
ends = time.monotonic() + 30
while True:
    with open(device.services.logcat.adb_logcat_file_path, encoding="utf-8") as file:
        if "a line of the flow" in file.read():
            break
    holds(time.monotonic() < ends, "logcat")
    time.sleep(0.05)
device.services.stop_all()
print("ok: logcat")

apk_utils.uninstall(device, PACKAGE)
same(apk_utils.is_apk_installed(device, PACKAGE), False, "uninstalled")
done()
