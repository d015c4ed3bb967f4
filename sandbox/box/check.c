/* SPDX-License-Identifier: MIT */
/*
 * mp_host_check(): does each layer of a box really work here?
 *
 * host_probe() reads settings; here each layer that looks present is tried in a child of its own, which
 * talks to its parent over one pair of sockets:
 *
 *   parent                                      child
 *     fork --------------------------------->   unshare user namespace and those of the trial
 *     <------------- one byte: unshared -----
 *     write setgroups, uid_map, gid_map (the caller's own ids; as root one that nobody has)
 *     -------------- one byte: 0, mapped ---->  become user 0 inside; the trial: mount, pivot_root, lo up, filter ...
 *     <------------- struct report ----------   exit
 *     wait
 *
 * The child keeps its own end alone: when the parent is killed it reads the end of the other, and ends.
 * Trials that need no namespace skip the first half. A child changes only itself and what its own
 * namespaces hold, so nothing is left behind; of control groups the parent removes the empty folder.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <milepost/box.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/base/cleanup.h"
#include "sandbox/host/host.h"
#include "sandbox/jail/group.h"
#include "sandbox/jail/landlock.h"
#include "sandbox/jail/seccomp.h"

enum { CHECK_UID = 2000000000, UNKNOWN_CALL = 9999 };

/* What a child says of its trial: 0, or a negative errno and what it was doing. */
struct report {
	int code;
	char step[64];
};

/* Note errno and STEP; an errno of 0 means that the step seemed to work and had no effect. */
static int fail(struct report *report, const char *step)
{
	report->code = errno ? -errno : -EPROTO;
	(void)snprintf(report->step, sizeof(report->step), "%s", step);
	return report->code;
}

/* --- the trials: each returns 0 or what fail() returns ------------------------------------------------ */

static int try_nothing_more(struct report *report)
{
	(void)report;
	return 0;
}

static int try_user(struct report *report)
{
	errno = 0;
	return getuid() == 0 && getgid() == 0 ? 0 : fail(report, "be another user inside");
}

/* A root of our own, laid over /proc because that folder is everywhere. */
static int try_mount(struct report *report)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return fail(report, "make mounts private");
	if (mount("tmpfs", "/proc", "tmpfs", MS_NOSUID | MS_NODEV, "size=64k") < 0)
		return fail(report, "mount a tmpfs");
	if (chdir("/proc") < 0 || syscall(SYS_pivot_root, ".", ".") < 0)
		return fail(report, "change the root");
	if (umount2(".", MNT_DETACH) < 0)
		return fail(report, "let the old root go");
	return 0;
}

static int mount_proc(void)
{
	if (getpid() != 1)
		return EPROTO;
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return errno;
	return 0;
}

static int try_pid(struct report *report)
{
	int status = 0;
	pid_t pid = fork();

	if (pid < 0)
		return fail(report, "start process 1");
	if (pid == 0)
		_exit(mount_proc());
	errno = waitpid(pid, &status, 0) < 0 ? errno : WEXITSTATUS(status);
	return errno ? fail(report, "mount /proc") : 0;
}

static int try_net(struct report *report)
{
	mp_autofd int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};

	if (fd < 0)
		return fail(report, "make a socket");
	return ioctl(fd, SIOCSIFFLAGS, &request) < 0 ? fail(report, "bring loopback up") : 0;
}

static int try_uts(struct report *report)
{
	return sethostname("box", 3) < 0 ? fail(report, "set a host name") : 0;
}

static int set_no_new_privs(struct report *report)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? fail(report, "set no_new_privs") : 0;
}

static int try_caps(struct report *report)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {0};

	if (set_no_new_privs(report) < 0)
		return report->code;
	return syscall(SYS_capset, &header, none) < 0 ? fail(report, "drop capabilities") : 0;
}

static int try_rlimit(struct report *report)
{
	struct rlimit limit = {.rlim_cur = 16, .rlim_max = 16};

	if (setrlimit(RLIMIT_NOFILE, &limit) < 0 || getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return fail(report, "lower a limit");
	errno = 0;
	return limit.rlim_max == 16 ? 0 : fail(report, "lower a limit");
}

static int try_landlock(struct report *report)
{
	if (set_no_new_privs(report) < 0)
		return report->code;
	errno = -landlock_apply(NULL, 0, NULL);
	if (errno)
		return fail(report, "restrict a process");
	if (open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC) < 0 && errno == EACCES)
		return 0;
	errno = 0;
	return fail(report, "forbid a folder");
}

