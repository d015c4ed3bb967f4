/* SPDX-License-Identifier: MIT */
/* Starts threads for ever; threads count as processes. */
#include <pthread.h>
#include <unistd.h>

static void *wait_for_ever(void *nothing)
{
	(void)nothing;
	while (1)
		(void)pause();
	return NULL;
}

int main(void)
{
	pthread_t thread;
	pthread_attr_t attributes;

	(void)pthread_attr_init(&attributes);
	(void)pthread_attr_setstacksize(&attributes, 64 * 1024);
	while (1)
		(void)pthread_create(&thread, &attributes, wait_for_ever, NULL);
}
