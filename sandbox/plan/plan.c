/* SPDX-License-Identifier: MIT */
/*
 * Making the plan. The order of the steps is the order in which the kernel needs them: what opens host
 * paths with the caller's rights comes before the ids change, the process file system is mounted while the
 * host's is still in sight, the user namespace is closed for children after our own are made, and nothing
 * of the learner runs before the last step.
 */
#include "sandbox/plan/plan.h"

#include "sandbox/plan/proc.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#define LAYER_NONE MP_LAYER_COUNT

/* Folders of every root. The group's view, the scratch and binds make their own. */
static const char *const root_folders[] = {
	"/usr",	   "/etc", "/etc/ssl", "/proc",	       "/dev", "/sys",
	"/sys/fs", "/var", "/var/lib", "/var/lib/php", "/run", "/root",
	"/mnt",	   "/opt", "/.box",    "/.box/empty",  NULL};

static const char *const root_links[][2] = {
	{"/bin", "usr/bin"},
	{"/sbin", "usr/sbin"},
	{"/lib", "usr/lib"},
	{"/lib64", "usr/lib64"},
	{"/tmp", "scratch/tmp"},
	{"/var/tmp", "../scratch/tmp"},
	{"/var/run", "../run"},
	{"/var/lib/php/sessions", "../../../scratch/tmp"},
	{"/dev/fd", "/proc/self/fd"},
	{"/dev/stdin", "/proc/self/fd/0"},
	{"/dev/stdout", "/proc/self/fd/1"},
	{"/dev/stderr", "/proc/self/fd/2"},
	{"/dev/shm", "../scratch/.shm"},
	{"/etc/localtime", "/usr/share/zoneinfo/Etc/UTC"},
	{"/etc/mtab", "/proc/self/mounts"},
};

static const char *const root_files[][2] = {
	{"/etc/passwd", "root:x:0:0:root:/root:/usr/sbin/nologin\nbox:x:1000:1000:box:" BOX_HOME
			":/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"},
	{"/etc/group", "root:x:0:\nbox:x:1000:\nnogroup:x:65534:\n"},
	{"/etc/timezone", "Etc/UTC\n"},
	/* As Debian has it: a name has all its addresses, so "localhost" is ::1 and 127.0.0.1. */
	{"/etc/host.conf", "multi on\n"},
};

/* Names are answered from files alone, but where the box has the host's network. */
static const char *const names_of_box[][2] = {
	{"/etc/hosts", "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n"},
	{"/etc/nsswitch.conf",
	 "passwd: files\ngroup: files\nhosts: files\nservices: files\nprotocols: files\n"},
};
static const char *const names_of_host[] = {"/etc/hosts", "/etc/nsswitch.conf", "/etc/resolv.conf",
					    "/etc/gai.conf", NULL};

/* Of the host's /etc, by what runtimes look up there: the linker, Java, PHP, Python, TLS, fonts, types. */
static const char *const host_etc[] = {
	"/etc/ld.so.cache", "/etc/alternatives", "/etc/java-17-openjdk", "/etc/php",
	"/etc/python3",	    "/etc/python3.11",	 "/etc/ssl/certs",	 "/etc/ssl/openssl.cnf",
	"/etc/fonts",	    "/etc/mime.types",	 "/etc/services",	 NULL,
};

static const char *const devices[] = {"null", "zero", "full", "random", "urandom", NULL};

/* One more step. The table of a plan is larger than what the largest spec needs; a test holds that. */
static struct step *add(struct plan *plan, enum step_who who, enum step_kind kind,
			enum mp_layer layer)
{
	struct step *step =
		&plan->steps[plan->count < PLAN_STEPS_MAX ? plan->count++ : PLAN_STEPS_MAX - 1];

	*step = (struct step){.who = who, .kind = kind, .layer = layer, .slot = -1};
	if (layer != LAYER_NONE)
		plan->layers[layer] = true;
	return step;
}

static struct step *add_path(struct plan *plan, enum step_kind kind, const char *path,
			     const char *source)
{
	struct step *step = add(plan, STEP_SHIM, kind, MP_LAYER_MOUNT);

	step->path = path;
	step->source = source;
	return step;
}

static void add_rule(struct plan *plan, const char *path, bool may_write, bool may_execute)
{
	if (plan->rule_count < PLAN_RULES_MAX)
		plan->rules[plan->rule_count++] = (struct plan_rule){path, may_write, may_execute};
}

/* Whether this box gets LAYER: the host has it. */
static bool has(const struct host *host, enum mp_layer layer)
{
	return host->layers[layer].is_present;
}

