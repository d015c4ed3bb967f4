/* SPDX-License-Identifier: MIT */
/*
 * Asking this host what it can do.
 *
 * Everything here reads small files or makes a call that changes nothing. A setting that forbids is
 * believed; one that allows only makes a layer likely, and mp_host_check() tries. Each layer that is
 * missing gets a remedy that a person can type.
 */
#include "sandbox/host/host.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "sandbox/base/cleanup.h"
#include "sandbox/base/field.h"
#include "sandbox/base/path.h"

enum { SMALL_FILE = 256, LARGE_FILE = 1 << 20 };

/* --- small files ------------------------------------------------------------------------------------ */

/* The text of PATH, cut at SIZE - 1 bytes. Not path_read_below(): files of /proc say that they are empty. */
static ssize_t read_file(const char *path, char *ret_text, size_t size)
{
	mp_autofd int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t count = 0;
	ssize_t got = 0;

	ret_text[0] = '\0';
	if (fd < 0)
		return -errno;
	while (count < size - 1 && (got = read(fd, ret_text + count, size - 1 - count)) > 0)
		count += (size_t)got;
	ret_text[count] = '\0';
	return got < 0 ? -errno : (ssize_t)count;
}

static bool read_small(const char *path, char *ret_text, size_t size)
{
	return read_file(path, ret_text, size) >= 0;
}

static bool can_write(const char *path)
{
	return faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0;
}

/* The number in a file of settings, or OTHERWISE when there is no such setting. */
static int64_t read_setting(const char *path, int64_t otherwise)
{
	char text[SMALL_FILE];
	int64_t value;

	if (!read_small(path, text, sizeof(text)))
		return otherwise;
	text[strcspn(text, "\n")] = '\0';
	return parse_count(text, &value) < 0 ? otherwise : value;
}

/* The next number of a text of the kernel's, which moves behind it; -1 when there is none. */
static int64_t next_number(const char **at)
{
	int64_t number = 0;

	*at += strcspn(*at, "0123456789");
	if (**at == '\0')
		return -1;
	for (; **at >= '0' && **at <= '9' && number < INT32_MAX * INT64_C(1000); (*at)++)
		number = number * 10 + (**at - '0');
	return number;
}

/* --- one answer ------------------------------------------------------------------------------------- */

static void say(struct host *host, enum mp_layer layer, bool is_present, const char *detail,
		const char *remedy)
{
	struct mp_layer_state *state = &host->layers[layer];

	*state = (struct mp_layer_state){.layer = layer, .is_present = is_present};
	(void)snprintf(state->detail, sizeof(state->detail), "%s", detail);
	if (!is_present)
		(void)snprintf(state->remedy, sizeof(state->remedy), "%s", remedy);
}

/* Root that may mount and give any user id: not the root of a container that maps only some. */
static bool probe_root(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {0};
	const uint32_t wanted = 1U << CAP_SETGID | 1U << CAP_SETUID | 1U << CAP_SYS_ADMIN;
	char text[SMALL_FILE];
	const char *at = text;
	int64_t inside, outside, count;

	if (geteuid() != 0 || syscall(SYS_capget, &header, data) < 0 ||
	    (data[0].effective & wanted) != wanted)
		return false;
	if (!read_small("/proc/self/uid_map", text, sizeof(text)))
		return false;
	inside = next_number(&at);
	outside = next_number(&at);
	count = next_number(&at);
	return inside == 0 && outside == 0 && count == UINT32_MAX;
}

/* --- namespaces --------------------------------------------------------------------------------------- */

static const char remedy_wsl[] =
	"this is WSL 1, which has no namespaces: in PowerShell, wsl --set-version <distribution> 2";

/* Settings that switch user namespaces off. A row holds when its file says a number below LOW or above HIGH. */
static const struct {
	const char *path;
	int64_t low, high;
	bool binds_root;
	const char *detail;
	const char *remedy;
} userns_settings[] = {
	{"/proc/sys/user/max_user_namespaces", 1, INT64_MAX, true, "user.max_user_namespaces is 0",
	 "sudo sysctl user.max_user_namespaces=15000"},
	{"/proc/sys/kernel/unprivileged_userns_clone", 1, 1, false,
	 "kernel.unprivileged_userns_clone is 0", "sudo sysctl kernel.unprivileged_userns_clone=1"},
	{"/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 0, 0, false,
	 "AppArmor keeps ordinary users from user namespaces",
	 "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0 (for good: a file in /etc/sysctl.d/), or an "
	 "AppArmor profile with \"userns,\" for this program"},
};

/* Has this program an AppArmor profile of its own, which may allow what the setting forbids? */
static bool has_apparmor_profile(void)
{
	char text[SMALL_FILE];

	if (!read_small("/proc/self/attr/apparmor/current", text, sizeof(text)) &&
	    !read_small("/proc/self/attr/current", text, sizeof(text)))
		return false;
	return *text && strncmp(text, "unconfined", strlen("unconfined")) != 0;
}

