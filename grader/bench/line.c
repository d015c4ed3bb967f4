/* SPDX-License-Identifier: MIT */
/*
 * What a shell line of the learner means when it fails. The lines start and run are run by
 * /bin/sh -c 'exec LINE', so that signals reach the program itself: such a line is one program.
 * Many people's first line is more than that, and the shell's own words then mislead.
 */
#include <ctype.h>
#include <string.h>

#include "grader/bench/inside.h"

/* Does the line begin with a word of shell that is no program? */
static bool begins_with(const char *line, const char *word)
{
	size_t length = strlen(word);

	return strncmp(line, word, length) == 0 && strchr(" \t", line[length]) && line[length];
}

/* DEBUG=1 python3 app.py */
static bool sets_variable(const char *line)
{
	size_t length = 0;

	while (isalnum((unsigned char)line[length]) || line[length] == '_')
		length++;
	return length > 0 && !isdigit((unsigned char)line[0]) && line[length] == '=';
}

/* The first of these characters that stands outside quotes, or NULL. */
static const char *find_outside(const char *line, const char *characters)
{
	char quote = '\0';

	for (; *line; line++) {
		if (*line == '\\' && quote != '\'' && line[1])
			line++;
		else if (quote)
			quote = *line == quote ? '\0' : quote;
		else if (*line == '\'' || *line == '"')
			quote = *line;
		else if (strchr(characters, *line))
			return line;
	}
	return NULL;
}

/* 2>&1 and &> are no operators between commands. */
static bool has_operator(const char *line)
{
	const char *at = line;

	while ((at = find_outside(at, ";&|"))) {
		bool is_redirect =
			*at == '&' && ((at > line && strchr("<>", at[-1])) || at[1] == '>');

		if (!is_redirect)
			return true;
		at++;
	}
	return false;
}

const char *line_slip(const char *line)
{
	static const char script[] =
		"This line is one program. cd, export, source and several commands belong in a\n"
		"script beside it, whose last line begins with exec:\n"
		"  sh serve.sh";
	static const char *const builtins[] = {"cd", "export", "source", ".", "set", "ulimit"};
	size_t length = strlen(line);

	for (size_t i = 0; i < sizeof(builtins) / sizeof(builtins[0]); i++) {
		if (begins_with(line, builtins[i]))
			return script;
	}
	if (begins_with(line, "exec"))
		return "milepost itself puts exec in front of this line: leave it away.";
	if (sets_variable(line))
		return "This line is one program. A variable is set for it by env:\n"
		       "  env DEBUG=1 python3 app.py";
	while (length > 0 && strchr(" \t", line[length - 1]))
		length--;
	if (length > 1 && line[length - 1] == '&' && line[length - 2] != '&')
		return "The & at the end sends the program into the background, and the line is\n"
		       "over at once: leave it away.";
	return has_operator(line) ? script : NULL;
}

const char *bench_shell_advice(const struct bench *bench, enum entry entry,
			       const struct mp_box_result *result)
{
	const struct entry_line *line = &bench->spec.file->entries[entry];
	const char *slip = line->command ? line_slip(line->command) : NULL;

	if (result->end != MP_END_EXITED)
		return NULL;
	if (slip && (result->exit_code == 0 || result->exit_code == 127))
		return slip;
	if (line->crlf_script && result->exit_code != 0)
		return arena_format(
			bench->spec.arena,
			"The lines of %s end with CRLF, as Windows writes them, and the shell takes the "
			"carriage return for a part of the line's last word. Save the file with LF; a "
			".gitattributes with the line * text=auto eol=lf keeps it so.",
			line->crlf_script);
	/* 126 and 127 are the shell's: it found no such program, or may not run it. */
	if (result->exit_code == 126)
		return "126 is the shell's word for: this file may not be run. A script needs #! and its\n"
		       "interpreter in its first line.";
	if (result->exit_code != 127)
		return NULL;
	return arena_format(
		bench->spec.arena,
		"127 is the shell's word for: there is no such program. Is it spelt right%s%s?\n"
		"Programs are looked for in /usr/local/bin, /usr/bin and /bin; a script of\n"
		"your own is written with its folder: ./serve.sh",
		line->file ? " in " : "", line->file ? line->file : "");
}
