/* SPDX-License-Identifier: MIT */
/* Asking the real host: only what holds on every host can be checked. */
#include "sandbox/host/host.h"

#include <string.h>

#include "sandbox/base/clock.h"
#include "tests/helper/tap.h"

static void every_layer_gets_an_answer_within_milliseconds(void)
{
	struct mp_error err = {0};
	struct host host;
	int64_t start = clock_now_us();

	IS(host_probe(&host, &err), 0);
	printf("# asked in %" PRId64 " us\n", clock_now_us() - start);
	for (int i = 0; i < MP_LAYER_COUNT; i++) {
		const struct mp_layer_state *state = &host.layers[i];

		printf("# %d %s: %s%s%s\n", i, state->is_present ? "present" : "missing",
		       state->detail, *state->remedy ? " -- " : "", state->remedy);
		IS(state->layer, i);
		OK(*state->detail);
		OK(state->is_present == !*state->remedy);
	}
	printf("# root %d userns %d systemd %d masked proc %d\n", host.is_root, host.has_userns,
	       host.has_systemd_user, host.has_masked_proc);
	printf("# groups: memory %s pids %s cpuacct %s v2 %s%s enable '%s' kill %d\n",
	       host.cgroups.memory, host.cgroups.pids, host.cgroups.cpuacct, host.cgroups.v2,
	       host.cgroups.must_leave ? " (leave)" : "", host.cgroups.enable,
	       host.cgroups.has_kill);
	OK((host.cgroups.kind == HOST_CGROUP_V1) == (*host.cgroups.memory != '\0'));
	OK(host.cgroups.kind != HOST_CGROUP_V2 || *host.cgroups.v2);
}

TAP_MAIN(T(every_layer_gets_an_answer_within_milliseconds))
