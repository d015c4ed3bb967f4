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

static size_t count_of(const struct command *const *rows)
{
	size_t count = 0;

	while (rows[count])
		count++;
	return count;
}

static const struct command *command_find(const struct command *const *rows, const char *name)
{
	for (; name && *rows; rows++) {
		if (strcmp((*rows)->name, name) == 0)
			return *rows;
	}
	return NULL;
}

/*
 * Follow the words at *ARGV down the tables, as far as they go; *ARGV then stands behind them, and RET_PATH is what
 * they are: "admin learner add". NULL: not even the first is a command.
 */
static const struct command *command_walk(const char *const **argv, struct text *ret_path)
{
	const struct command *const *rows = commands;
	const struct command *found = NULL;
	const struct command *next;

	while (rows && (next = command_find(rows, **argv))) {
		found = next;
		text_addf(ret_path, "%s%s", ret_path->length ? " " : "", found->name);
		rows = found->parts;
		(*argv)++;
	}
	return found;
}

static void print_rows(const struct command *const *rows, FILE *to)
{
	for (; *rows; rows++)
		if ((*rows)->summary)
			(void)fprintf(to, "  %-10s %s\n", (*rows)->name, (*rows)->summary);
}

static void print_commands(FILE *to)
{
	(void)fputs("milepost grades what you push: services, programs, one exercise at a time.\n\n"
		    "  milepost COMMAND [OPTION]... [WORD]...\n\n",
		    to);
	print_rows(commands, to);
	(void)fputs(
		"\n  milepost COMMAND --help     its words and options\n"
		"  milepost --version\n\n"
		"Exit status: 0 at or above the bar, 1 below, 2 usage or unreadable input,\n"
		"3 a broken exercise, 4 this host cannot or something is not graded, 70 our bug.\n",
		to);
}

/* A group's help: what may come next. */
static void print_group(const struct command *group, const char *path, FILE *to)
{
	(void)fprintf(to, "milepost %s COMMAND [OPTION]... [WORD]...\n%s.\n\n", path,
		      group->summary);
	print_rows(group->parts, to);
	(void)fprintf(to, "\n  milepost %s COMMAND --help     its words and options\n", path);
}

static void print_command(const struct command *command, const char *path, FILE *to)
{
	mp_autotext struct text help = {0};

	if (command->parts) {
		print_group(command, path, to);
		return;
	}
	text_addf(&help, "milepost %s %s\n%s.\n\n", path, command->usage,
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

/* NAME is none of ROWS, which stand behind PATH ("" at the top). */
static int unknown_command(const struct command *const *rows, const char *path, const char *name)
{
	const char *near = nearest_word(name, count_of(rows), command_at, rows);
	const char *blank = *path ? " " : "";

	if (near)
		(void)fprintf(stderr, "milepost: unknown command '%s%s%s'; did you mean '%s'?\n",
			      path, blank, name, near);
	else
		(void)fprintf(
			stderr,
			"milepost: unknown command '%s%s%s'; milepost%s%s --help lists them\n",
			path, blank, name, blank, path);
	return 2;
}

static int check_words(const struct command *command, const char *path,
		       const struct text_list *words, struct mp_error *err)
{
	if (words->count >= command->words_low && words->count <= command->words_high)
		return 0;
	return mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "%s: milepost %s %s",
		       words->count < command->words_low ? "a word is missing" : "too many words",
		       path, command->usage);
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

static int run_command(const struct command *command, const char *path, struct context *context,
		       const char *const *argv)
{
	void *options = arena_alloc(context->arena, 1, command->option_bytes + 1);
	struct mp_error err = {0};
	struct text_list words;
	int status = -1;

	if (options_read(command->options, command->option_count, options, argv, &words,
			 context->arena, &err) == 0 &&
	    check_words(command, path, &words, &err) == 0 &&
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

static int start_command(const struct command *command, const char *path, const char *const *argv)
{
	struct context context = {0};
	int status;

	context.arena = arena_new();
	context.program = own_path(context.arena);
	status = run_command(command, path, &context, argv);
	context.arena = arena_free(context.arena);
	context.launcher = mp_launcher_close(context.launcher);
	return status;
}

/* The words behind the program's name: help, or the command that they name. */
static int follow_words(const char *const *argv)
{
	bool is_help = argv[0] && strcmp(argv[0], "help") == 0;
	mp_autotext struct text path = {0};
	const struct command *command;

	argv += is_help;
	command = command_walk(&argv, &path);
	if (!command && argv[0] && !(argv[0][0] == '-' && wants_help(argv)))
		return unknown_command(commands, "", argv[0]);
	if (!command) {
		print_commands(is_help || argv[0] ? stdout : stderr);
		return is_help || argv[0] ? 0 : 2;
	}
	if (is_help || wants_help(argv)) {
		print_command(command, text_get(&path), stdout);
		return 0;
	}
	if (command->parts && argv[0])
		return unknown_command(command->parts, text_get(&path), argv[0]);
	if (command->parts) {
		print_command(command, text_get(&path), stderr);
		return 2;
	}
	return start_command(command, text_get(&path), argv);
}

int main(int argc, char **argv)
{
	int status;

	keep_standard_descriptors();
	(void)signal(SIGPIPE, SIG_IGN);
	if (argc > 1 && strcmp(argv[1], "reader") == 0)
		return reader_main(argc, argv);
	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		(void)puts("milepost " MILEPOST_VERSION);
		return 0;
	}
	status = follow_words((const char *const *)(void *)(argv + (argc > 0)));
	/* Whoever reads may stop when it has enough: `milepost list | head -1`. */
	if (fflush(stdout) != 0 && errno != EPIPE && status == 0) {
		(void)fputs("milepost: standard output could not be written whole\n", stderr);
		status = 4;
	}
	return status;
}
