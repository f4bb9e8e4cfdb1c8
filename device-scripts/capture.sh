# One moment of the device in one round trip: picture, focus, hierarchy, permissions, accesses, time.
# Run by the device's own shell (mksh R50 and later; clean under dash too) through `exec:`, so that bytes stay bytes.
# In: N a nonce that marks the sections, P the package, F a file to dump to, C=1 when the program `cmd` exists,
# U=1 when the stock command is to dump the hierarchy.
# Out: sections, each begun by a line `N:name` on its own; the last is `N:end`. Nothing is left on the device.
m() { echo; echo "$N:$1"; }
rm -f "$F"
m clock
echo "$(date '+%s %z') $EPOCHREALTIME"
m picture
screencap -p 2>/dev/null
m focus
dumpsys window 2>/dev/null | grep -E 'mCurrentFocus|mFocusedApp|Window #|mAttrs='
dumpsys activity activities 2>/dev/null | grep -E 'ResumedActivity|mFocusedActivity'
m hierarchy
if [ "$U" = 1 ]; then
uiautomator dump "$F" 2>&1
echo
cat "$F" 2>/dev/null
rm -f "$F"
fi
m package
dumpsys package "$P" 2>/dev/null
m accesses
if [ "$C" = 1 ]; then cmd appops get "$P" 2>/dev/null; else dumpsys appops 2>/dev/null; fi
# How long ago an access was is told as of now, seconds after the clock above.
m now
echo "$(date '+%s %z') $EPOCHREALTIME"
m end
