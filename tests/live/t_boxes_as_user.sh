#!/bin/sh
# The live tests of boxes and runtimes once more, as an ordinary user: no group, no id of its own, all else the same.
set -u
build=${BUILD:-build/release}
if [ "$(id -u)" != 0 ]; then
	echo "1..0 # SKIP this is an ordinary user already"
	exit 0
fi
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
number=0
for program in "$build"/tests/live/box/t_* "$build"/tests/live/bench/t_runtimes; do
	case $program in *.*) continue ;; esac
	number=$((number + 1))
	name=$(basename "$program")
	# The build may lie in a home that others may not enter.
	cp "$program" "$folder/"
	if setpriv --reuid=1234 --regid=1234 --clear-groups env -u MILEPOST_MUST_RUN "$folder/$name" >"$folder/log" 2>&1; then
		echo "ok $number - $name passes as an ordinary user"
	else
		sed 's/^/# /' "$folder/log"
		echo "not ok $number - $name passes as an ordinary user"
	fi
done
echo "1..$number"