/* PATH with single slashes and none at its end; checked before to be absolute. */
static const char *plain(struct plan *plan, const char *path)
{
	char *clean = arena_text(plan->arena, path);
	size_t length = 0;

	for (size_t i = 0; path[i]; i++)
		if (path[i] != '/' || length == 0 || clean[length - 1] != '/')
			clean[length++] = path[i];
	while (length > 1 && clean[length - 1] == '/')
		length--;
	clean[length] = '\0';
	return clean;
}

static int check_layers(const struct mp_box_spec *spec, const struct host *host,
			struct mp_error *err)
{
	for (int i = 0; i < MP_LAYER_COUNT; i++) {
		const struct mp_layer_state *state = &host->layers[i];

		if (state->is_present || spec->may_miss[i])
			continue;
		if (i == MP_LAYER_NET && profile_row(spec->profile)->has_host_network)
			continue;
		return mp_fail(err, MP_FAULT_HOST, -EOPNOTSUPP,
			       "the layer %s is missing here (%s). To do: %s",
			       mp_layer_word((enum mp_layer)i), state->detail, state->remedy);
	}
	return 0;
}

static void plan_opens(struct plan *plan, const struct mp_box_spec *spec, enum step_who who,
		       const struct profile *profile, bool is_root)
{
	for (size_t i = 0; i < spec->bind_count; i++) {
		struct step *step = add(plan, who, STEP_OPEN, MP_LAYER_MOUNT);

		step->source = plain(plan, spec->binds[i].host_path);
		step->slot = (int)i;
		step->flags =
			STEP_MAY_EXECUTE | (is_root ? (uint32_t)STEP_BY_DESCRIPTOR : 0) |
			(spec->binds[i].mode == MP_BIND_WRITABLE ? (uint32_t)STEP_IS_WRITABLE : 0) |
			(is_root && profile->is_owner_of_bind ? (uint32_t)STEP_IS_IDMAPPED : 0);
	}
	plan->slot_count = (int)spec->bind_count;
}

/* The box's own groups, so that a runtime sees its limits: v2 as the whole folder, v1 one folder each. */
static void plan_group_views(struct plan *plan, const struct host *host, enum step_who who)
{
	static const char *const v1[] = {"memory", "pids", "cpuacct", NULL};
	static const char *const v2[] = {"", NULL};
	const char *const *names = host->cgroups.kind == HOST_CGROUP_V1 ? v1 : v2;

	for (; *names && plan->slot_count < PLAN_SLOTS_MAX; names++) {
		struct step *step = add(plan, who, STEP_OPEN_GROUP, MP_LAYER_MOUNT);

		step->path = *names;
		step->slot = plan->slot_count++;
	}
}

static uint32_t namespace_flags(const struct mp_box_spec *spec, const struct profile *profile,
				const struct host *host, struct plan *plan)
{
	static const struct {
		enum mp_layer layer;
		uint32_t flag;
		bool of_keeper;
	} rows[] = {
		{MP_LAYER_USER, CLONE_NEWUSER, true}, {MP_LAYER_MOUNT, CLONE_NEWNS, true},
		{MP_LAYER_PID, CLONE_NEWPID, true},   {MP_LAYER_NET, CLONE_NEWNET, false},
		{MP_LAYER_IPC, CLONE_NEWIPC, false},  {MP_LAYER_UTS, CLONE_NEWUTS, false},
	};
	uint32_t flags = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!has(host, rows[i].layer) || (!spec->argv && !rows[i].of_keeper))
			continue;
		if (rows[i].layer == MP_LAYER_NET && profile->has_host_network)
			continue;
		plan->layers[rows[i].layer] = true;
		if (rows[i].layer != MP_LAYER_USER || !spec->beside)
			flags |= rows[i].flag;
	}
	return flags;
}

