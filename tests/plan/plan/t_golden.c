/* SPDX-License-Identifier: MIT */
/*
 * Plans of typical boxes on typical hosts, compared line by line with tests/plan/golden/. When a change is
 * meant, run this with MILEPOST_GOLDEN=write and read the difference in the commit.
 */
#include "sandbox/plan/plan.h"

#include "sandbox/base/text.h"
#include "tests/helper/tap.h"

#include <errno.h>

enum { HAS_ROOT = 1, HAS_V1 = 2, HAS_V2 = 4 };

static void host_make(unsigned int what, struct host *host)
{
	memset(host, 0, sizeof(*host));
	host->is_root = what & HAS_ROOT;
	host->has_userns = host->has_seccomp = host->has_seccomp_notify = true;
	host->landlock_abi = 2;
	host->cgroups.kind = what & HAS_V1   ? HOST_CGROUP_V1
			     : what & HAS_V2 ? HOST_CGROUP_V2
					     : HOST_CGROUP_NONE;
	for (int i = 0; i < MP_LAYER_COUNT; i++) {
		host->layers[i].layer = (enum mp_layer)i;
		host->layers[i].is_present = true;
	}
	(void)snprintf(host->cgroups.cpu, sizeof(host->cgroups.cpu), "/sys/fs/cgroup/cpu");
	(void)snprintf(host->cgroups.cpuset, sizeof(host->cgroups.cpuset), "/sys/fs/cgroup/cpuset");
	if (host->cgroups.kind == HOST_CGROUP_NONE) {
		host->layers[MP_LAYER_CGROUP].is_present = false;
		(void)snprintf(host->layers[MP_LAYER_CGROUP].detail, 160,
			       "none that this user may write");
		(void)snprintf(host->layers[MP_LAYER_CGROUP].remedy, 240,
			       "systemd-run --user --scope -p Delegate=yes");
	}
}

static const struct {
	const char *name;
	unsigned int what;
} hosts[] = {
	{"root-v1", HAS_ROOT | HAS_V1},
	{"root-v2", HAS_ROOT | HAS_V2},
	{"user-delegated", HAS_V2},
	{"user-bare", 0},
};

static const char *const command[] = {"./run", "--port", "8080", NULL};

static void spec_program(struct mp_box_spec *spec)
{
	spec->argv = command;
}

static void spec_service(struct mp_box_spec *spec)
{
	spec->argv = command;
	spec->profile = MP_PROFILE_SERVICE;
	spec->has_network = true;
	spec->wall_ms = 0;
	spec->host_name = "learner";
	spec->dir = "/work/tree";
	spec->binds[0] = (struct mp_bind){"/home/ada/tree", "/work/tree", MP_BIND_COPY};
	spec->binds[1] = (struct mp_bind){"/home/ada/tree/", "/work//original", MP_BIND_READ_ONLY};
	spec->binds[2] = (struct mp_bind){"/srv/shared", NULL, MP_BIND_WRITABLE};
	spec->bind_count = 3;
}

static void spec_keeper(struct mp_box_spec *spec)
{
	spec->profile = MP_PROFILE_BUILD;
}

static void spec_beside(struct mp_box_spec *spec)
{
	spec_service(spec);
	/* Never looked into: that there is one is what counts. */
	spec->beside = (struct mp_box *)(void *)spec;
}

static void spec_reader(struct mp_box_spec *spec)
{
	spec->argv = command;
	spec->profile = MP_PROFILE_READER;
	spec->binds[0] = (struct mp_bind){"/home/ada/tree/.git", "/repository", MP_BIND_READ_ONLY};
	spec->bind_count = 1;
}

static void spec_fetch(struct mp_box_spec *spec)
{
	spec->argv = command;
	spec->profile = MP_PROFILE_FETCH;
}

static const struct {
	const char *name;
	void (*make)(struct mp_box_spec *spec);
} specs[] = {
	{"program", spec_program}, {"service", spec_service}, {"keeper", spec_keeper},
	{"beside", spec_beside},   {"reader", spec_reader},   {"fetch", spec_fetch},
};

