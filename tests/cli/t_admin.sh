#!/bin/bash
# SPDX-License-Identifier: MIT
# Operating a server: learners, tickets, policies, backups; every word that can be wrong, and disks that are full.
. "$(dirname "$0")/../helper/tap.sh"
cd "$work" || exit
data=$work/data
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'

# admin STATUS WORD...: on the data folder.
admin() {
	local wanted=$1
	shift
	runs "$wanted" "$milepost" admin "$@" --data "$data"
}
# sql STATEMENT...: what another program, or a server, may have done to the ledger.
sql() {
	/usr/bin/python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
for statement in sys.argv[2:]:
    for row in db.execute(statement):
        print(*row)
db.commit()' "$data/ledger.db" "$@"
}
repositories() {
	ls -A "$data/repositories" | tr '\n' ' '
}

# --- the words ---
runs 2 "$milepost" admin
says "milepost admin COMMAND" "admin alone shows its commands" "$err"
runs 2 "$milepost" admin lerner
says "unknown command 'admin lerner'; did you mean 'learner'?" "the nearest group is offered" "$err"
runs 2 "$milepost" admin learner xyzzy
says "milepost admin learner --help lists them" "an unknown command leads to the list" "$err"
runs 2 "$milepost" admin --data "$data" learner list
says "unknown command 'admin --data'" "an option stands behind the command" "$err"
runs 0 "$milepost" help admin learner add
says "milepost admin learner add HANDLE" "help of a command in a group" "$out"
for command in "learner add asha --track python" "learner import x.csv" "learner list" "learner token asha" \
	"learner close asha" "learner open asha" "learner forget asha" "tickets list" "tickets retry 1" "tickets drop 1" \
	"policy list" "policy set bar 60" "instructor token" "backup there" tidy; do
	# shellcheck disable=SC2086
	runs 2 "$milepost" admin $command
	says "say --data DIR" "$command asks for the folder" "$err"
	case $command in
	learner\ add* | learner\ import* | policy\ set* | instructor*) continue ;;
	esac
	# shellcheck disable=SC2086
	runs 2 "$milepost" admin $command --data "$work/nowhere"
	says "nowhere" "$command names a folder that is not there" "$err"
done
is "and none was made" "$(ls -d "$work/nowhere" 2> /dev/null)" ""

# --- add ---
admin 2 learner add Asha --track python
says "3 to 31 of a-z" "a handle has a form" "$err"
admin 2 learner add asha
says "say --track" "a track is asked for" "$err"
admin 2 learner add asha --track cobol
says "there are no starters for the track 'cobol' yet; there is: java, node, php, python, ruby" "a track has starters" "$err"
admin 2 learner add asha --track ../templates
admin 2 learner add asha --track python --language xx
says "'xx' is not known" "a language is known" "$err"
admin 2 learner add asha --track python --name "$(printf 'Asha\tRao')"
says "one line of UTF-8" "a name is one line" "$err"
is "nothing is left of what was refused" "$(repositories)" ""
admin 0 learner add asha --track python --name 'Asha Rao' --section 7B
token=$(tail -1 <<< "$out")
is "the token is alone on the last line" "$(grep -cx 'mpt_[0-9a-z]\{32\}' <<< "$token")" 1
is "the data folder is its owner's alone" "$(stat -c %a "$data")" 700
admin 2 learner add asha --track python
says "admin learner token asha" "a handle that is taken leads to a new token" "$err"
repository=$data/repositories/asha.git
"$milepost" init same --track python --handle asha > /dev/null
is "the first commit is the one of milepost init" "$(git -C "$repository" rev-parse main)" "$(git -C same rev-parse main)"
admin 0 learner add geeta --track python --language hi
says "feedback: hi" "tasks and feedback come in the learner's language" "$(git -C "$data/repositories/geeta.git" show main:learner.yaml)"
admin 0 learner forget geeta --yes
git clone -q "$repository" road
ok "git finds no fault in it" git -C "$repository" fsck --strict --full
is "it is bare, and has nothing of a work tree" "$(cd "$repository" && git config core.bare; ls -d index logs 2> /dev/null)" true
mkdir "$data/repositories/ravi.git"
admin 2 learner add ravi --track node
says "ravi.git is there already, though no learner has it" "a folder that is in the way is left alone" "$err"
rmdir "$data/repositories/ravi.git"
mkdir -p "$data/repositories/.new-ravi/objects" "$data/repositories/.gone-kiran"
admin 0 learner add ravi --track node --language hi
is "what a killed command left is gone" "$(repositories)" "asha.git ravi.git "