static void plan_watcher(struct plan *plan, const struct mp_box_spec *spec, const struct host *host,
			 uint32_t uid_base)
{
	const struct profile *profile = profile_row(spec->profile);
	struct step *step;

	if (host->is_root && !spec->beside) {
		bool by_owner = profile->is_owner_of_bind && spec->bind_count > 0;

		step = add(plan, STEP_WATCHER, by_owner ? STEP_OWNER : STEP_SLOT, MP_LAYER_USER);
		step->number = uid_base;
		step->source = by_owner ? arena_text(plan->arena, spec->binds[0].host_path) : NULL;
	}
	if (has(host, MP_LAYER_CGROUP)) {
		step = add(plan, STEP_WATCHER, STEP_GROUP, MP_LAYER_CGROUP);
		step->number = spec->memory_bytes;
		step->second = spec->processes + 1;
	}
	if (host->is_root)
		plan_opens(plan, spec, STEP_WATCHER, profile, true);
	if (host->is_root && has(host, MP_LAYER_CGROUP) && spec->argv)
		plan_group_views(plan, host, STEP_WATCHER);
	step = add(plan, STEP_WATCHER, STEP_SPAWN, LAYER_NONE);
	step->flags = namespace_flags(spec, profile, host, plan);
	if (step->flags & CLONE_NEWUSER)
		add(plan, STEP_WATCHER, STEP_IDS, MP_LAYER_USER)->number = BOX_ID;
}

/* What a user of the box's namespace may make: no namespace, and few of what the host counts per user. */
static void plan_user_limits(struct plan *plan, bool is_keeper)
{
	static const struct {
		const char *name;
		int64_t limit;
		bool of_keeper; /* boxes beside a keeper make the other namespaces in its user namespace */
	} rows[] = {
		{"max_inotify_instances", 16, true}, {"max_user_namespaces", 0, true},
		{"max_mnt_namespaces", 0, false},    {"max_pid_namespaces", 0, false},
		{"max_net_namespaces", 0, false},    {"max_ipc_namespaces", 0, false},
		{"max_uts_namespaces", 0, false},    {"max_cgroup_namespaces", 0, false},
		{"max_time_namespaces", 0, false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct step *step;

		if (is_keeper && !rows[i].of_keeper)
			continue;
		step = add(plan, STEP_SHIM, STEP_LIMIT_USER, MP_LAYER_USER);
		step->path = rows[i].name;
		step->number = rows[i].limit;
		step->flags = STEP_IS_OPTIONAL;
	}
}

static void plan_etc(struct plan *plan, const struct profile *profile)
{
	for (size_t i = 0; i < sizeof(root_files) / sizeof(root_files[0]); i++)
		add_path(plan, STEP_FILE, root_files[i][0], root_files[i][1]);
	for (size_t i = 0; !profile->has_host_network && i < 2; i++)
		add_path(plan, STEP_FILE, names_of_box[i][0], names_of_box[i][1]);
	for (size_t i = 0; profile->has_host_network && names_of_host[i]; i++)
		add_path(plan, STEP_BIND, names_of_host[i], names_of_host[i])->flags =
			STEP_IS_OPTIONAL;
	for (size_t i = 0; host_etc[i]; i++)
		add_path(plan, STEP_BIND, host_etc[i], host_etc[i])->flags = STEP_IS_OPTIONAL;
}

/*
 * A JVM believes the group's memory limit only where memory, cpuacct, cpu and cpuset are all mounted, else
 * its heap is a quarter of the host's memory (OpenJDK 17, cgroupSubsystem_linux.cpp). A box has no groups of
 * the last two: one file of each is mounted in their place, which says so and shows nothing.
 */
static void plan_v1_marks(struct plan *plan, const struct host_cgroups *cgroups)
{
	const char *const rows[][3] = {
		{"/sys/fs/cgroup/cpu", cgroups->cpu, "cpu.shares"},
		{"/sys/fs/cgroup/cpuset", cgroups->cpuset, "cpuset.cpus"},
	};

	add_path(plan, STEP_FOLDER, "/sys/fs/cgroup", NULL)->number = 0755;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		/* Mounted together with cpuacct, it is there already. */
		if (rows[i][1][0] && strcmp(rows[i][1], cgroups->cpuacct) != 0)
			add_path(plan, STEP_BIND, rows[i][0],
				 arena_format(plan->arena, "%s/%s", rows[i][1], rows[i][2]))
				->flags = STEP_IS_OPTIONAL;
	}
}

static void plan_root(struct plan *plan, const struct profile *profile, const struct host *host)
{
	struct step *step = add_path(plan, STEP_ROOT, "/", NULL);

	step->number = 4 * 1024 * 1024;
	step->second = 2048;
	for (size_t i = 0; root_folders[i]; i++)
		add_path(plan, STEP_FOLDER, root_folders[i], NULL)->number = 0755;
	for (size_t i = 0; i < sizeof(root_links) / sizeof(root_links[0]); i++)
		add_path(plan, STEP_LINK, root_links[i][0], root_links[i][1]);
	add_path(plan, STEP_BIND, "/usr", "/usr")->flags = STEP_MAY_EXECUTE;
	plan_etc(plan, profile);
	if (has(host, MP_LAYER_CGROUP) && host->cgroups.kind == HOST_CGROUP_V1)
		plan_v1_marks(plan, &host->cgroups);
	add_path(plan, STEP_CLOSE, "/", NULL);
	for (size_t i = 0; devices[i]; i++)
		add_path(plan, STEP_DEVICE, arena_format(plan->arena, "/dev/%s", devices[i]), NULL);
}

