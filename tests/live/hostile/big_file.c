/* SPDX-License-Identifier: MIT */
/* Writes one file for ever, after trying to make a large one at once. */
#include <fcntl.h>
#include <unistd.h>

#include "hostile.h"

int main(void)
{
	static char block[1 << 20];
	int fd = open("big", O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	must_fail(fd < 0, "no file at all");
	for (long i = 0; i < 1L << 20; i++)
		if (write(fd, block, sizeof(block)) < 0)
			return 1;
	must_fail(true, "a terabyte");
}
