/* SPDX-License-Identifier: MIT */
/*
 * Which control groups this process may use, by what /proc says.
 *
 * /proc/self/cgroup names our group in each hierarchy, as seen from the root of the hierarchy; mountinfo
 * says where each is mounted and which group is the mount's root (in a container not "/"). Our own
 * group's folder is the mount point plus what is left of the group's name after the mount's root.
 * Source: cgroups(7), proc(5).
 */
#include "sandbox/host/host.h"

#include <stdio.h>
#include <string.h>

/* One mount of mountinfo; parts point into the line's copy. */
struct mount_line {
	char text[4096];
	char *root;
	char *point;
	char *type;
	char *options; /* of the superblock */
};

/* Is WORD one of the words of LIST, which are separated by any of SEPARATORS? */
static bool has_word(const char *list, const char *word, const char *separators)
{
	size_t length = strlen(word);

	while (*list) {
		size_t found = strcspn(list, separators);

		if (found == length && strncmp(list, word, length) == 0)
			return true;
		list += found;
		list += strspn(list, separators);
	}
	return false;
}

/* \040 and friends back to what they were. */
static void unescape(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		if (from[0] == '\\' && from[1] >= '0' && from[1] <= '3' && from[2] >= '0' &&
		    from[2] <= '7' && from[3] >= '0' && from[3] <= '7') {
			*to++ = (char)((from[1] - '0') << 6 | (from[2] - '0') << 3 |
				       (from[3] - '0'));
			from += 3;
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
}

/* Split one line; false when it is not one. */
static bool mount_line_read(struct mount_line *line, const char *text, size_t length)
{
	char *rest = line->text;
	char *parts[5];
	char *word;

	if (length >= sizeof(line->text))
		return false;
	memcpy(line->text, text, length);
	line->text[length] = '\0';
	for (size_t i = 0; i < 5; i++) {
		parts[i] = strsep(&rest, " ");
		if (!rest)
			return false;
	}
	while ((word = strsep(&rest, " ")) && strcmp(word, "-") != 0)
		;
	line->root = parts[3];
	line->point = parts[4];
	line->type = rest ? strsep(&rest, " ") : NULL;
	(void)(rest && strsep(&rest, " "));
	line->options = rest;
	if (!line->type || !line->options)
		return false;
	unescape(line->root);
	unescape(line->point);
	return true;
}

/* The name of our group in the hierarchy of CONTROLLER; "" is the v2 tree. */
static bool find_group(const char *self_cgroup, const char *controller, char *ret_group,
		       size_t size)
{
	for (const char *line = self_cgroup; *line;
	     line += strcspn(line, "\n"), line += *line == '\n') {
		char controllers[256];
		const char *name = strchr(line, ':');
		const char *group = name ? strchr(name + 1, ':') : NULL;
		size_t length = strcspn(line, "\n");

		if (!group || group >= line + length ||
		    (size_t)(group - name) > sizeof(controllers))
			continue;
		(void)snprintf(controllers, sizeof(controllers), "%.*s", (int)(group - name - 1),
			       name + 1);
		if (*controller ? !has_word(controllers, controller, ",") : *controllers != '\0')
			continue;
		length -= (size_t)(group + 1 - line);
		if (length >= size)
			return false;
		memcpy(ret_group, group + 1, length);
		ret_group[length] = '\0';
		return true;
	}
	return false;
}

/*
 * The mount of the hierarchy of CONTROLLER; "" is the v2 tree. A later mount at the same place covers the
 * first; one elsewhere is somebody's root folder that shows the groups too, and may go at any moment.
 */
static bool find_mount(const char *mountinfo, const char *controller, struct mount_line *ret_line)
{
	struct mount_line line;
	bool is_found = false;

	for (const char *at = mountinfo; *at; at += strcspn(at, "\n"), at += *at == '\n') {
		if (!mount_line_read(&line, at, strcspn(at, "\n")))
			continue;
		if (strcmp(line.type, *controller ? "cgroup" : "cgroup2") != 0)
			continue;
		if (*controller && !has_word(line.options, controller, ","))
			continue;
		if (is_found && strcmp(line.point, ret_line->point) != 0)
			continue;
		if (!mount_line_read(ret_line, at, strcspn(at, "\n")))
			continue;
		is_found = true;
	}
	return is_found;
}

/* The folder of our group in a hierarchy, and the folder of its mount; false when there is none. */
static bool find_folder(const char *self_cgroup, const char *mountinfo, const char *controller,
			char *ret_own, char *ret_top)
{
	struct mount_line mount;
	char group[HOST_PATH_MAX];
	size_t root;
	int length;

	if (!find_group(self_cgroup, controller, group, sizeof(group)) ||
	    !find_mount(mountinfo, controller, &mount))
		return false;
	root = strcmp(mount.root, "/") == 0 ? 0 : strlen(mount.root);
	/* A group outside the mount's root ("/..") cannot be reached through it. */
	if (strncmp(group, mount.root, root) != 0 || (group[root] != '/' && group[root] != '\0') ||
	    strncmp(group + root, "/..", 3) == 0)
		return false;
	length = snprintf(ret_own, HOST_PATH_MAX, "%s%s", mount.point,
			  strcmp(group + root, "/") == 0 ? "" : group + root);
	return length < HOST_PATH_MAX &&
	       snprintf(ret_top, HOST_PATH_MAX, "%s", mount.point) < HOST_PATH_MAX;
}

static bool has_file(const struct host_files *files, const char *folder, const char *name,
		     char *ret_text, size_t size)
{
	char path[HOST_PATH_MAX + 64];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	ret_text[0] = '\0';
	return files->read(path, ret_text, size);
}

static bool can_write(const struct host_files *files, const char *folder, const char *name)
{
	char path[HOST_PATH_MAX + 64];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	return files->can_write(path);
}

/* May groups with memory and pids be made below FOLDER of the v2 tree? */
static bool try_v2(const struct host_files *files, const char *folder, bool may_hold_others,
		   struct host_cgroups *ret)
{
	char controllers[256];
	char enabled[256];
	char type[64];
	char processes[64];
	bool is_root;
	bool holds_others;

	/* What rules most folders out is asked first: a box waits for these answers. */
	if (!has_file(files, folder, "cgroup.controllers", controllers, sizeof(controllers)) ||
	    !has_word(controllers, "memory", " \n") || !has_word(controllers, "pids", " \n"))
		return false;
	if (!files->can_write(folder) || !can_write(files, folder, "cgroup.procs") ||
	    !can_write(files, folder, "cgroup.subtree_control"))
		return false;
	is_root = !has_file(files, folder, "cgroup.type", type,
			    sizeof(type)); /* the root alone has no type */
	(void)has_file(files, folder, "cgroup.subtree_control", enabled, sizeof(enabled));
	(void)has_file(files, folder, "cgroup.procs", processes, sizeof(processes));
	holds_others = strchr(processes, '\n') != strrchr(processes, '\n');
	if (!is_root && holds_others && !may_hold_others)
		return false;
	ret->kind = HOST_CGROUP_V2;
	(void)snprintf(ret->v2, sizeof(ret->v2), "%s", folder);
	(void)snprintf(ret->enable, sizeof(ret->enable), "%s%s%s",
		       has_word(enabled, "memory", " \n") ? "" : "+memory",
		       has_word(enabled, "memory", " \n") || has_word(enabled, "pids", " \n") ? ""
											      : " ",
		       has_word(enabled, "pids", " \n") ? "" : "+pids");
	ret->must_leave = !is_root && *processes && *ret->enable;
	return true;
}

/*
 * Whoever left a group for its leaf (must_leave) has children that start in the leaf: theirs is the group
 * above, which already passes its controllers on.
 */
static bool try_above_leaf(const struct host_files *files, const char *own,
			   struct host_cgroups *ret)
{
	struct host_cgroups found = {.kind = HOST_CGROUP_NONE};
	char above[HOST_PATH_MAX];
	char *slash;

	(void)snprintf(above, sizeof(above), "%s", own);
	slash = strrchr(above, '/');
	if (!slash || strcmp(slash + 1, HOST_LEAF) != 0)
		return false;
	*slash = '\0';
	if (!try_v2(files, above, true, &found) || *found.enable)
		return false;
	*ret = found;
	return true;
}

void host_find_cgroups(const char *self_cgroup, const char *mountinfo,
		       const struct host_files *files, struct host_cgroups *ret_cgroups)
{
	struct host_cgroups found = {.kind = HOST_CGROUP_NONE};
	char own[HOST_PATH_MAX];
	char top[HOST_PATH_MAX];
	bool has_v2 = find_folder(self_cgroup, mountinfo, "", own, top);
	char unused[HOST_PATH_MAX];

	*ret_cgroups = found;
	/*
	 * Our own group when it is ours alone, as in a scope or a service; else the top of the tree, for root;
	 * else our own with all that it holds, which is a scope that was delegated to a user's shell.
	 */
	if (has_v2 &&
	    (try_above_leaf(files, own, ret_cgroups) || try_v2(files, own, false, ret_cgroups) ||
	     try_v2(files, top, true, ret_cgroups) || try_v2(files, own, true, ret_cgroups)))
		return;
	if (!find_folder(self_cgroup, mountinfo, "memory", found.memory, unused) ||
	    !find_folder(self_cgroup, mountinfo, "pids", found.pids, unused) ||
	    !find_folder(self_cgroup, mountinfo, "cpuacct", found.cpuacct, unused))
		return;
	if (!files->can_write(found.memory) || !files->can_write(found.pids) ||
	    !files->can_write(found.cpuacct))
		return;
	found.kind = HOST_CGROUP_V1;
	if (!find_folder(self_cgroup, mountinfo, "cpu", found.cpu, unused))
		found.cpu[0] = '\0';
	if (!find_folder(self_cgroup, mountinfo, "cpuset", found.cpuset, unused))
		found.cpuset[0] = '\0';
	if (has_v2 && files->can_write(own))
		(void)snprintf(found.v2, sizeof(found.v2), "%s", own);
	*ret_cgroups = found;
}
