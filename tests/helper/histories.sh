#!/bin/bash
# SPDX-License-Identifier: MIT
# Make repositories whose histories are odd, long or hostile: histories.sh DIR. Each function below becomes
# DIR/NAME.
set -eu
base=$1
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=Asha GIT_AUTHOR_EMAIL=asha@example.org GIT_AUTHOR_DATE='1700000000 +0000'
export GIT_COMMITTER_NAME=Asha GIT_COMMITTER_EMAIL=asha@example.org GIT_COMMITTER_DATE='1700000000 +0000'
unset GIT_DIR GIT_WORK_TREE

new() { # NAME: a repository with one commit; the shell is in it afterwards
	git init -q -b main "$base/$1"
	cd "$base/$1"
	echo hello > hello.txt
	commit start
}
commit() {
	git add -A
	git commit -q --allow-empty -m "$1"
}
# raw FILE: a commit object as it stands, without git's checks, as main.
raw() {
	git update-ref refs/heads/main "$(git hash-object -w -t commit --literally "$1")"
}

straight() {
	new straight
	mkdir -p a/b
	echo x > a/b/c.txt
	commit 'second commit'
	commit 'third commit'
}
merged() {
	new merged
	git checkout -q -b side
	echo side > side.txt
	commit side
	git checkout -q main
	echo main > main.txt
	commit main
	git merge -q -m merge side
}
two_roots() {
	new two_roots
	git checkout -q --orphan other
	echo other > other.txt
	commit other
	git checkout -q main
	git merge -q -m merge --allow-unrelated-histories other
}
secret_deleted() {
	new secret_deleted
	printf 'DB_PASSWORD=chai-and-samosa\n' > .env
	commit secret
	git rm -q .env
	commit gone
	mkdir keys
	{
		echo '-----BEGIN PRIVATE ''KEY-----'
		seq 9 | sha256sum | cut -c -64
	} > keys/id
	commit key
}
tagged() { # an older commit that has a name, and a branch that goes on from it
	new tagged
	commit 'second commit'
	commit 'third commit'
	git tag second HEAD~1
	git switch -q -c topic second
	echo topic > topic.txt
	commit topic
	git tag first-of-topic
	echo more > topic.txt
	commit 'more of topic'
	git switch -q main
}
secret_elsewhere() { # on a branch that is not asked for
	new secret_elsewhere
	git checkout -q -b side
	printf 'DB_PASSWORD=chai-and-samosa\n' > .env
	commit secret
	git checkout -q main
}
called_master() {
	new called_master
	git branch -q -m master
}
unborn() {
	git init -q -b main "$base/unborn"
	echo hello > "$base/unborn/hello.txt"
}
shallow() {
	new shallow-from
	commit two
	git clone -q --depth 1 "file://$base/shallow-from" "$base/shallow"
}
partial() { # what is gone since stays at the server
	new partial-from
	echo gone > gone.txt
	commit two
	git mv gone.txt more.txt
	echo more > more.txt
	commit three
	git config uploadpack.allowFilter true
	git clone -q --filter=blob:none "file://$base/partial-from" "$base/partial"
}
treeless() { # trees of old commits too
	(partial)
	git clone -q --filter=tree:0 "file://$base/partial-from" "$base/treeless"
}
tree_id() {
	git rev-parse 'HEAD^{tree}'
}
large_message() {
	new large_message
	{
		printf 'tree %s\nparent %s\nauthor A <a@b.c> 1 +0000\ncommitter A <a@b.c> 1 +0000\n\nlarge ' \
			"$(tree_id)" "$(git rev-parse HEAD)"
		head -c 10000000 /dev/zero | tr '\0' x
	} > ../object
	raw ../object
	commit 'a small one on it'
	rm ../object
}
odd_author() {
	new odd_author
	printf 'tree %s\nparent %s\nauthor \033[31mRed\033[0m\001 <\n\nodd\033]0;title\007\n' \
		"$(tree_id)" "$(git rev-parse HEAD)" > ../object
	raw ../object
	rm ../object
}
no_author() {
	new no_author
	printf 'tree %s\nparent %s\n\nnobody\n' "$(tree_id)" "$(git rev-parse HEAD)" > ../object
	raw ../object
	rm ../object
}
broken_commit() {
	new broken_commit
	printf 'tree nonsense\n\nx\n' > ../object
	id=$(git hash-object -w -t commit --literally ../object)
	printf 'tree %s\nparent %s\nauthor A <a@b.c> 1 +0000\n\nx\n' "$(tree_id)" "$id" > ../object
	raw ../object
	rm ../object
}
missing_parent() {
	new missing_parent
	printf 'tree %s\nparent %040d\nauthor A <a@b.c> 1 +0000\n\nx\n' "$(tree_id)" 7 > ../object
	raw ../object
	rm ../object
}
ref_circle() {
	new ref_circle
	git checkout -q -b safe
	printf 'ref: refs/heads/b\n' > .git/refs/heads/main
	printf 'ref: refs/heads/main\n' > .git/refs/heads/b
}
many_parents() {
	new many_parents
	head=$(git rev-parse HEAD)
	{
		printf 'tree %s\n' "$(tree_id)"
		for _ in $(seq 5000); do printf 'parent %s\n' "$head"; done
		printf 'author A <a@b.c> 1 +0000\ncommitter A <a@b.c> 1 +0000\n\nmany parents\n'
	} > ../object
	raw ../object
	rm ../object
}
tree_bomb() { # a first commit whose tree shows 10^9 files; it is taken away again
	new tree_bomb
	id=$(git hash-object -w hello.txt)
	mode='100644 blob'
	for _ in $(seq 9); do
		id=$(for name in 0 1 2 3 4 5 6 7 8 9; do printf '%s %s\t%s\n' "$mode" "$id" "$name"; done | git mktree)
		mode='040000 tree'
	done
	bomb=$(git commit-tree -m bomb "$id")
	git update-ref refs/heads/main "$(git commit-tree -m calm -p "$bomb" "$(tree_id)")"
}
zeros() { # a file of 1 GB that weighs 1 MB, taken away again
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
	tree=$(printf '100644 blob %s\tzeros\n' "$(cat ../zeros.id)" | git mktree)
	bomb=$(git commit-tree -m bomb -p "$(git rev-parse HEAD)" "$tree")
	git update-ref refs/heads/main "$(git commit-tree -m calm -p "$bomb" "$(tree_id)")"
	rm ../zeros.id
}
# long NAME COUNT: so many commits in a row, each with another file.
long() {
	git init -q -b main "$base/$1"
	cd "$base/$1"
	seq "$2" | awk '{
		text = "line " $1 "\n"
		printf "commit refs/heads/main\ncommitter A <a@example.org> %d +0000\ndata 10\ncommit %03d", 1700000000 + $1, $1 % 1000
		printf "\nM 100644 inline file.txt\ndata %d\n%s\n", length(text), text
	}' | git fast-import --quiet
}

straight
for name in merged tagged two_roots secret_deleted secret_elsewhere called_master unborn shallow treeless large_message odd_author \
	no_author broken_commit missing_parent ref_circle many_parents tree_bomb zeros; do
	("$name")
done
(long many 50000)
(long too_many 100001)
