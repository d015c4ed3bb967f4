/* SPDX-License-Identifier: MIT */
/* Rights and limits that a process takes along over exec. Sources: capabilities(7), getrlimit(2). */
#include "sandbox/jail/jail.h"

#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

int step_caps(struct jail *jail, const struct step *step, struct mp_error *err)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {{0}};

	(void)jail;
	(void)step;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "no_new_privs");
	/* A kernel that knows fewer says EINVAL after its last one. */
	for (int cap = 0; cap < 64 && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0; cap++)
		;
	if (syscall(SYS_capset, &header, none) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "capset");
	return 0;
}

int step_rlimit(struct jail *jail, const struct step *step, struct mp_error *err)
{
	struct rlimit limit = {(rlim_t)step->second, (rlim_t)step->second};
	struct rlimit old;
	__rlimit_resource_t resource = (__rlimit_resource_t)step->number;

	(void)jail;
	/* What an ordinary user has less of already stays so. */
	if (getrlimit(resource, &old) == 0 && old.rlim_max < limit.rlim_max)
		limit.rlim_cur = limit.rlim_max = old.rlim_max;
	return setrlimit(resource, &limit) < 0 ? mp_fail(err, MP_FAULT_HOST, -errno, "setrlimit")
					       : 0;
}

int step_cpus(struct jail *jail, const struct step *step, struct mp_error *err)
{
	cpu_set_t have;
	cpu_set_t want;
	int count;

	if (sched_getaffinity(0, sizeof(have), &have) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "sched_getaffinity");
	count = CPU_COUNT(&have);
	if (count <= step->number)
		return 0;
	/* Boxes take their turn: the next one starts where this one ends. */
	CPU_ZERO(&want);
	for (int64_t i = 0; i < step->number; i++) {
		int64_t wanted = ((int64_t)jail->number * step->number + i) % count;

		for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
			if (CPU_ISSET(cpu, &have) && wanted-- == 0)
				CPU_SET(cpu, &want);
	}
	return sched_setaffinity(0, sizeof(want), &want) < 0
		       ? mp_fail(err, MP_FAULT_HOST, -errno, "sched_setaffinity")
		       : 0;
}
