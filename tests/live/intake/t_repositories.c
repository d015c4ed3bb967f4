/* SPDX-License-Identifier: MIT */
/*
 * Repositories as strangers make them, read by the reader in its box: what is taken, what is refused, and
 * with which sentence. tests/helper/repositories.sh makes them. This program is also the reader.
 */
#include "tests/helper/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grader/intake/intake.h"
#include "sandbox/base/clock.h"
#include "sandbox/base/field.h"
#include "sandbox/base/path.h"
#include "sandbox/base/process.h"
#include "sandbox/base/text.h"

static struct mp_launcher *launcher;
static char self[4096];
static char work[] = "/tmp/t-intake-XXXXXX";
static bool may_miss[MP_LAYER_COUNT];
static const char *const environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/nonexistent",
					  NULL};

/* What ARGV prints, without its last line end; NULL when it fails. Freed by the caller. */
static char *output_of(const char *const *argv, const char *dir)
{
	struct text text;
	struct mp_error err = {0};
	int status;

	text_init(&text, 0);
	status = process_run(argv, environment, dir, &text, &err);
	if (status != 0)
		printf("# %s: status %d %s %s\n", argv[0], status, err.text, text_get(&text));
	while (text.length > 0 && text.data[text.length - 1] == '\n')
		text.data[--text.length] = '\0';
	return text_take(&text);
}

static struct intake_request request_for(const char *repository)
{
	return (struct intake_request){
		.launcher = launcher,
		.repository = repository,
		.program = self,
		.may_miss = may_miss,
	};
}

/* NAME below the work folder, or NAME itself when it is an address or a path. */
static const char *place_of(const char *name)
{
	static char place[4096];

	if (strncmp(name, "file:", 5) == 0)
		(void)snprintf(place, sizeof(place), "file://%s/%s", work, name + 5);
	else
		(void)snprintf(place, sizeof(place), "%s%s%s", strchr("/:-", name[0]) ? "" : work,
			       strchr("/:-", name[0]) ? "" : "/", name);
	return place;
}

static const struct {
	const char *name;
	const char *revision;
	int files;
	const char *branch;
	const char *fact; /* a part of the first fact's text */
} good[] = {
	{"plain", NULL, 4, "main", NULL},
	{"plain", "topic", 4, "topic", NULL},
	{"plain", "v1", 4, NULL, NULL},
	{"plain", "refs/heads/main", 4, NULL, NULL},
	{"plain", "ee26d3f", 4, NULL, NULL},
	{"with a space %41", NULL, 1, "main", NULL},
	{"bare", NULL, 4, "main", NULL},
	{"shallow", NULL, 4, "main", "shallow"},
	{"partial", NULL, 4, "main", NULL},
	{"lfs", NULL, 3, "main", "'photo.jpg' is a pointer of git-lfs"},
	{"detached", NULL, 4, NULL, NULL},
	{"linked", NULL, 2, "side", NULL},
	{"many_refs", NULL, 1, "main", NULL},
	{"many_refs", "branch-099999", 1, "branch-099999", NULL},
	{"links", NULL, 1, "main",
	 "'absolute' is a link out of the repository, to '/etc/passwd': left out"},
	{"submodule", NULL, 2, "main", "'module' is a submodule"},
	{"case_clash", NULL, 3, "main", "'Readme' differs from another name by case only"},
	{"hooks", NULL, 2, "main", NULL},
	{"fsmonitor", NULL, 1, "main", NULL},
	{"large_file", NULL, 2, "main", "'photo.jpg' is 5.7 MB"},
	{"file:plain", "topic", 4, "topic", NULL},
	{"file:bare", "v1", 4, NULL, NULL},
	{"file:detached", NULL, 4, NULL, NULL},
	{"file:with%20a%20space%20%2541", NULL, 1, "main", NULL},
};

static void what_can_be_read_is_taken(void)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct intake_request request = request_for(place_of(good[i].name));
		struct submission *submission = NULL;
		struct mp_error err = {0};

		request.revision = good[i].revision;
		IS(intake_open(&request, &submission, &err), 0);
		IS_TEXT(err.text, "");
		if (submission) {
			IS(submission->file_count, good[i].files);
			IS_TEXT(submission->branch, good[i].branch);
			if (good[i].fact)
				HAS_TEXT(submission->fact_count ? submission->facts[0].text : "",
					 good[i].fact);
			else
				IS(submission->fact_count, 0);
		}
		(void)submission_close(submission);
		ROW("%s@%s", good[i].name, good[i].revision ? good[i].revision : "");
	}
}

