/* SPDX-License-Identifier: MIT */
/* The arena: alignment, zeroes, copies, lists that grow, and the order of ends. */
#include "sandbox/base/arena.h"

#include <signal.h>
#include <stdalign.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/helper/tap.h"

static void memory_is_zeroed_aligned_and_apart(void)
{
	mp_autoarena struct arena *arena = arena_new();
	unsigned char *last = NULL;
	size_t last_size = 0;

	for (size_t size = 0; size < 600; size++) {
		unsigned char *now = arena_alloc(arena, size, 3);

		OK((uintptr_t)now % alignof(max_align_t) == 0);
		for (size_t i = 0; i < size * 3; i++) {
			if (now[i] != 0)
				OK(now[i] == 0);
			now[i] = 0xee;
		}
		OK(!last || now >= last + last_size || now + size * 3 <= last);
		last = now;
		last_size = size * 3;
	}
}

static void large_things_fit_too(void)
{
	mp_autoarena struct arena *arena = arena_new();
	char *small = arena_text(arena, "small");
	char *large = arena_alloc(arena, 1, 5 << 20);

	memset(large, 'x', 5 << 20);
	IS_TEXT(small, "small");
	IS_TEXT(arena_text(arena, "after"), "after");
	IS(large[(5 << 20) - 1], 'x');
}

static void copies_are_copies(void)
{
	mp_autoarena struct arena *arena = arena_new();
	char text[] = "text";
	char *copy = arena_text(arena, text);
	char *bytes = arena_bytes(arena, "a\0b", 3);

	text[0] = 'n';
	IS_TEXT(copy, "text");
	OK(arena_text(arena, NULL) == NULL);
	IS_TEXT(arena_text(arena, ""), "");
	IS(memcmp(bytes, "a\0b", 4), 0);
	IS_TEXT(arena_bytes(arena, NULL, 0), "");
	IS_TEXT(arena_format(arena, "%s-%d", "a", 7), "a-7");
	IS(strlen(arena_format(arena, "%5000d", 7)), 5000);
}

static void lists_grow_and_keep_what_they_hold(void)
{
	mp_autoarena struct arena *arena = arena_new();
	int *numbers = NULL;
	size_t count = 0;

	for (int i = 0; i < 1000; i++) {
		int *place = arena_push(arena, &numbers, &count, sizeof(*place));

		IS(*place, 0);
		*place = i;
		(void)arena_text(arena, "something between");
	}
	IS(count, 1000);
	for (int i = 0; i < 1000; i++)
		IS(numbers[i], i);
}

static char ends[8];

static void note_end(void *object)
{
	size_t used = strlen(ends);

	ends[used] = *(const char *)object;
}

static void ends_come_in_reverse_order_before_the_memory_goes(void)
{
	struct arena *arena = arena_new();

	ends[0] = '\0';
	memset(ends, 0, sizeof(ends));
	for (const char *name = "abc"; *name; name++)
		arena_defer(arena, note_end, arena_bytes(arena, name, 1));
	arena = arena_free(arena);
	OK(arena == NULL);
	IS_TEXT(ends, "cba");
	OK(arena_free(NULL) == NULL);
}

/* A size that does not fit a size_t ends the program: nothing could go on. */
static void a_size_that_overflows_ends_the_program(void)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		const struct rlimit none = {0, 0};

		(void)setrlimit(RLIMIT_CORE, &none);
		(void)!freopen("/dev/null", "w", stderr);
		(void)signal(SIGABRT, SIG_DFL);
		(void)arena_alloc(arena_new(), SIZE_MAX / 2, 3);
		_exit(0);
	}
	IS(waitpid(pid, &status, 0), pid);
	OK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

TAP_MAIN(T(memory_is_zeroed_aligned_and_apart) T(large_things_fit_too) T(copies_are_copies)
		 T(lists_grow_and_keep_what_they_hold)
			 T(ends_come_in_reverse_order_before_the_memory_goes)
				 T(a_size_that_overflows_ends_the_program))
