/* SPDX-License-Identifier: MIT */
/* Makes a million empty files where it may write; must meet a limit long before. */
#include <fcntl.h>
#include <unistd.h>

#include "hostile.h"

int main(void)
{
	for (int i = 0; i < 1000000; i++) {
		char name[32];
		int fd;

		(void)snprintf(name, sizeof(name), "f%d", i);
		fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		if (fd < 0) {
			printf("stopped after %d by %s\n", i, strerrorname_np(errno));
			return errno == ENOSPC ? held() : ESCAPED;
		}
		(void)close(fd);
	}
	must_fail(true, "a million files");
}
