/* SPDX-License-Identifier: MIT */
/* The ends of owned locals. */
#include "sandbox/base/cleanup.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

void cleanup_fd(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
	errno = saved;
}

void cleanup_free(void *pointer)
{
	int saved = errno;
	void **owned = pointer;

	free(*owned);
	*owned = NULL;
	errno = saved;
}

void cleanup_file(FILE **file)
{
	if (*file)
		(void)fclose(*file);
	*file = NULL;
}

int mp_take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}
