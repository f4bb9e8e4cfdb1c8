#!/bin/sh
# An example of an outside observer: follows the device's log and tells of lines that a hook on the device writes there with
# the tag `lab`, as `kind|what|detail`, for example `device-id-read|imei|TelephonyManager.getImei`. A real lab would put its
# Frida script, its proxy or its sensor in the place of `adb logcat`.
#
#   appwitness run --observer lab=scenarios/observers/log-observer.sh …
echo '{"event": "hello", "version": "log-observer 1", "sees": ["device-id-read", "app-list-read"]}'
# Whoever reads the log ends when our input is closed: the run is over then.
adb -s "$APPWITNESS_SERIAL" logcat -v raw -T 1 -s lab:I </dev/null | while IFS='|' read -r kind what detail; do
    case $kind in
        device-id-read | app-list-read | data-read | data-sent | remark)
            clean() { printf %s "$1" | tr -d '\000-\037"\\'; }
            printf '{"event": "seen", "kind": "%s", "what": "%s", "detail": "%s"}\n' \
                "$kind" "$(clean "$what")" "$(clean "$detail")"
            ;;
    esac
done &
cat >/dev/null
kill "$!" 2>/dev/null
