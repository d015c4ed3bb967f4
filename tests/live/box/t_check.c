/* SPDX-License-Identifier: MIT */
/* Trying each layer on the real host, and on hosts that lack one: a child in worse circumstances. */
#include <dirent.h>
#include <errno.h>
#include <milepost/box.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/base/clock.h"
#include "sandbox/host/host.h"
#include "sandbox/jail/group.h"
#include "sandbox/jail/seccomp.h"
#include "tests/helper/tap.h"

static void each_layer_of_this_host_is_tried(void)
{
	struct mp_layer_state states[MP_LAYER_COUNT] = {0};
	struct mp_error err = {0};
	int64_t start = clock_now_us();

	IS(mp_host_check(states, &err), 0);
	IS_TEXT(err.text, "");
	printf("# checked in %" PRId64 " us\n", clock_now_us() - start);
	for (int i = 0; i < MP_LAYER_COUNT; i++) {
		printf("# %2d %s: %s%s%s\n", i, states[i].is_present ? "present" : "missing",
		       states[i].detail, *states[i].remedy ? " -- " : "", states[i].remedy);
		IS(states[i].layer, i);
		OK(states[i].is_present == !*states[i].remedy);
		if (getenv("MILEPOST_MUST_RUN") && (i != MP_LAYER_CGROUP || geteuid() == 0))
			OK(states[i].is_present);
	}
	IS(waitpid(-1, NULL, WNOHANG), -1);
	IS(errno, ECHILD);
}

/* Run mp_host_check in a child that WORSEN has made poorer; its exit status is the layer that is missing first. */
static int first_missing(int (*worsen)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		struct mp_layer_state states[MP_LAYER_COUNT];

		if (worsen() < 0)
			_exit(201);
		if (mp_host_check(states, NULL) < 0)
			_exit(202);
		for (int i = 0; i < MP_LAYER_COUNT; i++) {
			if (states[i].is_present)
				continue;
			printf("# %s -- %s\n", states[i].detail, states[i].remedy);
			(void)fflush(stdout);
			_exit(*states[i].detail && *states[i].remedy ? i : 203);
		}
		_exit(200);
	}
	if (waitpid(pid, &status, 0) < 0)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* As in a box: no namespaces at all. */
static int load_filter(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return seccomp_apply(MP_PROFILE_PROGRAM, false, NULL, NULL);
}

/* As in a container: files of /proc are covered. */
static int cover_proc(void)
{
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return -1;
	if (mount("/dev/null", "/proc/version", NULL, MS_BIND, NULL) < 0)
		return -1;
	return mount("/dev/null", "/proc/uptime", NULL, MS_BIND, NULL);
}

static char root_folder[] = "/tmp/milepost-chroot-XXXXXX";

/* In a folder that is not the root of the mounts. */
static int enter_chroot(void)
{
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return -1;
	if (mount("none", root_folder, "tmpfs", 0, NULL) < 0 || chdir(root_folder) < 0)
		return -1;
	if (mkdir("root", 0755) < 0 || mkdir("root/proc", 0755) < 0 ||
	    mount("/proc", "root/proc", NULL, MS_BIND | MS_REC, NULL) < 0)
		return -1;
	return chroot("root") < 0 || chdir("/") < 0 ? -1 : 0;
}

static void a_chroot_is_told(void)
{
	if (geteuid() != 0)
		SKIP_TEST("entering a chroot needs root");
	OK(mkdtemp(root_folder));
	IS(first_missing(enter_chroot), MP_LAYER_USER);
	(void)rmdir(root_folder);
}

static void a_host_without_namespaces_is_told(void)
{
	IS(first_missing(load_filter), MP_LAYER_USER);
}

static void a_covered_proc_is_told(void)
{
	if (geteuid() != 0)
		SKIP_TEST("covering /proc needs root");
	IS(first_missing(cover_proc), MP_LAYER_PID);
}

enum { KILLS = 60, GONE_MS = 5000 };

/* Wait until no child and nothing that became one is left; 0, or -1 when that takes too long. */
static int wait_for_all(void)
{
	int64_t until_us = clock_now_us() + GONE_MS * 1000;

	for (;;) {
		pid_t pid = waitpid(-1, NULL, WNOHANG);

		if (pid < 0 && errno == ECHILD)
			return 0;
		if (clock_now_us() > until_us)
			return -1;
		if (pid == 0)
			(void)poll(NULL, 0, 1);
	}
}

/* How many groups in FOLDER have PID in their name. */
static int count_groups(const char *folder, pid_t pid)
{
	DIR *dir = *folder ? opendir(folder) : NULL;
	struct dirent *entry;
	char word[24];
	int count = 0;

	(void)snprintf(word, sizeof(word), "-%d", pid);
	while (dir && (entry = readdir(dir))) {
		const char *at = strstr(entry->d_name, word);

		count += strncmp(entry->d_name, "milepost-", 9) == 0 && at &&
			 strchr("-", at[strlen(word)]) != NULL;
	}
	if (dir)
		(void)closedir(dir);
	return count;
}

/* Kill a process that tries the layers again and again, at 60 moments; the exit status says what was left. */
static int kill_checks(const struct host *host)
{
	pid_t pids[KILLS];
	int groups = 0;

	(void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	for (int i = 0; i < KILLS; i++) {
		struct mp_layer_state states[MP_LAYER_COUNT];

		pids[i] = fork();
		while (pids[i] == 0 && mp_host_check(states, NULL) == 0)
			;
		if (pids[i] == 0)
			_exit(1);
		(void)usleep(5000 + (useconds_t)i * 300);
		(void)kill(pids[i], SIGKILL);
		if (wait_for_all() < 0)
			return 1;
	}
	group_sweep(host, NULL);
	for (int i = 0; i < KILLS; i++)
		groups += count_groups(host->cgroups.v2, pids[i]) +
			  count_groups(host->cgroups.memory, pids[i]) +
			  count_groups(host->cgroups.pids, pids[i]) +
			  count_groups(host->cgroups.cpuacct, pids[i]);
	return groups > 0 ? 2 : 0;
}

static void a_check_that_is_killed_leaves_no_process_and_no_group(void)
{
	struct mp_error err = {0};
	struct host host;
	int status = -1;
	pid_t pid;

	IS(host_probe(&host, &err), 0);
	pid = fork();
	if (pid == 0)
		_exit(kill_checks(&host));
	IS(waitpid(pid, &status, 0), pid);
	/* 1: a process, 2: a group */
	IS(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0);
}

TAP_MAIN(T(each_layer_of_this_host_is_tried) T(a_host_without_namespaces_is_told)
		 T(a_covered_proc_is_told) T(a_chroot_is_told)
			 T(a_check_that_is_killed_leaves_no_process_and_no_group))