# --- list, token, close, open ---
admin 0 learner list
says "asha 7B python en" "list shows who is there" "$(tr -s ' ' <<< "$out")"
admin 0 learner list --format json
is "and as JSON" "$(/usr/bin/python3 -c 'import json, sys
print(*("%s:%s:%s" % (l["handle"], l["section"], l["closed"]) for l in json.load(sys.stdin)))' <<< "$out")" "ravi::False asha:7B:False"
admin 2 learner list --format pdf
says "text json" "a format is one of two" "$err"
admin 0 learner token asha
isnt=$(tail -1 <<< "$out")
ok "the new token is another" test "$token" != "$isnt"
is "and the only one" "$(sql 'SELECT count(*) FROM token t JOIN learner l ON l.id = t.learner WHERE l.handle = "asha"')" 1
admin 2 learner token nobody
says "there is no learner 'nobody'" "a learner is known" "$err"
admin 0 learner close asha
admin 0 learner list
says "closed" "closed shows" "$(grep asha <<< "$out")"
admin 0 learner open asha
lacks "closed" "and is opened again" "$("$milepost" admin learner list --data "$data")"
admin 0 instructor token
is "the instructor has a token" "$(sql 'SELECT count(*) FROM token WHERE learner IS NULL')" 1
admin 0 instructor token
is "one at a time" "$(sql 'SELECT count(*) FROM token WHERE learner IS NULL')" 1

# --- import ---
printf 'handle,name,e-mail,section,track\r\nkiran,"Das, Kiran",kiran@example.org,7B,ruby\r\n\r\nmeena,मीना,,7A,\r\n' > class.csv
admin 0 learner import class.csv --track php --output tokens.csv
is "handles and tokens are a file" "$(cut -d, -f1 tokens.csv | tr '\n' ' ')" "handle kiran meena "
is "which nobody else may read" "$(stat -c %a tokens.csv)" 600
is "each token is good for a learner" "$(cut -d, -f2 tokens.csv | grep -cx 'mpt_[0-9a-z]\{32\}')" 2
is "commas in quotes, and the standard track" \
	"$(sql 'SELECT name, section, track FROM learner WHERE handle IN ("kiran", "meena") ORDER BY handle')" "Das, Kiran 7B ruby
मीना 7A php"
is "the ledger is in one file now" "$(ls "$data" | grep -c wal)" 0
lacks "kiran@" "a mail address is not kept" "$(tr -d '\0' < "$data/ledger.db")"
printf '\357\273\277handle;track\nlata;python\n' > semicolons.csv
admin 0 learner import semicolons.csv
is "standard output is nothing but CSV" "$(sed 's/mpt_.*/T/' <<< "$out")" "handle,token
lata,T"
is "a list comes from standard input too" "$(printf 'handle,track\nLata,python\n' | "$milepost" admin learner import - --data "$data" 2>&1 | head -1)" \
	"standard input:2:1: 'Lata' is no handle; write 3 to 31 of a-z, 0-9 and hyphens, a letter first"
