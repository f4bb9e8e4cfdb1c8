# What happens on the device, as it happens, one JSON object a line, until the log ends or nobody listens.
# In: L the arguments of logcat, T where it is to begin (nothing for its beginning); W=1 where no log tells of an app's
# own dialogs, so that the focus must be asked for; N how many turns without news are made at full speed.
# Out: {"log":"a line of the log"}, {"window":"seconds since 1970, the line about the focused window"} when that changed.
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
# Asks in turn, so often that a window of 300 ms is met where a dump takes up to 250 ms. After N turns in which neither the
# focus changed nor the log said anything it sleeps in between, until the log says something: whoever reads ends the sleep. An empty line finds out whether anybody still listens.
turns() {
	n=0 o=
	while :; do
		w=$(dumpsys window 2>/dev/null | grep mCurrentFocus)
		w=${w%%"$e"*}
		if [ "$w" = "$o" ]; then p ''; else o=$w n=0 && p "W $EPOCHREALTIME $w"; fi || exit
		n=$((n + 1))
		if [ $n -lt ${N:-6000} ]; then sleep 0.05; continue; fi
		sleep 9 >/dev/null 2>&1 </dev/null &
		p "S $!"
		wait $! 2>/dev/null || n=0
	done
}
{
	if [ "$W" = 1 ]; then turns & fi
	logcat ${T:+-T "$T"} $L 2>/dev/null
	[ "$W" = 1 ] && kill $! 2>/dev/null
} | {
	k= l=
	while IFS= read -r x; do
		case $x in
		'') k= ;;
		'W '*) k= && say window "${x#W }" ;;
		'S '*) if [ "$l" ]; then kill ${x#S } && l=; else k=${x#S }; fi ;;
		*)
			l=1
			[ "$k" ] && kill $k && k= l=
			say log "$x"
			;;
		esac
	done
}
