"""PyPI adb-shell, which speaks to adbd itself."""

import io
import os
import time

from adb_shell.adb_device import AdbDeviceTcp
from adb_shell.auth.keygen import keygen
from adb_shell.auth.sign_pythonrsa import PythonRSASigner
from adb_shell.exceptions import AdbCommandFailureException, AdbConnectionError, AdbTimeoutError, PushFailedError, TcpTimeoutException
from flow import APK, CAMERA, PACKAGE, center, done, granted, holds, same, several_colours, view
from PIL import Image

keygen("key")
with open("key.pub") as public, open("key") as private:
    signer = PythonRSASigner(public.read(), private.read())


def connected():
    device = AdbDeviceTcp("127.0.0.1", int(os.environ["ADBD_PORT"]), default_transport_timeout_s=20)
    ends = time.monotonic() + 20
    while True:
        try:
            holds(device.connect(rsa_keys=[signer], transport_timeout_s=2, auth_timeout_s=20, read_timeout_s=2), "connect")
            return device
        except (OSError, TcpTimeoutException) as away:
            # It may be starting.
            holds(time.monotonic() < ends, "connect", away)
            time.sleep(0.05)


def refused(call, error, words, what):
    try:
        call()
    except error as refusal:
        holds(words in str(refusal), what, refusal)
    else:
        raise SystemExit(f"{what}: not refused")


device = connected()
shell = lambda command: device.shell(command).replace("\r\n", "\n")
api = int(shell("getprop ro.build.version.sdk"))
same(shell("echo out; echo err >&2"), "out\nerr\n", "both outputs")
same("".join(device.streaming_shell("for i in 1 2 3; do echo $i; done")).split(), ["1", "2", "3"], "a stream")

device.push(APK, "/data/local/tmp/probe.apk")
holds("Success" in shell("pm install -r /data/local/tmp/probe.apk"), "install")
shell(f"am start -W -n {PACKAGE}/.Main")


def dump():
    holds("UI hierchary dumped to" in shell("uiautomator dump /data/local/tmp/window.xml"), "dump")
    xml = io.BytesIO()
    device.pull("/data/local/tmp/window.xml", xml)
    return xml.getvalue().decode()


xml = dump()
same(view(xml, "state")["text"], "state fresh", "first state")
shell("input tap {} {}".format(*center(view(xml, "press"))))
same(view(dump(), "state")["text"], "state pressed", "tap")
size = (480, 800) if api < 24 else (1080, 2400)
several_colours(Image.open(io.BytesIO(device.exec_out("screencap -p", decode=False))), size)
for verb, state in [("grant", "true"), ("revoke", "false")]:
    shell(f"pm {verb} {PACKAGE} {CAMERA}")
    same(granted(shell(f"dumpsys package {PACKAGE}")), state, verb)

content = os.urandom(300_000)
device.push(io.BytesIO(content), "/data/local/tmp/pushed", mtime=1_700_000_000)
mode, size, modified = device.stat("/data/local/tmp/pushed")
same((mode & 0o170000, size, modified), (0o100000, len(content), 1_700_000_000), "stat")
pulled = io.BytesIO()
device.pull("/data/local/tmp/pushed", pulled)
holds(pulled.getvalue() == content, "push and pull")
holds(b"pushed" in [bytes(file.filename) for file in device.list("/data/local/tmp")], "list of files")
same(device.stat("/none"), (0, 0, 0), "stat of nothing")
refused(lambda: device.pull("/none", io.BytesIO()), AdbCommandFailureException, "No such file or directory", "pull of nothing")
refused(lambda: device.push(io.BytesIO(b"x"), "/system/x"), PushFailedError, "Read-only file system", "push to the system")

device.root()
holds("uid=2000(shell)" in shell("id"), "no root")


def up():
    # The client takes the end of a connection for silence, and waits.
    return float(device.shell("cat /proc/uptime", transport_timeout_s=1, read_timeout_s=1).split()[0])


before = up()
device.reboot()
ends = time.monotonic() + 60
while True:
    # It goes down a moment after it said that it would, under a client that is quicker.
    try:
        device.close()
        device = connected()
        if up() < before:
            break
        holds(time.monotonic() < ends, "reboot")
    except (OSError, TcpTimeoutException, AdbConnectionError, AdbTimeoutError) as away:
        holds(time.monotonic() < ends, "reboot", away)
holds("Success" in shell(f"pm uninstall {PACKAGE}"), "uninstall after a reboot")
device.close()
done()
