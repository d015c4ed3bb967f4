#!/bin/bash
# SPDX-License-Identifier: MIT
# The recipes for CI that `milepost init` writes, run step by step in a new Debian 12: with a .deb as on GitHub, from
# a git repository of milepost as on GitLab.
. "$(dirname "$0")/../helper/tap.sh"
. "$top/tests/helper/root.sh"
unset GIT_DIR

if [ "$(id -u)" != 0 ] || ! command -v debootstrap > /dev/null; then
	skip "needs root and debootstrap" "the recipes for CI"
	done_testing
	exit
fi

# A learner who has solved the first service, in a repository as init makes it.
"$milepost" init "$work/road" --track python --handle asha > "$work/init.log"
mkdir -p "$work/road/exercises/hello-api"
cp "$top"/exercises/5/hello-api/reference/python/* "$work/road/exercises/hello-api/"
git -C "$work/road" add --all
git -C "$work/road" -c user.name=Asha -c user.email=asha@example.in commit -qm "hello-api: answer all routes"
says "install -y --no-install-recommends ca-certificates curl git python3" "a recipe installs the track's language" \
	"$(cat "$work/road/.github/workflows/milepost.yaml")"
lacks "{{packages}}" "no place is left open" "$(cat "$work/road/.gitlab-ci.yml" "$work/road/.github/workflows/milepost.yaml")"

root=$work/root
root_make "$root" ca-certificates || { result 1 "debootstrap makes a root"; done_testing; exit; }
ok "make package makes a .deb" make -s -C "$top" package
cp "$top"/build/package/milepost_*.deb "$root/srv/milepost.deb"

# in_ci KIND SOURCE: the recipe's commands in a clone of the learner's repository.
in_ci() {
	rm -rf "$root/srv/road"
	git clone -q "$work/road" "$root/srv/road"
	/usr/bin/python3 "$top/tests/helper/ci_steps.py" "$1" "$root/srv/road/$3" > "$root/srv/steps.sh"
	capture root_inside "$root" /srv/road env MILEPOST_SOURCE="$2" GITHUB_STEP_SUMMARY=/tmp/summary.md bash /srv/steps.sh
}

in_ci github "" .github/workflows/milepost.yaml
is "without a source the run is red" "$status" 1
says "Set the variable MILEPOST_SOURCE" "and says what to set" "$out"
in_ci github file:///srv/milepost.deb .github/workflows/milepost.yaml
is "on GitHub every step runs, and a road that passes is green" "$status" 0
[ "$status" = 0 ] || note "$(printf '%s\n' "$out$err" | tail -30)"
says "100 of 100  MASTERED" "the score is in the log" "$out"
says "::notice title=hello-api::100 of 100, mastered" "and so are the annotations" "$out"
says "**100 of 100, mastered**" "the summary is Markdown" "$(cat "$root/tmp/summary.md")"
ok "the page is kept" test -s "$root/srv/road/scorecard.html"

printf 'raise SystemExit(3)\n' > "$work/road/exercises/hello-api/app.py"
git -C "$work/road" -c user.name=Asha -c user.email=asha@example.in commit -qam "hello-api: break it"
in_ci github file:///srv/milepost.deb .github/workflows/milepost.yaml
is "a road below the bar is red" "$status" 1
says "::error title=hello-api/starts::" "with an annotation of what failed" "$out"

root_inside "$root" / apt-get purge -qq -y milepost > "$work/purge.log" 2>&1
git -C "$work/road" reset -q --hard HEAD^
git clone -q --bare "$top" "$root/srv/milepost.git"
in_ci gitlab file:///srv/milepost.git .gitlab-ci.yml
is "on GitLab it is built from a repository, and green" "$status" 0
[ "$status" = 0 ] || note "$(printf '%s\n' "$out$err" | tail -30)"
says 'failures="0"' "the report for the merge request is there" "$(cat "$root/srv/road/milepost.xml")"
done_testing
