#!/bin/bash
# SPDX-License-Identifier: MIT
# Grading the Node.js reference of hello-api beside starting it by hand and sending the same requests with
# curl, in turns. Goal: at most 150 ms more. And the grader's own peak memory: at most 32 MB.
set -eu
cd "$(dirname "$0")/../.."
milepost=$PWD/${BUILD:-build/release}/milepost
runs=${RUNS:-7}
work=$(mktemp -d)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
tests/helper/sample.sh "$work/road" node reference > "$work/log" 2>&1
folder=$work/road/exercises/hello-api

now_ms() {
	echo $(($(date +%s%N) / 1000000))
}

by_hand() {
	local port=41873 url=http://127.0.0.1:41873 pid i burst=()
	(cd "$folder" && PORT=$port HOST=127.0.0.1 exec node app.js > /dev/null 2>&1) &
	pid=$!
	until curl -s -o /dev/null "$url/health"; do sleep 0.005; done
	curl -s -o /dev/null "$url/health"
	curl -s -o /dev/null "$url/greet?name=Asha"
	curl -s -o /dev/null "$url/greet"
	curl -s -o /dev/null "$url/greet?name=Asha"
	curl -s -o /dev/null "$url/greet?name=%E0%A4%86%E0%A4%B6%E0%A4%BE"
	curl -s -o /dev/null -H 'Content-Type: application/json' -d '{"a":2,"b":3}' "$url/sum"
	curl -s -o /dev/null -H 'Content-Type: application/json' -d '{' "$url/sum"
	curl -s -o /dev/null "$url/no-such-page"
	curl -s -o /dev/null -X DELETE "$url/health"
	curl -s -o /dev/null -H 'Content-Type: application/json' -d '{"a":2}' "$url/sum"
	curl -s -o /dev/null -H 'Content-Type: application/json' -d '{"a":"two","b":3}' "$url/sum"
	for i in $(seq 20); do burst+=(-o /dev/null "$url/greet?name=Crowd$i"); done
	curl -s --parallel --parallel-immediate "${burst[@]}" 2> /dev/null
	curl -s -o /dev/null "$url/greet?name=%3Cb%3Ex%3C%2Fb%3E"
	kill -TERM $pid
	wait $pid || true
}

graded() {
	"$milepost" grade "$work/road" --exercise hello-api --seed 7 > "$work/card"
}

median() {
	sort -n "$1" | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'
}

graded # once, so that caches are warm for both
for _ in $(seq "$runs"); do
	begun=$(now_ms) && by_hand && echo $(($(now_ms) - begun)) >> "$work/hand"
	begun=$(now_ms) && graded && echo $(($(now_ms) - begun)) >> "$work/graded"
done
hand=$(median "$work/hand")
mine=$(median "$work/graded")
echo "grade hello-api (Node.js reference), median of $runs: by hand $hand ms, milepost $mine ms, $((mine - hand)) ms more (goal: 150)"

# The kernel's own figure of the whole process, its launcher's included.
peak=$(/usr/bin/python3 - "$milepost" grade "$work/road" --exercise hello-api --seed 7 << 'PYTHON'
import os, sys
pid = os.fork()
if pid == 0:
    os.dup2(os.open("/dev/null", os.O_WRONLY), 1)
    os.execv(sys.argv[1], sys.argv[1:])
print(os.wait4(pid, 0)[2].ru_maxrss // 1024)
PYTHON
)
echo "grade: the grader's own peak memory: $peak MB (goal: 32)"
[ $((mine - hand)) -le 150 ] && [ "$peak" -le 32 ]
