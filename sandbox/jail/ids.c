/* SPDX-License-Identifier: MIT */
/*
 * Host ids of a box. Root gives each box an id of its own: UID_BASE plus the first free slot, which a lock
 * on one byte of a file holds as long as the watcher, or anything it left behind, lives. An ordinary user
 * has only the own id. The box sees 1000 in both cases. Sources: user_namespaces(7), fcntl(2).
 */
#include "sandbox/base/cleanup.h"
#include "sandbox/jail/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SLOT_FOLDER "/run/milepost"
#define SLOT_FILE   SLOT_FOLDER "/slots"

enum { SLOT_COUNT = 65536 };

static int open_slots(void)
{
	int fd = open(SLOT_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd >= 0 || errno != ENOENT)
		return fd;
	if (mkdir(SLOT_FOLDER, 0755) < 0 && errno != EEXIST)
		return -1;
	return open(SLOT_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

int step_slot(struct jail *jail, const struct step *step, struct mp_error *err)
{
	jail->slot_fd = open_slots();
	if (jail->slot_fd < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "open %s", SLOT_FILE);
	for (uint32_t i = 0; i < SLOT_COUNT; i++) {
		uint32_t slot = (jail->number + i) % SLOT_COUNT;
		struct flock lock = {
			.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = slot, .l_len = 1};

		if (fcntl(jail->slot_fd, F_OFD_SETLK, &lock) == 0) {
			jail->uid = (uid_t)(step->number + slot);
			jail->gid = (gid_t)(step->number + slot);
			return 0;
		}
		if (errno != EAGAIN && errno != EACCES)
			return mp_fail(err, MP_FAULT_HOST, -errno, "lock %s", SLOT_FILE);
	}
	return mp_fail(err, MP_FAULT_HOST, -EUSERS, "all %d slots are taken", SLOT_COUNT);
}

int step_owner(struct jail *jail, const struct step *step, struct mp_error *err)
{
	struct stat about;

	if (stat(step->source, &about) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "%s", step->source);
	if (about.st_uid == 0)
		return step_slot(jail, step, err);
	jail->uid = about.st_uid;
	jail->gid = about.st_gid ? about.st_gid : about.st_uid;
	return 0;
}

static int write_map(pid_t pid, const char *file, const char *text)
{
	char path[48];
	int fd mp_autofd = -1;

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return write(fd, text, strlen(text)) < 0 ? -errno : 0;
}

static int write_maps(pid_t pid, uint32_t inside, uid_t uid, gid_t gid, struct mp_error *err)
{
	char uid_map[48];
	char gid_map[48];
	const char *const rows[][2] = {
		{"setgroups", "deny"}, {"uid_map", uid_map}, {"gid_map", gid_map}};

	(void)snprintf(uid_map, sizeof(uid_map), "%u %u 1", inside, uid);
	(void)snprintf(gid_map, sizeof(gid_map), "%u %u 1", inside, gid);
	for (size_t i = 0; i < 3; i++) {
		int result = write_map(pid, rows[i][0], rows[i][1]);

		if (result < 0)
			return mp_fail(err, MP_FAULT_HOST, result, "write %s", rows[i][0]);
	}
	return 0;
}

int step_ids(struct jail *jail, const struct step *step, struct mp_error *err)
{
	return write_maps(jail->shim, (uint32_t)step->number, jail->uid, jail->gid, err);
}

int ids_namespace(uint32_t inside, uid_t uid, gid_t gid)
{
	struct clone_args args = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
	char path[48];
	pid_t parent = getpid();
	pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
	int result;

	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		/* It may have died before that. */
		while (getppid() == parent)
			(void)pause();
		_exit(1);
	}
	if (pid < 0)
		return -errno;
	(void)snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	result = write_maps(pid, inside, uid, gid, NULL);
	if (result == 0)
		result = open(path, O_RDONLY | O_CLOEXEC);
	if (result == -1)
		result = -errno;
	/* Our own child, not waited for: the number is its own. */
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	return result;
}

int step_limit_user(struct jail *jail, const struct step *step, struct mp_error *err)
{
	char path[64];
	char text[24];
	int fd mp_autofd = -1;

	(void)jail;
	(void)snprintf(path, sizeof(path), "/proc/sys/user/%s", step->path);
	(void)snprintf(text, sizeof(text), "%lld", (long long)step->number);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "write %s", path);
	return 0;
}
