# SPDX-License-Identifier: MIT
# A real server for tests of pushes: source it behind tap.sh.
#
#   serve_start [OPTION]...      a server on $data, with no worker, at a port of 127.0.0.1 unless told; $site is its address, $serve_pid its number
#   serve_graded OPTION...       the same with a worker of its own
#   serve_stop                   SIGTERM, and wait; $status
#   learner asha [OPTION]...     a learner; the token is in $token_asha, the address with it in $repo_asha
#   by_hand STATUS SCORE [MS]    a worker by hand, in the background
#   pushes STATUS ARG...         git push in the current folder; $out holds what git showed, its blanks cut
# shellcheck shell=bash disable=SC2034,SC2154

data=$work/data
log=$work/serve.log
serve_pid=
export GIT_CONFIG_GLOBAL=$work/gitconfig GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0 HOME=$work LC_ALL=C.UTF-8 no_proxy='*'
git config --global user.name 'Asha Rao'
git config --global user.email asha@example.org
git config --global init.defaultBranch main
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY all_proxy
trap 'kill $(jobs -p) 2> /dev/null; cd /; chmod -R u+rwX "$work" 2> /dev/null; rm -rf "$work"' EXIT

serve_start() {
	serve_graded --no-worker "${@:---listen=127.0.0.1:0}"
}

serve_graded() {
	: > "$work/serve.out"
	"$milepost" serve --data "$data" "$@" > "$work/serve.out" 2>> "$log" &
	serve_pid=$!
	for _ in $(seq 100); do
		[ -s "$work/serve.out" ] && break
		sleep 0.05
	done
	if ! [ -s "$work/serve.out" ] && grep -q 'the layer' "$log"; then
		skip "$(head -1 "$log")" "a server with boxes"
		done_testing
	fi
	site=$(sed -n 's/^milepost: \(http:[^ ]*\).*/\1/p' "$work/serve.out")
}

serve_stop() {
	kill -TERM "$serve_pid"
	wait "$serve_pid"
	status=$?
}

learner() {
	token=$("$milepost" admin learner add "$@" --data "$data" --track python 2> "$work/learner.err" | tail -1)
	printf -v "token_$1" %s "$token"
	printf -v "repo_$1" %s "${site/:\/\//:\/\/$1:$token@}/$1.git"
}

by_hand() {
	"$top/${BUILD:-build/release}/tests/helper/by_hand" "$data" "$@" 2>> "$log" &
	by_hand_pid=$!
}

pushes() {
	local wanted=$1
	shift
	timeout 60 git push "$@" > "$work/push.out" 2>&1
	status=$?
	out=$(sed 's/ *$//; s/\x1b\[K//' "$work/push.out")
	is "git push $* ends with $wanted" "$status" "$wanted"
}
