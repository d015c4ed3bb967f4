#!/bin/sh
# SPDX-License-Identifier: MIT
# What each exercise's folder must hold, and what can be said of it without grading anything:
# texts, starters, references, patches that apply, makers that agree with themselves.
set -u
here=$(cd "$(dirname "$0")" && pwd)
exercises=$(cd "${MILEPOST_EXERCISES:-$here/../../exercises}" && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
count=0

is() { # TITLE WANTED GOT
	count=$((count + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		echo "# wanted: $2"
		echo "# got:    $3"
	fi
}

named() { # FOLDER: name and base of each known-bad solution
	sed -n '/^known_bad:/,$s/^  - {name: \([a-z-]*\),\( of: \([a-z-]*\),\)\{0,1\}.*/\1 \3/p' \
		"$1/exercise.yaml"
}

first_reference() {
	sed -n 's/^references: \[\([a-z-]*\).*/\1/p' "$1/exercise.yaml"
}

is "some exercises are there" yes "$(ls "$exercises"/[1-9]/*/exercise.yaml >"$work/list" && echo yes)"
while read -r manifest; do
	folder=${manifest%/exercise.yaml}
	id=${folder##*/}

	is "$id: the folder has the name of the exercise" "id: $id" "$(head -1 "$manifest")"
	is "$id: the road knows it" "1" "$(grep -c "{id: $id," "$exercises/milestones.yaml")"

	words=$(wc -w <"$folder/text/en/task.md")
	is "$id: the task has at most 900 words" yes "$([ "$words" -le 900 ] && echo yes || echo "$words")"
	is "$id: the task has its parts in their order" \
		"What you build, What you will learn, What is given, What you deliver, How it will be called, What is checked, One worked example, Where to read, " \
		"$(sed -n 's/^## //p' "$folder/text/en/task.md" | tr '\n' ',' | sed 's/,/, /g')"
	# What asks files and history alone is not started: its references are commits, or pages.
	if grep -q '^kind: \(program\|api\)' "$manifest"; then
		is "$id: starters and references say how they are started" "" \
			"$(for part in "$folder"/starter/* "$folder"/reference/*; do
				[ -f "$part/milepost.yaml" ] || echo "$part"
			done)"
	fi
	is "$id: each patch is named, and each name has a patch" \
		"$(named "$folder" | cut -d' ' -f1 | sort)" \
		"$(cd "$folder/bad" && ls -- *.patch | sed 's/\.patch$//')"

	named "$folder" | while read -r name of; do
		tree=$work/$id-$name
		cp -R "$folder/reference/${of:-$(first_reference "$folder")}" "$tree"
		git init -q "$tree" && git -C "$tree" apply --whitespace=error "$folder/bad/$name.patch" ||
			echo "$name"
	done >"$work/broken" 2>&1
	is "$id: each patch applies without a complaint" "" "$(cat "$work/broken")"
done <"$work/list"

is "each template is among those that a repository may begin with" "" \
	"$("$here/../helper/templates.sh" --check "$exercises/1/first-push/data/templates.yaml")"

while read -r maker options; do
	for seed in 7 18446744073709551615; do
		# shellcheck disable=SC2086
		/usr/bin/python3 "$exercises/2/$maker" --seed $seed $options >"$work/once"
		# shellcheck disable=SC2086
		(cd / && TZ=Asia/Tokyo LC_ALL=C PYTHONHASHSEED=5 \
			/usr/bin/python3 "$exercises/2/$maker" --seed $seed $options >"$work/again")
		is "$maker: seed $seed, $options: the same bytes again" yes \
			"$([ -s "$work/once" ] && cmp "$work/once" "$work/again" && echo yes)"
	done
done <<'END'
khata-totals/data/ledger.py --lines 200 --shape mixed
khata-totals/data/ledger.py --lines 200 --shape plain
khata-totals/data/ledger.py --lines 200 --shape huge
log-detective/data/log.py --lines 400 --shape calm
log-detective/data/log.py --lines 400 --shape zones
log-detective/data/log.py --lines 50000 --shape busy
route-planner/data/network.py --shape towns
route-planner/data/network.py --shape ties
route-planner/data/network.py --shape rings
route-planner/data/network.py --shape limits
route-planner/data/network.py --shape large
route-planner/data/network.py --shape chain
END
echo "1..$count"
