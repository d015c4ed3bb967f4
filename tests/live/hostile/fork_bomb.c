/* SPDX-License-Identifier: MIT */
/* Forks for ever, each child too. */
#include <unistd.h>

int main(void)
{
	while (1)
		(void)!fork();
}
