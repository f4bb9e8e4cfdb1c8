"""PyPI mozdevice."""

from flow import APK, CAMERA, PACKAGE, SERIAL, center, done, granted, holds, same, view
from mozdevice import ADBDevice, ADBHost, ADBProcessError

holds([d["device_serial"] for d in ADBHost().devices()] == [SERIAL], "list")
# The emulator's image is one for users: it has no root to look for.
device = ADBDevice(device=SERIAL, use_root=False)
same(device.get_state(), "device", "state")
api = int(device.get_prop("ro.build.version.sdk"))
holds(device.is_device_ready(), "ready")
if api >= 24:
    # The captured Android 6 has no such service.
    same(device.get_battery_percentage(), 100.0, "battery")
holds({"id", "disk", "os", "process", "systime"} <= set(device.get_info()), "information")

device.install_app(APK, replace=True)
holds(device.is_app_installed(PACKAGE), "installed")
device.launch_application(PACKAGE, ".Main", "android.intent.action.MAIN", wait=False, fail_if_running=False, grant_runtime_permissions=False)
holds(device.process_exist(PACKAGE), "it runs")
same(device.get_top_activity(), PACKAGE, "current activity")


def dump():
    device.shell_output("uiautomator dump /data/local/tmp/window.xml")
    return device.get_file("/data/local/tmp/window.xml").decode()


press = view(dump(), "press")
device.shell_output("input tap %d %d" % center(press))
same(view(dump(), "state")["text"], "state pressed", "tap")
for verb, state in [("grant", "true"), ("revoke", "false")]:
    device.shell_output(f"pm {verb} {PACKAGE} {CAMERA}")
    same(granted(device.shell_output(f"dumpsys package {PACKAGE}")), state, verb)

folder = "/data/local/tmp/moz"
device.mkdir(f"{folder}/deep", parents=True)
with open("pushed", "w") as file:
    file.write("hello\n")
device.push("pushed", f"{folder}/deep/file")
device.chmod(folder, recursive=True, mask="755")
holds(device.is_dir(folder) and not device.is_file(folder), "a folder is a folder")
holds(device.is_file(f"{folder}/deep/file") and not device.is_dir(f"{folder}/deep/file"), "a file is a file")
holds(not device.exists(f"{folder}/none"), "what is not there")
same(device.list_files(folder), ["deep"], "files")
holds(f"{folder}/deep/file" in device.ls(folder, recursive=True), "files below")
device.cp(folder, f"{folder}2", recursive=True)
device.mv(f"{folder}2", f"{folder}3")
same(device.get_file(f"{folder}3/deep/file"), b"hello\n", "copied and moved")
device.pull(folder, "pulled")
with open("pulled/deep/file") as file:
    same(file.read(), "hello\n", "pulled")
device.rm(f"{folder}3", recursive=True)

port = device.forward("tcp:0", "tcp:8000")
same([(local, remote) for _, local, remote in device.list_forwards()], [(f"tcp:{port}", "tcp:8000")], "forward")
device.remove_forwards()
device.reverse("tcp:8001", "tcp:8000")
same([(local, remote) for _, local, remote in device.list_reverses()], [("tcp:8001", "tcp:8000")], "reverse")
device.remove_reverses()
same(device.shell_bool("false"), False, "a status")
try:
    device.shell_output("cat /nowhere")
    holds(False, "a failure")
except ADBProcessError as error:
    holds("No such file or directory" in str(error), "a failure", error)
device.clear_logcat()
holds(isinstance(device.get_logcat(), list), "logcat")
device.stop_application(PACKAGE)
holds(not device.process_exist(PACKAGE), "stopped")
device.uninstall_app(PACKAGE)
holds(not device.is_app_installed(PACKAGE), "uninstalled")
done()
