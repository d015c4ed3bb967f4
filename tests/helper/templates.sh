#!/bin/bash
# SPDX-License-Identifier: MIT
# The templates of exercises/templates as data: `templates.sh FILE` adds to FILE each track whose template
# differs from its newest version there; `templates.sh --check FILE` names those tracks and changes nothing.
# Old versions stay: repositories that began with them are still right.
set -eu
cd "$(dirname "$0")/../.."
is_check=no
[ "$1" = --check ] && is_check=yes && shift
list=$1

# The files of a track, a line each: path and blob, or `present` where a learner's name is put in.
files_of() {
	(cd "exercises/templates/$1" && find . -type f | sed 's|^\./||' | LC_ALL=C sort | while read -r path; do
		if grep -q '{{' "$path"; then
			echo "      $path: present"
		else
			echo "      $path: $(git hash-object --no-filters "$path")"
		fi
	done)
}

# The newest version of a track in the list: its number, or its files.
newest() {
	[ -f "$list" ] || return 0
	awk -v track="$1" -v want="$2" '
		/^  - track: / {is = ($3 == track); if (is) files = ""; next}
		is && /^    version: / {version = $2; next}
		is && /^      / {files = files $0 "\n"}
		END {if (want == "version") print version; else printf "%s", files}' "$list"
}

[ -f "$list" ] || [ $is_check = yes ] || {
	mkdir -p "$(dirname "$list")"
	cat > "$list" <<-'HEAD'
		# With which files a learner's repository may begin: each version of each track's template, by the
		# ids of its blobs; `present`: any content, because the learner's name is put in. Written by
		# `make templates`; versions that were given out stay.

		templates:
	HEAD
}
for folder in exercises/templates/*/; do
	track=$(basename "$folder")
	[ "$(files_of "$track")" = "$(newest "$track" files)" ] && continue
	if [ $is_check = yes ]; then
		echo "$track: its template is not in $list as it is now: run 'make templates'"
		continue
	fi
	version=$(($(newest "$track" version) + 1))
	printf '  - track: %s\n    version: %s\n    files:\n%s\n' "$track" "$version" "$(files_of "$track")" >> "$list"
	echo "$track: version $version"
done
