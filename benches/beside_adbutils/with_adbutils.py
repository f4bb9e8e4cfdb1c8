"""The other side of the comparison: the same steps by PyPI's adbutils. The command lines are those of our host."""

import io
import re
import sys
import xml.etree.ElementTree as ElementTree

import adbutils
from PIL import Image

DUMP = "/data/local/tmp/appwitness-ui.xml"
HIERARCHY = f"rm -f {DUMP}; uiautomator dump {DUMP} 2>&1; echo; cat {DUMP} 2>/dev/null; rm -f {DUMP}"
PICTURE = "screencap -p 2>/dev/null"
FOCUS = (
    "dumpsys window | grep -E 'mCurrentFocus|mFocusedApp'; "
    "dumpsys activity activities | grep -E 'ResumedActivity|mFocusedActivity'"
)

server, serial, x, y, steps, _ = sys.argv[1:]
host, port = server.split(":")
device = adbutils.AdbClient(host=host, port=int(port)).device(serial=serial)
# What our host asks when it opens a device: who it is.
device.get_features()
device.shell("getprop")

print("ready", flush=True)
sys.stdin.readline()
changes = nodes = pixels = 0
last = focus = ""
for _ in range(int(steps)):
    device.click(int(x), int(y))

    answer = device.shell(HIERARCHY, encoding=None)
    begins, ends = answer.index(b"<?xml"), answer.rindex(b"</hierarchy>") + len(b"</hierarchy>")
    tree = ElementTree.fromstring(answer[begins:ends])
    said = ""
    for node in tree.iter("node"):
        nodes += 1
        if node.get("resource-id").endswith("id/taps"):
            said = node.get("text")
    changes += said != last
    last = said

    answer = device.shell(PICTURE, encoding=None)
    if not answer.endswith(b"IEND\xaeB`\x82"):
        raise SystemExit("the picture was cut")
    # Reads the header; pixels are decoded only when somebody asks for them.
    width, height = Image.open(io.BytesIO(answer)).size
    pixels += width * height

    answer = device.shell(FOCUS)
    focus = re.search(r"ResumedActivity[=:] ?ActivityRecord\{\S+ \S+ (\S+)", answer).group(1)

print(f"done changes={changes} nodes={nodes} pixels={pixels} focus={focus}", flush=True)
sys.stdin.readline()
