/* SPDX-License-Identifier: MIT */
/* Sleeps for ever, deaf to every signal that can be ignored. */
#include <signal.h>
#include <unistd.h>

int main(void)
{
	for (int i = 1; i < 65; i++)
		(void)signal(i, SIG_IGN);
	while (1)
		(void)sleep(1000);
}
