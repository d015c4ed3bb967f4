/* SPDX-License-Identifier: MIT */
/*
 * Addresses that are refused before anything is sent, and servers of ssh that never come to an end: a real sshd (tests/helper/sshd.sh) whose command sends a byte a second,
 * says nothing, or ends in the middle. This program is also the reader. Who is let in: tests/live/t_private.sh.
 */
#include "tests/helper/tap.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grader/intake/intake.h"
#include "sandbox/base/clock.h"
#include "sandbox/base/path.h"
#include "sandbox/base/process.h"
#include "sandbox/base/text.h"

static struct mp_launcher *launcher;
static char self[4096];
static char work[] = "/tmp/t-ssh-XXXXXX";
static bool may_miss[MP_LAYER_COUNT];
static const char *const environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/nonexistent",
					  NULL};
static char site[256]; /* ssh://USER@127.0.0.1:PORT */

/* The bytes of NAME in the work folder; freed by the caller. */
static char *bytes_of(const char *name)
{
	int dir = open(work, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char *bytes = NULL;
	size_t count;

	OK(path_read_below(dir, name, 1 << 20, &bytes, &count) == 0);
	(void)close(dir);
	return bytes;
}

static pid_t server_start(void)
{
	char line[64] = "";
	int pipes[2];
	size_t count = 0;
	pid_t child;

	if (pipe2(pipes, O_CLOEXEC) < 0)
		return -1;
	child = fork();
	if (child == 0) {
		(void)dup2(pipes[1], 1);
		(void)execl("tests/helper/sshd.sh", "sshd.sh", work, work, (char *)NULL);
		_exit(127);
	}
	(void)close(pipes[1]);
	while (count + 1 < sizeof(line) && !strchr(line, '\n') &&
	       read(pipes[0], line + count, 1) == 1)
		count++;
	(void)close(pipes[0]);
	line[strcspn(line, "\n")] = '\0';
	if (strchr(line, ' '))
		(void)snprintf(site, sizeof(site), "ssh://%s@127.0.0.1:%.*s", strchr(line, ' ') + 1,
			       (int)strcspn(line, " "), line);
	return child;
}

/* Every key of the server under every name. */
static char *known_hosts(void)
{
	char *key = bytes_of("host.pub");
	struct text text;

	text_init(&text, 0);
	text_addf(&text, "* %s", key ? key : "");
	free(key);
	return text_take(&text);
}

static void addresses_of_other_kinds_have_their_sentence(void)
{
	static const struct {
		const char *address, *text;
	} addresses[] = {
		{"ext::sh -c id", "would start a program"},
		{"ssh://git@example.org/x.git", "ssh wants a key: add --key"},
		{"git@example.org:x.git", "ssh wants a key: add --key"},
		{"example.org:x.git", "the address names no user"},
		{"git://example.org/x.git", "git:// is not read"},
		{"https://asha@example.org/x", "give the password or token of 'asha'"},
		{"ftp://example.org/x.git", "milepost reads https://"},
		{"https://", "names no machine"},
		{"https://a:b@example.org/x", "password"},
		{"https://example.org/a b", "blank"},
		{"file://example.org/x", "another machine"},
		{"file:///x%zz", "two digits"},
		{"--upload-pack=id", "./--upload-pack=id"},
		{"", "no repository"},
	};

	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		struct intake_request request = {.launcher = launcher,
						 .repository = addresses[i].address,
						 .program = self,
						 .may_miss = may_miss};
		struct submission *submission = NULL;
		struct mp_error err = {0};

		OK(intake_open(&request, &submission, &err) < 0);
		IS(err.fault, MP_FAULT_USAGE);
		HAS_TEXT(err.text, addresses[i].text);
		ROW("%s", addresses[i].address);
	}
}

static void a_server_that_never_ends_is_given_up(void)
{
	static const struct {
		const char *path;
		int64_t deadline_ms;
		enum mp_fault fault; /* MP_FAULT_NONE: it is read */
		const char *text;
	} rows[] = {
		{"bare", 30000, MP_FAULT_NONE, ""},
		{"drip", 3000, MP_FAULT_INPUT, "it took longer than 3 s: clone it with git"},
		{"hang", 3000, MP_FAULT_INPUT, "it took longer than 3 s"},
		{"cut", 30000, MP_FAULT_USAGE, "early EOF"},
	};
	pid_t server = server_start();
	char *key = bytes_of("id");
	char *hosts = known_hosts();
	struct intake_access access = {.key = key, .known_hosts = hosts};

	OK(server > 0 && site[0]);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t begun_ms = clock_now_ms();
		struct submission *submission = NULL;
		struct mp_error err = {0};
		char address[512];
		struct intake_request request = {.launcher = launcher,
						 .repository = address,
						 .access = &access,
						 .program = self,
						 .may_miss = may_miss,
						 .deadline_ms = rows[i].deadline_ms};

		(void)snprintf(address, sizeof(address), "%s%s/%s", site, i == 0 ? work : "",
			       rows[i].path);
		IS(intake_open(&request, &submission, &err) < 0, rows[i].fault != MP_FAULT_NONE);
		IS(err.fault, rows[i].fault);
		HAS_TEXT(err.text, rows[i].text);
		OK(clock_now_ms() - begun_ms < rows[i].deadline_ms + 3000);
		(void)submission_close(submission);
		ROW("%s: %s", rows[i].path, err.text);
	}
	free(hosts);
	free(key);
	(void)kill(server, SIGTERM);
	(void)waitpid(server, NULL, 0);
}

static const struct tap_test tests[] = {T(addresses_of_other_kinds_have_their_sentence)
						T(a_server_that_never_ends_is_given_up)};

int main(int argc, char **argv)
{
	const char *const make[] = {"tests/helper/repositories.sh", work, "bare", "large", NULL};
	struct mp_layer_state layers[MP_LAYER_COUNT];
	struct mp_error err = {0};
	int status;

	if (argc > 1 && strcmp(argv[1], "reader") == 0)
		return reader_main(argc, argv);
	if (mp_launcher_open(0, &launcher, &err) < 0 || mp_host_check(layers, &err) < 0 ||
	    readlink("/proc/self/exe", self, sizeof(self) - 1) < 0 || !mkdtemp(work) ||
	    chmod(work, 0755) < 0 || process_run(make, environment, NULL, NULL, &err) != 0) {
		printf("Bail out! %s\n", err.text);
		return 1;
	}
	/* What this host lacks may be missing: here it is about servers. */
	for (size_t i = 0; i < MP_LAYER_COUNT; i++)
		may_miss[layers[i].layer] = !layers[i].is_present;
	status = tap_main(tests, sizeof(tests) / sizeof(tests[0]));
	launcher = mp_launcher_close(launcher);
	(void)path_remove_tree(AT_FDCWD, work);
	return status;
}