static void plan_proc(struct plan *plan, const struct mp_box_spec *spec)
{
	add_path(plan, STEP_PROC, "/proc", "hidepid=invisible");
	for (size_t i = 0; i < proc_file_count; i++) {
		const char *text = proc_files[i].text(plan->arena, spec);
		const char *hidden;

		if (!text)
			continue;
		hidden = arena_format(plan->arena, "/.box/%s", proc_files[i].name);
		add_path(plan, STEP_FILE, hidden, text);
		add_path(plan, STEP_COVER,
			 arena_format(plan->arena, "/proc/%s", proc_files[i].name), hidden);
	}
	for (size_t i = 0; proc_masked_files[i]; i++)
		add_path(plan, STEP_COVER,
			 arena_format(plan->arena, "/proc/%s", proc_masked_files[i]), "/dev/null")
			->flags = STEP_IS_OPTIONAL;
	for (size_t i = 0; proc_masked_folders[i]; i++)
		add_path(plan, STEP_COVER,
			 arena_format(plan->arena, "/proc/%s", proc_masked_folders[i]),
			 "/.box/empty")
			->flags = STEP_IS_OPTIONAL;
	add_path(plan, STEP_PROC_CLOSE, "/proc", NULL);
}

static void plan_scratch(struct plan *plan, const struct mp_box_spec *spec)
{
	static const char *const folders[] = {BOX_HOME, BOX_TMP, BOX_COPIES, BOX_SCRATCH "/.shm",
					      NULL};
	struct step *step;

	if (spec->beside) {
		add_path(plan, STEP_BORROW, BOX_SCRATCH, NULL);
		return;
	}
	step = add_path(plan, STEP_SCRATCH, BOX_SCRATCH, NULL);
	step->number = spec->scratch_bytes;
	step->second = spec->scratch_inodes;
	for (size_t i = 0; folders[i]; i++)
		add_path(plan, STEP_FOLDER, folders[i], NULL)->number = 0700;
}

static void plan_places(struct plan *plan, const struct mp_box_spec *spec)
{
	int slot = (int)spec->bind_count;

	for (size_t i = 0; i < spec->bind_count; i++) {
		const struct mp_bind *bind = &spec->binds[i];
		const char *place = bind->box_path ? bind->box_path : bind->host_path;
		struct step *step =
			add_path(plan, bind->mode == MP_BIND_COPY ? STEP_COPY : STEP_PLACE,
				 plain(plan, place), NULL);

		step->slot = (int)i;
		add_rule(plan, step->path, bind->mode != MP_BIND_READ_ONLY, true);
	}
	if (slot == plan->slot_count)
		return;
	for (size_t i = 0; i < plan->count; i++) {
		const struct step *open = &plan->steps[i];

		if (open->kind == STEP_OPEN_GROUP)
			add_path(plan, STEP_PLACE,
				 open->path[0] ? arena_format(plan->arena, "/sys/fs/cgroup/%s",
							      open->path)
					       : "/sys/fs/cgroup",
				 NULL)
				->slot = open->slot;
	}
	add_rule(plan, "/sys", false, false);
}

static void plan_shim(struct plan *plan, const struct mp_box_spec *spec, const struct host *host)
{
	const struct profile *profile = profile_row(spec->profile);

	if (has(host, MP_LAYER_CGROUP) && host->cgroups.kind == HOST_CGROUP_V1)
		add(plan, STEP_SHIM, STEP_JOIN, MP_LAYER_CGROUP);
	/* Also where the box has no group of its own: which one the caller is in is not its business. */
	if (has(host, MP_LAYER_CGROUPNS) && spec->argv)
		add(plan, STEP_SHIM, STEP_GROUP_VIEW, MP_LAYER_CGROUPNS);
	if (spec->argv && plan->layers[MP_LAYER_UTS])
		add(plan, STEP_SHIM, STEP_HOST_NAME, MP_LAYER_UTS)->path =
			arena_text(plan->arena, spec->host_name ? spec->host_name : "box");
	if (!host->is_root)
		plan_opens(plan, spec, STEP_SHIM, profile, false);
	if (!host->is_root && has(host, MP_LAYER_CGROUP) && spec->argv)
		plan_group_views(plan, host, STEP_SHIM);
	if (spec->argv)
		plan_root(plan, profile, host);
	else
		add_path(plan, STEP_ROOT, "/", NULL)->number = 65536;
	if (spec->argv)
		plan_proc(plan, spec);
	plan_scratch(plan, spec);
	plan_places(plan, spec);
	/* Not before: each opened tree counts as a mount namespace. Not after: then the files are gone. */
	if (!spec->beside && plan->layers[MP_LAYER_USER])
		plan_user_limits(plan, !spec->argv);
	add_path(plan, STEP_PIVOT, "/", NULL);
	if (spec->has_network && plan->layers[MP_LAYER_NET])
		add(plan, STEP_SHIM, STEP_LOOPBACK, MP_LAYER_NET);
	if (spec->argv)
		add(plan, STEP_SHIM, STEP_CAPS, MP_LAYER_CAPS);
}

