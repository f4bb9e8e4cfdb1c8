# What happens on the device, as it happens, one JSON object a line, until the log ends or nobody listens.
# In: L the arguments of logcat; W=1 where no log tells of an app's own dialogs, so that the focus must be asked for.
# Out: {"log":"a line of the log"}, {"window":"the line about the focused window"} when that changed.
set -f
b='\' q='"' t='	' e='
'
if (print -r -- x) >/dev/null 2>&1; then p() { print -r -- "$1"; }; else p() { printf '%s\n' "$1"; }; fi
say() {
	s=$2
	case $s in *[\\\"$t]*)
		s=${s//"$b"/"$b$b"}
		s=${s//"$q"/"$b$q"}
		s=${s//"$t"/ } ;;
	esac
	p "{\"$1\":\"$s\"}"
}
# Asks in turn, less and less often while nothing changes; an empty line finds out whether anybody still listens.
turns() {
	n=0 o=
	while :; do
		w=$(dumpsys window 2>/dev/null | grep mCurrentFocus)
		w=${w%%"$e"*}
		if [ "$w" = "$o" ]; then p ''; else o=$w n=0 && p "W $w"; fi || exit
		n=$((n + 1))
		if [ $n -lt 150 ]; then sleep 0.1; else sleep $((n / 50)); fi
	done
}
{
	if [ "$W" = 1 ]; then turns & fi
	logcat $L 2>/dev/null
	[ "$W" = 1 ] && kill $! 2>/dev/null
} | while IFS= read -r x; do
	case $x in
	'') ;;
	'W '*) say window "${x#W }" ;;
	*) say log "$x" ;;
	esac
done
