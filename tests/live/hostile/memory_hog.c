/* SPDX-License-Identifier: MIT */
/* Touches memory for ever, in a child, and says afterwards that all went well. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STEP = 8 << 20 };

int main(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		for (long total = 0; total < 4L << 30; total += STEP) {
			char *block = malloc(STEP);

			if (!block)
				_exit(1);
			memset(block, 'x', STEP);
		}
		_exit(0);
	}
	(void)waitpid(pid, NULL, 0);
	return 0;
}