/* Stacks of threads and what runtimes set aside beside their heap; a JVM starts below 200 MiB of it. */
#define DATA_SLACK_BYTES (INT64_C(512) << 20)

static void plan_limits(struct plan *plan, const struct mp_box_spec *spec)
{
	/* With a group the group counts processes; the user's own limit is the second wall, a little wider. */
	int64_t processes =
		spec->processes + (plan->layers[MP_LAYER_CGROUP] || spec->beside ? 16 : 1);
	const int64_t rows[][2] = {
		{RLIMIT_CORE, 0},
		{RLIMIT_MSGQUEUE, 0},
		{RLIMIT_MEMLOCK, 64 * 1024},
		{RLIMIT_RTPRIO, 0},
		{RLIMIT_NOFILE, spec->open_files},
		{RLIMIT_NPROC, processes},
		{RLIMIT_FSIZE, spec->file_size_bytes},
		/* Without a group nothing else keeps one process from taking the whole machine's memory. */
		{RLIMIT_DATA, spec->memory_bytes + DATA_SLACK_BYTES},
	};
	size_t count = sizeof(rows) / sizeof(rows[0]) - plan->layers[MP_LAYER_CGROUP];

	for (size_t i = 0; i < count; i++) {
		struct step *step = add(plan, STEP_COMMAND, STEP_RLIMIT, MP_LAYER_RLIMIT);

		step->number = rows[i][0];
		step->second = rows[i][1];
	}
	if (spec->cpus > 0)
		add(plan, STEP_COMMAND, STEP_CPUS, MP_LAYER_RLIMIT)->number = spec->cpus;
}

static void plan_command(struct plan *plan, const struct mp_box_spec *spec, const struct host *host)
{
	plan_limits(plan, spec);
	add_rule(plan, "/usr", false, true);
	add_rule(plan, "/etc", false, false);
	add_rule(plan, "/proc", false, false);
	add_rule(plan, "/run", false, false);
	add_rule(plan, "/dev", true, false);
	add_rule(plan, BOX_SCRATCH, true, true);
	if (has(host, MP_LAYER_LANDLOCK))
		add(plan, STEP_COMMAND, STEP_LANDLOCK, MP_LAYER_LANDLOCK);
	if (has(host, MP_LAYER_SECCOMP))
		add(plan, STEP_COMMAND, STEP_SECCOMP, MP_LAYER_SECCOMP)->number =
			(int64_t)spec->profile;
	add(plan, STEP_COMMAND, STEP_EXEC, LAYER_NONE)->path =
		arena_text(plan->arena, spec->argv[0]);
}

int plan_make(const struct mp_box_spec *spec, const struct host *host, uint32_t uid_base,
	      struct plan *ret_plan, struct mp_error *err)
{
	int result;

	memset(ret_plan, 0, offsetof(struct plan, steps));
	ret_plan->count = 0;
	ret_plan->rule_count = 0;
	ret_plan->slot_count = 0;
	memset(ret_plan->layers, 0, sizeof(ret_plan->layers));
	result = plan_check_spec(spec, err);
	if (result == 0)
		result = check_layers(spec, host, err);
	if (result < 0)
		return result;
	ret_plan->arena = arena_new();
	plan_watcher(ret_plan, spec, host, uid_base ? uid_base : 2000000000U);
	plan_shim(ret_plan, spec, host);
	if (spec->argv)
		plan_command(ret_plan, spec, host);
	return 0;
}

void plan_done(struct plan *plan)
{
	if (plan)
		plan->arena = arena_free(plan->arena);
}
