/* SPDX-License-Identifier: MIT */
/* A keeper's scratch is shared by the boxes beside it; their processes and networks are not. */
#include "tests/helper/boxes.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "sandbox/base/path.h"

static struct mp_box *open_keeper(void)
{
	struct mp_box_spec spec;

	boxes_spec(&spec, MP_PROFILE_BUILD, NULL);
	spec.wall_ms = 0;
	return boxes_open(&spec);
}

static struct mp_box_result run_beside(struct mp_box *keeper, const char *tree, const char *script,
				       char *text, size_t size)
{
	const char *argv[] = {"sh", "-c", script, NULL};
	struct mp_box_spec spec;

	boxes_spec(&spec, MP_PROFILE_BUILD, argv);
	spec.beside = keeper;
	spec.has_network = true;
	if (tree) {
		spec.binds[0] = (struct mp_bind){tree, "/work/tree", MP_BIND_COPY};
		spec.binds[1] = (struct mp_bind){tree, "/work/original", MP_BIND_READ_ONLY};
		spec.bind_count = 2;
		spec.dir = "/work/tree";
	}
	return boxes_run(&spec, text, size);
}

/* A tree below a folder of mode 0700, as a learner's work tree in a home is. */
static void make_tree(char *path)
{
	char file[300];
	int fd;

	OK(mkdtemp(path) != NULL);
	(void)snprintf(file, sizeof(file), "%s/tree", path);
	IS(mkdir(file, 0755), 0);
	(void)snprintf(file, sizeof(file), "%s/tree/sub", path);
	IS(mkdir(file, 0755), 0);
	(void)snprintf(file, sizeof(file), "%s/tree/sub/run", path);
	fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
	IS(write(fd, "#!/bin/sh\necho ran\n", 19), 19);
	(void)close(fd);
	(void)snprintf(file, sizeof(file), "%s/tree/link", path);
	IS(symlink("sub/run", file), 0);
}

static void a_copy_is_private_and_kept_between_boxes(void)
{
	char path[] = "/tmp/t_keeper.XXXXXX";
	char tree[64];
	char text[400];
	struct mp_box *keeper = open_keeper();
	struct mp_box_result result;

	if (!keeper)
		return;
	make_tree(path);
	(void)snprintf(tree, sizeof(tree), "%s/tree", path);
	result = run_beside(
		keeper, tree,
		"./link && echo more >> sub/run && echo x > new && cat /work/original/sub/run",
		text, sizeof(text));
	ENDED(result, MP_END_EXITED, 0);
	IS_TEXT(text, "ran\n#!/bin/sh\necho ran\n");
	result = run_beside(keeper, tree,
			    "cat sub/run new; echo no 2>/dev/null > /work/original/new", text,
			    sizeof(text));
	OK(result.exit_code != 0);
	HAS_TEXT(text, "#!/bin/sh\necho ran\nmore\nx\n");
	(void)mp_box_close(keeper);
	IS(path_remove_tree(AT_FDCWD, path), 0);
}

static void boxes_beside_each_other_share_no_processes(void)
{
	char text[400];
	struct mp_box *keeper = open_keeper();
	struct mp_box_result result;

	if (!keeper)
		return;
	result = run_beside(
		keeper, NULL,
		"echo mine > note; test $(ls /proc | grep -c '^[0-9]') -le 4 && echo few", text,
		sizeof(text));
	ENDED(result, MP_END_EXITED, 0);
	IS_TEXT(text, "few\n");
	result = run_beside(keeper, NULL, "cat note", text, sizeof(text));
	IS_TEXT(text, "mine\n");
	(void)mp_box_close(keeper);
}

static void nothing_can_be_mounted_beside_a_keeper(void)
{
	char text[400];
	struct mp_box *keeper = open_keeper();
	struct mp_box_result result;

	if (!keeper)
		return;
	result = run_beside(
		keeper, NULL,
		"unshare -U true; mount -t tmpfs x /scratch/home; grep Cap.*:.*[1-9a-f] /proc/self/status",
		text, sizeof(text));
	if (!ENDED(result, MP_END_EXITED, 1))
		printf("# %s\n", text);
	(void)mp_box_close(keeper);
}

static void a_box_beside_one_that_has_ended_says_so(void)
{
	struct mp_box *keeper = open_keeper();
	struct mp_box_result result;
	const char *argv[] = {"true", NULL};
	struct mp_box_spec spec;
	struct mp_box *box = NULL;

	if (!keeper)
		return;
	mp_box_kill(keeper);
	IS(mp_box_wait(keeper, 5000, &result, &boxes_error), 0);
	boxes_spec(&spec, MP_PROFILE_BUILD, argv);
	spec.beside = keeper;
	OK(mp_box_open(boxes_launcher, &spec, &box, &boxes_error) < 0);
	HAS_TEXT(boxes_error.text, "the box beside");
	(void)mp_box_close(box);
	(void)mp_box_close(keeper);
}

BOXES_MAIN(T(a_copy_is_private_and_kept_between_boxes) T(boxes_beside_each_other_share_no_processes)
		   T(nothing_can_be_mounted_beside_a_keeper)
			   T(a_box_beside_one_that_has_ended_says_so))
