"""What the flows share: where the device is, what the app shows, and how to fail."""

import os
import re
import xml.etree.ElementTree as ElementTree

PORT = int(os.environ["ADB_PORT"])
SERIAL = "emulator-5554"
APK = "probe.apk"
PACKAGE = "org.example.probe"
CAMERA = "android.permission.CAMERA"


def same(got, wanted, what):
    if got != wanted:
        raise SystemExit(f"{what}: {got!r} instead of {wanted!r}")
    print("ok:", what)


def holds(condition, what, shown=""):
    if not condition:
        raise SystemExit(f"{what}: {shown!r}")
    print("ok:", what)


def view(xml, name):
    """Attributes of the one view with this resource name."""
    found = [n.attrib for n in ElementTree.fromstring(xml).iter("node") if n.get("resource-id") == f"{PACKAGE}:id/{name}"]
    same(len(found), 1, f"one view {name}")
    return found[0]


def center(node):
    left, top, right, bottom = map(int, re.findall(r"\d+", node["bounds"]))
    return (left + right) // 2, (top + bottom) // 2


def granted(dumpsys):
    # API 23 leaves out what is neither granted nor flagged.
    return (re.findall(rf"{CAMERA}: granted=(\w+)", dumpsys) or ["false"])[-1]


def several_colours(picture, size):
    """A picture decoded by Pillow."""
    same(picture.size, size, "size of the screenshot")
    colours = picture.convert("RGB").getcolors(1 << 20)
    holds(len(colours) > 20, "the screenshot shows something", len(colours))


def done():
    print("the flow is done")
