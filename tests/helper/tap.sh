# SPDX-License-Identifier: MIT
# TAP for shell: source it, write sentences, end with `done_testing`.
#
#   . "$(dirname "$0")/../helper/tap.sh"
#   runs 2 milepost grade nowhere               # exit status; $out and $err hold what it printed
#   says "no such folder" "an unknown folder is named" "$err"
#   done_testing
#
# $milepost and $milepost_box are the built programs; $work is an empty folder that is removed at the end.
# skip REASON SENTENCE fails when MILEPOST_MUST_RUN is set.
# shellcheck shell=bash disable=SC2034

set -u
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
milepost=$top/${BUILD:-build/release}/milepost
milepost_box=$top/${BUILD:-build/release}/milepost-box
work=$(mktemp -d)
chmod 755 "$work"
trap 'cd /; chmod -R u+rwX "$work" 2> /dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
tap_count=0
tap_failed=0
out=
err=
status=0

# result HOLDS SENTENCE: one TAP line.
result() {
	tap_count=$((tap_count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tap_count - $2"
	else
		echo "not ok $tap_count - $2"
		tap_failed=$((tap_failed + 1))
	fi
}

# note TEXT: shown when a test fails; never looks like a TAP line.
note() {
	printf '%s\n' "$1" | head -40 | sed 's/^/#   /'
}

# ok SENTENCE COMMAND...: the command ends with 0.
ok() {
	local sentence=$1
	shift
	if "$@" > "$work/.ok" 2>&1; then
		result 0 "$sentence"
	else
		result 1 "$sentence"
		note "$(cat "$work/.ok")"
	fi
}

# is SENTENCE GOT WANTED
is() {
	if [ "$2" = "$3" ]; then
		result 0 "$1"
	else
		result 1 "$1"
		note "got:    $2"
		note "wanted: $3"
	fi
}

# capture COMMAND...: sets $out, $err, $status.
capture() {
	"$@" > "$work/.out" 2> "$work/.err" < /dev/null
	status=$?
	out=$(cat "$work/.out")
	err=$(cat "$work/.err")
}

# runs STATUS COMMAND...: captures, and is a test of the exit status.
runs() {
	local wanted=$1
	shift
	capture "$@"
	if [ "$status" = "$wanted" ]; then
		result 0 "${*##*/} exits $wanted"
	else
		result 1 "${*##*/} exits $wanted"
		note "it exited $status"
		note "$out"
		note "$err"
	fi
}

# says TEXT SENTENCE WHERE: WHERE holds TEXT, which may be broken into lines there.
says() {
	case $3$(tr -s ' \n' ' ' <<< "$3") in
	*"$1"*) result 0 "$2" ;;
	*)
		result 1 "$2"
		note "wanted: $1"
		note "in:     $3"
		;;
	esac
}

# lacks TEXT SENTENCE WHERE: WHERE does not hold TEXT.
lacks() {
	case $3 in
	*"$1"*)
		result 1 "$2"
		note "not wanted: $1"
		note "in:         $3"
		;;
	*) result 0 "$2" ;;
	esac
}

# skip REASON SENTENCE
skip() {
	if [ -n "${MILEPOST_MUST_RUN:-}" ]; then
		result 1 "$2"
		note "may not skip ($1): MILEPOST_MUST_RUN is set"
	else
		tap_count=$((tap_count + 1))
		echo "ok $tap_count - $2 # SKIP $1"
	fi
}

done_testing() {
	echo "1..$tap_count"
	[ "$tap_failed" = 0 ] && [ "$tap_count" != 0 ]
	exit
}
