#!/bin/bash
# SPDX-License-Identifier: MIT
# Make repositories as strangers make them: repositories.sh DIR [NAME]...
# Each NAME is a function below and becomes DIR/NAME; without names all are made.
set -eu
base=$1
shift
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=n GIT_AUTHOR_EMAIL=n@example.org GIT_AUTHOR_DATE='1700000000 +0000'
export GIT_COMMITTER_NAME=n GIT_COMMITTER_EMAIL=n@example.org GIT_COMMITTER_DATE='1700000000 +0000'
unset GIT_DIR GIT_WORK_TREE

# new DIR: a repository with one file, not yet committed; the shell is in it afterwards.
new() {
	git init -q -b main "$base/$1"
	cd "$base/$1"
	echo hello > hello.txt
}
commit() {
	git add -A
	git commit -q -m "${1:-start}"
}
# root TREE: make TREE the tree of main's only commit, whatever it holds.
root() {
	git update-ref refs/heads/main "$(git commit-tree -m odd "$1")"
}
# raw TYPE FILE: an object as it stands, without git's checks.
raw() {
	git hash-object -w -t "$1" --literally "$2"
}
# entry MODE NAME ID: one entry of a tree object, in git's own bytes.
entry() {
	printf '%s %b\0' "$1" "$2"
	printf '%b' "$(echo "$3" | sed 's/../\\x&/g')"
}
# odd_name DIR NAME [MODE]: a tree whose one entry has a NAME that git would refuse.
odd_name() {
	new "$1"
	entry "${3:-100644}" "$2" "$(git hash-object -w hello.txt)" > ../tree
	root "$(raw tree ../tree)"
	rm ../tree
}

