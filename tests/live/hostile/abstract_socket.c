/* SPDX-License-Identifier: MIT */
/* Connects to the host's abstract socket NAME, which listens. */
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "hostile.h"

int main(int argc, char **argv)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	int length;

	must_fail(argc < 2 || fd < 0, "no name given, or no socket");
	length = snprintf(to.sun_path + 1, sizeof(to.sun_path) - 1, "%s", argv[1]);
	must_fail(connect(fd, (const struct sockaddr *)&to,
			  (socklen_t)offsetof(struct sockaddr_un, sun_path) + 1 +
				  (socklen_t)length) == 0,
		  "the host's abstract socket");
	return held();
}
