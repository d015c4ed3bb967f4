#!/bin/bash
# SPDX-License-Identifier: MIT
# Repositories that cannot be graded: one clear line, the right exit status.
. "$(dirname "$0")/../helper/tap.sh"
cd "$work" || exit
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b.c GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b.c

runs 2 "$milepost" grade no/such/folder
says "no/such/folder" "an unknown folder is named" "$err"
mkdir plain
runs 2 "$milepost" grade plain
says "no git repository" "a folder without git is named" "$err"
git init -q empty
runs 2 "$milepost" grade empty
says "commit" "an empty repository says that a commit is missing" "$err"
if [ "$(id -u)" = 0 ]; then
	cp -r empty closed && chmod 700 closed
	runs 2 setpriv --reuid=65534 --regid=65534 --clear-groups env TMPDIR=/tmp "$milepost" grade closed
else
	cp -r empty closed && chmod 000 closed
	runs 2 "$milepost" grade closed
fi
says "'closed' is closed to you" "a folder that may not be read is not called empty" "$err"
"$milepost" init road --track python --handle asha > /dev/null
runs 2 "$milepost" grade road@mian
says "mian" "an unknown revision is named" "$err"
says "main" "and the nearest branch" "$err"
git -C road branch 'topic@2/b@c'
mkdir 'at@home'
git clone -q road 'at@home/road'
for place in 'road@topic@2/b@c' "file://$work/road@topic@2/b@c" 'at@home/road' 'at@home/road@main'; do
	runs 1 "$milepost" grade "$place"
	says "milepost start" "an @ in a name is no end of it: $place" "$err"
done
runs 2 "$milepost" grade at@hame/road
runs 2 "$milepost" grade road@
says "behind the @" "a revision that is left out is asked for" "$err"
runs 2 "$milepost" grade road --exercise nothing-like-it
says "unknown exercise 'nothing-like-it'" "an unknown exercise is named" "$err"
runs 2 "$milepost" grade "git://example.invalid/road"
says "git:// is not read" "an address of an unsupported kind is named" "$err"
runs 2 "$milepost" grade "ext::sh -c true"
runs 2 "$milepost" grade "http://127.0.0.1:9/road.git"
lacks "70" "a server that is not there is no bug" "$err"

mkdir -p road/exercises/hello-api
printf 'stat: python3 app.py\n' > road/exercises/hello-api/milepost.yaml
runs 1 "$milepost" grade road --worktree --exercise hello-api
says "did you mean 'start'?" "a slip in milepost.yaml is shown with the nearest key" "$out"
says "milepost.yaml" "and the file" "$out"
printf 'start: [unclosed\n' > road/exercises/hello-api/milepost.yaml
runs 1 "$milepost" grade road --worktree --exercise hello-api
says "milepost.yaml" "broken YAML names the file" "$out"
printf 'start: python3 nowhere.py\n' > road/exercises/hello-api/milepost.yaml
runs 1 "$milepost" grade road --worktree --exercise hello-api
says "nowhere.py" "a service that does not start shows its last words" "$out"
rm road/exercises/hello-api/milepost.yaml
touch road/exercises/hello-api/note
runs 1 "$milepost" grade road --worktree --exercise hello-api
says "milepost.yaml" "a missing milepost.yaml says what to write" "$out"

done_testing
