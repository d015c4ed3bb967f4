/* SPDX-License-Identifier: MIT */
/* Nothing outlives its client: no process, group, mount, descriptor. */
#include "tests/helper/boxes.h"

#include "sandbox/box/launcher.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* How many processes of this host have WORD as an argument. */
static int count_processes(const char *word)
{
	DIR *all = opendir("/proc");
	struct dirent *entry;
	int count = 0;

	while (all && (entry = readdir(all))) {
		char path[300];
		char text[4096];
		ssize_t got;
		int fd;

		(void)snprintf(path, sizeof(path), "/proc/%.20s/cmdline", entry->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		got = fd < 0 ? -1 : read(fd, text, sizeof(text));
		if (fd >= 0)
			(void)close(fd);
		count += got > 0 && memmem(text, (size_t)got, word, strlen(word)) != NULL;
	}
	if (all)
		(void)closedir(all);
	return count;
}

static int count_entries(const char *folder, const char *prefix)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int count = 0;

	while (dir && (entry = readdir(dir)))
		count += strncmp(entry->d_name, prefix, strlen(prefix)) == 0;
	if (dir)
		(void)closedir(dir);
	return count;
}

/* Groups of the launcher PID, over all trees. */
static int count_groups(pid_t pid)
{
	struct host host;
	char prefix[48];

	if (host_probe(&host, &boxes_error) < 0)
		return -1;
	(void)snprintf(prefix, sizeof(prefix), "milepost-%d-", pid);
	return count_entries(host.cgroups.v2, prefix) + count_entries(host.cgroups.memory, prefix) +
	       count_entries(host.cgroups.pids, prefix) +
	       count_entries(host.cgroups.cpuacct, prefix);
}

static bool is_gone_within(const char *word, int64_t ms)
{
	int64_t until = boxes_now_ms() + boxes_ms(ms);

	while (count_processes(word) > 0) {
		if (boxes_now_ms() > until)
			return false;
		(void)poll(NULL, 0, 2);
	}
	return true;
}

/* A client of its own, with a box that holds daemons; tells the pid of its launcher. */
static pid_t start_client(const char *word, pid_t *ret_launcher)
{
	int ends[2];
	pid_t pid;

	IS(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		char line[200];
		const char *argv[] = {"sh", "-c", line, NULL};
		struct mp_box_spec spec;
		struct mp_launcher *launcher;
		struct mp_box *box;

		(void)snprintf(line, sizeof(line), "setsid sleep 1%s & sleep 2%s & echo; sleep 3%s",
			       word, word, word);
		boxes_spec(&spec, MP_PROFILE_SERVICE, argv);
		if (mp_launcher_open(0, &launcher, NULL) < 0 ||
		    mp_box_open(launcher, &spec, &box, NULL) < 0)
			_exit(1);
		(void)!write(ends[1], &launcher->pid, sizeof(launcher->pid));
		for (;;)
			(void)pause();
	}
	(void)close(ends[1]);
	*ret_launcher = 0;
	(void)!read(ends[0], ret_launcher, sizeof(*ret_launcher));
	(void)close(ends[0]);
	for (int i = 0; i < boxes_ms(1000) && count_processes(word) < 3; i++)
		(void)poll(NULL, 0, 5);
	return pid;
}

static void a_client_that_is_killed_leaves_nothing(void)
{
	for (int i = 0; i < 5; i++) {
		char word[16];
		pid_t launcher;
		pid_t client;

		(void)snprintf(word, sizeof(word), "%06d", getpid() * 10 % 1000000 + i);
		client = start_client(word, &launcher);
		OK(count_processes(word) >= 3);
		OK(kill(client, SIGKILL) == 0);
		OK(waitpid(client, NULL, 0) == client);
		OK(is_gone_within(word, 100));
		for (int wait = 0; wait < 100 && kill(launcher, 0) == 0; wait++)
			(void)poll(NULL, 0, 5);
		IS(count_groups(launcher), 0);
	}
}

static void a_launcher_that_is_killed_leaves_nothing(void)
{
	char word[16];
	pid_t launcher;
	pid_t client;

	(void)snprintf(word, sizeof(word), "%06d", getpid() * 10 % 1000000 + 7);
	client = start_client(word, &launcher);
	OK(count_processes(word) >= 3);
	OK(kill(launcher, SIGKILL) == 0);
	OK(is_gone_within(word, 100));
	(void)poll(NULL, 0, 50);
	IS(count_groups(launcher), 0);
	OK(kill(client, SIGKILL) == 0);
	OK(waitpid(client, NULL, 0) == client);
}

static void a_watcher_that_is_killed_ends_its_box(void)
{
	const char *argv[] = {"sleep", "1000.25", NULL};
	struct mp_box_spec spec;
	struct mp_box_result result;
	struct mp_box *box;
	char line[64];
	FILE *children;
	int watcher = 0;

	boxes_spec(&spec, MP_PROFILE_SERVICE, argv);
	box = boxes_open(&spec);
	for (int i = 0; i < 400 && count_processes("1000.25") == 0; i++)
		(void)poll(NULL, 0, 5);
	(void)snprintf(line, sizeof(line), "/proc/%d/task/%d/children", boxes_launcher->pid,
		       boxes_launcher->pid);
	children = fopen(line, "re");
	OK(children && fgets(line, sizeof(line), children) &&
	   (watcher = (int)strtoul(line, NULL, 10)) > 0);
	if (children)
		(void)fclose(children);
	if (watcher <= 0)
		return;
	IS(kill(watcher, SIGKILL), 0);
	IS(mp_box_wait(box, 5000, &result, &boxes_error), 0);
	ENDED(result, MP_END_SANDBOX_ERROR, 0);
	OK(is_gone_within("1000.25", 100));
	(void)mp_box_close(box);
}

