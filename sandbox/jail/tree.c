/* SPDX-License-Identifier: MIT */
/*
 * Trees of mounts: opened as detached copies, closed down, put at their place. What the watcher opened as
 * root keeps working for a box that could not walk there (a folder below a home of mode 0700).
 * A learner's tree may hold links, and one bind may lie inside another: places are looked up with the new
 * root as the root of all links. Sources: open_tree(2), mount_setattr(2), move_mount(2), openat2(2).
 */
#include "sandbox/base/cleanup.h"
#include "sandbox/jail/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int close_down(int tree, uint32_t flags)
{
	struct mount_attr attr = {
		.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
			    (flags & STEP_IS_WRITABLE ? 0 : MOUNT_ATTR_RDONLY) |
			    (flags & STEP_MAY_EXECUTE ? 0 : MOUNT_ATTR_NOEXEC),
	};

	return mount_setattr(tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr, sizeof(attr)) < 0
		       ? -errno
		       : 0;
}

static int open_path(const char *path, uint32_t flags)
{
	int tree = open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
	int result;

	if (tree < 0)
		return -errno;
	result = close_down(tree, flags);
	if (result < 0) {
		(void)close(tree);
		return result;
	}
	return tree;
}

/* Where the kernel or the file system cannot, the tree stays as it is: what is readable to all still works. */
static void map_ids(struct jail *jail, int tree)
{
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_IDMAP};
	int namespace mp_autofd = ids_namespace(0, jail->uid, jail->gid);

	if (namespace < 0)
		return;
	attr.userns_fd = (uint64_t) namespace;
	(void)mount_setattr(tree, "", AT_EMPTY_PATH, &attr, sizeof(attr));
}

int step_open(struct jail *jail, const struct step *step, struct mp_error *err)
{
	int tree = open_path(step->source, step->flags);

	if (tree < 0)
		return mp_fail(err, MP_FAULT_HOST, tree, "open");
	jail->trees[step->slot] = tree;
	if ((step->flags & STEP_IS_IDMAPPED) && jail->slot_fd >= 0)
		map_ids(jail, tree);
	return 0;
}

/* By name, not by the watcher's descriptor: an ordinary user's shim is in another mount namespace. */
int step_open_group(struct jail *jail, const struct step *step, struct mp_error *err)
{
	const struct host_cgroups *cgroups = &jail->host->cgroups;
	const struct {
		const char *name;
		enum group_tree tree;
		const char *folder;
	} rows[] = {{"", GROUP_V2, cgroups->v2},
		    {"memory", GROUP_MEMORY, cgroups->memory},
		    {"pids", GROUP_PIDS, cgroups->pids},
		    {"cpuacct", GROUP_CPUACCT, cgroups->cpuacct}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char path[HOST_PATH_MAX + sizeof(jail->group.name)];
		int tree;

		if (strcmp(rows[i].name, step->path) != 0 || !jail->group.has[rows[i].tree])
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", rows[i].folder, jail->group.name);
		tree = open_path(path, 0);
		if (tree < 0)
			return mp_fail(err, MP_FAULT_HOST, tree, "open %s", path);
		jail->trees[step->slot] = tree;
	}
	return 0;
}

/* EAGAIN: something was renamed or mounted meanwhile, anywhere; another box is enough. (openat2(2)) */
static int open_in_root(int root, const char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long fd;

	do {
		fd = syscall(SYS_openat2, root, path[0] ? path : ".", &how, sizeof(how));
	} while (fd < 0 && (errno == EAGAIN || errno == EINTR));
	return fd < 0 ? -errno : (int)fd;
}

/* Make the first END bytes of PATH, whose parents are there, as a folder or an empty file. */
static int make_part(int root, const char *path, size_t end, bool is_folder)
{
	char part[4096];
	int parent mp_autofd = -1;
	char *slash;
	int result;

	if (end >= sizeof(part))
		return -ENAMETOOLONG;
	memcpy(part, path, end);
	part[end] = '\0';
	slash = strrchr(part, '/');
	if (slash)
		*slash = '\0';
	parent = open_in_root(root, slash ? part : "", O_PATH | O_DIRECTORY);
	if (parent < 0)
		return parent;
	result = is_folder ? mkdirat(parent, slash ? slash + 1 : part, 0755)
			   : mknodat(parent, slash ? slash + 1 : part, S_IFREG | 0444, 0);
	return result < 0 && errno != EEXIST ? -errno : 0;
}