/*
 * Is the root of this process another one than that of its mount namespace? Then no mount of the list stands
 * at "/" (unless the chroot's folder is a mount itself), and the kernel makes no user namespace.
 */
static bool is_chrooted(const char *mountinfo)
{
	const char *line = mountinfo;

	while (*line) {
		const char *field = line;

		for (int i = 0; i < 4; i++)
			field += strcspn(field, " \n") + (field[strcspn(field, " \n")] == ' ');
		if (strncmp(field, "/ ", 2) == 0)
			return false;
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return *mountinfo != '\0';
}

static void probe_userns(struct host *host, bool is_wsl1, const char *mountinfo)
{
	bool has_profile = has_apparmor_profile();

	if (is_wsl1 || access("/proc/self/ns/user", F_OK) < 0) {
		say(host, MP_LAYER_USER, false,
		    is_wsl1 ? "WSL 1" : "this kernel has no user namespaces",
		    is_wsl1 ? remedy_wsl
			    : "start a kernel with CONFIG_USER_NS, such as Debian's own");
		return;
	}
	if (is_chrooted(mountinfo)) {
		say(host, MP_LAYER_USER, false,
		    "a chroot, where the kernel makes no user namespace",
		    "enter the folder by pivot_root in place of chroot, for example: systemd-nspawn -D FOLDER");
		return;
	}
	say(host, MP_LAYER_USER, true,
	    host->is_root ? "as root, ids of our own" : "as an ordinary user", "");
	for (size_t i = 0; i < sizeof(userns_settings) / sizeof(userns_settings[0]); i++) {
		int64_t value = read_setting(userns_settings[i].path, userns_settings[i].low);

		if (value >= userns_settings[i].low && value <= userns_settings[i].high)
			continue;
		if (!userns_settings[i].binds_root && (host->is_root || has_profile))
			continue;
		say(host, MP_LAYER_USER, false, userns_settings[i].detail,
		    userns_settings[i].remedy);
	}
}

static const struct {
	enum mp_layer layer;
	const char *ns;
	const char *word;
} namespaces[] = {
	{MP_LAYER_MOUNT, "/proc/self/ns/mnt", "mnt"},
	{MP_LAYER_PID, "/proc/self/ns/pid", "pid"},
	{MP_LAYER_NET, "/proc/self/ns/net", "net"},
	{MP_LAYER_IPC, "/proc/self/ns/ipc", "ipc"},
	{MP_LAYER_UTS, "/proc/self/ns/uts", "uts"},
	{MP_LAYER_CGROUPNS, "/proc/self/ns/cgroup", "cgroup"},
};

static void probe_namespaces(struct host *host, bool is_wsl1)
{
	for (size_t i = 0; i < sizeof(namespaces) / sizeof(namespaces[0]); i++) {
		char path[128];
		char detail[160];
		char remedy[360];

		(void)snprintf(path, sizeof(path), "/proc/sys/user/max_%s_namespaces",
			       namespaces[i].word);
		if (is_wsl1 || access(namespaces[i].ns, F_OK) < 0) {
			(void)snprintf(detail, sizeof(detail), "%s",
				       is_wsl1 ? "WSL 1" : "this kernel has none");
			(void)snprintf(
				remedy, sizeof(remedy), "%s",
				is_wsl1 ? remedy_wsl
					: "start a kernel with namespaces, such as Debian's own");
		} else if (read_setting(path, 1) < 1) {
			(void)snprintf(detail, sizeof(detail), "user.max_%s_namespaces is 0",
				       namespaces[i].word);
			(void)snprintf(remedy, sizeof(remedy),
				       "sudo sysctl user.max_%s_namespaces=15000",
				       namespaces[i].word);
		} else if (!host->has_userns) {
			(void)snprintf(detail, sizeof(detail), "needs a user namespace first");
			(void)snprintf(remedy, sizeof(remedy), "%s",
				       host->layers[MP_LAYER_USER].remedy);
		} else {
			say(host, namespaces[i].layer, true, "namespace", "");
			continue;
		}
		say(host, namespaces[i].layer, false, detail, remedy);
	}
}

/* Mounts below /proc hide parts of it; then the kernel lets no user namespace mount a whole one. */
static bool is_proc_masked(const char *mountinfo)
{
	for (const char *at = mountinfo; (at = strstr(at, " /proc/")); at++)
		if (strncmp(at, " /proc/sys/fs/binfmt_misc ",
			    strlen(" /proc/sys/fs/binfmt_misc ")) != 0)
			return true;
	return false;
}

/* --- control groups ----------------------------------------------------------------------------------- */

/* 6.1.0-18-amd64 as 6001. */
static int kernel_version(const char *release)
{
	int64_t major = next_number(&release);
	int64_t minor = next_number(&release);

	return (int)(major * 1000 + minor);
}

static void probe_cgroups(struct host *host, const char *mountinfo, const char *release)
{
	static const struct host_files files = {can_write, read_small};
	struct host_cgroups *groups = &host->cgroups;
	int version = kernel_version(release);
	char self[SMALL_FILE * 16];
	char detail[160];

	(void)read_small("/proc/self/cgroup", self, sizeof(self));
	host_find_cgroups(self, mountinfo, &files, groups);
	groups->has_kill = *groups->v2 && version >= 5014;
	groups->has_memory_peak = groups->kind == HOST_CGROUP_V1 ||
				  (groups->kind == HOST_CGROUP_V2 && version >= 5019);
	groups->has_pids_peak = groups->kind != HOST_CGROUP_NONE && version >= 6001;
	switch (groups->kind) {
	case HOST_CGROUP_V2:
		(void)snprintf(detail, sizeof(detail), "v2 below %.120s", groups->v2);
		break;
	case HOST_CGROUP_V1:
		(void)snprintf(detail, sizeof(detail), "v1 memory,pids,cpuacct%s",
			       *groups->v2 ? " beside v2" : "");
		break;
	case HOST_CGROUP_NONE:
		(void)snprintf(detail, sizeof(detail), "no control group that we may write");
		break;
	}
	say(host, MP_LAYER_CGROUP, groups->kind != HOST_CGROUP_NONE, detail,
	    host->is_root
		    ? "mount cgroups writable; in a container: run it with --privileged --cgroupns=private"
	    : host->has_systemd_user
		    ? "start the command through: systemd-run --user --scope -p Delegate=yes COMMAND"
		    : "run as root, or log in through systemd and use systemd-run --user --scope -p Delegate=yes");
}

/* --- the walls ---------------------------------------------------------------------------------------- */

static void probe_landlock(struct host *host)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	char detail[160];

	host->landlock_abi = abi < 0 ? 0 : (int)abi;
	if (abi > 0)
		(void)snprintf(detail, sizeof(detail), "ABI %ld", abi);
	else
		(void)snprintf(detail, sizeof(detail), "%s",
			       errno == EOPNOTSUPP ? "built into this kernel, but not switched on"
						   : "this kernel has no Landlock");
	say(host, MP_LAYER_LANDLOCK, abi > 0, detail,
	    "start the kernel with lsm=landlock,... (GRUB_CMDLINE_LINUX in /etc/default/grub, the other names from "
	    "/sys/kernel/security/lsm, then sudo update-grub), Linux 5.19 or newer");
}

