#!/bin/bash
# SPDX-License-Identifier: MIT
# The Makefile: what is built anew after a change, and what installing puts where.
# shellcheck source=tests/helper/tap.sh
. "$(dirname "$0")/../helper/tap.sh"
cd "$top" || exit
build=${BUILD:-build/release}

# The caller's make speaks to the one below by the environment: here each run is its own.
make_alone() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make VARIANT="${build##*/}" "$@"
}

# would_compile FILE: the source files that are compiled when FILE has changed. Nothing is touched or built.
would_compile() {
	make_alone -n -W "$1" all 2> /dev/null | sed -n 's/^echo "  CC    \(.*\)"$/\1/p' | sort
}

# users_of HEADER: what the compiler saw when it made the programs.
users_of() {
	find "$build/sandbox" "$build/grader" -name '*.d' -exec grep -lE "(^| )$1( |:|\$)" {} + |
		sed "s,^$build/,,; s/\.d\$/.c/" | while read -r source; do
		# A file that was moved away leaves its list of headers in the build.
		[ -f "$source" ] && echo "$source"
	done | sort
}

is "nothing is to be done after a build" "$(make_alone -n all)" "make: Nothing to be done for 'all'."
for header in sandbox/base/text.h sandbox/plan/plan.h grader/report/words.h grader/wire/wire.h; do
	is "a change of $header compiles exactly its users" "$(would_compile $header)" "$(users_of $header)"
done
is "a change of one file compiles it alone" "$(would_compile grader/score/score.c)" grader/score/score.c
everything=$(make_alone -n -B all 2> /dev/null | grep -c '^echo "  CC')
is "a change of the Makefile compiles everything" "$(would_compile Makefile | wc -l)" "$everything"
archives=$(make_alone -n -W grader/score all | grep -c '^ar ')
is "a file that went changes its room's archive alone" "$archives" 1

# As root with a careful umask: what is installed is for everybody.
install_to="DESTDIR=$work/root PREFIX=/usr"
mkdir -p "$work/root/usr/share/milepost/exercises/5/hello-api" "$work/root/usr/bin"
touch "$work/root/usr/share/milepost/exercises/5/hello-api/of-an-older-version" "$work/root/usr/bin/other"
# shellcheck disable=SC2086
(umask 077 && make_alone -s install $install_to) > "$work/log" 2>&1
is "make install ends well" "$?" 0
is "all that is installed can be read by everybody" \
	"$(find "$work/root/usr/share" -mindepth 1 ! -perm -o=r -o -mindepth 1 -type d ! -perm -o=x | grep -v '/share/doc$')" ""
is "the exercises are those of the source tree" "$(diff -r exercises "$work/root/usr/share/milepost/exercises")" ""
for link in $(sed -n 's/.*](\([A-Za-z0-9/.-]*\)).*/\1/p' "$work/root/usr/share/doc/milepost/README.md"); do
	ok "the README's $link is installed beside it" test -f "$work/root/usr/share/doc/milepost/$link"
done
ok "so is the unit, which starts the installed program" \
	grep -q "^ExecStart=/usr/bin/milepost serve " "$work/root/usr/lib/systemd/system/milepost.service"
cd "$work" || exit
runs 0 "$work/root/usr/bin/milepost" lint
says "$(find "$top/exercises" -name exercise.yaml | wc -l) exercises read" "the installed program finds the installed exercises" "$out"
cd "$top" || exit
# shellcheck disable=SC2086
make_alone -s uninstall $install_to
is "uninstall takes away what install put there" "$(find "$work/root" -type f)" "$work/root/usr/bin/other"
done_testing
