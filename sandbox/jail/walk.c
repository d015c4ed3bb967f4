/* SPDX-License-Identifier: MIT */
/* The table of steps, and the walk along a plan. */
#include "sandbox/jail/jail.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static int (*const runs[STEP_KIND_COUNT])(struct jail *, const struct step *, struct mp_error *) = {
	[STEP_SLOT] = step_slot,
	[STEP_OWNER] = step_owner,
	[STEP_GROUP] = step_group,
	[STEP_OPEN] = step_open,
	[STEP_OPEN_GROUP] = step_open_group,
	[STEP_SPAWN] = step_spawn,
	[STEP_IDS] = step_ids,
	[STEP_HOST_NAME] = step_host_name,
	[STEP_JOIN] = step_join,
	[STEP_GROUP_VIEW] = step_group_view,
	[STEP_LIMIT_USER] = step_limit_user,
	[STEP_ROOT] = step_root,
	[STEP_FOLDER] = step_folder,
	[STEP_LINK] = step_link,
	[STEP_FILE] = step_file,
	[STEP_SCRATCH] = step_scratch,
	[STEP_BORROW] = step_borrow,
	[STEP_BIND] = step_bind,
	[STEP_CLOSE] = step_close,
	[STEP_PLACE] = step_place,
	[STEP_COPY] = step_copy,
	[STEP_DEVICE] = step_device,
	[STEP_PROC] = step_proc,
	[STEP_COVER] = step_cover,
	[STEP_PROC_CLOSE] = step_proc_close,
	[STEP_PIVOT] = step_pivot,
	[STEP_LOOPBACK] = step_loopback,
	[STEP_CAPS] = step_caps,
	[STEP_RLIMIT] = step_rlimit,
	[STEP_CPUS] = step_cpus,
	[STEP_LANDLOCK] = step_landlock,
	[STEP_SECCOMP] = step_seccomp,
	[STEP_EXEC] = step_exec,
};

void jail_init(struct jail *jail, const struct host *host)
{
	memset(jail, 0, sizeof(*jail));
	jail->host = host;
	jail->uid = geteuid();
	jail->gid = getegid();
	jail->slot_fd = jail->userns_fd = jail->scratch_fd = -1;
	jail->ask_fd = jail->shim_end = jail->shim_fd = jail->root_fd = -1;
	for (size_t i = 0; i < JAIL_STDIO; i++)
		jail->stdio[i] = -1;
	for (size_t i = 0; i < PLAN_SLOTS_MAX; i++)
		jail->trees[i] = -1;
	group_init(&jail->group);
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

void jail_done(struct jail *jail)
{
	if (!jail)
		return;
	int *fds[] = {&jail->slot_fd,  &jail->userns_fd, &jail->scratch_fd, &jail->ask_fd,
		      &jail->shim_end, &jail->shim_fd,	 &jail->root_fd};

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		close_one(fds[i]);
	for (size_t i = 0; i < PLAN_SLOTS_MAX; i++)
		close_one(&jail->trees[i]);
}

int jail_walk(struct jail *jail, enum step_who who, struct mp_error *err)
{
	for (size_t i = 0; i < jail->plan->count; i++) {
		const struct step *step = &jail->plan->steps[i];
		int result;

		if (step->who != who)
			continue;
		result = runs[step->kind](jail, step, err);
		if (result == -ENOENT && (step->flags & STEP_IS_OPTIONAL))
			continue;
		if (result < 0) {
			mp_wrap(err, "%s %s", step_word(step->kind),
				step->path && step->path[0] ? step->path
				: step->source		    ? step->source
							    : "");
			return result;
		}
	}
	return 0;
}
