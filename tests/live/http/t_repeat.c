/* SPDX-License-Identifier: MIT */
/* The line that repeats a request, read by a real shell: every byte arrives as it was sent. */
#include <sys/wait.h>
#include <unistd.h>

#include "grader/http/inner.h"
#include "grader/match/rng.h"
#include "sandbox/base/arena.h"
#include "tests/helper/tap.h"

/* What bash makes of LINE when curl prints its arguments, each with a NUL behind it. */
static size_t arguments_of(const char *line, char *ret_bytes, size_t size)
{
	static const char before[] = "BASE_URL=http://x; curl() { printf '%s\\0' \"$@\"; }\n";
	char *script = malloc(sizeof(before) + strlen(line));
	size_t used = 0;
	ssize_t count;
	int ends[2], status;
	pid_t child;

	memcpy(script, before, sizeof(before));
	memcpy(script + sizeof(before) - 1, line, strlen(line) + 1);
	if (!OK(pipe(ends) == 0))
		return 0;
	child = fork();
	if (child == 0) {
		(void)dup2(ends[1], STDOUT_FILENO);
		(void)execl("/bin/bash", "bash", "-c", script, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	while (used < size && (count = read(ends[0], ret_bytes + used, size - used)) > 0)
		used += (size_t)count;
	close(ends[0]);
	OK(waitpid(child, &status, 0) == child && status == 0);
	free(script);
	return used;
}

/* The argument behind FLAG in a list of NUL-terminated ones. */
static const char *argument_behind(const char *flag, const char *bytes, size_t count)
{
	for (const char *item = bytes; item < bytes + count; item += strlen(item) + 1) {
		if (strcmp(item, flag) == 0)
			return item + strlen(item) + 1;
	}
	return NULL;
}

/* Bytes that shells care for come often. */
static void draw_body(struct rng *rng, char *body, size_t size)
{
	static const char *const pieces[] = {"'",    "\"",   "$",  "`",	    "\\", "\n",
					     "!",    "@",    " ",  "\t",    "आ",  "\xff",
					     "\x01", "\x7f", "{}", "$(id)", "%",  "\xe2\x80\xae",
					     "a",    "&&"};
	size_t count = 1 + rng_below(rng, 12);

	body[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		const char *piece = pieces[rng_below(rng, sizeof(pieces) / sizeof(pieces[0]))];

		(void)snprintf(body + strlen(body), size - strlen(body), "%s", piece);
	}
}

static void every_byte_of_a_body_survives_the_shell(void)
{
	struct rng rng;

	rng_init(&rng, 7, "bodies");
	for (int i = 0; i < 200; i++) {
		struct arena *arena = arena_new();
		const char *headers[] = {"X-A: it's \"$HOME\" `id`", NULL};
		struct http_request request = {.method = "POST",
					       .url = "/a?b=$HOME`id`\"\\&c",
					       .readable = "/a",
					       .headers = headers,
					       .header_count = 1,
					       .body_kind = "the body",
					       .has_own_type = true};
		char body[256], got[4096];
		const char *line, *sent;
		size_t count;

		draw_body(&rng, body, sizeof(body));
		request.body = body;
		request.body_bytes = strlen(body);
		line = request_curl(&request, arena);
		/* It is shown in a terminal. */
		for (const char *c = line; *c; c++)
			OK((unsigned char)*c >= 0x20 && *c != 0x7f);
		count = arguments_of(line, got, sizeof(got));
		sent = argument_behind(body[0] == '@' ? "--data-raw" : "-d", got, count);
		IS_TEXT(sent, body);
		IS_TEXT(argument_behind("-H", got, count), headers[0]);
		IS_TEXT(argument_behind("POST", got, count), "http://x/a?b=$HOME`id`\"\\&c");
		ROW("%d: %s", i, line);
		arena_free(arena);
	}
}

TAP_MAIN(T(every_byte_of_a_body_survives_the_shell))
