#!/bin/bash
# SPDX-License-Identifier: MIT
# A grading that is killed leaves no process 100 ms later, and nothing else after the next start;
# one that is asked to end leaves nothing at once.
. "$(dirname "$0")/../helper/tap.sh"
cd "$work" || exit

"$top/tests/helper/sample.sh" "$work/road" python reference > sample.log 2>&1 || cat sample.log
# A service that answers nothing keeps the grading busy; its name is easy to find.
mark=marked-$$-$RANDOM
cat > road/exercises/hello-api/app.py << END
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "$mark"])
time.sleep(60)
END
sed -i "s/app.py/app.py $mark/" road/exercises/hello-api/milepost.yaml
git -C road -c user.name=a -c user.email=a@b.c commit -qam "Sleep"

alive() {
	pgrep -f "$mark" | grep -cvx $$
}
# Of the groups and folders named milepost-PID-..., those whose PID is gone: others may be grading now.
stale() {
	local name pid
	while IFS= read -r name; do
		pid=${name##*/milepost-}
		pid=${pid%%-*}
		[ -d "/proc/$pid" ] || echo "$name"
	done
}
groups() {
	find /sys/fs/cgroup -maxdepth 4 -type d -name 'milepost-[0-9]*' 2> /dev/null | sort | stale
}
folders() {
	find /tmp /dev/shm -maxdepth 1 -name 'milepost-[0-9]*' -user "$(id -un)" 2> /dev/null | sort | stale
}
mounts() {
	grep -c milepost- /proc/self/mountinfo
}

mounts_before=$(mounts)
for round in 1 2 3; do
	"$milepost" grade road --exercise hello-api > /dev/null 2>&1 &
	pid=$!
	for _ in $(seq 200); do
		[ "$(alive)" -ge 2 ] && break
		sleep 0.02
	done
	ok "round $round: the service runs" test "$(alive)" -ge 2
	kill -9 $pid
	sleep 0.1
	is "round $round: no process lives 100 ms after kill -9" "$(alive)" 0
	wait $pid 2> /dev/null
done
"$milepost" grade road --exercise khata-totals > /dev/null 2>&1
is "no work folder is left after the next start" "$(folders)" ""
is "no control group is left after the next start" "$(groups)" ""
# One that is asked to end takes its folder along. (Ctrl-C, SIGINT, is ignored behind "&".)
for signal in TERM HUP; do
	"$milepost" grade road --exercise hello-api > /dev/null 2>&1 &
	pid=$!
	for _ in $(seq 200); do
		[ "$(alive)" -ge 2 ] && break
		sleep 0.02
	done
	kill -$signal $pid
	wait $pid 2> /dev/null
	is "SIG$signal ends it with its status" $? $((128 + $(kill -l $signal)))
	is "and it takes its work folder along" "$(find /tmp /dev/shm "${TMPDIR:-/tmp}" -maxdepth 1 -name "milepost-$pid-*")" ""
done

# What reads the repository is killed: that is no fault of the repository.
reader_of() {
	local child
	for child in $(pgrep -P "$1"); do
		if [ "$(tr '\0' ' ' 2> /dev/null < "/proc/$child/cmdline")" = "$milepost reader " ]; then
			echo "$child"
		else
			reader_of "$child"
		fi
	done
}
(
	cd road || exit
	"$milepost" start first-push > /dev/null
	git add --all
	for number in $(seq 300); do
		echo "$number" >> exercises/first-push/hello.txt
		git -c user.name=a -c user.email=a@b.c commit -qam "Say $number"
	done
)
for round in $(seq 20); do
	"$milepost" grade road --exercise first-push > reader.out 2>&1 &
	pid=$!
	reader=
	for _ in $(seq 200); do
		reader=$(reader_of $pid 2> /dev/null)
		[ -n "$reader" ] && break
	done
	hit=no
	[ -n "$reader" ] && kill -9 "$reader" 2> /dev/null && hit=yes
	wait $pid
	status=$?
	# It may have had its answer by then.
	[ $status = 4 ] && break
	lacks "cannot be read" "round $round: nothing is said of the repository ($hit)" "$(cat reader.out)"
done
is "a grading whose reader was killed is no result of the learner's" $status 4
says "the reader of repositories was killed from outside" "and says so" "$(cat reader.out)"
is "no mount is left" "$(mounts)" "$mounts_before"

done_testing