static void probe_seccomp(struct host *host)
{
	uint32_t action = SECCOMP_RET_ERRNO;

	host->has_seccomp = syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
	action = SECCOMP_RET_USER_NOTIF;
	host->has_seccomp_notify = syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
	say(host, MP_LAYER_SECCOMP, host->has_seccomp,
	    host->has_seccomp_notify ? "filters, with names of refused calls"
	    : host->has_seccomp	     ? "filters, without names of refused calls"
				     : "this kernel loads no filters",
	    "start a kernel with CONFIG_SECCOMP_FILTER, such as Debian's own");
}

static bool has_systemd_user(void)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "/run/user/%u/systemd/private", (unsigned int)geteuid());
	return access(path, F_OK) == 0 && access("/usr/bin/systemd-run", X_OK) == 0;
}

int host_probe(struct host *ret_host, struct mp_error *err)
{
	mp_autofree char *mountinfo = malloc(LARGE_FILE);
	struct host host = {0};
	struct utsname names;
	bool is_wsl1;
	ssize_t ret;

	if (!mountinfo)
		return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "ask the host");
	ret = read_file("/proc/self/mountinfo", mountinfo, LARGE_FILE);
	if (ret < 0)
		return mp_fail(err, MP_FAULT_HOST, (int)ret,
			       "read /proc/self/mountinfo (is /proc mounted?)");
	if (uname(&names) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "ask the kernel's name");
	is_wsl1 = strstr(names.release, "-Microsoft") != NULL; /* WSL 2 says microsoft-standard */
	host.is_root = probe_root();
	host.has_systemd_user = has_systemd_user();
	host.has_masked_proc = is_proc_masked(mountinfo);
	probe_userns(&host, is_wsl1, mountinfo);
	host.has_userns = host.layers[MP_LAYER_USER].is_present;
	probe_namespaces(&host, is_wsl1);
	probe_cgroups(&host, mountinfo, names.release);
	say(&host, MP_LAYER_CAPS, true, "capabilities can be dropped", "");
	say(&host, MP_LAYER_RLIMIT, true, "limits can be lowered", "");
	probe_landlock(&host);
	probe_seccomp(&host);
	*ret_host = host;
	return 0;
}