static void compare(const char *host, const char *spec, const char *text)
{
	char path[128];
	char golden[32768] = "";
	FILE *file;

	(void)snprintf(path, sizeof(path), "tests/plan/golden/%s-%s.txt", host, spec);
	if (getenv("MILEPOST_GOLDEN")) {
		file = fopen(path, "we");
		OK(file && fputs(text, file) >= 0 && fclose(file) == 0);
		return;
	}
	file = fopen(path, "re");
	if (!OK(file != NULL)) {
		printf("# %s is not there\n", path);
		return;
	}
	golden[fread(golden, 1, sizeof(golden) - 1, file)] = '\0';
	(void)fclose(file);
	if (!OK(strcmp(golden, text) == 0))
		printf("# the plan is not that of %s\n", path);
}

static void plans_are_those_of_the_golden_files(void)
{
	for (size_t h = 0; h < sizeof(hosts) / sizeof(hosts[0]); h++)
		for (size_t s = 0; s < sizeof(specs) / sizeof(specs[0]); s++) {
			struct text text mp_autotext;
			struct mp_error err = {0};
			struct mp_box_spec spec;
			struct host host;
			static struct plan plan;

			text_init(&text, 0);
			host_make(hosts[h].what, &host);
			mp_box_spec_init(&spec);
			specs[s].make(&spec);
			spec.may_miss[MP_LAYER_CGROUP] = true;
			IS(plan_make(&spec, &host, 0, &plan, &err), 0);
			plan_print(&plan, &text);
			compare(hosts[h].name, specs[s].name, text_get(&text));
			plan_done(&plan);
		}
}

static void a_missing_layer_is_refused_with_its_remedy(void)
{
	struct mp_error err = {0};
	struct mp_box_spec spec;
	struct host host;
	static struct plan plan;

	host_make(0, &host);
	mp_box_spec_init(&spec);
	spec_program(&spec);
	IS(plan_make(&spec, &host, 0, &plan, &err), -EOPNOTSUPP);
	IS(err.fault, MP_FAULT_HOST);
	HAS_TEXT(err.text, "the layer cgroup is missing");
	HAS_TEXT(err.text, "systemd-run");
	plan_done(&plan);
}

static void a_layer_that_may_be_missing_is_not_promised(void)
{
	struct mp_error err = {0};
	struct mp_box_spec spec;
	struct host host;
	static struct plan plan;

	host_make(0, &host);
	mp_box_spec_init(&spec);
	spec_program(&spec);
	spec.may_miss[MP_LAYER_CGROUP] = true;
	IS(plan_make(&spec, &host, 0, &plan, &err), 0);
	for (int i = 0; i < MP_LAYER_COUNT; i++)
		IS(plan.layers[i], i != MP_LAYER_CGROUP);
	plan_done(&plan);
}

static void the_largest_spec_fits_into_a_plan(void)
{
	struct mp_error err = {0};
	struct mp_box_spec spec;
	struct host host;
	static struct plan plan;

	for (size_t h = 0; h < sizeof(hosts) / sizeof(hosts[0]); h++) {
		host_make(hosts[h].what, &host);
		mp_box_spec_init(&spec);
		spec_fetch(&spec);
		spec.may_miss[MP_LAYER_CGROUP] = true;
		spec.has_network = true;
		spec.bind_count = MP_BINDS_MAX;
		for (size_t i = 0; i < MP_BINDS_MAX; i++)
			spec.binds[i] = (struct mp_bind){"/srv/data", NULL, MP_BIND_READ_ONLY};
		IS(plan_make(&spec, &host, 0, &plan, &err), 0);
		OK(plan.count < PLAN_STEPS_MAX - 8);
		OK(plan.rule_count < PLAN_RULES_MAX);
		IS(plan.steps[plan.count - 1].kind, STEP_EXEC);
		plan_done(&plan);
	}
}

TAP_MAIN(T(plans_are_those_of_the_golden_files) T(a_missing_layer_is_refused_with_its_remedy)
		 T(a_layer_that_may_be_missing_is_not_promised)
			 T(the_largest_spec_fits_into_a_plan))
