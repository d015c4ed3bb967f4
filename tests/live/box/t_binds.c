/* SPDX-License-Identifier: MIT */
/* What a box sees of the host, as whom, and what it may do there. */
#include "tests/helper/boxes.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "sandbox/base/path.h"

static char folder[] = "/tmp/t_binds.XXXXXX";

/* A folder with one file of mode MODE, both owned by OWNER where we may give things away. */
static void make_folder(mode_t mode, uid_t owner)
{
	char file[64];
	int fd;

	(void)snprintf(folder, sizeof(folder), "/tmp/t_binds.XXXXXX");
	OK(mkdtemp(folder) != NULL);
	(void)snprintf(file, sizeof(file), "%s/file", folder);
	fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, mode);
	IS(write(fd, "words\n", 6), 6);
	(void)close(fd);
	if (geteuid() == 0) {
		IS(chown(file, owner, owner), 0);
		IS(chown(folder, owner, owner), 0);
	}
}

static struct mp_box_result run_with(enum mp_profile profile, enum mp_bind_mode mode,
				     const char *script, char *text, size_t size)
{
	const char *argv[] = {"sh", "-c", script, NULL};
	struct mp_box_spec spec;

	boxes_spec(&spec, profile, argv);
	spec.dir = "/work";
	spec.binds[0] = (struct mp_bind){folder, "/work", mode};
	spec.bind_count = 1;
	return boxes_run(&spec, text, size);
}

static bool is_on_tmpfs(void)
{
	struct statfs about;

	return statfs(folder, &about) == 0 && about.f_type == TMPFS_MAGIC;
}

static void a_reader_reads_what_only_root_may(void)
{
	char text[300];
	struct mp_box_result result;

	if (geteuid() != 0)
		SKIP_TEST("needs root");
	make_folder(0600, 0);
	result = run_with(MP_PROFILE_READER, MP_BIND_READ_ONLY,
			  "cat file; echo x 2>/dev/null > file", text, sizeof(text));
	if (result.end == MP_END_COULD_NOT_START && is_on_tmpfs()) {
		IS(path_remove_tree(AT_FDCWD, folder), 0);
		SKIP_TEST("this kernel maps no ids on a tmpfs (6.3 does)");
	}
	ENDED(result, MP_END_EXITED, 2);
	HAS_TEXT(text, "words\n");
	result = run_with(MP_PROFILE_PROGRAM, MP_BIND_READ_ONLY, "cat file", text, sizeof(text));
	ENDED(result, MP_END_COULD_NOT_START, 0);
	IS(path_remove_tree(AT_FDCWD, folder), 0);
}

static void a_git_box_writes_as_the_owner(void)
{
	char text[300];
	char file[64];
	struct stat about;
	struct mp_box_result result;

	if (geteuid() != 0)
		SKIP_TEST("needs root");
	make_folder(0600, 4321);
	result = run_with(MP_PROFILE_GIT, MP_BIND_WRITABLE, "cat file && echo more > new", text,
			  sizeof(text));
	ENDED(result, MP_END_EXITED, 0);
	IS_TEXT(text, "words\n");
	(void)snprintf(file, sizeof(file), "%s/new", folder);
	IS(stat(file, &about), 0);
	IS(about.st_uid, 4321);
	IS(about.st_gid, 4321);
	IS(path_remove_tree(AT_FDCWD, folder), 0);
}

static void what_is_writable_is_so_and_nothing_else(void)
{
	static const char *const places[] = {"/",    "/usr",  "/etc", "/dev", "/proc",
					     "/run", "/.box", "/sys", "/var", "/opt"};
	char text[600];
	struct mp_box_result result;

	make_folder(0644, 0);
	IS(chmod(folder, 0777), 0);
	result = run_with(MP_PROFILE_BUILD, MP_BIND_WRITABLE, "echo new > made && cat made file",
			  text, sizeof(text));
	ENDED(result, MP_END_EXITED, 0);
	IS_TEXT(text, "new\nwords\n");
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		char line[200];

		(void)snprintf(line, sizeof(line), "touch %s/new 2>/dev/null || exit 9", places[i]);
		result = boxes_sh(MP_PROFILE_BUILD, line, text, sizeof(text));
		ENDED(result, MP_END_EXITED, 9);
		ROW("%s", places[i]);
	}
	IS(path_remove_tree(AT_FDCWD, folder), 0);
}

static void places_inside_the_shim_are_closed(void)
{
	static const char *const lines[] = {
		"cat /proc/1/environ",
		"ls /proc/1/fd",
		"cat /proc/1/mem",
		"cat /proc/1/cmdline",
		"ls /proc/1/root/",
		"cat /proc/kallsyms | grep .",
		"cat /proc/keys | grep .",
		"cat /etc/shadow",
		"ls /home",
		"ls /root/.",
		"cat /proc/self/root/etc/shadow",
		"echo 1 > /proc/self/oom_score_adj",
		"echo x > /proc/sys/kernel/hostname",
		"mknod /scratch/x c 1 3",
		"ln /usr/bin/env /scratch/env",
		"hostname other",
		"nice -n -5 true | grep .",
	};
	char text[600];

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct mp_box_result result =
			boxes_sh(MP_PROFILE_PROGRAM, lines[i], text, sizeof(text));

		if (!OK(result.end == MP_END_EXITED && result.exit_code != 0))
			printf("#   in the row \"%s\": %s: %s\n", lines[i], mp_end_word(result.end),
			       text);
	}
}

static void one_box_using_up_a_users_share_is_not_noticed_by_another(void)
{
	const char *argv[] = {
		"/usr/bin/python3", "-c",
		"import ctypes,time\nc=ctypes.CDLL(None)\nfds=[c.inotify_init() for i in range(500)]\n"
		"print(len([f for f in fds if f>=0]),flush=True)\ntime.sleep(60)",
		NULL};
	struct mp_box_spec spec;
	struct mp_box *greedy;
	struct mp_event event;
	char text[100];

	boxes_spec(&spec, MP_PROFILE_SERVICE, argv);
	spec.cpu_ms = 0;
	greedy = boxes_open(&spec);
	if (!greedy || !OK(boxes_event(greedy, MP_EVENT_OUTPUT, &event)))
		return;
	(void)boxes_sh(MP_PROFILE_PROGRAM,
		       "python3 -c 'import ctypes;print(ctypes.CDLL(None).inotify_init()>=0)'",
		       text, sizeof(text));
	IS_TEXT(text, "True\n");
	(void)mp_box_close(greedy);
}

BOXES_MAIN(T(a_reader_reads_what_only_root_may) T(a_git_box_writes_as_the_owner)
		   T(what_is_writable_is_so_and_nothing_else) T(places_inside_the_shim_are_closed)
			   T(one_box_using_up_a_users_share_is_not_noticed_by_another))
