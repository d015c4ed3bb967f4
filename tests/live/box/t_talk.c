/* SPDX-License-Identifier: MIT */
/* Descriptor 3 of a box: a line to the client that the command's own children inherit. */
#include "tests/helper/boxes.h"

#include <sys/socket.h>

static void talk_with(const char *script, int talk_fd, struct mp_box_result *ret_result)
{
	const char *argv[] = {"sh", "-c", script, NULL};
	struct mp_box_spec spec;
	char text[300];

	boxes_spec(&spec, MP_PROFILE_GIT, argv);
	spec.talk_fd = talk_fd;
	*ret_result = boxes_run(&spec, text, sizeof(text));
}

static void a_grandchild_talks_over_descriptor_3(void)
{
	struct mp_box_result result;
	char heard[16] = "";
	int ends[2];

	IS(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
	IS(send(ends[0], "question", 8, 0), 8);
	talk_with("sh -c 'dd bs=64 count=1 <&3 >&3 2> /dev/null'", ends[1], &result);
	IS(result.end, MP_END_EXITED);
	IS(result.exit_code, 0);
	IS(recv(ends[0], heard, sizeof(heard), MSG_DONTWAIT), 8);
	IS_TEXT(heard, "question");
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static void without_one_there_is_no_descriptor_3(void)
{
	struct mp_box_result result;

	talk_with("test ! -e /proc/self/fd/3", -1, &result);
	IS(result.end, MP_END_EXITED);
	IS(result.exit_code, 0);
}

BOXES_MAIN(T(a_grandchild_talks_over_descriptor_3) T(without_one_there_is_no_descriptor_3))
