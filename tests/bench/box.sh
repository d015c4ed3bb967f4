#!/bin/bash
# SPDX-License-Identifier: MIT
# One boxed `true`, the whole process, beside bubblewrap and beside none. The goal is against bubblewrap with
# the layers that it has too: a root made of binds, no user namespaces inside, the same system call filter. (A
# control group and Landlock are ours alone.) The row without a filter and with the host's root is there to
# be seen. They run in an order that is drawn anew each round, so that what one leaves the kernel to do is
# done beside each of the others; the median of the ratios within a round is what counts.
#
#   tests/bench/box.sh [ROUNDS]
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
exec /usr/bin/python3 - "${1:-200}" "$top/${BUILD:-build/release}" << 'PYTHON'
import os, platform, random, re, shutil, statistics, struct, subprocess, sys, tempfile, time

rounds, build = int(sys.argv[1]), sys.argv[2]
allow = [] if os.geteuid() == 0 else ["--allow-missing", "cgroup"]
rows = {"bare": ["true"], "milepost-box": [f"{build}/milepost-box", "run", *allow, "--", "true"]}
lent = ()

def our_filter():
    """The filter of the profile program, without names, as bubblewrap takes it."""
    text = open(f"{build}/gen/filter_tables.h").read()
    table = re.search(r"filter_%s_0_0\[\] = \{(.*?)\};" % platform.machine(), text, re.S).group(1)
    file = tempfile.TemporaryFile()
    for code, yes, no, k in re.findall(r"\{(\w+), (\w+), (\w+), (\w+)\}", table):
        file.write(struct.pack("=HBBI", int(code, 16), int(yes), int(no), int(k, 16)))
    file.flush()
    return file

if shutil.which("bwrap"):
    blob = our_filter()
    lent = (blob.fileno(),)
    rows["bwrap, root as is"] = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"]
    rows["bwrap, alike"] = [
        "bwrap", "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session",
        "--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib",
        "--symlink", "usr/lib64", "/lib64", "--ro-bind", "/etc/alternatives", "/etc/alternatives",
        "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--clearenv", "--chdir", "/tmp",
        "--seccomp", str(blob.fileno()), "true"]

def once(command):
    for fd in lent:
        os.lseek(fd, 0, os.SEEK_SET)
    before = time.perf_counter()
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True, pass_fds=lent)
    return (time.perf_counter() - before) * 1000

times = {name: [] for name in rows}
for _ in range(rounds):
    for name in random.sample(list(rows), len(rows)):
        times[name].append(once(rows[name]))
print(f"{'':20} {'min':>7} {'median':>7} {'p90':>7}  ms of {rounds} rounds, load {os.getloadavg()[0]:.1f}")
for name, values in times.items():
    ordered = sorted(values)
    print(f"{name:20} {ordered[0]:7.2f} {statistics.median(values):7.2f} {ordered[int(len(values) * .9)]:7.2f}")
if not lent:
    sys.exit("bubblewrap is not there to compare with: apt-get install bubblewrap")
ratio = {name: statistics.median(mine / its for mine, its in zip(times["milepost-box"], times[name]))
         for name in rows if name.startswith("bwrap")}
print(f"ratio to bwrap, root as is: {ratio['bwrap, root as is']:.2f}")
print(f"ratio to bwrap, alike: {ratio['bwrap, alike']:.2f} (goal: at most 1)")
sys.exit(ratio["bwrap, alike"] > 1)
PYTHON
