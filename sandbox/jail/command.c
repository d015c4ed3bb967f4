/* SPDX-License-Identifier: MIT */
/*
 * The command, from fork to exec. A failure is told over the shim's socket, which exec closes; nothing
 * foreign has run until then. The search along PATH is ours because execvp(3) would give a file without
 * an interpreter line to a shell and hide the errno.
 */
#include "sandbox/jail/jail.h"
#include "sandbox/jail/landlock.h"
#include "sandbox/jail/message.h"
#include "sandbox/jail/seccomp.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int step_landlock(struct jail *jail, const struct step *step, struct mp_error *err)
{
	struct landlock_rule rules[PLAN_RULES_MAX];

	(void)step;
	for (size_t i = 0; i < jail->plan->rule_count; i++)
		rules[i] = (struct landlock_rule){jail->plan->rules[i].path,
						  jail->plan->rules[i].may_write,
						  jail->plan->rules[i].may_execute};
	return landlock_apply(rules, jail->plan->rule_count, err);
}

int step_seccomp(struct jail *jail, const struct step *step, struct mp_error *err)
{
	struct shim_message say = {.kind = SAY_NOTIFY};
	bool wants_notify = jail->host->has_seccomp_notify;
	int notify_fd = -1;
	int result = seccomp_apply((enum mp_profile)step->number, wants_notify, &notify_fd, err);

	if (result < 0 || notify_fd < 0)
		return result;
	result = message_send(jail->shim_end, &say, sizeof(say), &notify_fd, 1, 0);
	return result < 0 ? mp_fail(err, MP_FAULT_HOST, result, "hand over the notifications") : 0;
}

static const char *const fixed_env[] = {"PATH=" BOX_PATH, "HOME=" BOX_HOME, "TMPDIR=" BOX_TMP,
					"LANG=C.UTF-8",	  "TZ=UTC",	    NULL};

/* The caller's entries win over ours of the same name. */
static void make_env(const struct jail *jail, const char **ret_env)
{
	size_t count = 0;

	for (size_t i = 0; jail->spec->env && jail->spec->env[i]; i++)
		ret_env[count++] = jail->spec->env[i];
	for (size_t i = 0; fixed_env[i]; i++) {
		size_t name = strcspn(fixed_env[i], "=") + 1;
		bool is_set = false;

		for (size_t k = 0; jail->spec->env && jail->spec->env[k]; k++)
			is_set = is_set || strncmp(jail->spec->env[k], fixed_env[i], name) == 0;
		if (!is_set)
			ret_env[count++] = fixed_env[i];
	}
	ret_env[count] = NULL;
}

/* execve(2) says ENOENT also of a file that is there, when the interpreter it names is not. */
static int exec_one(const char *path, char *const *argv, char *const *env, bool *ret_is_there)
{
	int result;

	(void)execve(path, argv, env);
	result = -errno;
	*ret_is_there = *ret_is_there || access(path, F_OK) == 0;
	return result;
}

/* Try each candidate; the errno that tells most is kept: "not found" only when all others were not. */
static int exec_along_path(char *const *argv, char *const *env, bool *ret_is_there)
{
	int result = -ENOENT;
	char path[4096];

	if (strchr(argv[0], '/'))
		return exec_one(argv[0], argv, env, ret_is_there);
	for (const char *at = BOX_PATH; *at; at += strcspn(at, ":"), at += *at == ':') {
		if ((size_t)snprintf(path, sizeof(path), "%.*s/%s", (int)strcspn(at, ":"), at,
				     argv[0]) >= sizeof(path))
			return -ENAMETOOLONG;
		int one = exec_one(path, argv, env, ret_is_there);

		if (one != -ENOENT && one != -ENOTDIR)
			result = result == -ENOENT ? one : result;
	}
	return result;
}

int step_exec(struct jail *jail, const struct step *step, struct mp_error *err)
{
	const char *env[MP_ENV_MAX + 8];
	struct shim_message say = {.kind = SAY_NO_START};
	bool is_there = false;

	(void)err;
	make_env(jail, env);
	say.code = exec_along_path((char *const *)(uintptr_t)jail->spec->argv,
				   (char *const *)(uintptr_t)env, &is_there);
	(void)snprintf(say.text, sizeof(say.text), "start %.150s%s", step->path,
		       is_there && say.code == -ENOENT ? ", whose interpreter is not there" : "");
	(void)!message_send(jail->shim_end, &say, sizeof(say), NULL, 0, 0);
	_exit(125);
}

/* Descriptors 0 to 2, and 3 where it was given, become the command's; all others close on exec. */
static int take_stdio(struct jail *jail, struct mp_error *err)
{
	int count = jail->stdio[JAIL_TALK] >= 0 ? JAIL_STDIO : JAIL_TALK;
	int fds[JAIL_STDIO];

	/* The way to say what fails may lie where the command's will. */
	jail->shim_end = fcntl(jail->shim_end, F_DUPFD_CLOEXEC, JAIL_STDIO);
	for (int i = 0; i < count; i++) {
		fds[i] = jail->stdio[i] >= 0
				 ? fcntl(jail->stdio[i], F_DUPFD_CLOEXEC, JAIL_STDIO)
				 : open("/dev/null", (i == 0 ? O_RDONLY : O_WRONLY) | O_CLOEXEC);
		if (fds[i] >= 0 && fds[i] < JAIL_STDIO)
			fds[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, JAIL_STDIO);
		if (fds[i] < 0)
			return mp_fail(err, MP_FAULT_HOST, -errno, "descriptor %d", i);
	}
	for (int i = 0; i < count; i++)
		if (dup2(fds[i], i) < 0)
			return mp_fail(err, MP_FAULT_HOST, -errno, "descriptor %d", i);
	return 0;
}

static void reset_signals(void)
{
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		(void)signal(i, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

_Noreturn void command_main(struct jail *of_shim)
{
	struct jail own = *of_shim; /* the memory is the shim's too, until exec */
	struct jail *jail = &own;
	const char *dir = jail->spec->dir ? jail->spec->dir : BOX_SCRATCH;
	struct shim_message say = {.kind = SAY_FAILED};
	struct mp_error err = {0};
	int result;

	reset_signals();
	(void)setsid();
	result = take_stdio(jail, &err);
	if (result == 0 && chdir(dir) < 0) {
		say.kind = SAY_NO_START;
		say.code = -errno;
		(void)snprintf(say.text, sizeof(say.text), "enter the working folder %.150s", dir);
	}
	if (result == 0 && say.code == 0)
		result = jail_walk(jail, STEP_COMMAND, &err);
	if (say.code == 0) {
		say.code = result < 0 ? result : -EIO;
		(void)snprintf(say.text, sizeof(say.text), "%.*s", (int)sizeof(say.text) - 1,
			       err.text);
	}
	(void)!message_send(jail->shim_end, &say, sizeof(say), NULL, 0, 0);
	_exit(125);
}