/* Make PATH (relative, plain), mostly in a folder that is there; else its folders from the top on. */
static int make_place(int root, const char *path, bool is_folder)
{
	int result = make_part(root, path, strlen(path), is_folder);
	const char *end = path;

	if (result != -ENOENT)
		return result;
	while ((end = strchr(end + 1, '/'))) {
		result = make_part(root, path, (size_t)(end - path), true);
		if (result < 0)
			return result;
	}
	return make_part(root, path, strlen(path), is_folder);
}

int tree_place(struct jail *jail, int tree_fd, const char *path, struct mp_error *err)
{
	int target mp_autofd = -1;
	struct stat about;
	const char *relative = path + strspn(path, "/");

	if (fstat(tree_fd, &about) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "look at what goes to %s", path);
	target = open_in_root(jail->root_fd, relative, O_PATH);
	if (target == -ENOENT) {
		int result = make_place(jail->root_fd, relative, S_ISDIR(about.st_mode));

		if (result < 0)
			return mp_fail(err, MP_FAULT_HOST, result, "make the place %s", path);
		target = open_in_root(jail->root_fd, relative, O_PATH);
	}
	if (target < 0)
		return mp_fail(err, MP_FAULT_HOST, target, "find the place %s", path);
	if (move_mount(tree_fd, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) <
	    0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "mount at %s", path);
	return 0;
}

/*
 * The fixed part of the root holds no foreign tree yet, so names can be used, and a bind costs three calls.
 * step_close() makes all of them read-only at once.
 */
static int bind_name(struct jail *jail, const char *source, const char *path, struct mp_error *err)
{
	char target[256];
	struct stat about;
	int result;

	if (stat(source, &about) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "%s", source);
	if (S_ISDIR(about.st_mode))
		result = mkdirat(jail->root_fd, path + 1, 0755);
	else
		result = mknodat(jail->root_fd, path + 1, S_IFREG | 0444, 0);
	if (result < 0 && errno != EEXIST)
		return mp_fail(err, MP_FAULT_HOST, -errno, "make the place");
	(void)snprintf(target, sizeof(target), JAIL_STAGE "%s", path);
	if (mount(source, target, NULL, MS_BIND | MS_REC, NULL) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "bind %s", source);
	return 0;
}

int step_bind(struct jail *jail, const struct step *step, struct mp_error *err)
{
	return bind_name(jail, step->source, step->path, err);
}

int step_close(struct jail *jail, const struct step *step, struct mp_error *err)
{
	struct mount_attr all = {.attr_set =
					 MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV};
	struct mount_attr top = {.attr_clr = MOUNT_ATTR_RDONLY};

	(void)jail;
	(void)step;
	if (mount_setattr(AT_FDCWD, JAIL_STAGE, AT_RECURSIVE, &all, sizeof(all)) < 0 ||
	    mount_setattr(AT_FDCWD, JAIL_STAGE, 0, &top, sizeof(top)) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "make what is bound read-only");
	return 0;
}

int step_place(struct jail *jail, const struct step *step, struct mp_error *err)
{
	int tree mp_autofd = mp_take_fd(&jail->trees[step->slot]);

	return tree < 0 ? 0 : tree_place(jail, tree, step->path, err);
}

int step_borrow(struct jail *jail, const struct step *step, struct mp_error *err)
{
	int tree mp_autofd = mp_take_fd(&jail->scratch_fd);

	if (tree < 0)
		return mp_fail(err, MP_FAULT_HOST, -EBADF, "the box beside lent no scratch");
	return tree_place(jail, tree, step->path, err);
}

int step_device(struct jail *jail, const struct step *step, struct mp_error *err)
{
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC |
					      MOUNT_ATTR_RDONLY};
	char target[64];
	int result = bind_name(jail, step->path, step->path, err);

	(void)snprintf(target, sizeof(target), JAIL_STAGE "%s", step->path);
	if (result == 0 && mount_setattr(AT_FDCWD, target, 0, &attr, sizeof(attr)) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "close down");
	return result;
}
