/* SPDX-License-Identifier: MIT */
/* Takes every inotify instance that it can get, says so, and keeps them for a while. */
#include <sys/inotify.h>
#include <unistd.h>

#include "hostile.h"

int main(int argc, char **argv)
{
	int count = 0;

	while (count < 100000 && inotify_init1(IN_CLOEXEC) >= 0)
		count++;
	printf("%d instances\n", count);
	(void)fflush(stdout);
	must_fail(count == 0, "no instance at all");
	if (argc > 1)
		(void)sleep((unsigned int)number_of(argv[1]));
	must_fail(count > 1000, "more than a thousand instances");
	return held();
}