static int try_seccomp(struct report *report)
{
	int notify_fd = -1;

	if (set_no_new_privs(report) < 0)
		return report->code;
	errno = -seccomp_apply(MP_PROFILE_PROGRAM, true, &notify_fd, NULL);
	if (errno)
		return fail(report, "load a filter");
	if (syscall(UNKNOWN_CALL) < 0 && errno == ENOSYS && chroot("/") < 0 && errno == EPERM)
		return 0;
	errno = 0;
	return fail(report, "refuse a call");
}

static const char remedy_container[] =
	"in a container: docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined "
	"--security-opt systempaths=unconfined (or --privileged); in a systemd unit: drop RestrictNamespaces, "
	"PrivateUsers, SystemCallFilter; on Ubuntu: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0";
static const char remedy_proc[] =
	"something covers parts of /proc: in a container, docker run --security-opt systempaths=unconfined (or "
	"--privileged); in a systemd unit, drop ProtectKernelTunables and ProtectProc";
static const char remedy_kernel[] = "start a kernel such as Debian's own (Linux 6.1 or newer)";
static const char remedy_cgroup[] =
	"run as root, or: systemd-run --user --scope -p Delegate=yes COMMAND";

static const struct trial {
	enum mp_layer layer;
	int namespaces; /* with the user namespace; 0: none is needed */
	int (*run)(struct report *report);
	const char *remedy;
} trials[] = {
	{MP_LAYER_USER, CLONE_NEWUSER, try_user, remedy_container},
	{MP_LAYER_MOUNT, CLONE_NEWUSER | CLONE_NEWNS, try_mount, remedy_container},
	{MP_LAYER_PID, CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID, try_pid, remedy_proc},
	{MP_LAYER_NET, CLONE_NEWUSER | CLONE_NEWNET, try_net, remedy_container},
	{MP_LAYER_IPC, CLONE_NEWUSER | CLONE_NEWIPC, try_nothing_more, remedy_container},
	{MP_LAYER_UTS, CLONE_NEWUSER | CLONE_NEWUTS, try_uts, remedy_container},
	{MP_LAYER_CGROUPNS, CLONE_NEWUSER | CLONE_NEWCGROUP, try_nothing_more, remedy_container},
	{MP_LAYER_CAPS, 0, try_caps, remedy_kernel},
	{MP_LAYER_RLIMIT, 0, try_rlimit, remedy_kernel},
	{MP_LAYER_LANDLOCK, 0, try_landlock, remedy_kernel},
	{MP_LAYER_SECCOMP, 0, try_seccomp, remedy_kernel},
};

/* --- running a trial ---------------------------------------------------------------------------------- */

static int write_file(const char *folder, const char *name, const char *value)
{
	char path[HOST_PATH_MAX + 128];
	mp_autofd int fd = -1;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		return -errno;
	return 0;
}

