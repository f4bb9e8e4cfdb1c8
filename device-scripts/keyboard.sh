# Keeps an input method chosen until the host goes (our input closes), then puts the earlier one and what was enabled back.
# In: K the input method's id.
# Out: `refused WORDS`; else `chosen ID`, the id of the earlier one.
B=$(settings get secure default_input_method 2>/dev/null)
E=$(settings get secure enabled_input_methods 2>/dev/null)
back() {
	trap - EXIT HUP INT TERM
	case "$B" in
	"$K") ;;
	*/*) ime set "$B" >/dev/null 2>&1 ;;
	esac
	case ":$E:" in
	*":$K:"* | *":$K;"*) ;;
	*) ime disable "$K" >/dev/null 2>&1 ;;
	esac
}
trap back EXIT
trap 'exit 129' HUP INT TERM
ime enable "$K" >/dev/null 2>&1
S=$(ime set "$K" 2>&1)
if [ "$(settings get secure default_input_method 2>/dev/null)" != "$K" ]; then
	echo refused $S
	exit 1
fi
# It takes text once it is bound; a release whose dump says it in other words gets the same time.
I=0
while [ $I -lt 20 ]; do
	dumpsys input_method 2>/dev/null | grep -q "mCurId=$K .*mBoundToMethod=true" && break
	I=$((I + 1))
	sleep 0.2
done
echo "chosen $B"
cat >/dev/null
