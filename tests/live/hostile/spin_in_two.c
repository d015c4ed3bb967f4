/* SPDX-License-Identifier: MIT */
/* Burns CPU time in two children at once, while the parent waits. */
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	for (int i = 0; i < 2; i++) {
		if (fork() == 0)
			while (1)
				;
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
