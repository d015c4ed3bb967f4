/* SPDX-License-Identifier: MIT */
/*
 * The root of a box: a tmpfs that is filled while it is mounted on the stage, then becomes the root, and
 * the host's tree is detached from below. While the box is built the host's root is still "/", so that the
 * process file system may be mounted (the kernel wants to see an uncovered one) and devices be bound.
 * Sources: pivot_root(2), proc(5), tmpfs(5).
 */
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"
#include "sandbox/jail/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *staged(const struct step *step, char *room, size_t size)
{
	(void)snprintf(room, size, JAIL_STAGE "%s", step->path);
	return room;
}

static int mount_tmpfs(const char *place, const struct step *step, const char *mode,
		       struct mp_error *err)
{
	char options[96];

	(void)snprintf(options, sizeof(options), "mode=%s,size=%lld,nr_inodes=%lld", mode,
		       (long long)step->number, (long long)(step->second > 0 ? step->second : 64));
	if (mount("tmpfs", place, "tmpfs", MS_NOSUID | MS_NODEV, options) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "mount a tmpfs with %s", options);
	return 0;
}

int step_root(struct jail *jail, const struct step *step, struct mp_error *err)
{
	int result;

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "make all mounts private");
	result = mount_tmpfs(JAIL_STAGE, step, "0755", err);
	if (result < 0)
		return result;
	jail->root_fd = open(JAIL_STAGE, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return jail->root_fd < 0 ? mp_fail(err, MP_FAULT_HOST, -errno, "open " JAIL_STAGE) : 0;
}

int step_folder(struct jail *jail, const struct step *step, struct mp_error *err)
{
	if (mkdirat(jail->root_fd, step->path + 1, (mode_t)step->number) < 0 && errno != EEXIST)
		return mp_fail(err, MP_FAULT_HOST, -errno, "mkdir");
	return 0;
}

int step_link(struct jail *jail, const struct step *step, struct mp_error *err)
{
	return symlinkat(step->source, jail->root_fd, step->path + 1) < 0
		       ? mp_fail(err, MP_FAULT_HOST, -errno, "symlink")
		       : 0;
}

int step_file(struct jail *jail, const struct step *step, struct mp_error *err)
{
	int fd mp_autofd = openat(jail->root_fd, step->path + 1,
				  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0444);
	int result;

	if (fd < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "create");
	result = path_write_all(fd, step->source, strlen(step->source));
	return result < 0 ? mp_fail(err, MP_FAULT_HOST, result, "write") : 0;
}

int step_scratch(struct jail *jail, const struct step *step, struct mp_error *err)
{
	char room[128];

	if (mkdirat(jail->root_fd, step->path + 1, 0755) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "mkdir");
	return mount_tmpfs(staged(step, room, sizeof(room)), step, "0755", err);
}

int step_proc(struct jail *jail, const struct step *step, struct mp_error *err)
{
	char room[128];

	(void)jail;
	if (mount("proc", staged(step, room, sizeof(room)), "proc",
		  MS_NOSUID | MS_NODEV | MS_NOEXEC, step->source) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno,
			       "mount (a container that covers parts of /proc forbids it)");
	return 0;
}

int step_cover(struct jail *jail, const struct step *step, struct mp_error *err)
{
	char source[128];
	char target[128];

	(void)jail;
	(void)snprintf(source, sizeof(source), JAIL_STAGE "%s", step->source);
	if (mount(source, staged(step, target, sizeof(target)), NULL, MS_BIND, NULL) < 0)
		return errno == ENOENT && (step->flags & STEP_IS_OPTIONAL)
			       ? -ENOENT
			       : mp_fail(err, MP_FAULT_HOST, -errno, "bind %s", step->source);
	return 0;
}

static int make_read_only(const char *place, unsigned int flags, uint64_t more)
{
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | more};

	return mount_setattr(AT_FDCWD, place, flags, &attr, sizeof(attr));
}

int step_proc_close(struct jail *jail, const struct step *step, struct mp_error *err)
{
	char room[128];

	(void)jail;
	if (make_read_only(staged(step, room, sizeof(room)), AT_RECURSIVE, MOUNT_ATTR_NOEXEC) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "make read-only");
	return 0;
}

int step_pivot(struct jail *jail, const struct step *step, struct mp_error *err)
{
	(void)step;
	(void)close(mp_take_fd(&jail->root_fd));
	if (make_read_only(JAIL_STAGE, 0, MOUNT_ATTR_NODEV) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "make the root read-only");
	if (chdir(JAIL_STAGE) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "enter the new root");
	/* Both names are the new root: the old one ends up mounted over it, where "." still finds it. */
	if (syscall(SYS_pivot_root, ".", ".") < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "pivot_root");
	if (umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "detach the old root");
	return 0;
}
