#!/bin/bash
# SPDX-License-Identifier: MIT
# Repositories that not everybody may read, from a real sshd and from git's http-backend: who is let in, who is
# not and with which words, and that no password and no key is told anywhere.
. "$(dirname "$0")/../helper/tap.sh"
helper=$top/tests/helper
cd "$work" || exit
export GIT_CONFIG_GLOBAL=/dev/null HOME=$work
mkdir repositories keys .ssh
"$helper/repositories.sh" repositories bare large many_refs zeros_packed || exit
"$helper/sshd.sh" repositories keys > ssh.port 2> sshd.log &
sshd=$!
"$helper/git_http.py" repositories > http.port &
web=$!
trap 'kill $sshd $web; cd /; rm -rf "$work"' EXIT
for _ in $(seq 100); do
	[ -s ssh.port ] && [ -s http.port ] && ssh-keyscan -p "$(cut -d' ' -f1 ssh.port)" 127.0.0.1 > known 2> /dev/null &&
		[ -s known ] && break
	sleep 0.1
done
read -r port user < ssh.port
site=ssh://$user@127.0.0.1:$port
bare=$site$work/repositories/bare
print=$(ssh-keygen -l -f keys/host.pub | cut -d' ' -f2)
echo 'open sesame' > passphrase
echo 'correct-horse' > password
echo 'incorrect-horse' > other

# seen: a grading that read the repository finds no exercise in it.
seen() {
	runs 1 "$milepost" grade "$@"
	says "milepost start" "and it was read" "$err"
}
refuses() {
	local words=$1
	shift
	runs 2 "$milepost" grade "$@"
	says "$words" "'$words' is said" "$err"
}

seen "$bare" --key keys/id --known-hosts known
seen "$bare@topic" --key keys/id --known-hosts known
seen "ssh://127.0.0.1:$port$work/repositories/bare" --user "$user" --key keys/id --known-hosts known
refuses "was its public half (.pub) given to the server?" "$bare" --key keys/other --known-hosts known
refuses "it is an RSA key" "$bare" --key keys/rsa --known-hosts known
refuses "the key is encrypted: give its passphrase" "$bare" --key keys/locked --known-hosts known
seen "$bare" --key keys/locked --known-hosts known --password-fd 3 3< passphrase
refuses "is its passphrase right" "$bare" --key keys/locked --known-hosts known --password-fd 3 3< other
ssh-keygen -q -t ed25519 -Z aes256-gcm@openssh.com -N 'open sesame' -f keys/gcm
refuses "ssh-keygen -p -Z aes256-ctr" "$bare" --key keys/gcm --known-hosts known --password-fd 3 3< passphrase
ssh-keygen -q -t ed25519 -N 'open sesame' -f keys/stranger
refuses "was its public half (.pub) given" "$bare" --key keys/stranger --known-hosts known --password-fd 3 3< passphrase
head -c 200 keys/id > keys/cut
refuses "is its file whole?" "$bare" --key keys/cut --known-hosts known
ssh-keygen -q -t rsa -m PKCS8 -N '' -f keys/rsa8
refuses "it is an RSA key" "$bare" --key keys/rsa8 --known-hosts known
refuses "the public half, which is the server's" "$bare" --key keys/id.pub --known-hosts known
refuses "is no private key" "$bare" --key passphrase --known-hosts known
refuses "is far too large" "$bare" --key /proc/kallsyms --known-hosts known
refuses "--key 'nowhere': No such file" "$bare" --key nowhere
refuses "is no file" "$bare" --key /dev/zero
refuses "ssh wants a key" "$bare"
refuses "one slash where two belong: ssh://" "ssh:/$user@127.0.0.1/x" --key keys/id
refuses "as ssh://USER@[...]/PATH" "asha@[::1]:x" --key keys/id
seen "$site$work/repositories/b%61re@topic" --key keys/id --known-hosts known
refuses "not followed by two digits" "$site/b%6" --key keys/id --known-hosts known
refuses "a control character" "$site/b%0a" --key keys/id --known-hosts known
refuses "a quote, a backslash" "$site/b%27" --key keys/id --known-hosts known
refuses "names no user" "127.0.0.1:x" --key keys/id
refuses "names another user" "$bare" --user other --key keys/id
refuses "not for a folder" repositories/bare --key keys/id
if [ "$user" = asha ]; then
	seen "$bare" --known-hosts known --password-fd 3 3< password
	refuses "does not take that password of 'asha'" "$bare" --known-hosts known --password-fd 3 3< other
