#!/bin/bash
# SPDX-License-Identifier: MIT
# The pages of a real server: a learner signs in, pushes, sees the lines come as events, reads the attempt.
. "$(dirname "$0")/../helper/tap.sh"
. "$top/tests/helper/serve.sh"
cd "$work" || exit
serve_graded --listen 127.0.0.1:0 --jobs 1
learner asha

# asks STATUS SENTENCE CURL-ARGUMENT...: the page is in $out, its headers in $heads
asks() {
	local wanted=$1 sentence=$2
	shift 2
	status=$(curl -s -m 20 -D heads -o page -w '%{http_code}' "$@")
	out=$(tr -d '\0' < page)
	heads=$(tr -d '\r' < heads)
	is "$sentence" "$status" "$wanted"
}

asks 200 "the first page asks for a token" "$site/"
says 'name="token"' "by a form" "$out"
asks 303 "nobody is sent to the first page" "$site/me"
asks 403 "a wrong token is refused" -d token=wrong "$site/sign-in"
asks 403 "a form from another site is refused" -H 'Sec-Fetch-Site: cross-site' -d "token=$token_asha" "$site/sign-in"
asks 403 "also by its origin" -H 'Origin: http://elsewhere.example' -d "token=$token_asha" "$site/sign-in"
asks 303 "a token opens a session" -H "Origin: $site" -c jar -d "token=$token_asha" "$site/sign-in"
says 'HttpOnly; SameSite=Strict' "the cookie is for this site alone" "$heads"
asks 200 "the road is there" -b jar "$site/me"
says "default-src 'none'" "with its policy" "$heads"
status=$(curl -s -m 20 -o /dev/null -w '%{http_code}' --data-binary "@$milepost" "$site/sign-in")
is "a form without end is hung up on" "$([ "$status" = 303 ] || [ "$status" = 200 ]; echo $?)" 1
asks 404 "another learner's pages are not there" -b jar "$site/learners/bela"

curl -s -N -m 60 -b jar "$site/me/events/0/0" > events &
listening=$!
git clone -q "$repo_asha" road
cd road || exit
git pull -q origin start/hello-api
pushes 0 origin main
link_page=$(sed -n 's/^remote: \(http:.*\/s\/.*\)$/\1/p' <<< "$out")
for _ in $(seq 100); do
	grep -q anew ../events && break
	sleep 0.1
done
wait "$listening"
is "a page that listens is told of the push, and the stream ends" "$(grep -c '^event: anew' ../events)" 1
cd ..
asks 200 "the push prints a link to the page" "$link_page"
says "Hello over HTTP" "which shows the road" "$out"
if [ -x /usr/bin/chromium ]; then
	"$top/tests/helper/browser.py" --watch "$link_page" "Published exercises passed: 0" "A push is being graded" "is ready after" \
		"Published exercises passed: 1" > watch.out 2>&1 &
	watching=$!
	for _ in $(seq 200); do
		grep -q open watch.out && break
		sleep 0.1
	done
	cp "$top/exercises/5/hello-api/reference/python/"* road/exercises/hello-api/
	git -C road commit -qam 'Do what the task asks'
	git -C road push -q origin main 2> /dev/null
	ok "a page that is open in a browser shows the push as it comes" wait "$watching"
	[ "$tap_failed" = 0 ] || note "$(cat watch.out)"
else
	skip "there is no chromium" "a page that is open in a browser shows the push as it comes"
fi
curl -s -m 60 -b jar "$site/me/events/1/0" > events
says "is ready after" "who comes late reads the lines of the push" "$(cat events)"

asks 200 "a token reads the JSON" -H "Authorization: Bearer $token_asha" "$site/me/api/road"
attempt=$(/usr/bin/python3 -c 'import json; print([e["best"]["attempt"] for e in json.load(open("page"))["exercises"] if e["id"] == "hello-api"][0])')
asks 200 "the attempt is there" -b jar "$site/me/attempt/$attempt"
says "<main>" "it is the report of the grading" "$out"
says "style-src 'sha256-" "with its one style" "$heads"
asks 200 "the starter is a zip" -b jar "$site/me/starter/hello-api.zip"
is "that python can read" "$(/usr/bin/python3 -m zipfile -l page | awk 'NR > 1 {print $1}' | tr '\n' ' ')" \
	"exercises/hello-api/app.py exercises/hello-api/milepost.yaml exercises/hello-api/task.md "

form=$(curl -s -b jar "$site/me" | sed -n 's/.*name="form" value="\([^"]*\)".*/\1/p')
asks 403 "signing out wants the session's own value" -b jar -d form=wrong "$site/sign-out"
asks 303 "with it the session ends" -b jar -d "form=$form" "$site/sign-out"
asks 303 "and its cookie opens nothing" -b jar "$site/me"

# Guesses are counted by address, but not those of this machine, where a proxy may stand.
address=$(hostname -I | tr ' ' '\n' | grep -m1 '^[0-9.]*$')
port=${site##*:}
if [ -n "$address" ]; then
	serve_stop
	serve_start --listen "0.0.0.0:$port"
	site=http://127.0.0.1:$port
	link=${link_page##*/}
	for _ in $(seq 60); do
		curl -s -o /dev/null -m 20 "http://$address:$port/s/AAAA-AAAA"
	done
	asks 429 "who guesses at links is told to wait" "http://$address:$port/s/$link"
	asks 200 "but may read what no guess opens" "http://$address:$port/"
	asks 200 "nobody else waits" "$site/s/$link"
else
	skip "this machine has no address" "who guesses at links is told to wait"
fi

# Streams end with the server, and never keep it.
curl -s -N -m 60 -H "Authorization: Bearer $token_asha" "$site/me/events/1/999" > events &
sleep 0.5
serve_stop
is "SIGTERM ends a server that somebody listens to" "$status" 0
done_testing