before=$(sql 'SELECT count(*) FROM learner')
printf 'handle,name,e-mail,section,track\nAsha,x,,,python\nasha,x,,,python\nnew-one,x,not a mail,,cobol\nnew-one,x,,,python\nlast\n"open,x,,,python\n' > wrong.csv
admin 2 learner import wrong.csv --output none.csv
says "wrong.csv:2:1: 'Asha' is no handle" "a handle has a form, told with line and column" "$err"
says "wrong.csv:4:11: 'not a mail' is no mail address" "so has an address" "$err"
says "wrong.csv:6:1: 1 cells, but the first line names 5 columns" "a row is whole" "$err"
says "wrong.csv:7:1: the quote that begins here has no end" "so is a quote" "$err"
says "wrong.csv:5:1: 'new-one' stands in line 4 already" "a handle stands once" "$err"
printf 'handle,track\nasha,python\nnew-one,cobol\n' > known.csv
admin 2 learner import known.csv --output none.csv
says "known.csv:2:1: there is a learner 'asha' already" "who is there is told" "$err"
says "known.csv:3:9: there are no starters for the track 'cobol'" "and which track there is not" "$err"
says "2 mistakes in 'known.csv'; nobody was imported" "and how many mistakes" "$err"
printf 'name,trck\nx,y\n' > head.csv
admin 2 learner import head.csv
says "head.csv:1:6: there is no column 'trck'" "a column is known" "$err"
says "one of them is handle" "and one is the handle" "$err"
admin 2 learner import empty.csv
says "No such file" "a file is there" "$err"
: > empty.csv
admin 2 learner import empty.csv
says "empty.csv:1:1: the file is empty" "with something in it" "$err"
head -c 5000000 /dev/zero | tr '\0' a > large.csv
admin 2 learner import large.csv
says "more than 4 MiB" "and not too much" "$err"
printf 'handle\nsita\n' > notrack.csv
admin 2 learner import notrack.csv
says "say --track for all" "a track is needed" "$err"
admin 2 learner import notrack.csv --track python --output tokens.csv
says "File exists" "tokens are never written over a file" "$err"
is "nobody was imported by all that" "$(sql 'SELECT count(*) FROM learner')" "$before"
is "and nothing was written" "$(ls none.csv 2> /dev/null; repositories)" "asha.git kiran.git lata.git meena.git ravi.git "

# --- tickets ---
hex=$(printf 'a%.0s' $(seq 40))
ticket="INSERT INTO ticket (learner, state, ref, old_hex, commit_hex, is_regrade, received_at, reason, boot, boot_ms)
	VALUES ((SELECT id FROM learner WHERE handle = 'asha'), '%s', 'refs/heads/main', '$hex', '$hex', 0, 1795735328324, '%s', '', 0)"
