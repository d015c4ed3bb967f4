#!/bin/bash
# SPDX-License-Identifier: MIT
# One boxed `true`, the whole process, beside bubblewrap with comparable layers and beside none. They run in
# turn, so that a busy machine is busy for all; the ratio of pairs is what counts.
#
#   tests/bench/box.sh [ROUNDS]
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
exec /usr/bin/python3 - "${1:-200}" "$top/${BUILD:-build/release}/milepost-box" << 'PYTHON'
import os, shutil, statistics, subprocess, sys, time

rounds, box = int(sys.argv[1]), sys.argv[2]
bwrap = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--ro-bind", "/usr", "/usr",
         "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
         "--ro-bind", "/etc/alternatives", "/etc/alternatives", "--proc", "/proc", "--dev", "/dev",
         "--tmpfs", "/tmp", "--clearenv", "--chdir", "/tmp"]
allow = [] if os.geteuid() == 0 else ["--allow-missing", "cgroup"]
rows = {"bare": ["true"], "milepost-box": [box, "run", *allow, "--", "true"]}
if shutil.which("bwrap"):
    rows["bwrap, root as is"] = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"]
    rows["bwrap, root made"] = bwrap + ["true"]

def once(command):
    before = time.perf_counter()
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - before) * 1000

times = {name: [] for name in rows}
for _ in range(rounds):
    for name, command in rows.items():
        times[name].append(once(command))
print(f"{'':20} {'min':>7} {'median':>7} {'p90':>7}  ms of {rounds} rounds, load {os.getloadavg()[0]:.1f}")
for name, values in times.items():
    values.sort()
    print(f"{name:20} {values[0]:7.2f} {statistics.median(values):7.2f} {values[int(len(values) * .9)]:7.2f}")
if "bwrap, root made" in times:
    for name in ("bwrap, root as is", "bwrap, root made"):
        ratio = statistics.median(times["milepost-box"]) / statistics.median(times[name])
        print(f"ratio to {name}: {ratio:.2f}")
PYTHON
