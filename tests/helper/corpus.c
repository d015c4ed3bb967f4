/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target over files instead of a fuzzer: `corpus NAME FILE...`, as TAP. A finding aborts. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 4 << 20 };

static int run_file(const char *path, uint8_t *buffer)
{
	FILE *file = fopen(path, "rbe");
	uint8_t *exact;
	size_t count;

	if (!file)
		return -1;
	count = fread(buffer, 1, INPUT_MAX, file);
	(void)fclose(file);
	/* A block of exactly that size: reading beyond it shows under the sanitizer. */
	exact = malloc(count ? count : 1);
	for (size_t i = 0; exact && i < count; i++)
		exact[i] = buffer[i];
	if (exact)
		(void)LLVMFuzzerTestOneInput(exact, count);
	free(exact);
	return exact ? 0 : -1;
}

int main(int argc, char **argv)
{
	uint8_t *buffer = malloc(INPUT_MAX);
	int failed = 0;

	if (!buffer || argc < 2)
		return 1;
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	printf("1..1\n");
	for (int i = 2; i < argc; i++) {
		printf("# %s\n", argv[i]);
		failed += run_file(argv[i], buffer) < 0;
	}
	printf("%sok 1 - %s takes its corpus of %d files\n", failed || argc < 3 ? "not " : "",
	       argv[1], argc - 2);
	free(buffer);
	return failed || argc < 3 ? 1 : 0;
}
