/* SPDX-License-Identifier: MIT */
/* Leaves a daemon behind: another session, another parent, output still open. The parent is done at once. */
#include <signal.h>
#include <unistd.h>

#include "hostile.h"

int main(void)
{
	int pipes[2];
	char byte;

	must_fail(pipe(pipes) < 0, "no pipe");
	if (fork() == 0) {
		(void)setsid();
		(void)signal(SIGHUP, SIG_IGN);
		(void)signal(SIGTERM, SIG_IGN);
		if (fork() == 0) {
			(void)!write(pipes[1], "x", 1);
			while (1)
				(void)sleep(1000);
		}
		_exit(0);
	}
	(void)!read(pipes[0], &byte, 1);
	return held();
}
