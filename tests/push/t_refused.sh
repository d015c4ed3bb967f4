#!/bin/bash
# SPDX-License-Identifier: MIT
# Pushes that are not taken: each is told what to type instead, and changes nothing.
. "$(dirname "$0")/../helper/tap.sh"
. "$top/tests/helper/serve.sh"
cd "$work" || exit
serve_start
learner asha
git clone -q "$repo_asha" road
cd road || exit
before=$(git ls-remote origin)
git commit -q --allow-empty -m next

# refused WORDS ARG...
refused() {
	local words=$1
	shift
	pushes 1 "$@"
	says "$words" "'$words' is said" "$out"
}
git branch master
git branch topic
git tag v1
refused "git branch -m master main" origin master
refused "git push origin topic:main" origin topic
refused "Tags are not taken" origin v1
refused "Nothing is deleted here" origin :main
refused "One branch at a time" --mirror origin
refused "Did you mean hello-api? remote: Type: remote: git push origin HEAD:refs/for/hello-api" origin HEAD:refs/for/helo-api
refused "There is no exercise of this name" origin HEAD:refs/for/zzzzzzzzzz
refused "refs/milepost/report is written by milepost alone" origin HEAD:refs/milepost/report
refused "hidden ref" origin HEAD:refs/milepost/kept/0000000000000000000000000000000000000000
refused "refs/x/y is not a branch" origin HEAD:refs/x/y
refused "One branch at a time" origin "HEAD:refs/x/$(printf 'yyy/%.0s' $(seq 80))z"
for i in $(seq 40); do git branch "b$i"; done
refused "One branch at a time" --all origin

# A clone that lacks commits which the server does not have either.
git init -q "$work/deep"
for i in 1 2 3; do git -C "$work/deep" commit -q --allow-empty -m "$i"; done
git clone -q --depth 1 "file://$work/deep" "$work/shallow"
cd "$work/shallow" || exit
refused "git fetch --unshallow" --force "$repo_asha" main

# More than there is room for in one push.
cd "$work/road" || exit
head -c 25000000 /dev/urandom > large.bin
git add large.bin
git commit -qm large
pushes 1 origin main
says "pack exceeds maximum allowed size" "a push of 25 MB is refused, with git's reason" "$out"

is "nothing has moved" "$(git ls-remote origin)" "$before"
is "nothing is kept" "$(cd "$data/repositories/asha.git" && find refs/milepost -type f | wc -l)" 0
is "nothing of them lies about" "$(find "$data/repositories/asha.git/objects" -name '*tmp_*' -o -name '*incoming-*' | wc -l)" 0
done_testing
