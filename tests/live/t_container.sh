#!/bin/bash
# SPDX-License-Identifier: MIT
# milepost in a container, as CI has it: with Docker's default filter and masks nothing can be graded, and doctor
# says what to do; with that done, one's own code is graded.
. "$(dirname "$0")/../helper/tap.sh"
unset GIT_DIR

if [ "$(id -u)" != 0 ] || ! command -v runc > /dev/null || ! command -v capsh > /dev/null; then
	skip "needs root, runc and libcap2-bin" "milepost in a container"
	done_testing
	exit
fi

# in_container KIND SCRIPT: $status, $out and $err of the script in a container of that kind.
in_container() {
	local name
	name=milepost-$$-$1-$RANDOM
	mkdir -p "$work/$1"
	/usr/bin/python3 "$top/tests/helper/container.py" "$work/$1" "$top" "$1" /bin/bash -c "$2"
	capture runc run --bundle "$work/$1" "$name"
}

programs=/srv/${BUILD:-build/release}
grade="export PATH=\$PATH:$programs
	milepost init road --track python --handle asha > /dev/null && cd road && milepost start hello-api > /dev/null &&
	milepost check hello-api"

in_container default "$programs/milepost doctor"
is "under Docker's default filter doctor says that this host cannot" "$status" 4
says "Nothing can be graded here" "in words" "$out"
wanted="docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined"
says "$wanted" "and says what to do" "$(tr -s ' \n' ' ' <<< "$out")"
in_container default "$grade"
is "check says so too" "$status" 4
says "$wanted" "with the same words" "$(tr -s ' \n' ' ' <<< "$err")"

in_container unconfined "$programs/milepost doctor"
is "with those options it can" "$status" 0
says "Your own code can be graded here" "one's own code" "$out"
in_container unconfined "$grade"
is "the starter is graded there" "$status" 1
says " 25 of 100  NOT STARTED" "with its score" "$out"
says "Graded without cgroup" "and the layer that is missing is named" "$out"
in_container unconfined "cd /tmp && $programs/milepost init road --track python --handle asha > /dev/null &&
	$programs/milepost grade road --trust=foreign"
is "code of others is not" "$status" 4

in_container privileged "$grade"
is "a privileged container grades" "$status" 1
says " 25 of 100  NOT STARTED" "with the same score" "$out"
done_testing