static void groups_of_dead_launchers_are_swept(void)
{
	struct host host;
	struct mp_launcher *launcher;
	pid_t dead;
	char path[600];

	IS(host_probe(&host, &boxes_error), 0);
	if (host.cgroups.kind == HOST_CGROUP_NONE || !host.cgroups.v2[0])
		SKIP_TEST("no control groups that this user may write");
	dead = fork();
	if (dead == 0)
		_exit(0);
	OK(waitpid(dead, NULL, 0) == dead);
	(void)snprintf(path, sizeof(path), "%s/milepost-%d-1-1", host.cgroups.v2, dead);
	IS(mkdir(path, 0755), 0);
	IS(mp_launcher_open(0, &launcher, &boxes_error), 0);
	(void)mp_launcher_close(launcher);
	OK(access(path, F_OK) < 0);
}

static void a_thousand_boxes_leave_no_descriptor_and_no_mount(void)
{
	char launcher_fds[64];
	int own = count_entries("/proc/self/fd", "");
	int groups = count_groups(boxes_launcher->pid);
	int its;

	(void)snprintf(launcher_fds, sizeof(launcher_fds), "/proc/%d/fd", boxes_launcher->pid);
	its = count_entries(launcher_fds, "");
	for (int64_t i = boxes_ms(1); i <= 1000; i += boxes_ms(1)) {
		const char *argv[] = {"true", NULL};
		struct mp_box_spec spec;
		struct mp_box_result result;

		boxes_spec(&spec, MP_PROFILE_PROGRAM, argv);
		result = boxes_run(&spec, NULL, 0);
		if (!ENDED(result, MP_END_EXITED, 0))
			break;
	}
	IS(count_entries("/proc/self/fd", ""), own);
	for (int i = 0; i < 100 && count_entries(launcher_fds, "") != its; i++)
		(void)poll(NULL, 0, 5);
	IS(count_entries(launcher_fds, ""), its);
	/* The last box may still be on its way out. */
	for (int i = 0; i < 100 && count_groups(boxes_launcher->pid) != groups; i++)
		(void)poll(NULL, 0, 5);
	IS(count_groups(boxes_launcher->pid), groups);
}

static void a_box_sees_only_three_descriptors(void)
{
	char text[200];
	struct mp_box_result result =
		boxes_sh(MP_PROFILE_PROGRAM, "cd /proc/self/fd && echo *", text, sizeof(text));

	ENDED(result, MP_END_EXITED, 0);
	/* The fourth is the folder that is being listed. */
	OK(strcmp(text, "0 1 2 3\n") == 0 || strcmp(text, "0 1 2\n") == 0);
}

static void a_launcher_leaves_no_group_even_of_a_watcher_that_was_killed(void)
{
	const char *argv[] = {"sleep", "1000.5", NULL};
	struct mp_launcher *launcher;
	struct mp_box_spec spec;
	struct mp_box *box;
	char line[200] = "";
	FILE *children;
	pid_t pid;

	IS(mp_launcher_open(0, &launcher, &boxes_error), 0);
	pid = launcher->pid;
	boxes_spec(&spec, MP_PROFILE_SERVICE, argv);
	IS(mp_box_open(launcher, &spec, &box, &boxes_error), 0);
	for (int i = 0; i < 400 && count_processes("1000.5") == 0; i++)
		(void)poll(NULL, 0, 5);
	(void)snprintf(line, sizeof(line), "/proc/%d/task/%d/children", pid, pid);
	children = fopen(line, "re");
	OK(children && fgets(line, sizeof(line), children));
	if (children)
		(void)fclose(children);
	for (char *at = line; *at >= '0' && *at <= '9'; at += strspn(at, " "))
		(void)kill((pid_t)strtoimax(at, &at, 10), SIGKILL);
	(void)mp_box_close(box);
	(void)mp_launcher_close(launcher);
	IS(count_groups(pid), 0);
}

static void closing_a_box_ends_it(void)
{
	const char *argv[] = {"sleep", "1000.75", NULL};
	struct mp_box_spec spec;
	struct mp_box *box;

	boxes_spec(&spec, MP_PROFILE_SERVICE, argv);
	box = boxes_open(&spec);
	for (int i = 0; i < 400 && count_processes("1000.75") == 0; i++)
		(void)poll(NULL, 0, 5);
	(void)mp_box_close(box);
	IS(count_processes("1000.75"), 0);
}

BOXES_MAIN(T(a_client_that_is_killed_leaves_nothing) T(a_launcher_that_is_killed_leaves_nothing)
		   T(a_watcher_that_is_killed_ends_its_box) T(groups_of_dead_launchers_are_swept)
			   T(a_thousand_boxes_leave_no_descriptor_and_no_mount) T(
				   a_box_sees_only_three_descriptors) T(closing_a_box_ends_it)
				   T(a_launcher_leaves_no_group_even_of_a_watcher_that_was_killed))