static const struct {
	const char *name;
	const char *revision;
	enum mp_fault fault;
	const char *text;
} bad[] = {
	{"empty", NULL, MP_FAULT_USAGE,
	 "it has no commit yet: type 'git add -A && git commit -m start'"},
	{"lost_head", NULL, MP_FAULT_USAGE, "there are 'main'"},
	{"plain", "mian", MP_FAULT_USAGE, "no branch, tag or commit 'mian': did you mean 'main'?"},
	{"plain", "quite-else", MP_FAULT_USAGE, "there are 'main', 'topic', 'v1'"},
	{"plain", "../../HEAD", MP_FAULT_USAGE, "no branch, tag or commit"},
	{"plain", "ffffffffffffffffffffffffffffffffffffffff", MP_FAULT_USAGE,
	 "no branch, tag or commit"},
	{"many_refs", "brunch-1", MP_FAULT_USAGE, "no branch, tag or commit"},
	{"sha256", NULL, MP_FAULT_INPUT, "SHA-256"},
	{"reftable", NULL, MP_FAULT_INPUT, "reftable"},
	{"config_include", NULL, MP_FAULT_INPUT, "cannot be read"},
	{"tree_bomb", NULL, MP_FAULT_INPUT, "more than 20,000"},
	{"empty_bomb", NULL, MP_FAULT_INPUT, "more than 20,000"},
	{"wide_tree", NULL, MP_FAULT_INPUT, "more than 20,000"},
	{"deep_tree", NULL, MP_FAULT_INPUT, "deeper than 32"},
	{"own_tree", NULL, MP_FAULT_INPUT, "cannot be read"},
	{"zeros", NULL, MP_FAULT_INPUT, "'zeros' is larger than 20 MB"},
	{"zeros_packed", NULL, MP_FAULT_INPUT, "'zeros' is larger than 20 MB"},
	{"file:zeros", NULL, MP_FAULT_INPUT, "refused"},
	{"file:zeros_packed", NULL, MP_FAULT_INPUT, "refused"},
	{"file:tree_bomb", NULL, MP_FAULT_INPUT, "more than 20,000"},
	{"file:many_refs", NULL, MP_FAULT_INPUT, "10,000 branches"},
	{"file:shallow", NULL, MP_FAULT_INPUT, "name its folder"},
	{"file:partial", NULL, MP_FAULT_INPUT,
	 "it is a partial clone (--filter), which cannot be cloned again"},
	{"large_files", NULL, MP_FAULT_INPUT, "more than 20 MB together"},
	{"truncated_pack", NULL, MP_FAULT_INPUT, "cannot be read"},
	{"file:truncated_pack", NULL, MP_FAULT_INPUT, "cannot be read"},
	{"corrupt_object", NULL, MP_FAULT_INPUT, "an object is damaged"},
	{"other_object", NULL, MP_FAULT_INPUT, "an object is damaged"},
	{"missing_object", NULL, MP_FAULT_INPUT, "is not there"},
	{"partial_empty", NULL, MP_FAULT_INPUT, "it is a partial clone (--filter)"},
	{"alternates", NULL, MP_FAULT_INPUT, "borrows objects"},
	{"tag_loop", "loop", MP_FAULT_INPUT, "tag of a tag"},
	{"tag_loop", "file", MP_FAULT_USAGE, "is a blob, not a commit"},
	{"ref_loop", NULL, MP_FAULT_INPUT, "leads to no commit"},
	{"ref_empty", NULL, MP_FAULT_INPUT, "refs/heads/main: type 'git fsck' there"},
	{"ref_empty", "main", MP_FAULT_INPUT, "refs/heads/main: type 'git fsck' there"},
	{"ref_out", NULL, MP_FAULT_INPUT, "leads to no commit"},
	{"head_out", NULL, MP_FAULT_INPUT, "leads to no commit"},
	{"git_pipe", NULL, MP_FAULT_USAGE, "neither a folder nor a file"},
	{"pipe_head", NULL, MP_FAULT_INPUT, "is not whole (HEAD, objects, refs)"},
	{"pipe_branch", NULL, MP_FAULT_INPUT, "'refs/heads/main' in its git folder is a pipe"},
	{"file:pipe_branch", NULL, MP_FAULT_INPUT, "'refs/heads/main' in its git folder is a pipe"},
	{"pipe_index", NULL, MP_FAULT_INPUT, "'index' in its git folder is a pipe"},
	{"pipe_config", NULL, MP_FAULT_INPUT, "'config' in its git folder is a pipe"},
	{"pipe_object", NULL, MP_FAULT_INPUT, "in its git folder is a pipe"},
	{"pipe_link", NULL, MP_FAULT_INPUT, "in its git folder is a pipe"},
	{"pipe_shared", NULL, MP_FAULT_INPUT, "'config' in its git folder is a pipe"},
	{"socket_index", NULL, MP_FAULT_INPUT, "'index' in its git folder is a socket"},
	{"git_large", NULL, MP_FAULT_USAGE, "names no git folder"},
	{"git_link", NULL, MP_FAULT_USAGE, "is a link"},
	{"git_file", NULL, MP_FAULT_USAGE, "not there"},
	{"nothing", NULL, MP_FAULT_USAGE, "git init"},
	{"plain/src", NULL, MP_FAULT_USAGE, "is a folder inside the repository"},
	{"plain/hello.txt", NULL, MP_FAULT_USAGE, "is a file"},
	{"/", NULL, MP_FAULT_USAGE, "whole machine"},
	{"nowhere", NULL, MP_FAULT_USAGE, "no folder"},
	{"dot_git", NULL, MP_FAULT_INPUT, "'.git' would be taken for git's own folder"},
	{"dot_git_capitals", NULL, MP_FAULT_INPUT, "git's own folder"},
	{"dot_git_short", NULL, MP_FAULT_INPUT, "git's own folder"},
	{"dot_git_point", NULL, MP_FAULT_INPUT, "git's own folder"},
	{"dot_git_dot", NULL, MP_FAULT_INPUT, "git's own folder"},
	{"dot_git_blank", NULL, MP_FAULT_INPUT, "git's own folder"},
	{"dot_git_stream", NULL, MP_FAULT_INPUT, "git's own folder"},
	{"dot_dot", NULL, MP_FAULT_INPUT, "dots and blanks"},
	{"slash", NULL, MP_FAULT_INPUT, "slash or backslash"},
	{"backslash", NULL, MP_FAULT_INPUT, "slash or backslash"},
	{"control", NULL, MP_FAULT_INPUT, "'a\\x1bb' has a control character"},
	{"newline", NULL, MP_FAULT_INPUT, "'a\\nb' has a control character"},
	{"odd_mode", NULL, MP_FAULT_INPUT, "neither a file nor a folder"},
	{"twice", NULL, MP_FAULT_INPUT, "named twice"},
	{"-x", NULL, MP_FAULT_USAGE, "./-x"},
	{"/ext::sh -c id", NULL, MP_FAULT_USAGE, "no folder"},
};