for row in "failed:the worker ended" queued: graded:; do
	# shellcheck disable=SC2059
	sql "$(printf "$ticket" "${row%%:*}" "${row#*:}")"
done
admin 0 tickets list
says "1 failed asha" "tickets are listed" "$(tr -s ' ' <<< "$out")"
says "the worker ended" "with the reason" "$out"
admin 0 tickets list --state queued --learner asha --most 5 --format json
is "some of them, as JSON" "$(/usr/bin/python3 -c 'import json, sys
print([t["ticket"] for t in json.load(sys.stdin)])' <<< "$out")" "[2]"
admin 2 tickets list --state queed
says "did you mean 'queued'?" "a state is known" "$err"
admin 2 tickets list --learner nobody
admin 0 tickets retry 1
says "Ticket 1 is queued again" "a failed one is queued again" "$out"
admin 2 tickets retry 3
says "graded" "a graded one is not" "$err"
admin 2 tickets drop 1 99
says "there is no ticket number 99" "all numbers are looked at first" "$err"
is "so none was dropped" "$(sql 'SELECT state FROM ticket WHERE id = 1')" queued
admin 0 tickets drop 1 2 --reason "the class was cancelled"
is "two are dropped, with the reason" "$(sql 'SELECT state, reason FROM ticket WHERE id < 3')" "void the class was cancelled
void the class was cancelled"
admin 2 tickets drop one
says "'one' is not the number of a ticket" "a number is one" "$err"

# --- policies ---
admin 0 policy list
says "bar all 60 60" "policies have standards" "$(tr -s ' ' <<< "$out")"
admin 0 policy set bar 70
admin 0 policy set bar 80 --exercise hello-api
admin 0 policy list --format json
is "set for all and for one" "$(/usr/bin/python3 -c 'import json, sys
print(*(p["exercise"] + "=" + p["value"] for p in json.load(sys.stdin) if p["set"]))' <<< "$out")" "=70 hello-api=80"
admin 0 policy set bar standard
says "bar for all exercises: 60" "and set back" "$out"
admin 2 policy set barr 60
says "Did you mean 'bar'?" "a policy is known" "$err"
admin 2 policy set bar 101
says "out of range" "a value has bounds" "$err"
admin 2 policy set due tomorrow
says "2026-11-30T18:00:00+05:30" "a date has a form" "$err"
admin 2 policy set bar 60 --exercise ../x
admin 2 policy set bar 60 --exercise helo-api
says "there is no exercise 'helo-api'; did you mean 'hello-api'?" "an exercise is known" "$err"

# --- backup ---
admin 0 backup "$work/copy"
is "a backup is a data folder" "$("$milepost" admin learner list --data "$work/copy")" "$("$milepost" admin learner list --data "$data")"
is "with each repository" "$(ls "$work/copy/repositories" | tr '\n' ' ')" "$(repositories)"
is "and all that is in them" "$(diff -r "$data/repositories" "$work/copy/repositories" && echo same)" same
is "which nobody else may look into" "$(stat -c %a "$work/copy")" 700
admin 2 backup "$work/copy"
says "is there already; nothing was overwritten" "an older backup stays" "$err"
admin 2 backup "$work/none/copy"
admin 2 backup "$data/copy"
admin 2 backup "$data/repositories/copy"
says "is inside the data folder" "a backup lies elsewhere" "$err"
ln -s /etc/passwd "$repository/objects/link"
touch "$repository/refs/heads/main.lock" "$repository/objects/tmp_obj_1"
admin 0 backup "$work/clean"
is "links and halves are not copied" "$(cd "$work/clean/repositories/asha.git" && ls objects/link refs/heads/main.lock objects/tmp_obj_1 2> /dev/null)" ""
rm "$repository/objects/link" "$repository/refs/heads/main.lock" "$repository/objects/tmp_obj_1"
# While pushes arrive: each ref of the copy has what it needs.
(
	cd road || exit
	for n in $(seq 30); do
		git -c user.name=a -c user.email=a@example.org commit -q --allow-empty -m "$n"
		git push -q origin HEAD:main 2> /dev/null
	done
) &
pushing=$!
copies=0
while kill -0 $pushing 2> /dev/null && [ $copies -lt 20 ]; do
	"$milepost" admin backup "$work/live$copies" --data "$data" > /dev/null 2> "$work/live.err" || break
	git -C "$work/live$copies/repositories/asha.git" fsck --connectivity-only > /dev/null 2>> "$work/live.err" || break
	copies=$((copies + 1))
done
wait $pushing
ok "copies were made while pushes arrived" test $copies -gt 2
is "each of them whole" "$(cat "$work/live.err")" ""
loose=$(find "$repository/objects/"?? -type f | wc -l)
ok "pushes leave loose objects" test "$loose" -gt 20
admin 0 tidy
(cd / && ln -s "$data" "$work/by-a-link" && cd "$work" && "$milepost" admin tidy --data by-a-link) > "$work/tidy.out" 2>&1
is "also where the folder is named from here, by a link" "$(cat "$work/tidy.out")" ""
is "tidy packs them" "$(find "$repository/objects/"?? -type f 2> /dev/null | wc -l)" 0
ok "and loses nothing" git -C "$repository" fsck --strict --full
printf garbage > "$data/repositories/ravi.git/packed-refs"
admin 4 tidy
says "1 of 5 repositories could not be packed" "a repository that is broken does not stop the others" "$err"
says "cleaning the repository of ravi" "and is named" "$err"
rm "$data/repositories/ravi.git/packed-refs"
# Restoring: the folder takes the old one's place.
mv "$data" "$work/lost"
cp -a "$work/copy" "$data"
admin 0 learner add after --track python
is "a restored folder goes on" "$("$milepost" admin learner list --data "$data" | grep -c .)" 7
rm -rf "$data" && mv "$work/lost" "$data"

# --- forget ---
tip=$(git -C road rev-parse HEAD)
git -C "$repository" update-ref "refs/milepost/kept/$tip" "$tip"
sql "UPDATE ticket SET commit_hex = '$tip' WHERE id = 3"
admin 2 learner forget asha "$tip"
says "--yes" "forgetting is asked for twice" "$err"
admin 2 learner forget asha "${tip:0:10}" --yes
says "all 40 characters" "a commit is named in full" "$err"
admin 2 learner forget asha "$tip" --yes
says "$tip is still part of: main. Forget" "a commit that main has stays" "$err"
is "with its ticket" "$(sql 'SELECT count(*) FROM ticket WHERE id = 3')" 1
git -C "$repository" update-ref refs/heads/main "$tip~1"
sql "UPDATE ticket SET state = 'receiving' WHERE id = 1"
admin 2 learner forget asha "$tip" --yes
says "a push of asha arrives just now" "nothing is cleaned while a push arrives" "$err"
sql "UPDATE ticket SET state = 'void' WHERE id = 1"
for ref in refs/heads/start/hello-api refs/milepost/report; do
	git -C "$repository" update-ref $ref "$tip"
done
touch "$repository/milepost-starters"
mkdir -p "$data/reports/asha/3-1" && echo "$tip" > "$data/reports/asha/3-1/report.txt"
admin 0 learner forget asha "$tip" --yes
ok "then it is gone for good" test -z "$(git -C "$repository" cat-file -t "$tip" 2> /dev/null)"
ok "and the rest is whole" git -C "$repository" fsck --strict --full
is "with what is made anew of main" "$(git -C "$repository" for-each-ref --format='%(refname)'; ls "$repository" | grep starters)" refs/heads/main
is "its ticket too" "$(sql 'SELECT count(*) FROM ticket WHERE id = 3')" 0
is "and the report that waited for a fetch" "$(ls -A "$data/reports")" ""
is "in every byte" "$(cat "$data"/ledger.db* | grep -c "$tip")" 0
admin 2 learner forget asha "$tip" --yes
says "$tip" "a second time there is nothing" "$err"
mkdir -p "$data/reports/asha/0-0"
admin 2 learner forget asha
says "Do it with --yes" "a learner is not forgotten by a slip" "$err"
admin 0 learner forget asha --yes
is "the repository is gone" "$(repositories)" "kiran.git lata.git meena.git ravi.git "
is "and the reports" "$(ls -A "$data/reports")" ""
is "and every row" "$(sql 'SELECT count(*) FROM learner WHERE handle = "asha"' 'SELECT count(*) FROM ticket' | tr '\n' ' ')" "0 0 "
is "and the name in every byte" "$(cat "$data"/ledger.db* | grep -c 'Asha Rao')" 0
admin 2 learner forget asha --yes

# --- folders and ledgers of others ---
chmod 750 "$data"
admin 2 learner list
says "chmod 700" "a folder that others may look into is refused" "$err"
chmod 700 "$data"
sql "PRAGMA user_version = 99"
admin 2 learner list
says "newer" "a ledger from a newer milepost is refused" "$err"
admin 2 learner add sita --track python
sql "PRAGMA user_version = 1"
admin 0 learner list
mkdir other && touch other/file
runs 2 "$milepost" admin learner add sita --track python --data other
says "has files, but no ledger" "a folder of other files is left alone" "$err"
printf 'no ledger at all' > "$work/page" && mkdir -m 700 broken && cp "$work/page" broken/ledger.db
runs 4 "$milepost" admin learner list --data broken
says "put the last backup in its place" "a file that is no ledger leads to the backup" "$err"
if [ "$(id -u)" = 0 ]; then
	chown nobody "$data"
	admin 2 learner list
	says "Run this as its owner" "a folder of somebody else is refused" "$err"
	chown root "$data"
	mkdir disk
	if mount -t tmpfs -o size=1200k,mode=700 tmpfs disk 2> /dev/null; then
		printf 'handle,track\n' > many.csv
		seq -f 'learner-%.0f,node' 60 >> many.csv
		runs 4 "$milepost" admin learner import many.csv --data disk --output many.out
		says "nobody was imported" "a full disk is told" "$err"
		is "and everything was taken back" "$(ls -A disk/repositories; ls many.out 2> /dev/null)" ""
		rm -f disk/ledger.db.before
		runs 0 "$milepost" admin learner list --data disk
		is "nobody is there" "$(grep -c . <<< "$out")" 1
		runs 0 "$milepost" admin learner add first --track python --data disk
		mount -o remount,ro disk
		runs 0 "$milepost" admin learner list --data disk
		says "first" "a read-only folder can still be looked at" "$out"
		runs 4 "$milepost" admin learner add second --track python --data disk
		runs 4 "$milepost" admin learner token first --data disk
		umount disk
		mount -t tmpfs -o size=100k,mode=700 tmpfs disk
		runs 4 "$milepost" admin backup disk/copy --data "$data"
		says "No space left" "a backup that does not fit says so" "$err"
		is "and leaves nothing" "$(ls -A disk)" ""
		umount disk
	else
		skip "this root may not mount" "full and read-only disks"
	fi
else
	skip "needs root" "folders of others, full and read-only disks"
fi

done_testing
