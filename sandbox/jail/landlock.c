/* SPDX-License-Identifier: MIT */
/*
 * Landlock by its three system calls.
 *
 * The process asks for the ABI of the kernel, makes a ruleset that handles (forbids) every right this ABI
 * knows, allows what the rules say, and restricts itself. Debian 12's headers know ABI 2; what came later
 * is defined here, from the kernel's include/uapi/linux/landlock.h.
 */
#include "sandbox/jail/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/base/cleanup.h"

enum {
	FS_EXECUTE = 1 << 0,
	FS_WRITE_FILE = 1 << 1,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_ABI_1 = (1 << 13) - 1,
	FS_REFER = 1 << 13,	/* ABI 2 */
	FS_TRUNCATE = 1 << 14,	/* ABI 3 */
	FS_IOCTL_DEV = 1 << 15, /* ABI 5 */
	FS_OF_FILES = FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV,

	SCOPE_ABSTRACT_UNIX_SOCKET = 1 << 0, /* ABI 6 */
	SCOPE_SIGNAL = 1 << 1,		     /* ABI 6 */

	CREATE_RULESET_VERSION = 1 << 0,
	RULE_PATH_BENEATH = 1,
	LOG_SAME_EXEC_OFF = 1 << 0,  /* ABI 7: refusals are no news for the host's log */
	LOG_SUBDOMAINS_OFF = 1 << 2, /* ABI 7: nor those of the learner's own rulesets */
};

/* The newest forms; an older kernel accepts what it does not know as long as that is zero. */
struct ruleset_attr {
	uint64_t handled_access_fs;
	uint64_t handled_access_net; /* ABI 4 */
	uint64_t scoped;	     /* ABI 6 */
};

struct path_beneath_attr {
	uint64_t allowed_access;
	int32_t parent_fd;
} __attribute__((packed));

/* What an ABI adds to those before it. */
static const struct {
	int abi;
	uint64_t fs;
	uint64_t scoped;
	uint32_t flags;
} abi_rows[] = {
	{1, FS_ABI_1, 0, 0},
	{2, FS_REFER, 0, 0},
	{3, FS_TRUNCATE, 0, 0},
	{5, FS_IOCTL_DEV, 0, 0},
	{6, 0, SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL, 0},
	{7, 0, 0, LOG_SAME_EXEC_OFF | LOG_SUBDOMAINS_OFF},
};

int landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);

	return abi < 0 ? 0 : (int)abi;
}

static int add_rule(int ruleset_fd, const struct landlock_rule *rule, uint64_t handled,
		    struct mp_error *err)
{
	mp_autofd int fd = open(rule->path, O_PATH | O_CLOEXEC);
	struct path_beneath_attr attr = {.parent_fd = fd,
					 .allowed_access = FS_READ_FILE | FS_READ_DIR};
	struct stat info;

	if (fd < 0 || fstat(fd, &info) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "landlock: open %s", rule->path);
	if (rule->may_execute)
		attr.allowed_access |= FS_EXECUTE;
	if (rule->may_write)
		attr.allowed_access |= handled & ~(uint64_t)FS_EXECUTE;
	if (!S_ISDIR(info.st_mode))
		attr.allowed_access &= FS_OF_FILES;
	attr.allowed_access &= handled;
	if (syscall(SYS_landlock_add_rule, ruleset_fd, RULE_PATH_BENEATH, &attr, 0) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "landlock: allow %s", rule->path);
	return 0;
}

int landlock_apply(const struct landlock_rule *rules, size_t count, struct mp_error *err)
{
	struct ruleset_attr attr = {0};
	mp_autofd int ruleset_fd = -1;
	uint32_t flags = 0;
	int abi = landlock_abi();

	for (size_t i = 0; i < sizeof(abi_rows) / sizeof(abi_rows[0]) && abi_rows[i].abi <= abi;
	     i++) {
		attr.handled_access_fs |= abi_rows[i].fs;
		attr.scoped |= abi_rows[i].scoped;
		flags |= abi_rows[i].flags;
	}
	ruleset_fd = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	if (ruleset_fd < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "landlock: make a ruleset");
	for (size_t i = 0; i < count; i++) {
		int ret = add_rule(ruleset_fd, &rules[i], attr.handled_access_fs, err);

		if (ret < 0)
			return ret;
	}
	if (syscall(SYS_landlock_restrict_self, ruleset_fd, flags) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "landlock: restrict this process");
	return 0;
}
