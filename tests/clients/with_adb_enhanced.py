"""PyPI adb-enhanced: its program `adbe`, a command a call."""

import os
import subprocess
import sys

from flow import APK, PACKAGE, SERIAL, done, holds, same, view

ADBE = os.path.join(os.path.dirname(sys.executable), "adbe")


def adbe(*words, fails=False):
    ran = subprocess.run([ADBE, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    holds(fails or (ran.returncode == 0 and "Traceback" not in ran.stderr), " ".join(words), ran.stdout + ran.stderr)
    return ran.stdout + ran.stderr


said = adbe("devices")
holds(f"Serial ID: {SERIAL}" in said, "list", said)
api = int(said.split("SDK version: ")[1].split()[0])
adbe("install", APK)
holds(PACKAGE in adbe("apps", "list", "third-party").split(), "installed")
holds("Version: 1.7" in adbe("app", "info", PACKAGE), "version")
holds("/base.apk" in adbe("app", "path", PACKAGE), "path")
adbe("start", PACKAGE)
if api >= 24:
    holds(f"Application name: {PACKAGE}" in adbe("top-activity"), "current activity")
adbe("dump-ui", "window.xml")
with open("window.xml", encoding="utf-8") as file:
    same(view(file.read(), "state")["text"], "state fresh", "dump")
adbe("input-text", "words")
adbe("press", "back")
adbe("screenshot", "shot.png")
with open("shot.png", "rb") as file:
    same(file.read(4), b"\x89PNG", "screenshot")

holds("granted=true" not in adbe("permissions", "revoke", PACKAGE, "camera"), "revoke")
adbe("permissions", "grant", PACKAGE, "camera")
holds("CAMERA" in adbe("permissions", "list", "dangerous"), "dangerous permissions")
for what in [("wifi",), ("mobile-data",), ("airplane",), ("show-taps",), ("stay-awake-while-charging",), ("animations",)]:
    adbe(*what, "on")
    adbe(*what, "off")
if api >= 24:
    holds('"off" -> "on"' in adbe("mobile-data", "saver", "on"), "data saver")
    adbe("battery", "level", "50")
    adbe("battery", "reset")
if api >= 28:
    adbe("standby-bucket", "set", PACKAGE, "rare")
    holds("rare" in adbe("standby-bucket", "get", PACKAGE), "bucket")
holds("Number of alarms: " in adbe("alarm", "top"), "alarms")
if api in (29, 30):
    holds("Number of alarms" in adbe("alarm", "pending"), "alarms that wait")
if api >= 29:
    adbe("alarm", "history")
adbe("notifications", "list")
adbe("push", "window.xml", "/data/local/tmp/window.xml")
holds("<hierarchy" in adbe("cat", "/data/local/tmp/window.xml"), "push and cat")
adbe("rm", "/data/local/tmp/window.xml")
adbe("force-stop", PACKAGE)
adbe("clear-data", PACKAGE)
done()