plain() {
	new plain
	mkdir -p src/deep
	echo a > src/deep/a.txt
	printf '#!/bin/sh\n' > run
	chmod +x run
	: > empty
	commit
	git branch topic
	git tag -a v1 -m v1
	echo more >> hello.txt
	commit more
}
spaces() {
	new 'with a space %41'
	commit
}
bare() {
	plain_once
	git clone -q --bare "$base/plain" "$base/bare"
}
plain_once() {
	[ -d "$base/plain" ] || (plain)
}
shallow() {
	plain_once
	git clone -q --depth 1 "file://$base/plain" "$base/shallow"
}
# partial_of DIR [OPTION]: a clone of plain that left the files' contents at its server.
partial_of() {
	plain_once
	git -C "$base/plain" config uploadpack.allowFilter true
	git clone -q --filter=blob:none "${@:2}" "file://$base/plain" "$base/$1"
}
partial() { # git fetched what it wrote to the work tree
	partial_of partial
}
partial_empty() {
	partial_of partial_empty --no-checkout
}
lfs() {
	new lfs
	printf 'version https://git-lfs.github.com/spec/v1\noid sha256:%064d\nsize 123456\n' 7 > photo.jpg
	{ cat photo.jpg && seq 1000; } > notes.txt # begins like one and is none
	commit
}
detached() {
	plain_once
	git clone -q "$base/plain" "$base/detached"
	cd "$base/detached"
	git checkout -q HEAD~1
}
linked() {
	new linked-main
	commit
	git worktree add -q -b side "$base/linked"
	cd "$base/linked"
	echo side > side.txt
	commit side
	echo loose > loose.txt
}
empty() {
	new empty
}
lost_head() {
	new lost_head
	commit
	git symbolic-ref HEAD refs/heads/master
}
many_refs() {
	new many_refs
	commit
	id=$(git rev-parse HEAD)
	{
		echo '# pack-refs with: peeled fully-peeled sorted '
		seq -f "$id refs/heads/branch-%06.0f" 1 100000
		echo "$id refs/heads/main"
	} > .git/packed-refs
	rm .git/refs/heads/main
}
sha256() {
	git init -q --object-format=sha256 -b main "$base/sha256"
	cd "$base/sha256"
	echo hello > hello.txt
	commit
}
reftable() {
	new reftable
	commit
	git config core.repositoryformatversion 1
	git config extensions.refstorage reftable
}
links() {
	new links
	ln -s /etc/passwd absolute
	ln -s ../../etc/passwd leaves
	ln -s hello.txt stays
	mkdir sub
	ln -s ../hello.txt sub/up
	ln -s / sub/root
	commit
}
submodule() {
	new submodule
	git add -A
	git update-index --add --cacheinfo 160000,1234567890123456789012345678901234567890,module
	printf '[submodule "x"]\n\tpath = module\n\turl = -u./evil\n' > .gitmodules
	git add .gitmodules
	git commit -q -m start
}
case_clash() {
	new case_clash
	printf one > Readme
	printf two > README
	mkdir src Src
	printf a > src/a
	printf b > Src/b
	commit
}
hooks() {
	new hooks
	for hook in post-checkout post-index-change reference-transaction; do
		printf '#!/bin/sh\ntouch %s/hook-ran\n' "$base" > ".git/hooks/$hook"
		chmod +x ".git/hooks/$hook"
	done
	printf '*.txt filter=evil\n' > .gitattributes
	GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.hooksPath GIT_CONFIG_VALUE_0=/nonexistent commit
	git config filter.evil.smudge "touch $base/filter-ran; cat"
	git config filter.evil.clean "touch $base/filter-ran; cat"
	git config core.fsmonitor "touch $base/fsmonitor-ran"
}
config_include() {
	new config_include
	commit
	git config include.path /etc/passwd
}
tree_bomb() {
	new tree_bomb
	id=$(git hash-object -w hello.txt)
	mode=100644
	for _ in $(seq 9); do
		for name in 0 1 2 3 4 5 6 7 8 9; do
			entry "$mode" "$name" "$id"
		done > ../tree
		id=$(raw tree ../tree)
		mode=40000
	done
	root "$id"
	rm ../tree
}
empty_bomb() {
	new empty_bomb
	id=$(git hash-object -w -t tree /dev/null)
	for _ in $(seq 9); do
		for name in 0 1 2 3 4 5 6 7 8 9; do
			entry 40000 "$name" "$id"
		done > ../tree
		id=$(raw tree ../tree)
	done
	root "$id"
	rm ../tree
}
wide_tree() {
	new wide_tree
	id=$(git hash-object -w hello.txt)
	seq -f "100644 blob $id	file-%06.0f" 1 30000 > ../list
	root "$(git mktree < ../list)"
	rm ../list
}
deep_tree() {
	new deep_tree
	id=$(git hash-object -w hello.txt)
	mode=100644
	for _ in $(seq 40); do
		entry "$mode" d "$id" > ../tree
		id=$(raw tree ../tree)
		mode=40000
	done
	root "$id"
	rm ../tree
}
own_tree() { # a tree whose size in its header is a lie
	new own_tree
	commit
	tree=$(git rev-parse 'HEAD^{tree}')
	file=.git/objects/${tree:0:2}/${tree:2}
	chmod u+w "$file"
	/usr/bin/python3 -c '
import sys, zlib
open(sys.argv[1], "wb").write(zlib.compress(b"tree 4000000000\0" + b"100644 a\0" + b"x" * 20))' "$file"
}
zeros() {
	new zeros
	/usr/bin/python3 -c '
import hashlib, os, zlib
size = 1 << 30
head = b"blob %d\0" % size
digest = hashlib.sha1(head)
packer = zlib.compressobj(1)
block = bytes(1 << 20)
parts = [packer.compress(head)]
for _ in range(size >> 20):
    digest.update(block)
    parts.append(packer.compress(block))
parts.append(packer.flush())
name = digest.hexdigest()
os.makedirs(".git/objects/" + name[:2], exist_ok=True)
open(".git/objects/" + name[:2] + "/" + name[2:], "wb").write(b"".join(parts))
open("../zeros.id", "w").write(name)'
	root "$(printf '100644 blob %s\tzeros\n' "$(cat ../zeros.id)" | git mktree)"
	rm ../zeros.id
}
zeros_packed() {
	new zeros_packed-work
	head -c 100000000 /dev/zero > zeros
	commit
	git -c core.bigFileThreshold=1m clone -q --bare --no-local . "$base/zeros_packed"
	rm -rf "$base/zeros_packed-work"
}
large_files() {
	new large_files
	for i in 1 2 3; do
		head -c 8000000 /dev/zero > "large$i"
	done
	commit
}
large_file() {
	new large_file
	head -c 6000000 /dev/zero > photo.jpg
	commit
}
truncated_pack() {
	new truncated_pack
	seq 20000 > numbers
	commit
	git gc -q
	pack=$(ls .git/objects/pack/*.pack)
	chmod u+w "$pack"
	truncate -s $(($(stat -c %s "$pack") / 2)) "$pack"
}
corrupt_object() {
	new corrupt_object
	commit
	id=$(git rev-parse HEAD:hello.txt)
	file=.git/objects/${id:0:2}/${id:2}
	chmod u+w "$file"
	printf 'garbage' | dd of="$file" bs=1 seek=4 conv=notrunc status=none
}
other_object() { # an object under the name of another
	new other_object
	commit
	one=$(git rev-parse HEAD:hello.txt)
	two=$(echo other | git hash-object -w --stdin)
	cp -f ".git/objects/${two:0:2}/${two:2}" ".git/objects/${one:0:2}/${one:2}"
}
missing_object() {
	new missing_object
	commit
	id=$(git rev-parse HEAD:hello.txt)
	rm -f ".git/objects/${id:0:2}/${id:2}"
}
alternates() {
	plain_once
	git clone -q --shared "$base/plain" "$base/alternates"
}
tag_loop() {
	new tag_loop
	commit
	id=$(git rev-parse HEAD)
	for i in $(seq 20); do
		printf 'object %s\ntype %s\ntag t\ntagger n <n@n> 1 +0000\n\nx\n' "$id" \
			"$([ "$i" = 1 ] && echo commit || echo tag)" > ../tag
		id=$(raw tag ../tag)
	done
	rm ../tag
	git update-ref refs/tags/loop "$id"
	git update-ref refs/tags/file "$(git hash-object -w hello.txt)"
}
ref_loop() {
	new ref_loop
	commit
	printf 'ref: refs/heads/b\n' > .git/refs/heads/a
	printf 'ref: refs/heads/a\n' > .git/refs/heads/b
	git symbolic-ref HEAD refs/heads/a || printf 'ref: refs/heads/a\n' > .git/HEAD
}
ref_empty() { # as a power cut leaves it
	new ref_empty
	commit
	git branch topic
	: > .git/refs/heads/main
}
ref_out() {
	new ref_out
	commit
	ln -sf /etc/passwd .git/refs/heads/main
}
head_out() {
	new head_out
	commit
	echo 'ref: ../../../etc/passwd' > .git/HEAD
}
git_pipe() {
	mkdir -p "$base/git_pipe"
	mkfifo "$base/git_pipe/.git"
}
git_large() {
	mkdir -p "$base/git_large"
	truncate -s 1G "$base/git_large/.git"
}
# pipe_at DIR FILE: a repository in whose git folder FILE is a pipe.
pipe_at() {
	[ -d "$base/$1" ] || { new "$1" && commit; }
	rm -f "$base/$1/.git/$2"
	mkfifo "$base/$1/.git/$2"
}
pipe_head() {
	pipe_at pipe_head HEAD
}
pipe_branch() {
	pipe_at pipe_branch refs/heads/main
}
pipe_index() {
	pipe_at pipe_index index
}
pipe_config() {
	pipe_at pipe_config config
}
pipe_object() {
	new pipe_object
	commit
	id=$(git rev-parse HEAD)
	pipe_at pipe_object "objects/${id:0:2}/${id:2}"
}
pipe_link() { # a link to a pipe, in a folder that is a link
	pipe_at pipe_link aside
	mkdir .git/heads
	rm -r .git/refs/heads
	ln -s ../heads .git/refs/heads
	ln -s ../aside .git/heads/main
	ln -s .. .git/refs/circle
}
pipe_shared() { # a linked work tree, and the pipe in what it shares
	new pipe_shared-main
	commit
	git worktree add -q -b side "$base/pipe_shared"
	pipe_at pipe_shared-main config
}
pipe_borrowed() { # where nobody looks before: only the deadline ends it
	new pipe_borrowed
	commit
	mkdir -p .git/borrowed/pack
	echo ../borrowed > .git/objects/info/alternates
	id=$(git rev-parse HEAD)
	mkdir -p ".git/borrowed/${id:0:2}"
	rm -f ".git/objects/${id:0:2}/${id:2}"
	mkfifo ".git/borrowed/${id:0:2}/${id:2}"
}
socket_index() {
	new socket_index
	commit
	rm .git/index
	/usr/bin/python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(".git/index")'
}
fsmonitor() { # as git's own daemon leaves it: not opened, no threat
	new fsmonitor
	commit
	(cd .git && /usr/bin/python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("fsmonitor--daemon.ipc")')
}
git_link() {
	plain_once
	mkdir -p "$base/git_link"
	ln -s ../plain/.git "$base/git_link/.git"
}
git_file() {
	mkdir -p "$base/git_file"
	printf 'gitdir: ../nowhere\n' > "$base/git_file/.git"
}
nothing() {
	mkdir -p "$base/nothing/sub"
	echo x > "$base/nothing/sub/x"
}
odd_names() {
	(odd_name dot_git '.git' 40000)
	(odd_name dot_git_capitals '.GIT')
	(odd_name dot_git_short 'git~1')
	(odd_name dot_git_point '.g\xe2\x80\x8cit')
	(odd_name dot_git_dot '.git.')
	(odd_name dot_git_blank '.git ')
	(odd_name dot_git_stream '.git::$INDEX_ALLOCATION')
	(odd_name dot_dot '..' 40000)
	(odd_name slash 'a/../../b')
	(odd_name backslash 'a\\\\b')
	(odd_name control 'a\x1bb')
	(odd_name newline 'a\nb')
	(odd_name odd_mode device 20000)
	new twice
	id=$(git hash-object -w hello.txt)
	{
		entry 100644 a "$id"
		entry 100644 a "$id"
	} > ../tree
	root "$(raw tree ../tree)"
	rm ../tree
}
worktree() {
	new worktree
	mkdir -p build kept sub/deep
	printf 'build/\n*.log\n/secret\n' > .gitignore
	printf '!keep.log\n' > sub/.gitignore
	echo tracked > build/tracked.txt
	git add -f build/tracked.txt
	commit
	echo loose > kept/loose.txt
	echo no > build/ignored.txt
	echo no > a.log
	echo no > secret
	echo yes > sub/deep/secret
	echo yes > sub/keep.log
	rm hello.txt
	echo '/excluded' >> .git/info/exclude
	echo no > excluded
	echo yes > sub/excluded
	printf '# a comment\n\\#odd\n*.tmp \r\n!/kept/*.tmp\n/sub/**/[a-c]?.txt\nmany/\n' >> .gitignore
	mkdir -p many sub/many sub/x/y
	echo no > '#odd'
	echo no > x.tmp
	echo yes > kept/y.tmp
	echo no > many/a
	echo no > sub/many/a
	echo no > sub/x/y/a1.txt
	echo no > sub/b2.txt
	echo yes > sub/x/y/d1.txt
	echo yes > b2.txt
	git init -q "$base/worktree/inner"
	mkfifo pipe
}
# A tree of 10,000 files, to measure.
large() {
	new large
	git config gc.auto 0 # else the commit starts one beside that below
	/usr/bin/python3 -c '
import os, random
random.seed(1)
for i in range(10000):
    folder = "d%d/s%d" % (i % 100, i // 100 % 10)
    os.makedirs(folder, exist_ok=True)
    with open("%s/f%d.txt" % (folder, i), "w") as file:
        file.write("".join(random.choices("abcdefgh \n", k=random.randint(100, 1500))))'
	commit
	git gc -q --force
}

all='plain spaces bare shallow partial partial_empty lfs detached linked empty lost_head many_refs sha256 reftable links submodule
case_clash hooks config_include tree_bomb empty_bomb wide_tree deep_tree own_tree zeros zeros_packed large_files large_file
truncated_pack corrupt_object other_object missing_object alternates tag_loop ref_loop ref_empty ref_out head_out git_pipe
git_large pipe_head pipe_branch pipe_index pipe_config pipe_object pipe_link pipe_shared pipe_borrowed socket_index fsmonitor git_link git_file
nothing odd_names worktree'
mkdir -p "$base"
base=$(cd "$base" && pwd)
# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $all
for name in "$@"; do
	("$name") || {
		echo "repositories.sh: $name could not be made" >&2
		exit 1
	}
done
