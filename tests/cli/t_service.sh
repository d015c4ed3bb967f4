#!/bin/bash
# SPDX-License-Identifier: MIT
# The unit for systemd: what it must hold, what it must not, and what doctor says where a unit forbids too much.
. "$(dirname "$0")/../helper/tap.sh"
unit=$top/docs/packaging/milepost.service

if command -v systemd-analyze > /dev/null; then
	sed "s,/usr/bin/milepost,$milepost," "$unit" > "$work/milepost.service"
	is "systemd finds no fault in the unit" "$(systemd-analyze verify --man=no "$work/milepost.service" 2>&1)" ""
	sed -i 's/^UMask/Umask/' "$work/milepost.service"
	says "Unknown key" "and would" "$(systemd-analyze verify --man=no "$work/milepost.service" 2>&1)"
else
	skip "systemd is not installed" "systemd finds no fault in the unit"
fi
for setting in User=milepost StateDirectory=milepost StateDirectoryMode=0700 Delegate=yes KillMode=mixed; do
	ok "it sets $setting" grep -qx "$setting" "$unit"
done
never=$(sed -n '/^# Never set here/,/^$/p' "$unit")
for setting in ProtectKernelTunables ProtectControlGroups ProtectProc RestrictNamespaces PrivateUsers MemoryDenyWriteExecute SystemCallFilter; do
	ok "it does not set $setting" test -z "$(grep "^$setting" "$unit")"
	says "$setting" "and says why not" "$never"
done
is "the time to stop is longer than the server drains" "$(sed -n 's/^TimeoutStopSec=//p' "$unit")" 90

# under SETTING COMMAND...: as systemd would start it, with what that setting does.
under() {
	/usr/bin/python3 - "$@" << 'END'
import ctypes, os, platform, struct, sys

# A system call filter as BPF: (number, mask of argument 3 or None, value), each refused with EPERM.
machine = platform.machine()
numbers = {"x86_64": {"mmap": 9, "unshare": 272, "clone": 56, "clone3": 435, "mount": 165},
           "aarch64": {"mmap": 222, "unshare": 97, "clone": 220, "clone3": 435, "mount": 40}}[machine]
NEWUSER, RWX = 0x10000000, 6
filters = {"MemoryDenyWriteExecute": [("mmap", 32, RWX, 1)],
           "RestrictNamespaces": [("unshare", 16, NEWUSER, 1), ("clone", 16, NEWUSER, 1), ("clone3", None, 0, 38)],
           "SystemCallFilter": [("mount", None, 0, 1)]}

def op(code, jt, jf, k):
    return struct.pack("HBBI", code, jt, jf, k)

program = []
for name, argument, bits, errno in filters[sys.argv[1]]:
    tail = [op(0x06, 0, 0, 0x00050000 | errno)]
    if argument is not None:
        tail = [op(0x20, 0, 0, argument), op(0x54, 0, 0, bits), op(0x15, 0, 1, bits)] + tail
    program += [op(0x20, 0, 0, 0), op(0x15, 0, len(tail), numbers[name])] + tail
program.append(op(0x06, 0, 0, 0x7fff0000))
code = b"".join(program)
buffer = ctypes.create_string_buffer(code, len(code))
fprog = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(program), ctypes.addressof(buffer)))
libc = ctypes.CDLL(None, use_errno=True)
libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.addressof(fprog), 0, 0):
    sys.exit("prctl: " + os.strerror(ctypes.get_errno()))
os.execv(sys.argv[2], sys.argv[2:])
END
}
capture "$milepost" doctor
lacks "MemoryDenyWriteExecute" "doctor does not speak of what is not there" "$out"
capture under MemoryDenyWriteExecute "$milepost" doctor
says "in a systemd unit, drop MemoryDenyWriteExecute" "doctor names MemoryDenyWriteExecute" "$out"
runs 4 under RestrictNamespaces "$milepost" doctor
says "in a systemd unit: drop RestrictNamespaces" "doctor names RestrictNamespaces" "$out"
runs 4 under SystemCallFilter "$milepost" doctor
says "SystemCallFilter" "doctor names SystemCallFilter" "$out"
if [ "$(id -u)" = 0 ]; then
	capture unshare -m sh -c 'mount --make-rprivate / && mount --bind /proc/sys /proc/sys && mount -o remount,ro,bind /proc/sys && "$0" doctor' "$milepost"
	says "drop ProtectKernelTunables" "doctor names ProtectKernelTunables" "$out"
else
	skip "needs root" "doctor names ProtectKernelTunables"
fi
done_testing
