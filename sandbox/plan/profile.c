/* SPDX-License-Identifier: MIT */
/* Words of layers, profiles and ends, and what differs between profiles. */
#include "sandbox/plan/plan.h"

static const struct profile profiles[MP_PROFILE_COUNT] = {
	/*                       word        host net  owner  output  listeners */
	[MP_PROFILE_PROGRAM] = {"program", false, false, true, false},
	[MP_PROFILE_SERVICE] = {"service", false, false, false, true},
	[MP_PROFILE_BUILD] = {"build", false, false, false, false},
	[MP_PROFILE_DATABASE] = {"database", false, false, false, true},
	[MP_PROFILE_GIT] = {"git", false, true, false, false},
	[MP_PROFILE_READER] = {"reader", false, true, false, false},
	[MP_PROFILE_FETCH] = {"fetch", true, false, false, false},
};

const struct profile *profile_row(enum mp_profile profile)
{
	return (size_t)profile < MP_PROFILE_COUNT ? &profiles[profile] : NULL;
}

const char *mp_profile_word(enum mp_profile profile)
{
	return (size_t)profile < MP_PROFILE_COUNT ? profiles[profile].word : NULL;
}

const char *mp_layer_word(enum mp_layer layer)
{
	static const char *const words[MP_LAYER_COUNT] = {
		[MP_LAYER_USER] = "user",	  [MP_LAYER_MOUNT] = "mount",
		[MP_LAYER_PID] = "pid",		  [MP_LAYER_NET] = "net",
		[MP_LAYER_IPC] = "ipc",		  [MP_LAYER_UTS] = "uts",
		[MP_LAYER_CGROUPNS] = "cgroupns", [MP_LAYER_CGROUP] = "cgroup",
		[MP_LAYER_CAPS] = "caps",	  [MP_LAYER_RLIMIT] = "rlimit",
		[MP_LAYER_LANDLOCK] = "landlock", [MP_LAYER_SECCOMP] = "seccomp",
	};

	return (size_t)layer < MP_LAYER_COUNT ? words[layer] : NULL;
}

const char *mp_end_word(enum mp_end end)
{
	static const char *const words[] = {
		[MP_END_EXITED] = "exited",
		[MP_END_SIGNALED] = "signaled",
		[MP_END_CPU] = "cpu",
		[MP_END_WALL] = "wall",
		[MP_END_MEMORY] = "memory",
		[MP_END_PROCESSES] = "processes",
		[MP_END_OUTPUT] = "output",
		[MP_END_FILE_SIZE] = "file-size",
		[MP_END_INODES] = "inodes",
		[MP_END_FORBIDDEN] = "forbidden",
		[MP_END_COULD_NOT_START] = "could-not-start",
		[MP_END_SANDBOX_ERROR] = "sandbox-error",
	};

	return (size_t)end < sizeof(words) / sizeof(words[0]) ? words[end] : NULL;
}
