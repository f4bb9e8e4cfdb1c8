# Keeps the accelerator's program running until the host goes (our input closes) or the program ends, and leaves nothing.
# In: J the jar, T the folder that its program makes, Q the port.
# Out: `pid NUMBER`, the words of the program, `ended STATUS`.
[ -e "$T" ] && K=1
clean() {
	trap - EXIT HUP INT TERM
	kill $A $R 2>/dev/null
	rm -f "$J"
	[ -n "$K" ] || rm -rf "$T"
}
trap clean EXIT
trap 'exit 129' HUP INT TERM
exec 3<&0
CLASSPATH="$J" app_process / com.wetest.uia2.Main -p "$Q" </dev/null 2>&1 3<&- &
A=$!
echo "pid $A"
{ cat <&3 >/dev/null 2>&1; kill $A 2>/dev/null; } &
R=$!
wait $A
echo "ended $?"
