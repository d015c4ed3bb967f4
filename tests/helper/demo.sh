#!/bin/bash
# SPDX-License-Identifier: MIT
# The demo: a real learner's repository with a few commits, graded from its URL, and the scorecard as text
# and as a page. `demo.sh build/release`
set -eu
cd "$(dirname "$0")/../.."
milepost=$1/milepost
road=build/demo/road

rm -rf build/demo
mkdir -p build/demo
tests/helper/sample.sh "$road" python > build/demo/sample.log 2>&1 || {
	cat build/demo/sample.log >&2
	exit 1
}
url=file://$(cd "$road" && pwd)

echo
echo "A learner's repository, made just now (build/demo/road):"
echo
git -C "$road" log --format='  %h %<(10,trunc)%an %s'
echo
echo "  $ milepost grade file://.../build/demo/road"
echo
status=0
"$milepost" grade "$url" > build/demo/scorecard.txt || status=$?
cat build/demo/scorecard.txt
[ "$status" -le 1 ] || exit "$status"
# The sample earns the same everywhere. Anything else is this machine's doing, and no picture of milepost.
for mark in "khata-totals +100" "hello-api +80"; do
	grep -qE "^ $mark of 100 " build/demo/scorecard.txt || {
		echo "demo: the sample should earn 100 in khata-totals and 80 in hello-api; ask this machine: $milepost doctor" >&2
		exit 1
	}
done
"$milepost" grade "$url" --format html --output build/demo/scorecard.html > /dev/null || [ $? = 1 ]

cat << END

--------------------------------------------------------------------------------
The same as a page, for a browser or a phone:
  file://$(pwd)/build/demo/scorecard.html

Now your own road:
  export PATH="\$PATH:$(pwd)/$1"
  milepost init ../road --track python --handle NAME
  cd ../road
  milepost list
END