static void what_cannot_be_read_is_refused_with_a_reason(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct intake_request request = request_for(place_of(bad[i].name));
		struct submission *submission = NULL;
		struct mp_error err = {0};
		int64_t start_ms = clock_now_ms();

		request.revision = bad[i].revision;
		OK(intake_open(&request, &submission, &err) < 0);
		IS(err.fault, bad[i].fault);
		HAS_TEXT(err.text, bad[i].text);
		OK(clock_now_ms() - start_ms < 30000);
		(void)submission_close(submission);
		ROW("%s@%s: %s", bad[i].name, bad[i].revision ? bad[i].revision : "", err.text);
	}
}

static void files_have_their_bytes_and_modes(void)
{
	static const char script[] =
		"cd \"$1\" && find . -type f -printf '%P %m ' -exec cat {} \\; | tr '\\n' '|'; "
		"find . -printf '%y%m\\n' | sort -u | tr '\\n' ' '";
	struct intake_request request = request_for(place_of("plain"));
	struct submission *submission = NULL;
	struct mp_error err = {0};
	char *listed;

	IS(intake_open(&request, &submission, &err), 0);
	if (!submission)
		return;
	listed = output_of((const char *const[]){"sh", "-c", script, "sh", submission->tree, NULL},
			   NULL);
	HAS_TEXT(listed, "hello.txt 644 hello|more|");
	HAS_TEXT(listed, "run 755 #!/bin/sh|");
	HAS_TEXT(listed, "src/deep/a.txt 644 a|");
	HAS_TEXT(listed, "d755 f644 f755");
	IS_TEXT(submission->commit, "ee26d3fec9bebfa3e5ee30879890eec98f6cff0d");
	IS(submission->bytes, 23);
	free(listed);
	(void)submission_close(submission);
}

