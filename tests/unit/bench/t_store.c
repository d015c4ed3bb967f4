/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "grader/bench/store.h"
#include "tests/helper/tap.h"

static int file_of(const char *text)
{
	int fd = memfd_create("t", MFD_CLOEXEC);

	OK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	return fd;
}

static void an_input_is_found_again_at_its_start(void)
{
	struct bench_store *store = bench_store_new();
	int fd = file_of("hello");
	int found = -1;
	char text[16] = "";

	OK(!bench_store_input(store, "a", &found));
	bench_store_keep_input(store, "a", fd);
	IS(read(fd, text, sizeof(text)), 5);
	close(fd);
	for (int i = 0; i < 2; i++) {
		OK(bench_store_input(store, "a", &found));
		IS(read(found, text, sizeof(text)), 5);
		IS_TEXT(text, "hello");
		close(found);
	}
	OK(!bench_store_input(store, "b", &found));
	bench_store_free(store);
}

static void an_answer_is_kept_with_its_bytes(void)
{
	struct bench_store *store = bench_store_new();
	char bytes[] = "a\0b";
	struct stored_answer answer = {2, bytes, 3};
	const struct stored_answer *found;

	bench_store_keep_answer(store, "k", &answer);
	bytes[0] = 'X';
	found = bench_store_answer(store, "k");
	if (OK(found != NULL)) {
		IS(found->exit_code, 2);
		IS(found->count, 3);
		OK(memcmp(found->bytes, "a\0b", 3) == 0);
	}
	OK(!bench_store_answer(store, "l"));
	bench_store_free(store);
}

static void what_is_too_large_is_not_kept(void)
{
	struct bench_store *store = bench_store_new();
	int fd = memfd_create("t", MFD_CLOEXEC);
	int found = -1;

	OK(ftruncate(fd, 129 << 20) == 0);
	bench_store_keep_input(store, "a", fd);
	OK(!bench_store_input(store, "a", &found));
	close(fd);
	bench_store_free(store);
}

static void no_store_keeps_nothing(void)
{
	int fd = file_of("x");
	int found = -1;

	bench_store_keep_input(NULL, "a", fd);
	OK(!bench_store_input(NULL, "a", &found));
	OK(!bench_store_answer(NULL, "a"));
	OK(bench_store_free(NULL) == NULL);
	close(fd);
}

/* clang-format off */
TAP_MAIN(
	T(an_input_is_found_again_at_its_start)
	T(an_answer_is_kept_with_its_bytes)
	T(what_is_too_large_is_not_kept)
	T(no_store_keeps_nothing)
)
