/* SPDX-License-Identifier: MIT */
/* Cleanup attributes: a local that owns something says so, is initialised at once, and gives it up only by mp_take(). */
#ifndef SANDBOX_BASE_CLEANUP_H
#define SANDBOX_BASE_CLEANUP_H

#include <stdio.h>

/* Close *FD when it is not negative; errno stays as it was. */
void cleanup_fd(int *fd);

/* Free *(void **)POINTER; errno stays as it was. */
void cleanup_free(void *pointer);

/* Close *FILE when it is not NULL. */
void cleanup_file(FILE **file);

#define mp_autofd   __attribute__((cleanup(cleanup_fd)))
#define mp_autofree __attribute__((cleanup(cleanup_free)))
#define mp_autofile __attribute__((cleanup(cleanup_file)))

/* Hand over a descriptor: returns *FD and leaves -1. */
int mp_take_fd(int *fd);

/* Hand over a pointer: yields POINTER and leaves NULL. */
#define mp_take(POINTER)                                                                           \
	__extension__({                                                                            \
		__typeof__(POINTER) mp_taken_ = (POINTER);                                         \
		(POINTER) = NULL;                                                                  \
		mp_taken_;                                                                         \
	})

#endif
