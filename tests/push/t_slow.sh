#!/bin/bash
# SPDX-License-Identifier: MIT
# Clients that are slow, many, or without end: they are hung up on, and others do not notice.
. "$(dirname "$0")/../helper/tap.sh"
. "$top/tests/helper/serve.sh"
cd "$work" || exit
serve_start
learner asha
git clone -q "$repo_asha" road
port=${site##*:}
basic="Basic $(printf 'asha:%s' "$token_asha" | base64 -w0)"
before=$(ls "/proc/$serve_pid/fd" | wc -l)
slow=$top/tests/helper/slow.py

for kind in idle keepalive head body; do
	"$slow" $kind "$port" "$basic" > $kind.out &
done
is "a body without end is cut" "$("$slow" endless "$port" "$basic")" cut
is "words that are no HTTP harm nobody" "$("$slow" garbage "$port" "$basic")" healthy
ok "meanwhile others are served" git ls-remote "$repo_asha"
is "a thousand connections of one address" "$("$slow" many "$port" "$basic")" "others are served
free again"
wait %2 %3 %4 %5 2> /dev/null
is "who says nothing is hung up on" "$(cat idle.out)" "ended in time"
is "who says nothing more too" "$(cat keepalive.out)" "ended in time"
is "whose head drips too" "$(cat head.out)" "ended in time"
is "whose body drips too" "$(cat body.out)" "ended in time"

# A learner's pushes at once, more than eight: some are told to wait, all others work.
cd road || exit
for i in $(seq 12); do
	timeout 20 git push "$repo_asha" "HEAD:refs/for/first-push" > "$work/many.$i" 2>&1 &
	pushing[i]=$!
done
sleep 4
says "several pushes under way" "more than eight pushes of one learner are not taken" "$(cat "$work"/many.*)"
kill "${pushing[@]}" 2> /dev/null
sleep 2
left=$(ls "/proc/$serve_pid/fd" | wc -l)
ok "no descriptor is left behind ($before before, $left now)" test "$left" -le $((before + 1))
ok "and the server is well" curl -sf "$site/healthz"
kilobytes=$(awk '/VmRSS/ {print $2}' "/proc/$serve_pid/status")
ok "it has taken less than 64 MB ($kilobytes kB)" test "$kilobytes" -lt 65536
done_testing
