#!/bin/bash
# SPDX-License-Identifier: MIT
# Who is let in: tokens that are wrong, revoked or somebody else's, repositories of others, paths with tricks.
. "$(dirname "$0")/../helper/tap.sh"
. "$top/tests/helper/serve.sh"
cd "$work" || exit
serve_start
learner asha
old_repo=$repo_asha
learner ravi

# refuses WORDS ADDRESS
refuses() {
	runs 128 git ls-remote "$2"
	says "$1" "'$1' is said" "$err"
}
ok "the right token is let in" git ls-remote "$repo_asha"
refuses "This token is not good for this name" "${repo_asha/$token_asha/wrong}"
refuses "This token is not good for this name" "${repo_asha/$token_asha/$token_ravi}"
refuses "This token is not good for this name" "${repo_asha/$token_asha/$(printf 'x%.0s' $(seq 60))}"
refuses "This is not your repository. Yours is /ravi.git" "${repo_ravi/ravi.git/asha.git}"
refuses "This is not your repository" "${repo_ravi/ravi.git/nobody.git}"
refuses "not found" "$site/a.git"
says "Your user name is your handle" "who has no token is told what it is" \
	"$(curl -s "$site/asha.git/info/refs?service=git-upload-pack")"
new=$("$milepost" admin learner token asha --data "$data" | tail -1)
refuses "This token is not good for this name" "$old_repo"
ok "the new token is let in" git ls-remote "${repo_asha/$token_asha/$new}"

# code STATUS PATH [OPTION]...
code() {
	local wanted=$1 path=$2
	shift 2
	is "${path:0:60} is answered with $wanted" \
		"$(curl -s -o /dev/null -w '%{http_code}' --path-as-is -u "asha:$new" "$@" "$site$path")" "$wanted"
}
refs=info/refs?service=git-upload-pack
code 200 "/asha.git/$refs"
code 403 "/asha.git/../ravi.git/$refs"
code 403 "/asha.git/%2e%2e/ravi.git/$refs"
code 404 "/%61sha.git/$refs"
code 404 "/asha.git.git/$refs"
code 403 "/asha.git/asha.git/$refs"
code 403 "/asha.git//$refs"
code 403 "/asha.git/objects/info/alternates"
code 403 "/asha.git/info/refs?service=git-upload-archive"
code 403 "/asha.git/HEAD"
code 404 "/../asha.git/$refs"
code 404 "/ASHA.git/$refs"
code 404 "/$(printf 'a%.0s' $(seq 9000)).git/$refs"
code 414 "/$(printf 'a%.0s' $(seq 40000)).git/$refs"
code 431 "/asha.git/$refs" -H "X-Long: $(printf 'a%.0s' $(seq 40000))"
code 405 /healthz -X DELETE
code 415 /asha.git/git-receive-pack -X POST -H 'Content-Type: text/plain' -d x
push_type='Content-Type: application/x-git-receive-pack-request'
code 413 /asha.git/git-receive-pack -X POST -m 10 -H "$push_type" -H 'Content-Length: 10737418240' -d 0000
# shellcheck disable=SC2016
code 200 "/asha.git/$refs" -H 'Git-Protocol: $(reboot) --upload-pack=x'
is "the dumb protocol is refused in words" "$(curl -s "$site/asha.git/HEAD")" \
	"This server speaks git's smart protocol only. Use git 1.6.6 or newer."
is "healthz says ok" "$(curl -s "$site/healthz")" ok
numbers=$(curl -s "$site/metrics")
says 'milepost_tickets{state="queued"} 0' "metrics count tickets" "$numbers"
says 'milepost_connections 1' "and connections" "$numbers"
is "each number is one" "$(grep -v '^#' <<< "$numbers" | grep -cv '^milepost_[a-z_]*\({state="[a-z]*"}\)\? [0-9]*$')" 0

# A token over plain HTTP, from what is not this machine itself.
address=$(hostname -I | tr ' ' '\n' | grep -m1 '^[0-9.]*$')
if [ -n "$address" ]; then
	serve_stop
	serve_start --listen "$address:0"
	code 403 /metrics
	refuses "A token must not travel over plain HTTP" "${site/:\/\//:\/\/asha:$new@}/asha.git"
	serve_stop
	serve_start --listen "$address:0" --plain-network "$address/24"
	ok "in a network that was named it may" git ls-remote "${site/:\/\//:\/\/asha:$new@}/asha.git"
else
	skip "this machine has no other address" "plain HTTP from elsewhere is refused"
fi

# Two servers, and words that are wrong.
runs 2 "$milepost" serve --data "$data" --listen 127.0.0.1:0 --no-worker
says "another milepost serve has the data folder" "a second server on the folder is refused" "$err"
ok "and the first one does not mind" git ls-remote "${site/:\/\//:\/\/asha:$new@}/asha.git"
mkdir -m 700 "$work/newer"
"$milepost" admin backup "$work/copy" --data "$data" > /dev/null && cp "$work/copy/ledger.db" "$work/newer/"
python3 -c 'import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute("PRAGMA user_version = 9")' "$work/newer/ledger.db"
runs 2 "$milepost" serve --data "$work/newer" --listen 127.0.0.1:0 --no-worker
says "is from a newer milepost" "a ledger from a newer milepost is refused" "$err"
runs 2 "$milepost" serve --data "$work/fresh" --listen nowhere --no-worker
says "write an address of this machine and a port" "a wrong --listen is refused" "$err"
runs 2 "$milepost" serve --data "$work/fresh" --plain-network 10.0.0.0/33 --no-worker
says "write it like 192.168.1.0/24" "a wrong --plain-network is refused" "$err"
runs 2 "$milepost" hook pre-receive
says "a hook is run by the server alone" "a hook by hand is refused" "$err"
runs 2 "$milepost" admin learner add Asha --data "$data" --track python
says "3 to 31 of a-z" "a wrong handle is refused" "$err"
runs 2 "$milepost" admin learner add asha --data "$data" --track python
says "there is a learner 'asha' already" "a handle that is taken is refused" "$err"
runs 2 "$milepost" admin learner add kiran --data "$data" --track cobol
says "there are no starters for the track 'cobol'" "an unknown track is refused" "$err"
is "and left nothing behind" "$(ls -A "$data/repositories" | tr '\n' ' ')" "asha.git ravi.git "
done_testing
