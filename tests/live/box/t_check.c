/* SPDX-License-Identifier: MIT */
/* Trying each layer on the real host, and on hosts that lack one: a child in worse circumstances. */
#include <errno.h>
#include <milepost/box.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/base/clock.h"
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

TAP_MAIN(T(each_layer_of_this_host_is_tried) T(a_host_without_namespaces_is_told)
		 T(a_covered_proc_is_told) T(a_chroot_is_told))
