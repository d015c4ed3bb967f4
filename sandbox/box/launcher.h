/* SPDX-License-Identifier: MIT */
/* The client's handle of the launcher, shared by the files of the client's side, and the launcher's life. */
#ifndef SANDBOX_BOX_LAUNCHER_H
#define SANDBOX_BOX_LAUNCHER_H

#include "sandbox/host/host.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

/*
 * What client and launcher share from the fork on: the client asks the host while the launcher gets ready.
 * A message of the client comes after is_probed.
 */
struct launcher_shared {
	atomic_bool is_probed;
	struct host host;
};

struct mp_launcher {
	int fd; /* SOCK_SEQPACKET to the launcher */
	pid_t pid;
	uint32_t uid_base;
	bool is_once; /* for one box: the launcher becomes its watcher */
	struct launcher_shared *shared;
};

/* The launcher's life, in the forked child. FD is its end of the socket. Never returns. */
_Noreturn void launcher_main(int fd, const struct mp_launcher *launcher);

#endif
