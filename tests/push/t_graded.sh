#!/bin/bash
# SPDX-License-Identifier: MIT
# The whole way: a learner pushes, the server's own worker grades in boxes, the score is in the push.
. "$(dirname "$0")/../helper/tap.sh"
. "$top/tests/helper/serve.sh"
cd "$work" || exit
serve_graded --listen 127.0.0.1:0 --jobs 1
learner asha
git clone -q "$repo_asha" road
cd road || exit

pushes 0 origin HEAD:main
says "Everything up-to-date" "the template itself is not a push" "$out"
git pull -q origin start/hello-api
pushes 0 origin main
says "hello-api: python3 app.py is ready after" "the service is seen to be ready" "$out"
says "hello-api 25 of 100" "the starter has its score" "$out"
pushes 1 origin HEAD:refs/for/hello-api
says "refs/for/hello-api (25 of 100, not started)" "a strict push below the bar fails" "$out"

cp "$top/exercises/5/hello-api/reference/python/"* exercises/hello-api/
git commit -qam 'Do what the task asks'
pushes 0 origin main
says "hello-api 100 of 100" "the reference has all of it" "$out"
pushes 0 origin HEAD:refs/for/hello-api
is "no line is wider than 72 columns" "$(sed -n 's/^remote: //p' <<< "$out" | awk 'length > 72')" ""

ok "the report can be fetched" git fetch -q origin refs/milepost/report
says "hello-api                100 of 100  mastered  commit $(git rev-parse --short=7 HEAD), attempt 4" \
	"it has a line for the exercise" "$(git show FETCH_HEAD:report.txt)"
is "and the scorecard" "$(git show FETCH_HEAD:hello-api.json | grep -c '"score": 100')" 1
pushes 1 --force origin HEAD:refs/milepost/report

# An exercise that opens later is left out, and the rest is graded.
runs 0 "$milepost" admin policy set opens 2999-12-24T09:00:00+05:30 --exercise hello-api --data "$data"
echo '# tried' >> exercises/hello-api/app.py
git commit -qam 'Too early'
pushes 0 origin main
says "remote: hello-api is not open yet: it is not graded." "what is not open is left out" "$out"
runs 0 "$milepost" admin policy set opens standard --exercise hello-api --data "$data"
git revert --no-edit HEAD > /dev/null
pushes 0 origin main

# Not this exercise, but another file: the score is kept.
echo asha > hello.txt
git add hello.txt
git commit -qm 'Another file'
pushes 0 origin main
says "not changed, score kept" "what is unchanged is not graded again" "$out"

# The worker is killed while it grades: it is started again, and the push still has its score.
echo '# more' >> exercises/hello-api/app.py
git commit -qam 'Once more'
git push origin main > "$work/killed.out" 2>&1 &
pushing=$!
for _ in $(seq 200); do
	grep -q 'is ready' "$work/killed.out" && break
	sleep 0.02
done
pkill -KILL -P "$serve_pid" -f 'milepost worker'
wait "$pushing"
is "a push whose worker was killed goes well" "$?" 0
says "hello-api 100 of 100" "and has its score" "$(sed 's/ *$//' "$work/killed.out")"
serve_stop
is "SIGTERM ends server and worker" "$status" 0
is "no worker is left" "$(pgrep -f "worker --data $data")" ""
done_testing
