#!/bin/bash
# SPDX-License-Identifier: MIT
# A real sshd on a port of loopback that serves the repositories below FOLDER: sshd.sh FOLDER WORK
#
# Makes keys in WORK (id, other, locked with the passphrase "open sesame", rsa; .pub beside each; host, the
# server's own), prints "PORT USER" and serves until it is killed. `id`, `locked` and `rsa` may come in. As root
# the user is `asha`, who is known in a mount namespace alone and has the password "correct-horse".
# Beside repositories: /drip sends a byte a second, /cut ends in the middle of a pack, /hang says nothing.
set -eu
if [ "${1:-}" = command ]; then # what a client asked for
	export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*' GIT_CONFIG_GLOBAL=/dev/null
	case $SSH_ORIGINAL_COMMAND in
	*"'/drip'") while sleep 1; do printf 0 || exit 1; done ;;
	*"'/hang'") exec sleep 60 ;;
	*"'/cut'")
		git-upload-pack "$2/large" 2> /dev/null |
			perl -e 'syswrite(STDOUT, $b) while ($n += sysread(STDIN, $b, 4096)) < 60000'
		;;
	"git-upload-pack '"*) exec git shell -c "$SSH_ORIGINAL_COMMAND" ;;
	*) exit 128 ;;
	esac
	exit
fi
folder=$(realpath "$1")
work=$(realpath "$2")
if [ "$(id -u)" = 0 ] && [ -z "${SSHD_INSIDE:-}" ]; then
	SSHD_INSIDE=1 exec unshare -m --propagation private "$0" "$folder" "$work"
fi
for name in id other host; do
	[ -f "$work/$name" ] || ssh-keygen -q -t ed25519 -N '' -C test -f "$work/$name"
done
[ -f "$work/locked" ] || ssh-keygen -q -t ed25519 -N 'open sesame' -C test -f "$work/locked"
[ -f "$work/rsa" ] || ssh-keygen -q -t rsa -b 2048 -N '' -C test -f "$work/rsa"
cat "$work/id.pub" "$work/locked.pub" "$work/rsa.pub" > "$work/authorized_keys"
user=$(id -un)
if [ "$(id -u)" = 0 ]; then
	user=asha
	hash=$(perl -e 'print crypt("correct-horse", "\$6\$milepost\$")')
	{ cat /etc/passwd && echo "asha:x:65534:65534::/:/bin/sh"; } > "$work/passwd"
	echo "asha:$hash:19000:0:99999:7:::" > "$work/shadow"
	chmod 600 "$work/shadow"
	mount --bind "$work/passwd" /etc/passwd
	mount --bind "$work/shadow" /etc/shadow
	mount -t tmpfs none /run
	mkdir -p -m 755 /run/sshd
fi
port=$(perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1)->sockport')
cat > "$work/sshd_config" <<- END
	ListenAddress 127.0.0.1:$port
	HostKey $work/host
	PidFile none
	UsePAM no
	StrictModes no
	PasswordAuthentication yes
	AuthorizedKeysFile $work/authorized_keys
	ForceCommand $(realpath "$0") command $folder
	LogLevel ${SSHD_LOG:-QUIET}
END
/usr/sbin/sshd -D -e -f "$work/sshd_config" &
server=$!
trap 'kill $server 2> /dev/null' EXIT
trap 'exit 0' TERM INT
for _ in $(seq 100); do
	(exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null && break
	sleep 0.05
done
echo "$port $user"
wait