fi

# Whom we speak to.
refuses "its ssh-ed25519 is $print" "$bare" --key keys/id
says "ssh-keyscan -p $port 127.0.0.1 >> ~/.ssh/known_hosts" "what to type is said" "$err"
cp known .ssh/known_hosts
seen "$bare" --key keys/id
ssh-keygen -q -H -f .ssh/known_hosts 2> /dev/null
lacks 127.0.0.1 "the name is hashed" "$(cat .ssh/known_hosts)"
seen "$bare" --key keys/id
sed 's/127.0.0.1/*/' known > wild
seen "$bare" --key keys/id --known-hosts wild
echo "[127.0.0.1]:$port $(cut -d' ' -f1,2 keys/other.pub)" > changed
refuses "STOP: the key of '127.0.0.1' is NOT the one in known_hosts" "$bare" --key keys/id --known-hosts changed
cat changed >> .ssh/known_hosts
seen "$bare" --key keys/id
echo "@revoked * $(cut -d' ' -f1,2 keys/host.pub)" > revoked
cat known >> revoked
refuses "is revoked in known_hosts" "$bare" --key keys/id --known-hosts revoked
echo "[127.0.0.1]:$port $(cut -d' ' -f1,2 keys/rsa.pub)" > kinds
refuses "no key of a kind that is in known_hosts" "$bare" --key keys/id --known-hosts kinds
echo "127.0.0.1 $(cut -d' ' -f1,2 keys/host.pub)" > port22
refuses "known_hosts does not know the machine" "$bare" --key keys/id --known-hosts port22
says "or your file of --known-hosts" "and where else it may belong" "$err"

# What servers do.
refuses "no git repository is there" "$site/nowhere" --key keys/id --known-hosts known
refuses "cannot be fetched: early EOF" "$site/cut" --key keys/id --known-hosts known
refuses "more than 10,000 branches" "$site$work/repositories/many_refs" --key keys/id --known-hosts known
refuses "'zeros' is larger than 20 MB" "$site$work/repositories/zeros_packed" --key keys/id --known-hosts known
refuses "Connection refused" "ssh://asha@127.0.0.1:9/x" --key keys/id

# By http.
read -r web_port < http.port
private=http://127.0.0.1:$web_port/private/bare
seen "$private" --user asha --password-fd 3 3< password
seen "http://asha@127.0.0.1:$web_port/private/bare@topic" --password-fd 3 3< password
refuses "it asks for a password" "$private"
refuses "does not take that password of 'asha'" "$private" --user asha --password-fd 3 3< other
refuses "does not take that password of 'other'" "$private" --user other --password-fd 3 3< password
refuses "--key is for an address with ssh://" "$private" --key keys/id
refuses "a password without a user" "$private" --password-fd 3 3< password
refuses "a user without a password" "$private" --user asha
refuses "shows the password to whoever is on the way" http://example.org/x --user asha --password-fd 3 3< password
refuses "a password is given to none but the one that you name" --user asha --password-fd 3 \
	"http://127.0.0.1:$web_port/astray/localhost:$web_port/bare" 3< password
ok "and nobody else was given it" test ! -e repositories/seen
"$helper/git_http.py" repositories > other.port &
other_web=$!
for _ in $(seq 100); do
	[ -s other.port ] && break
	sleep 0.1
done
read -r other_port < other.port
for way in "away/127.0.0.1:$other_port/private/bare" "astray/127.0.0.1:$other_port/bare"; do
	refuses "a password is given to none but the one that you name" --user asha --password-fd 3 \
		"http://127.0.0.1:$web_port/$way" 3< password
done
ok "and another port was given none" test ! -e repositories/seen
seen "http://127.0.0.1:$web_port/away/127.0.0.1:$other_port/bare"
kill "$other_web"
seen "http://127.0.0.1:$web_port/redirect/bare"
seen "http://127.0.0.1:$web_port/redirect/private/bare" --user asha --password-fd 3 3< password