/* PATH's id by git itself in the repository NAME. */
static void id_is(struct submission *submission, const char *repository, const char *path,
		  const char *revision)
{
	const char *argv[] = {"git",	  "-c", "safe.directory=*", "rev-parse",
			      "--verify", "-q", revision,	    NULL};
	struct mp_error err = {0};
	char id[41];
	char *wanted = output_of(argv, place_of(repository));

	IS(submission_object_id(submission, path, id, &err), 0);
	IS_TEXT(id, wanted);
	free(wanted);
}

static void ids_are_those_of_git(void)
{
	struct intake_request request = request_for(place_of("plain"));

	for (int i = 0; i < 2; i++) {
		struct submission *submission = NULL;
		struct mp_error err = {0};
		char id[41];

		request.repository = place_of("plain");
		request.is_worktree = i == 1;
		IS(intake_open(&request, &submission, &err), 0);
		if (!submission)
			return;
		id_is(submission, "plain", ".", "main^{tree}");
		id_is(submission, "plain", "src", "main:src");
		id_is(submission, "plain", "src/deep/a.txt", "main:src/deep/a.txt");
		id_is(submission, "plain", "run", "main:run");
		IS(submission_object_id(submission, "src/nothing", id, &err), 0);
		IS_TEXT(id, "");
		IS(submission_object_id(submission, "hello.txt/x", id, &err), 0);
		IS_TEXT(id, "");
		IS(submission_object_id(submission, "../..", id, &err), 0);
		IS_TEXT(id, "");
		(void)submission_close(submission);
	}
}

static void a_work_tree_gives_what_git_would_add(void)
{
	static const char by_git[] =
		"git -c safe.directory='*' ls-files -co --exclude-standard | while read f; do "
		"[ -f \"$f\" ] && echo \"$f\"; done | sort";
	static const char by_us[] = "find . -type f -printf '%P\\n' | sort";
	static const char *const names[] = {"worktree", "linked", "plain", "links"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct intake_request request = request_for(place_of(names[i]));
		struct submission *submission = NULL;
		struct mp_error err = {0};
		char *wanted, *got;

		request.is_worktree = true;
		IS(intake_open(&request, &submission, &err), 0);
		IS_TEXT(err.text, "");
		if (!submission)
			continue;
		wanted = output_of((const char *const[]){"sh", "-c", by_git, NULL},
				   place_of(names[i]));
		got = output_of((const char *const[]){"sh", "-c", by_us, NULL}, submission->tree);
		if (strcmp(names[i], "links") != 0)
			IS_TEXT(got, wanted);
		IS_TEXT(submission->commit, "worktree");
		free(wanted);
		free(got);
		(void)submission_close(submission);
		ROW("%s", names[i]);
	}
}

static void a_folder_without_a_repository_is_a_work_tree_too(void)
{
	struct intake_request request = request_for(place_of("nothing"));
	struct submission *submission = NULL;
	struct mp_error err = {0};

	request.is_worktree = true;
	IS(intake_open(&request, &submission, &err), 0);
	if (!submission)
		return;
	IS(submission->file_count, 1);
	(void)submission_close(submission);
}

/* Who grades as root grades other people's repositories, which may be closed to all but their owner. */
static void a_closed_repository_is_read_as_root(void)
{
	static const char script[] =
		"cp -r plain closed && chmod -R go= closed && { [ $0 = 0 ] || chown -R $0:$0 closed; }";
	static const char *const owners[] = {"0", "1234"};

	if (geteuid() != 0)
		SKIP_TEST("needs root");
	for (size_t i = 0; i < 4; i++) {
		struct intake_request request = request_for(place_of("closed"));
		struct submission *submission = NULL;
		struct mp_error err = {0};

		free(output_of((const char *const[]){"sh", "-c", script, owners[i / 2], NULL},
			       work));
		request.is_worktree = i % 2 == 1;
		IS(intake_open(&request, &submission, &err), 0);
		IS_TEXT(err.text, "");
		(void)submission_close(submission);
		(void)path_remove_tree(AT_FDCWD, place_of("closed"));
		ROW("owner %s, %zu", owners[i / 2], i % 2);
	}
}

