/* SPDX-License-Identifier: MIT */
/* Paths below a folder's descriptor: no links followed, no way out. */
#ifndef SANDBOX_BASE_PATH_H
#define SANDBOX_BASE_PATH_H

#include <milepost/error.h>
#include <stdbool.h>
#include <sys/types.h>

/*
 * open PATH (relative) beneath DIR_FD: no link in any part, no "..", no other mount; close-on-exec.
 * Returns the descriptor or a negative errno (-ELOOP: a link, -EXDEV: a way out). Source: openat2(2).
 */
int path_open_below(int dir_fd, const char *path, int flags);

/* The same for creating: makes the folders on the way (0755), then the file with MODE. */
int path_create_below(int dir_fd, const char *path, int flags, mode_t mode);

/*
 * The bytes of a regular file beneath DIR_FD, at most LIMIT: more is -EFBIG, not regular -EINVAL.
 * RET_BYTES is NUL-terminated and freed by the caller.
 */
MP_MUST_CHECK int path_read_below(int dir_fd, const char *path, size_t limit, char **ret_bytes,
				  size_t *ret_count);

/* Remove everything below DIR_FD's entry NAME and the entry, links not followed, with a fixed number of descriptors. */
int path_remove_tree(int dir_fd, const char *name);

/* Write all of BYTES; 0 or a negative errno. */
MP_MUST_CHECK int path_write_all(int fd, const void *bytes, size_t count);

#endif