# By https: nothing is read from a machine that nobody vouches for, and no password goes there.
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
	-keyout tls.key -out tls.pem 2> /dev/null
"$helper/git_http.py" repositories tls.pem tls.key > tls.port &
tls_web=$!
for _ in $(seq 100); do
	[ -s tls.port ] && break
	sleep 0.1
done
read -r tls_port < tls.port
secure=https://localhost:$tls_port
refuses "the SSL certificate is invalid" "$secure/bare"
refuses "the SSL certificate is invalid" "$secure/astray/localhost:$web_port/bare" --user asha --password-fd 3 3< password
ok "and no password went there" test ! -e repositories/seen
if [ "$(id -u)" = 0 ]; then
	# trusting COMMAND...: the certificate is among those that this machine trusts.
	trusting() {
		runs "$1" unshare -m --propagation private bash -c \
			'mount --bind tls.pem /etc/ssl/certs/ca-certificates.crt && exec "$@"' sh "$milepost" grade "${@:2}"
	}
	trusting 1 "$secure/private/bare" --user asha --password-fd 3 3< password
	says "milepost start" "a trusted certificate lets us read" "$err"
	trusting 1 "$secure/bare"
	trusting 2 "https://127.0.0.1:$tls_port/bare"
	says "the SSL certificate is invalid" "a certificate of another machine is none" "$err"
	trusting 2 "$secure/away/localhost:$web_port/private/bare" --user asha --password-fd 3 3< password
	says "a password is given to none but the one that you name" "not away from https either" "$err"
fi
kill "$tls_web"

# Descriptors.
refuses "nothing is open there" "$private" --user asha --password-fd 9
for number in 4 5 6 7 8; do
	capture "$milepost" grade "$private" --user asha --password-fd $number
	says "nothing is open there" "a descriptor of our own is none: $number" "$err"
done
refuses "wants the number of a descriptor" "$private" --user asha --password-fd password
refuses "nothing comes from there" "$private" --user asha --password-fd 3 3< /dev/null
refuses "longer than 1,000 bytes" "$private" --user asha --password-fd 3 3< /dev/zero
refuses "no password" "$private" --user asha --password-fd 3 3< <(printf 'a\0b')

# Nothing secret is told.
for address in "https://asha:hunter2@example.org/x" "ssh://asha:hunter2@example.org/x@main" \
	"asha:hunter2@example.org:x" "https://asha:hunter2@example.org/x@" "https:/asha:hunter2@example.org/x" \
	"https://ghp_hunter2hunter2hunter2hunter2hunter24@example.org/x"; do
	refuses "there is a password or a token in the address" "$address"
	lacks hunter2 "and it is not repeated: ${address%%:*}" "$out$err"
done
mkdir -p one/exercises/hello-api
(
	cd one && git init -q -b main && echo x > exercises/hello-api/x && git add -A &&
		git -c user.name=a -c user.email=a@b.c commit -q -m start && git clone -q --bare . ../repositories/one
)
everything=
for format in json html text junit; do
	runs 1 "$milepost" grade "http://127.0.0.1:$web_port/private/one" --user asha --password-fd 3 --format $format --run-info \
		3< password
	everything=$everything$out$err
	runs 1 "$milepost" grade "$site$work/repositories/one" --key keys/locked --known-hosts known --password-fd 3 \
		--format $format --run-info 3< passphrase
	everything=$everything$out$err
done
says "hello-api" "the reports are there" "$everything"
for secret in correct-horse "open sesame" "$(sed -n 2p keys/locked)" "$(sed -n 5p keys/locked)" "$(printf asha:correct-horse | base64)"; do
	lacks "$secret" "no report tells a secret" "$everything"
done

# Nor does a core file: a process that holds a secret writes none.
(
	ulimit -c unlimited 2> /dev/null
	exec "$milepost" grade "http://127.0.0.1:$web_port/hang/x" --user asha --password-fd 3 3< password > /dev/null 2>&1
) &
grading=$!
for _ in $(seq 100); do
	grep -q 'core file size *0 *0 ' "/proc/$grading/limits" && break
	sleep 0.1
done
says "core file size" "a process that holds a secret leaves no core file" \
	"$(grep 'core file size *0 *0 ' "/proc/$grading/limits")"
kill "$grading"
wait "$grading" 2> /dev/null

done_testing