static void what_hangs_is_given_up(void)
{
	struct intake_request request = request_for(place_of("pipe_borrowed"));
	struct submission *submission = NULL;
	struct mp_error err = {0};
	int64_t start_ms = clock_now_ms();

	request.deadline_ms = 1000;
	OK(intake_open(&request, &submission, &err) < 0);
	IS(err.fault, MP_FAULT_INPUT);
	HAS_TEXT(err.text, "refused: cannot be read: it took longer than 1 s");
	OK(clock_now_ms() - start_ms < 10000);
}

static void nothing_of_a_repository_is_run(void)
{
	static const char *const traces[] = {"hook-ran", "filter-ran", "fsmonitor-ran"};
	struct intake_request request = request_for(place_of("hooks"));
	struct submission *submission = NULL;
	struct mp_error err = {0};
	char path[4096];

	request.is_worktree = true;
	IS(intake_open(&request, &submission, &err), 0);
	(void)submission_close(submission);
	for (size_t i = 0; i < sizeof(traces) / sizeof(traces[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", work, traces[i]);
		IS(access(path, F_OK), -1);
	}
}

static void a_folder_goes_with_its_submission_or_with_the_next_sweep(void)
{
	struct intake_request request = request_for(place_of("plain"));
	struct submission *submission = NULL;
	struct mp_error err = {0};
	char path[4096] = "";
	int pipes[2];
	pid_t child;

	IS(intake_open(&request, &submission, &err), 0);
	if (!submission || pipe(pipes) < 0)
		return;
	child = fork();
	if (child == 0) {
		struct submission *mine = NULL;

		if (intake_open(&request, &mine, &err) == 0)
			(void)!write(pipes[1], mine->tree, strlen(mine->tree));
		(void)raise(SIGKILL);
	}
	(void)close(pipes[1]);
	OK(read(pipes[0], path, sizeof(path) - 1) > 0);
	(void)waitpid(child, NULL, 0);
	(void)close(pipes[0]);
	IS(access(path, F_OK), 0);
	intake_sweep();
	IS(access(path, F_OK), -1);
	IS(access(submission->tree, F_OK), 0);
	(void)snprintf(path, sizeof(path), "%s", submission->tree);
	(void)submission_close(submission);
	*strrchr(path, '/') = '\0';
	IS(access(path, F_OK), -1);
}

static void the_top_of_a_work_tree_is_found_from_below(void)
{
	struct mp_error err = {0};
	char *top = NULL;

	IS(intake_find_top(place_of("plain/src/deep"), &top, &err), 0);
	IS_TEXT(top, place_of("plain"));
	free(top);
	top = NULL;
	IS(intake_find_top(place_of("linked"), &top, &err), 0);
	IS_TEXT(top, place_of("linked"));
	free(top);
	IS(intake_find_top(place_of("nothing/sub"), &top, &err), -ENOENT);
}

static pid_t server_start(int *ret_port)
{
	int pipes[2];
	char line[16] = "";
	int64_t port;
	pid_t child;

	if (pipe2(pipes, O_CLOEXEC) < 0)
		return -1;
	child = fork();
	if (child == 0) {
		(void)dup2(pipes[1], 1);
		(void)execl("tests/helper/git_http.py", "git_http.py", work, (char *)NULL);
		_exit(127);
	}
	(void)close(pipes[1]);
	(void)!read(pipes[0], line, sizeof(line) - 1);
	(void)close(pipes[0]);
	line[strcspn(line, "\n")] = '\0';
	if (parse_count(line, &port) == 0)
		*ret_port = (int)port;
	return child;
}

static void an_address_is_cloned_over_http(void)
{
	static const struct {
		const char *path;
		int files; /* -1: refused */
		enum mp_fault fault;
		const char *text;
	} addresses[] = {
		{"bare", 4, MP_FAULT_NONE, ""},
		{"plain/.git", 4, MP_FAULT_NONE, ""},
		{"redirect/bare", 4, MP_FAULT_NONE, ""},
		{"loop/bare", -1, MP_FAULT_USAGE, "cannot be fetched"},
		{"nothing", -1, MP_FAULT_USAGE, "no git repository is there (404)"},
		{"private/bare", -1, MP_FAULT_USAGE, "asks for a password"},
		{"drip/bare", -1, MP_FAULT_INPUT, "it took longer than 2 s"},
		{"cut/bare", -1, MP_FAULT_USAGE, "cannot be fetched"},
		{"hang/bare", -1, MP_FAULT_INPUT, "it took longer than 2 s"},
		{"zeros_packed", -1, MP_FAULT_INPUT, "refused"},
		{"many_refs/.git", -1, MP_FAULT_INPUT, "10,000 branches"},
		{"tree_bomb/.git", -1, MP_FAULT_INPUT, "more than 20,000"},
		{"truncated_pack/.git", -1, MP_FAULT_USAGE, ""},
		{"empty/.git", -1, MP_FAULT_USAGE, "no commit yet: type 'git push'"},
	};
	int port = 0;
	pid_t server = server_start(&port);

	OK(port > 0);
	for (size_t i = 0; port > 0 && i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		char address[256];
		struct intake_request request;
		struct submission *submission = NULL;
		struct mp_error err = {0};

		(void)snprintf(address, sizeof(address), "http://127.0.0.1:%d/%s", port,
			       addresses[i].path);
		request = request_for(address);
		request.deadline_ms = strstr(addresses[i].text, "than 2 s") ? 2000 : 30000;
		IS(intake_open(&request, &submission, &err) < 0, addresses[i].files < 0);
		if (submission)
			IS(submission->file_count, addresses[i].files);
		if (addresses[i].text[0])
			IS(err.fault, addresses[i].fault);
		HAS_TEXT(err.text, addresses[i].text);
		(void)submission_close(submission);
		ROW("%s: %s", addresses[i].path, err.text);
	}
	(void)kill(server, SIGTERM);
	(void)waitpid(server, NULL, 0);
}

static const struct tap_test tests[] = {
	T(what_can_be_read_is_taken) T(what_cannot_be_read_is_refused_with_a_reason)
		T(files_have_their_bytes_and_modes) T(ids_are_those_of_git)
			T(a_work_tree_gives_what_git_would_add) T(
				a_folder_without_a_repository_is_a_work_tree_too)
				T(a_closed_repository_is_read_as_root) T(what_hangs_is_given_up) T(
					nothing_of_a_repository_is_run)
					T(a_folder_goes_with_its_submission_or_with_the_next_sweep)
						T(the_top_of_a_work_tree_is_found_from_below)
							T(an_address_is_cloned_over_http)};

/* For tests/bench/intake.sh: read PLACE once and say what that took. */
static int read_once(const char *place)
{
	struct intake_request request = request_for(place);
	struct submission *submission = NULL;
	struct mp_error err = {0};
	struct rusage usage;
	int64_t start_ms = clock_now_ms();

	if (intake_open(&request, &submission, &err) < 0) {
		printf("%s\n", err.text);
		return 1;
	}
	(void)getrusage(RUSAGE_SELF, &usage);
	printf("%zu files, %lld bytes in %lld ms; own memory peak %ld kB\n", submission->file_count,
	       (long long)submission->bytes, (long long)(clock_now_ms() - start_ms),
	       usage.ru_maxrss);
	(void)submission_close(submission);
	launcher = mp_launcher_close(launcher);
	return 0;
}

int main(int argc, char **argv)
{
	const char *const make[] = {"tests/helper/repositories.sh", work, NULL};
	struct mp_layer_state layers[MP_LAYER_COUNT];
	struct mp_error err = {0};
	char *made;
	int status;

	if (argc > 1 && strcmp(argv[1], "reader") == 0)
		return reader_main(argc, argv);
	if (mp_launcher_open(0, &launcher, &err) < 0 || mp_host_check(layers, &err) < 0 ||
	    readlink("/proc/self/exe", self, sizeof(self) - 1) < 0) {
		printf("Bail out! %s\n", err.text);
		return 1;
	}
	/* What this host lacks may be missing: here it is about repositories. */
	for (size_t i = 0; i < MP_LAYER_COUNT; i++)
		may_miss[layers[i].layer] = !layers[i].is_present;
	if (argc == 3 && strcmp(argv[1], "read") == 0)
		return read_once(argv[2]);
	if (!mkdtemp(work) || chmod(work, 0755) < 0)
		return 1;
	made = output_of(make, NULL);
	free(made);
	status = tap_main(tests, sizeof(tests) / sizeof(tests[0]));
	launcher = mp_launcher_close(launcher);
	(void)path_remove_tree(AT_FDCWD, work);
	return status;
}
