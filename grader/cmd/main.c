/* SPDX-License-Identifier: MIT */
/*
 * milepost: the commands, and who is started when.
 *
 * A command that opens boxes forks the launcher first, before anything but its own options is read: the launcher
 * stays small and unrestricted, this process may grow and lock itself.
 */
#include "grader/cmd/command.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grader/intake/intake.h"
#include "sandbox/base/columns.h"
#include "sandbox/base/options.h"
#include "sandbox/base/text.h"

const struct command *const commands[] = {
	&command_check, &command_grade,	 &command_init,	      &command_list,
	&command_show,	&command_start,	 &command_prove,      &command_lint,
	&command_new,	&command_doctor, &command_serve,      &command_worker,
	&command_admin, &command_hook,	 &command_completion, &command_manual,
	NULL,
};
enum { COMMAND_COUNT = sizeof(commands) / sizeof(commands[0]) - 1 };

const char *const trust_words[] = {"own", "foreign", NULL};

/* Without these there is no box: files, processes and ports of this machine would lie open. */
static const bool always_needed[MP_LAYER_COUNT] = {
	[MP_LAYER_USER] = true,
	[MP_LAYER_MOUNT] = true,
	[MP_LAYER_PID] = true,
	[MP_LAYER_NET] = true,
};

void context_trust(struct context *context, enum trust trust)
{
	for (int i = 0; i < MP_LAYER_COUNT; i++)
		context->may_miss[i] = trust == TRUST_OWN && !always_needed[i];
}

static const char *command_at(const void *rows, size_t i)
{
	return ((const struct command *const *)rows)[i]->name;
}

static const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	}
	return NULL;
}

static void print_commands(FILE *to)
{
	(void)fputs("milepost grades what you push: services, programs, one exercise at a time.\n\n"
		    "  milepost COMMAND [OPTION]... [WORD]...\n\n",
		    to);
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (commands[i]->summary)
			(void)fprintf(to, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
	(void)fputs(
		"\n  milepost COMMAND --help     its words and options\n"
		"  milepost --version\n\n"
		"Exit status: 0 at or above the bar, 1 below, 2 usage or unreadable input,\n"
		"3 a broken exercise, 4 this host cannot or something is not graded, 70 our bug.\n",
		to);
}

static void print_command(const struct command *command, FILE *to)
{
	mp_autotext struct text help;

	text_init(&help, 0);
	text_addf(&help, "milepost %s %s\n%s.\n\n", command->name, command->usage,
		  command->summary ? command->summary : "For milepost's own use");
	options_print(command->options, command->option_count, &help);
	(void)fputs(text_get(&help), to);
}

static int say_error(const struct mp_error *err)
{
	int status = mp_fault_status(err->fault);
	mp_autotext struct text text;

	text_init(&text, 0);
	text_addf(&text, "milepost: %s", err->text);
	columns_print(stderr, text_get(&text), 2);
	if (err->fault == MP_FAULT_BUG)
		(void)fputs(
			"This is a mistake of milepost, not yours. Please report what you typed.\n",
			stderr);
	return status ? status : 70;
}

static int unknown_command(const char *name)
{
	const char *near = nearest_word(name, COMMAND_COUNT, command_at, commands);

	if (near)
		(void)fprintf(stderr, "milepost: unknown command '%s'; did you mean '%s'?\n", name,
			      near);
	else
		(void)fprintf(stderr,
			      "milepost: unknown command '%s'; milepost --help lists them\n", name);
	return 2;
}

static int check_words(const struct command *command, const struct text_list *words,
		       struct mp_error *err)
{
	if (words->count >= command->words_low && words->count <= command->words_high)
		return 0;
	return mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "%s: milepost %s %s",
		       words->count < command->words_low ? "a word is missing" : "too many words",
		       command->name, command->usage);
}

/* --help may stand behind the words that were typed so far. */
static bool wants_help(const char *const *argv)
{
	for (; *argv && strcmp(*argv, "--") != 0; argv++) {
		if (strcmp(*argv, "--help") == 0 || strcmp(*argv, "-h") == 0)
			return true;
	}
	return false;
}

/*
 * The launcher of a command that opens boxes: once its options are read, which may say as whom boxes run, and
 * before anything else is.
 */
static int open_launcher(const struct command *command, const void *options,
			 struct context *context, struct mp_error *err)
{
	int row = field_find(command->options, command->option_count, "box-uid-base");
	int64_t base = 0;

	if (!command->opens_boxes)
		return 0;
	if (row >= 0)
		memcpy(&base, (const char *)options + command->options[row].offset, sizeof(base));
	return mp_launcher_open((uint32_t)base, &context->launcher, err);
}

static int run_command(const struct command *command, struct context *context,
		       const char *const *argv)
{
	void *options = arena_alloc(context->arena, 1, command->option_bytes + 1);
	struct mp_error err = {0};
	struct text_list words;
	int status = -1;

	if (wants_help(argv)) {
		print_command(command, stdout);
		return 0;
	}
	if (options_read(command->options, command->option_count, options, argv, &words,
			 context->arena, &err) == 0 &&
	    check_words(command, &words, &err) == 0 &&
	    open_launcher(command, options, context, &err) == 0)
		status = command->run(context, options, &words, &err);
	if (status < 0)
		return say_error(&err);
	return status;
}

static const char *own_path(struct arena *arena)
{
	char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

	return length > 0 ? arena_bytes(arena, path, (size_t)length) : "milepost";
}

/* Standard descriptors that are closed would be taken by the next file opened: fill them. */
static void keep_standard_descriptors(void)
{
	while (true) {
		FILE *null = fopen("/dev/null", "r+");

		if (!null || fileno(null) > 2) {
			if (null)
				(void)fclose(null);
			return;
		}
	}
}

int main(int argc, char **argv)
{
	struct context context = {0};
	const struct command *command;
	int status;

	keep_standard_descriptors();
	(void)signal(SIGPIPE, SIG_IGN);
	if (argc > 1 && strcmp(argv[1], "reader") == 0)
		return reader_main(argc, argv);
	if (argc == 3 && strcmp(argv[1], "help") == 0 && command_find(argv[2])) {
		print_command(command_find(argv[2]), stdout);
		return 0;
	}
	if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0) {
		print_commands(argc < 2 ? stderr : stdout);
		return argc < 2 ? 2 : 0;
	}
	if (strcmp(argv[1], "--version") == 0) {
		(void)puts("milepost " MILEPOST_VERSION);
		return 0;
	}
	command = command_find(argv[1]);
	if (!command)
		return unknown_command(argv[1]);
	context.arena = arena_new();
	context.program = own_path(context.arena);
	status = run_command(command, &context, (const char *const *)(void *)(argv + 2));
	context.arena = arena_free(context.arena);
	context.launcher = mp_launcher_close(context.launcher);
	/* Whoever reads may stop when it has enough: `milepost list | head -1`. */
	if (fflush(stdout) != 0 && errno != EPIPE && status == 0) {
		(void)fputs("milepost: standard output could not be written whole\n", stderr);
		status = 4;
	}
	return status;
}
