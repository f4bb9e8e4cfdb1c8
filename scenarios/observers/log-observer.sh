#!/bin/sh
# An example of an outside observer: follows the device's log and tells of lines that a hook on the device writes there with
# the tag `lab`: `kind|what|detail`, for example `device-id-read|imei|TelephonyManager.getImei`. A real lab would put its
# Frida script, its proxy or its sensor in the place of `adb logcat`.
#
#   appwitness run --observer lab=scenarios/observers/log-observer.sh …
#
# It promises what the hook says it sees, and nothing when no hook has said so: once it is loaded, the hook writes
# `ready|device-id-read app-list-read`. A device that can't be asked is no promise either: then this ends at once.
adb=${ADB:-adb}
log() { "$adb" -s "$APPWITNESS_SERIAL" logcat -v raw "$@" -s lab:I </dev/null; }
clean() { printf %s "$1" | tr -d '\000-\037"\\'; }

written=$(log -d) || exit 1
hook=$(printf '%s\n' "$written" | sed -n 's/^ready|//p' | tail -n 1)
sees=
for kind in $hook; do
    case $kind in
        device-id-read | app-list-read | data-read | data-sent) sees="$sees${sees:+, }\"$kind\"" ;;
    esac
done
printf '{"event": "hello", "version": "log-observer 2", "sees": [%s]}\n' "$sees"

# Whoever reads the log ends when our input is closed: the run is over then. A log that ends before takes us with it, so that
# what came after it is not believed to have been seen.
{
    log -T 1 | while IFS='|' read -r kind what detail; do
        case $kind in
            device-id-read | app-list-read | data-read | data-sent | remark)
                printf '{"event": "seen", "kind": "%s", "what": "%s", "detail": "%s"}\n' \
                    "$kind" "$(clean "$what")" "$(clean "$detail")"
                ;;
        esac
    done
    kill "$$" 2>/dev/null
} &
cat >/dev/null
kill "$!" 2>/dev/null
