/* SPDX-License-Identifier: MIT */
/* Process 1 has the same user: its memory, descriptors, environment and root must stay closed. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "hostile.h"

static const char *const files[] = {
	"/proc/1/mem",	      "/proc/1/environ", "/proc/1/maps",    "/proc/1/auxv", "/proc/1/stack",
	"/proc/1/syscall",    "/proc/1/root/",	 "/proc/1/fd/",	    "/proc/1/exe",  "/proc/1/cwd/",
	"/proc/1/map_files/", "/proc/1/ns/user", "/proc/1/fdinfo/",
};

int main(void)
{
	struct rlimit limit = {1, 1};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		must_fail(open(files[i], O_RDONLY | O_CLOEXEC) >= 0, files[i]);
	must_fail(open("/proc/1/mem", O_RDWR | O_CLOEXEC) >= 0, "/proc/1/mem for writing");
	must_fail(open("/proc/1/oom_score_adj", O_WRONLY | O_CLOEXEC) >= 0,
		  "/proc/1/oom_score_adj");
	must_fail(prlimit(1, RLIMIT_CPU, &limit, NULL) == 0, "prlimit of process 1");
	must_fail(setpriority(PRIO_PROCESS, 1, 19) == 0, "setpriority of process 1");
	return held();
}
