#!/bin/bash
# SPDX-License-Identifier: MIT
# Small hostile programs, each in a box of its own, as root and as an ordinary user: each must end as the
# table says, none may escape, and nothing may be left behind.
# shellcheck disable=SC2154
. "$(dirname "$0")/../helper/tap.sh"

nobody=61234
bin=$work/bin
json=$work/json
mkdir -p "$bin" "$json"
chmod 777 "$json"
cp "$milepost_box" "$work/milepost-box" # where the ordinary user may reach it
chmod 755 "$work/milepost-box"

for source in "$top"/tests/live/hostile/*.c; do
	name=$(basename "$source" .c)
	"${CC:-gcc}" -std=c17 -D_GNU_SOURCE -O1 -o "$bin/$name" "$source" -pthread || {
		echo "Bail out! $name does not compile"
		exit 1
	}
done

# What the box must not reach: an open port and an abstract socket of the host.
cat > "$work/listen.py" << 'END'
import socket, sys, time
tcp = socket.create_server(("127.0.0.1", 0))
unix = socket.socket(socket.AF_UNIX)
unix.bind("\0milepost-hostile-%d" % tcp.getsockname()[1])
unix.listen(5)
open(sys.argv[1], "w").write(str(tcp.getsockname()[1]))
time.sleep(600)
END
/usr/bin/python3 "$work/listen.py" "$work/port" &
listener=$!
trap 'kill "$listener" 2> /dev/null; rm -rf "$work"' EXIT
for _ in 1 2 3 4 5 6 7 8 9 10; do
	[ -s "$work/port" ] && break
	sleep 0.1
done
port=$(cat "$work/port")

# prepare USER NAME ARGUMENT...: sets command, which runs one program in a box.
prepare() {
	local user=$1 name=$2
	shift 2
	command=("$work/milepost-box" run --wall 3s --cpu 1s --ro "$bin" --json "$json/$name")
	if [ "$user" != root ]; then
		command+=(--allow-missing cgroup)
		[ "$(id -u)" = 0 ] && command=(setpriv --reuid="$nobody" --regid="$nobody" --clear-groups "${command[@]}")
	fi
	command+=(-- "$bin/$name" "$@")
	rm -f "$json/$name"
}

# box USER NAME ARGUMENT...: runs it; sets $out, $end, $forbidden, $milliseconds.
box() {
	local answer
	prepare "$@"
	capture "${command[@]}"
	answer=$(tr -d '\n' < "$json/$2" 2> /dev/null)
	end=$(sed -n 's/.*"end": *"\([a-z-]*\)".*/\1/p' <<< "$answer")
	forbidden=$(sed -n 's/.*"forbidden": *\[\([^]]*\)\].*/\1/p' <<< "$answer" | tr -d '," ')
	milliseconds=$(sed -n 's/.*"wall_ms": *\([0-9]*\).*/\1/p' <<< "$answer")
}

# NAME, end as root, ends as an ordinary user without a control group ("|" between), arguments.
# Without a group nobody counts processes and memory of the box as a whole: the CPU or wall limit answers.
programs="
fork_bomb        processes  processes|cpu|wall
thread_bomb      processes  processes|cpu|wall
memory_hog       memory     memory|cpu|wall|exited
output_flood     output     output
million_files    exited     exited
big_file         file-size  file-size
sleep_forever    wall       wall
spin_in_two      cpu        cpu|wall
setsid_daemon    exited     exited
try_ptrace       exited     exited
try_mount        exited     exited
try_unshare      exited     exited
open_init        exited     exited
kill_init        exited     exited
connect_host     exited     exited     $port
abstract_socket  exited     exited     milepost-hostile-$port
tiocsti          exited     exited
deep_recursion   signaled   signaled
inotify_hog      exited     exited
read_secrets     exited     exited
"

# Outside of a box the two that look for the host do find it: the test could fail.
runs 99 "$bin/connect_host" "$port"
runs 99 "$bin/abstract_socket" "milepost-hostile-$port"

users="root user"
[ "$(id -u)" = 0 ] || users=user
for user in $users; do
	while read -r name as_root as_user argument; do
		[ -n "$name" ] || continue
		wanted=$as_root
		[ "$user" = root ] || wanted=$as_user
		box "$user" "$name" ${argument:+"$argument"}
		if [[ $end =~ ^($wanted)$ ]] && [[ $out != *escaped* ]]; then
			result 0 "$user: $name ends as '$end'"
		else
			result 1 "$user: $name ends as '$wanted' and escapes nothing"
			note "ended as '$end', exit status $status"
			note "${out:0:400}"
			note "${err:0:400}"
		fi
		if [ "$wanted" = exited ]; then
			says held "$user: $name says that the box held" "$out"
		fi
		case $name in
		try_ptrace) is "$user: ptrace and bpf are named" "$forbidden" "ptracebpf" ;;
		try_mount) says mountumount2pivot_root "$user: the mount family is named" "$forbidden" ;;
		try_unshare) is "$user: unshare and setns are named" "$forbidden" "unsharesetns" ;;
		fork_bomb) [ "$user" = root ] && ok "root: a fork bomb is gone in 150 ms" [ "${milliseconds:-9999}" -le 150 ] ;;
		esac
	done <<< "$programs"

	# One box takes all inotify instances it can get; a second one does not notice.
	prepare "$user" inotify_hog 3
	"${command[@]}" > "$work/hog" 2>&1 < /dev/null &
	hog=$!
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ -s "$work/hog" ] && break
		sleep 0.1
	done
	box "$user" inotify_hog
	says held "$user: a box that exhausts inotify does not starve a second one" "$out"
	wait "$hog"
	says instances "$user: and the first one had its own" "$(cat "$work/hog")"
done

left=$(ps -eo pid=,args= | grep -F "$work/" | grep -vF -e listen.py -e 'grep -')
is "no process is left" "$left" ""
# Groups are called after the launcher's process: those of launchers that still live are other people's.
left=
for group in $(find /sys/fs/cgroup -type d -name 'milepost-*' 2> /dev/null); do
	name=${group##*/milepost-}
	[ -d "/proc/${name%%-*}" ] || left="$left $group"
done
is "no control group is left" "$left" ""
done_testing
