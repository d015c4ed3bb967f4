/* SPDX-License-Identifier: MIT */
/* Writes for ever to both streams. */
#include <string.h>
#include <unistd.h>

int main(void)
{
	char block[65536];

	memset(block, 'x', sizeof(block));
	while (1) {
		(void)!write(1, block, sizeof(block));
		(void)!write(2, block, sizeof(block));
	}
}