static int enter_namespaces(const struct trial *trial, int socket_fd, struct report *report)
{
	char byte = 0;

	if (unshare(trial->namespaces) < 0)
		return fail(report, "make a namespace");
	if (write(socket_fd, &byte, 1) != 1 || read(socket_fd, &byte, 1) != 1)
		return fail(report, "talk to the parent");
	errno = (unsigned char)byte;
	if (byte)
		return fail(report, "map a user id");
	/* Root's own id is not mapped: take the one that is. */
	if (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return fail(report, "become another user");
	return 0;
}

static void trial_child(const struct trial *trial, int socket_fd)
{
	struct report report = {0};

	if (trial->namespaces)
		(void)enter_namespaces(trial, socket_fd, &report);
	if (report.code == 0)
		(void)trial->run(&report);
	_exit(write(socket_fd, &report, sizeof(report)) == sizeof(report) ? 0 : 1);
}

/* Map user and group 0 of PID's new namespace; 0 or a negative errno. */
static int map_ids(pid_t pid, bool is_root)
{
	char folder[64];
	char map[64];
	int ret;

	(void)snprintf(folder, sizeof(folder), "/proc/%ld", (long)pid);
	ret = write_file(folder, "setgroups", "deny");
	(void)snprintf(map, sizeof(map), "0 %u 1", is_root ? CHECK_UID : (unsigned int)geteuid());
	if (ret == 0)
		ret = write_file(folder, "uid_map", map);
	(void)snprintf(map, sizeof(map), "0 %u 1", is_root ? CHECK_UID : (unsigned int)getegid());
	if (ret == 0)
		ret = write_file(folder, "gid_map", map);
	return ret;
}

static int trial_run(const struct trial *trial, bool is_root, struct report *ret_report,
		     struct mp_error *err)
{
	struct report report;
	ssize_t got;
	int sockets[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "make a pair of sockets");
	pid = fork();
	if (pid == 0) {
		(void)close(sockets[0]);
		trial_child(trial, sockets[1]);
	}
	(void)close(sockets[1]);
	if (pid < 0) {
		(void)close(sockets[0]);
		return mp_fail(err, MP_FAULT_HOST, -EAGAIN, "start a child");
	}
	got = read(sockets[0], &report, sizeof(report));
	if (got == 1) {
		char answer = (char)-map_ids(pid, is_root);

		(void)!write(sockets[0], &answer, 1);
		got = read(sockets[0], &report, sizeof(report));
	}
	(void)close(sockets[0]);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	errno = 0;
	if (got != (ssize_t)sizeof(report))
		(void)fail(&report, "survive");
	*ret_report = report;
	return 0;
}

/* --- control groups ----------------------------------------------------------------------------------- */

/*
 * Make a group below FOLDER, limit it, put a child into it, remove it. It is named as a box's is: when we are
 * killed meanwhile the next launcher removes it.
 */
static int try_group(struct report *report, const char *folder, const char *limit,
		     const char *value)
{
	char group[HOST_PATH_MAX + 64];
	char prefix[48];
	int status = 0;
	int ret;
	pid_t pid = -1;

	errno = -group_prefix(getpid(), prefix, sizeof(prefix));
	if (errno)
		return fail(report, "name a control group");
	(void)snprintf(group, sizeof(group), "%s/%scheck", folder, prefix);
	if (mkdir(group, 0755) < 0)
		return fail(report, "make a control group");
	ret = limit ? write_file(group, limit, value) : 0;
	if (ret == 0)
		pid = fork();
	if (pid == 0)
		_exit(-write_file(group, "cgroup.procs", "0"));
	if (pid > 0 && waitpid(pid, &status, 0) == pid)
		ret = -WEXITSTATUS(status);
	(void)rmdir(group);
	errno = -ret;
	return ret < 0 ? fail(report, pid < 0 ? "limit a control group" : "enter a control group")
		       : 0;
}

static int try_cgroup(const struct host_cgroups *groups, struct report *report)
{
	/* Until the controllers are passed on, a child of a v2 group has none to limit. */
	const char *limit = *groups->enable ? NULL : "memory.max";
	int ret;

	if (groups->kind == HOST_CGROUP_V2)
		return try_group(report, groups->v2, limit, "67108864");
	ret = try_group(report, groups->memory, "memory.limit_in_bytes", "67108864");
	if (ret == 0)
		ret = try_group(report, groups->pids, "pids.max", "64");
	if (ret == 0)
		ret = try_group(report, groups->cpuacct, NULL, NULL);
	if (ret == 0 && *groups->v2)
		ret = try_group(report, groups->v2, NULL, NULL);
	return ret;
}

/* What a trial that failed says to people. */
static void state_missing(struct mp_layer_state *state, const struct report *report,
			  const char *remedy)
{
	const char *words = strerrordesc_np(-report->code);

	state->is_present = false;
	(void)snprintf(state->detail, sizeof(state->detail), "tried to %s: %s", report->step,
		       report->code == -EPROTO || !words ? "it had no effect" : words);
	(void)snprintf(state->remedy, sizeof(state->remedy), "%s", remedy);
}

int mp_host_check(struct mp_layer_state ret_states[MP_LAYER_COUNT], struct mp_error *err)
{
	struct host host;
	struct report report = {0};
	int ret = host_probe(&host, err);

	if (ret < 0)
		return ret;
	for (size_t i = 0; i < sizeof(trials) / sizeof(trials[0]); i++) {
		const struct mp_layer_state *user = &host.layers[MP_LAYER_USER];
		struct mp_layer_state *state = &host.layers[trials[i].layer];

		if (!state->is_present)
			continue;
		if (trials[i].namespaces && !user->is_present) {
			state->is_present = false;
			(void)snprintf(state->detail, sizeof(state->detail),
				       "needs a user namespace first");
			memcpy(state->remedy, user->remedy, sizeof(state->remedy));
			continue;
		}
		ret = trial_run(&trials[i], host.is_root, &report, err);
		if (ret < 0)
			return mp_wrap(err, "try the layers of a box");
		if (report.code < 0)
			state_missing(state, &report, trials[i].remedy);
	}
	if (host.layers[MP_LAYER_CGROUP].is_present && try_cgroup(&host.cgroups, &report) < 0)
		state_missing(&host.layers[MP_LAYER_CGROUP], &report, remedy_cgroup);
	memcpy(ret_states, host.layers, sizeof(host.layers));
	return 0;
}
