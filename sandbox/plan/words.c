/* SPDX-License-Identifier: MIT */
/* Steps as words: for errors that name the step, and for `milepost-box explain`. */
#include "sandbox/base/text.h"
#include "sandbox/plan/plan.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

static const char *const words[STEP_KIND_COUNT] = {
	[STEP_SLOT] = "slot",
	[STEP_OWNER] = "owner",
	[STEP_GROUP] = "group",
	[STEP_OPEN] = "open",
	[STEP_OPEN_GROUP] = "open-group",
	[STEP_SPAWN] = "spawn",
	[STEP_IDS] = "ids",
	[STEP_HOST_NAME] = "host-name",
	[STEP_GROUP_VIEW] = "group-view",
	[STEP_JOIN] = "join",
	[STEP_CLOSE] = "close",
	[STEP_LIMIT_USER] = "limit-user",
	[STEP_ROOT] = "root",
	[STEP_FOLDER] = "folder",
	[STEP_LINK] = "link",
	[STEP_FILE] = "file",
	[STEP_SCRATCH] = "scratch",
	[STEP_BORROW] = "borrow",
	[STEP_BIND] = "bind",
	[STEP_PLACE] = "place",
	[STEP_COPY] = "copy",
	[STEP_DEVICE] = "device",
	[STEP_PROC] = "proc",
	[STEP_COVER] = "cover",
	[STEP_PROC_CLOSE] = "proc-close",
	[STEP_PIVOT] = "pivot",
	[STEP_LOOPBACK] = "loopback",
	[STEP_CAPS] = "caps",
	[STEP_RLIMIT] = "rlimit",
	[STEP_CPUS] = "cpus",
	[STEP_LANDLOCK] = "landlock",
	[STEP_SECCOMP] = "seccomp",
	[STEP_EXEC] = "exec",
};

const char *step_word(enum step_kind kind)
{
	return (size_t)kind < STEP_KIND_COUNT ? words[kind] : "?";
}

static const struct {
	uint32_t flag;
	const char *word;
} namespaces[] = {
	{CLONE_NEWUSER, " user"}, {CLONE_NEWNS, " mount"}, {CLONE_NEWPID, " pid"},
	{CLONE_NEWNET, " net"},	  {CLONE_NEWIPC, " ipc"},  {CLONE_NEWUTS, " uts"},
};

static const char *rlimit_word(int64_t resource)
{
	static const struct {
		int64_t resource;
		const char *word;
	} rows[] = {
		{RLIMIT_CORE, "core"},	     {RLIMIT_MSGQUEUE, "msgqueue"},
		{RLIMIT_MEMLOCK, "memlock"}, {RLIMIT_RTPRIO, "rtprio"},
		{RLIMIT_NOFILE, "nofile"},   {RLIMIT_NPROC, "nproc"},
		{RLIMIT_FSIZE, "fsize"},     {RLIMIT_DATA, "data"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].resource == resource)
			return rows[i].word;
	return "?";
}

static void describe_tail(const struct step *step, char *text, size_t size)
{
	switch (step->kind) {
	case STEP_SPAWN:
		for (size_t i = 0; i < sizeof(namespaces) / sizeof(namespaces[0]); i++)
			if (step->flags & namespaces[i].flag) {
				size_t used = strlen(text);

				(void)snprintf(text + used, size - used, "%s", namespaces[i].word);
			}
		return;
	case STEP_GROUP:
		(void)snprintf(text, size, " memory=%lld processes=%lld", (long long)step->number,
			       (long long)step->second);
		return;
	case STEP_ROOT:
	case STEP_SCRATCH:
		(void)snprintf(text, size, " bytes=%lld inodes=%lld", (long long)step->number,
			       (long long)step->second);
		return;
	case STEP_FOLDER:
		(void)snprintf(text, size, " mode=%04llo", (long long)step->number);
		return;
	case STEP_RLIMIT:
		(void)snprintf(text, size, " %s=%lld", rlimit_word(step->number),
			       (long long)step->second);
		return;
	case STEP_SECCOMP:
		(void)snprintf(text, size, " %s", mp_profile_word((enum mp_profile)step->number));
		return;
	case STEP_SLOT:
	case STEP_OWNER:
	case STEP_IDS:
	case STEP_CPUS:
	case STEP_LIMIT_USER:
		(void)snprintf(text, size, " %lld", (long long)step->number);
		return;
	default:
		return;
	}
}

void step_describe(const struct step *step, char *ret_text, size_t size)
{
	static const char *const who[] = {"watcher", "shim", "command"};
	char tail[160] = "";
	char slot[24] = "";
	const char *source = step->kind == STEP_FILE ? NULL : step->source;

	describe_tail(step, tail, sizeof(tail));
	if (step->slot >= 0)
		(void)snprintf(slot, sizeof(slot), " #%d", step->slot);
	(void)snprintf(ret_text, size, "%-8s %-10s%s%s%s%s%s%s%s%s", who[step->who],
		       step_word(step->kind), step->path && step->path[0] ? " " : "",
		       step->path ? step->path : "", source ? " <- " : "", source ? source : "",
		       slot, tail, step->flags & STEP_IS_WRITABLE ? " writable" : "",
		       step->flags & STEP_IS_OPTIONAL ? " optional" : "");
}

void plan_print(const struct plan *plan, struct text *into)
{
	for (size_t i = 0; i < plan->count; i++) {
		char line[4600];

		step_describe(&plan->steps[i], line, sizeof(line));
		text_add(into, line);
		text_add_char(into, '\n');
	}
	for (size_t i = 0; i < plan->rule_count && plan->layers[MP_LAYER_LANDLOCK]; i++)
		text_addf(into, "landlock %s%s%s\n", plan->rules[i].path,
			  plan->rules[i].may_write ? " write" : "",
			  plan->rules[i].may_execute ? " execute" : "");
}
