/* SPDX-License-Identifier: MIT */
/* Calls itself until the stack is used up: a crash of its own, not the memory limit. */
#include <stdio.h>

static int deeper(volatile int *depth)
{
	volatile int here = *depth + 1;

	return deeper(&here) + here;
}

int main(void)
{
	volatile int depth = 0;

	printf("%d\n", deeper(&depth));
	return 0;
}
