#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""container.py BUNDLE TOP KIND COMMAND...: an OCI bundle as Docker would make it, for runc.

KIND is default (Docker's capabilities, filter and masks), unconfined (the three --security-opt that
milepost doctor names) or privileged. The root shows this machine's /usr and /etc and the folder TOP,
read-only, and an empty /tmp.

Sources: Docker's documentation, "Seccomp security profiles" (the calls that the default profile
blocks), "Running containers: runtime privilege and Linux capabilities"; the OCI runtime specification.
"""
import json
import os
import sys

CAPABILITIES = ["CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP",
                "SETPCAP", "NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE"]
MASKED = ["/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
          "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap"]
READ_ONLY = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
BLOCKED = ["acct", "add_key", "bpf", "clock_adjtime", "clock_settime", "create_module", "delete_module",
           "finit_module", "fsconfig", "fsmount", "fsopen", "fspick", "get_mempolicy", "init_module", "ioperm", "iopl",
           "kcmp", "kexec_file_load", "kexec_load", "keyctl", "lookup_dcookie", "mbind", "mount", "mount_setattr",
           "move_mount", "move_pages", "name_to_handle_at", "open_by_handle_at", "open_tree", "perf_event_open",
           "pivot_root", "process_vm_readv", "process_vm_writev", "ptrace", "quotactl", "reboot", "request_key",
           "set_mempolicy", "setdomainname", "sethostname", "setns", "settimeofday", "swapoff", "swapon", "umount2",
           "unshare", "userfaultfd", "vhangup"]
NEW_NAMESPACES = 0x7E020000  # the flags of clone(2) that make namespaces
ENOSYS = 38


def all_capabilities():
    """Those that this process may hand on."""
    with open("/proc/self/status", encoding="utf-8") as file:
        held = next(line.split()[1] for line in file if line.startswith("CapEff:"))
    words = os.popen("capsh --decode=" + held).read().strip().split("=", 1)[1]
    return [word.upper() for word in words.split(",")]


def mount(place, kind, source, *options):
    return {"destination": place, "type": kind, "source": source, "options": list(options)}


def config(top, kind, command):
    capabilities = all_capabilities() if kind == "privileged" else ["CAP_" + name for name in CAPABILITIES]
    spec = {
        "ociVersion": "1.0.2",
        "hostname": "container",
        "root": {"path": "root", "readonly": False},
        "process": {
            "user": {"uid": 0, "gid": 0},
            "args": command,
            "env": ["PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/root"],
            "cwd": "/tmp",
            "capabilities": {part: capabilities for part in ("bounding", "effective", "permitted")},
        },
        "mounts": [
            mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"),
            mount("/dev", "tmpfs", "tmpfs", "nosuid", "mode=755"),
            mount("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666"),
            mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777"),
            mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev",
                  "rw" if kind == "privileged" else "ro"),
            mount("/tmp", "tmpfs", "tmpfs", "nosuid", "mode=1777"),
            mount("/root", "tmpfs", "tmpfs", "nosuid", "mode=700"),
            mount("/usr", "bind", "/usr", "rbind", "ro"),
            mount("/etc", "bind", "/etc", "rbind", "ro"),
            mount("/srv", "bind", top, "rbind", "ro"),
        ],
        "linux": {"namespaces": [{"type": name} for name in ("pid", "network", "ipc", "uts", "mount")]},
    }
    if kind == "default":
        spec["linux"]["maskedPaths"] = MASKED
        spec["linux"]["readonlyPaths"] = READ_ONLY
        spec["linux"]["seccomp"] = {
            "defaultAction": "SCMP_ACT_ALLOW",
            "syscalls": [
                {"names": BLOCKED, "action": "SCMP_ACT_ERRNO", "errnoRet": 1},
                {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": ENOSYS},
            ] + [
                # Any of the flags: a rule for each, as one rule asks for all its conditions.
                {"names": ["clone"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1,
                 "args": [{"index": 0, "value": 1 << bit, "valueTwo": 1 << bit, "op": "SCMP_CMP_MASKED_EQ"}]}
                for bit in range(32) if NEW_NAMESPACES >> bit & 1
            ],
        }
    return spec


def main():
    bundle, top, kind, *command = sys.argv[1:]
    root = os.path.join(bundle, "root")
    for folder in ("usr", "etc", "proc", "sys", "dev", "tmp", "root", "srv", "run", "var"):
        os.makedirs(os.path.join(root, folder), exist_ok=True)
    for link in ("bin", "sbin", "lib", "lib64"):
        if not os.path.lexists(os.path.join(root, link)):
            os.symlink("usr/" + link, os.path.join(root, link))
    with open(os.path.join(bundle, "config.json"), "w", encoding="utf-8") as file:
        json.dump(config(top, kind, command), file, indent=1)


main()
