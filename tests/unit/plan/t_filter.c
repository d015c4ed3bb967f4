/* SPDX-License-Identifier: MIT */
/*
 * The compiled filters, walked without a kernel, on every architecture at once.
 *
 * Two independent witnesses: rows written by hand with the numbers of the kernel's own tables, and a
 * walk of the table of rules for every number and every value that a rule names.
 */
#include "sandbox/plan/filter.h"

#include <errno.h>
#include <linux/audit.h>

#include "tests/helper/bpf.h"
#include "tests/helper/tap.h"

#define ALLOWED	       SECCOMP_RET_ALLOW
#define ASKED	       SECCOMP_RET_USER_NOTIF
#define KILLED	       SECCOMP_RET_KILL_PROCESS
#define REFUSED(ERRNO) (SECCOMP_RET_ERRNO | (ERRNO))
#define HIGH	       (UINT64_C(0xfedcba98) << 32)
#define NO_NUMBER      (-2)

static const uint32_t audit_arches[FILTER_ARCH_COUNT] = {
	[FILTER_X86_64] = AUDIT_ARCH_X86_64,
	[FILTER_AARCH64] = AUDIT_ARCH_AARCH64,
};

static uint32_t answer(enum filter_arch arch, enum mp_profile profile, bool wants_notify,
		       const struct seccomp_data *data)
{
	struct filter_program program = filter_program(arch, profile, wants_notify);

	return bpf_run(program.code, program.length, data, NULL);
}

/* One call as the kernel's tables number it on x86-64 and aarch64, and what it gets. */
struct row {
	const char *name;
	int x86_64, aarch64;
	enum mp_profile profile;
	uint64_t arguments[6];
	uint32_t wanted;
};

#define P MP_PROFILE_PROGRAM
#define S MP_PROFILE_SERVICE
#define B MP_PROFILE_BUILD
#define D MP_PROFILE_DATABASE
#define G MP_PROFILE_GIT
#define R MP_PROFILE_READER
#define F MP_PROFILE_FETCH

static const struct row rows[] = {
	{"read", 0, 63, P, {0}, ALLOWED},
	{"openat", 257, 56, P, {0}, ALLOWED},
	{"open", 2, NO_NUMBER, P, {0}, ALLOWED},
	{"fork", 57, NO_NUMBER, P, {0}, ALLOWED},
	{"execve", 59, 221, P, {0}, ALLOWED},
	{"exit_group", 231, 94, R, {0}, ALLOWED},
	{"futex", 202, 98, P, {0}, ALLOWED},
	{"getrandom", 318, 278, P, {0}, ALLOWED},
	{"statx", 332, 291, P, {0}, ALLOWED},
	{"rseq", 334, 293, P, {0}, ALLOWED},
	{"epoll_pwait2", 441, 441, P, {0}, ALLOWED},
	{"mmap", 9, 222, P, {0, 4096, 7, 0x22}, ALLOWED},
	{"mmap of huge pages", 9, 222, P, {0, 4096, 3, 0x40022}, REFUSED(ENOMEM)},
	{"mprotect to executable", 10, 226, P, {0, 4096, 7}, ALLOWED},
	{"memfd_create", 319, 279, P, {0, 1}, ALLOWED},
	{"memfd_create of huge pages", 319, 279, P, {0, 5}, REFUSED(EPERM)},
	{"memfd_secret", 447, 447, P, {0}, REFUSED(ENOSYS)},
	{"mlock", 149, 228, P, {0}, REFUSED(EPERM)},
	{"userfaultfd", 323, 282, P, {0}, REFUSED(EPERM)},
	{"clone of a thread", 56, 220, P, {0x3d0f00}, ALLOWED},
	{"clone of a process", 56, 220, P, {0x1200011}, ALLOWED},
	{"clone NEWNS", 56, 220, P, {0x00020011}, REFUSED(EPERM)},
	{"clone NEWCGROUP", 56, 220, P, {0x02000011}, REFUSED(EPERM)},
	{"clone NEWUTS", 56, 220, P, {0x04000011}, REFUSED(EPERM)},
	{"clone NEWIPC", 56, 220, P, {0x08000011}, REFUSED(EPERM)},
	{"clone NEWUSER", 56, 220, P, {0x10000011}, REFUSED(EPERM)},
	{"clone NEWPID", 56, 220, P, {0x20000011}, REFUSED(EPERM)},
	{"clone NEWNET", 56, 220, P, {0x40000011}, REFUSED(EPERM)},
	{"clone3", 435, 435, P, {0}, REFUSED(ENOSYS)},
	{"unshare of files", 272, 97, P, {0x400}, ALLOWED},
	{"unshare NEWUSER", 272, 97, P, {0x10000000}, ASKED},
	{"unshare NEWTIME", 272, 97, P, {0x80}, ASKED},
	{"unshare NEWUSER with files", 272, 97, P, {0x10000400}, ASKED},
	{"setns", 308, 268, P, {0}, ASKED},
	{"ptrace", 101, 117, P, {0}, ASKED},
	{"mount", 165, 40, P, {0}, ASKED},
	{"umount2", 166, 39, P, {0}, ASKED},
	{"pivot_root", 155, 41, P, {0}, ASKED},
	{"open_tree", 428, 428, P, {0}, ASKED},
	{"move_mount", 429, 429, P, {0}, ASKED},
	{"fsopen", 430, 430, P, {0}, ASKED},
	{"mount_setattr", 442, 442, P, {0}, ASKED},
	{"bpf", 321, 280, P, {0}, ASKED},
	{"keyctl", 250, 219, P, {0}, ASKED},
	{"add_key", 248, 217, P, {0}, ASKED},
	{"request_key", 249, 218, P, {0}, ASKED},
	{"chroot", 161, 51, P, {0}, REFUSED(EPERM)},
	{"reboot", 169, 142, P, {0}, REFUSED(EPERM)},
	{"kexec_load", 246, 104, P, {0}, REFUSED(EPERM)},
	{"init_module", 175, 105, P, {0}, REFUSED(EPERM)},
	{"swapon", 167, 224, P, {0}, REFUSED(EPERM)},
	{"sethostname", 170, 161, P, {0}, REFUSED(EPERM)},
	{"syslog", 103, 116, P, {0}, REFUSED(EPERM)},
	{"perf_event_open", 298, 241, P, {0}, REFUSED(EPERM)},
	{"process_vm_readv", 310, 270, P, {0}, REFUSED(EPERM)},
	{"process_vm_writev", 311, 271, P, {0}, REFUSED(EPERM)},
	{"pidfd_getfd", 438, 438, P, {0}, REFUSED(EPERM)},
	{"kcmp", 312, 272, P, {0}, REFUSED(EPERM)},
	{"open_by_handle_at", 304, 265, P, {0}, REFUSED(EPERM)},
	{"fanotify_init", 300, 262, P, {0}, REFUSED(EPERM)},
	{"settimeofday", 164, 170, P, {0}, REFUSED(EPERM)},
	{"io_uring_setup", 425, 425, P, {0}, REFUSED(ENOSYS)},
	{"io_uring_enter", 426, 426, D, {0}, REFUSED(ENOSYS)},
	{"io_uring_register", 427, 427, P, {0}, REFUSED(ENOSYS)},
	{"modify_ldt", 154, NO_NUMBER, P, {0}, REFUSED(ENOSYS)},
	{"iopl", 172, NO_NUMBER, P, {3}, REFUSED(EPERM)},
	{"personality asked", 135, 92, P, {0xffffffff}, ALLOWED},
	{"personality, back to Linux", 135, 92, P, {0}, ALLOWED},
	{"personality READ_IMPLIES_EXEC", 135, 92, P, {0x0400000}, REFUSED(EPERM)},
	{"personality ADDR_NO_RANDOMIZE", 135, 92, P, {0x0040000}, REFUSED(EPERM)},
	{"prctl SET_NAME", 157, 167, P, {15}, ALLOWED},
	{"prctl SET_PDEATHSIG", 157, 167, P, {1}, ALLOWED},
	{"prctl SET_VMA", 157, 167, P, {0x53564d41}, ALLOWED},
	{"prctl SET_MM", 157, 167, P, {35}, REFUSED(EINVAL)},
	{"prctl SET_IO_FLUSHER", 157, 167, P, {57}, REFUSED(EINVAL)},
	{"prctl SCHED_CORE", 157, 167, P, {62}, REFUSED(EINVAL)},
	{"ioctl TCGETS", 16, 29, P, {0, 0x5401}, ALLOWED},
	{"ioctl FIONREAD", 16, 29, P, {0, 0x541b}, ALLOWED},
	{"ioctl TIOCSTI", 16, 29, P, {0, 0x5412}, REFUSED(EPERM)},
	{"ioctl TIOCLINUX", 16, 29, P, {0, 0x541c}, REFUSED(EPERM)},
	{"ioctl TIOCSETD", 16, 29, P, {0, 0x5423}, REFUSED(EPERM)},
	{"mknod of a fifo", 133, NO_NUMBER, P, {0, 0x1180}, ALLOWED},
	{"mknodat of a fifo", 259, 33, P, {0, 0, 0x11b6}, ALLOWED},
	{"mknodat of a device", 259, 33, P, {0, 0, 0x21b6}, REFUSED(EPERM)},
	{"mknodat of a disk", 259, 33, P, {0, 0, 0x61b6}, REFUSED(EPERM)},
	{"prlimit64 of oneself", 302, 261, P, {0}, ALLOWED},
	{"prlimit64 of a child", 302, 261, P, {7}, ALLOWED},
	{"prlimit64 of the shim", 302, 261, P, {1}, REFUSED(EPERM)},
	{"setpriority of oneself", 141, 140, P, {0, 0, 5}, ALLOWED},
	{"setpriority of the shim", 141, 140, P, {0, 1, 5}, REFUSED(EPERM)},
	{"setpriority of the user", 141, 140, P, {2, 0, 5}, REFUSED(EPERM)},
	{"ioprio_set of the user", 251, 30, P, {3, 0, 5}, REFUSED(EPERM)},
	{"sched_setscheduler of the shim", 144, 119, P, {1}, REFUSED(EPERM)},
	{"sched_setscheduler of oneself", 144, 119, P, {0}, ALLOWED},
	{"sched_setaffinity", 203, 122, P, {0}, REFUSED(EPERM)},
	{"sched_getaffinity", 204, 123, P, {0}, ALLOWED},
	{"socket AF_UNIX", 41, 198, P, {1, 1, 0}, ALLOWED},
	{"socket TCP", 41, 198, P, {2, 0x80801, 6}, ALLOWED},
	{"socket UDP on IPv6", 41, 198, P, {10, 2, 17}, ALLOWED},
	{"socket raw", 41, 198, P, {2, 3, 1}, REFUSED(EPROTONOSUPPORT)},
	{"socket seqpacket, which loads SCTP", 41, 198, P, {2, 5, 0}, REFUSED(EPROTONOSUPPORT)},
	{"socket SCTP", 41, 198, P, {2, 1, 132}, REFUSED(EPROTONOSUPPORT)},
	{"socket ICMP", 41, 198, P, {2, 2, 1}, REFUSED(EPROTONOSUPPORT)},
	{"socket netlink of routes", 41, 198, P, {16, 0x80003, 0}, ALLOWED},
	{"socket netlink of netfilter", 41, 198, P, {16, 3, 12}, REFUSED(EAFNOSUPPORT)},
	{"socket AF_PACKET", 41, 198, P, {17, 3, 0}, REFUSED(EAFNOSUPPORT)},
	{"socket AF_ALG", 41, 198, P, {38, 5, 0}, REFUSED(EAFNOSUPPORT)},
	{"socket AF_VSOCK", 41, 198, P, {40, 1, 0}, REFUSED(EAFNOSUPPORT)},
	{"socketpair AF_UNIX", 53, 199, R, {1, 1, 0}, ALLOWED},
	{"socketpair AF_TIPC", 53, 199, P, {30, 1, 0}, REFUSED(EAFNOSUPPORT)},
	{"listen of a service", 50, 201, S, {0}, ALLOWED},
	{"listen of the fetcher", 50, 201, F, {0}, REFUSED(EPERM)},
	{"socket TCP of the fetcher", 41, 198, F, {2, 1, 0}, ALLOWED},
	{"socket AF_UNIX of the fetcher", 41, 198, F, {1, 1, 0}, REFUSED(EAFNOSUPPORT)},
	{"socket TCP of git", 41, 198, G, {2, 1, 0}, REFUSED(EAFNOSUPPORT)},
	{"socket TCP of the reader", 41, 198, R, {2, 1, 0}, REFUSED(EAFNOSUPPORT)},
	{"shmget of a program", 29, 194, P, {0, 4096, 0x3b6}, REFUSED(ENOSYS)},
	{"shmget of a database", 29, 194, D, {0, 4096, 0x3b6}, ALLOWED},
	{"shmget of huge pages", 29, 194, D, {0, 4096, 0xbb6}, REFUSED(EPERM)},
	{"semget of a build", 64, 190, B, {0}, ALLOWED},
	{"mq_open of a program", 240, 180, P, {0}, REFUSED(ENOSYS)},
	{"io_setup of a service", 206, 0, S, {0}, REFUSED(ENOSYS)},
	{"io_setup of a database", 206, 0, D, {0}, ALLOWED},
	{"io_submit of a database", 209, 2, D, {0}, ALLOWED},
};

static int row_number(const struct row *row, enum filter_arch arch)
{
	return arch == FILTER_X86_64 ? row->x86_64 : row->aarch64;
}

static void each_call_gets_its_answer_whatever_the_high_bits_are(void)
{
	for (size_t i = 0; i < 2 * FILTER_ARCH_COUNT * sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i / (2 * FILTER_ARCH_COUNT)];
		enum filter_arch arch = (enum filter_arch)(i / 2 % FILTER_ARCH_COUNT);
		struct seccomp_data data = {.nr = row_number(row, arch),
					    .arch = audit_arches[arch]};
		uint32_t wanted = row->wanted;

		if (data.nr == NO_NUMBER)
			continue;
		for (size_t a = 0; a < 6; a++)
			data.args[a] = row->arguments[a] | (i % 2 ? HIGH : 0);
		IS(answer(arch, row->profile, true, &data), wanted);
		/* Without a watcher the same call is refused at once. */
		if (wanted == ASKED)
			wanted = REFUSED(strstr(row->name, "key") ? ENOSYS : EPERM);
		IS(answer(arch, row->profile, false, &data), wanted);
		ROW("%s, architecture %d, high bits %s", row->name, (int)arch,
		    i % 2 ? "set" : "clear");
		if (tap_failed_checks)
			return;
	}
}

/* What the table of rules says of a call: the second witness. */
static bool has_word(const char *words, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = words; (at = strstr(at, word)); at += length)
		if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
			return true;
	return false;
}

static bool test_holds(const struct filter_test *test, const uint64_t *arguments)
{
	if (!test->values)
		return true;
	for (size_t i = 0; i < test->count; i++)
		if (((uint32_t)arguments[test->argument] & test->mask) == test->values[i])
			return true;
	return false;
}

static uint32_t table_answer(enum mp_profile profile, bool wants_notify, const char *name,
			     const uint64_t *arguments)
{
	for (size_t i = 0; i < filter_rule_count; i++) {
		const struct filter_rule *rule = &filter_rules[i];
		bool holds =
			(rule->profiles & FILTER_PROFILE(profile)) && has_word(rule->calls, name);

		for (size_t t = 0; t < FILTER_TESTS_MAX && holds; t++)
			holds = test_holds(&rule->tests[t], arguments);
		if (!holds)
			continue;
		if (rule->is_named && wants_notify)
			return ASKED;
		return rule->answer ? REFUSED((uint32_t)rule->answer) : ALLOWED;
	}
	return REFUSED(ENOSYS);
}

static const char *call_name(enum filter_arch arch, int number)
{
	size_t count;
	const struct filter_call *calls = filter_calls(arch, &count);

	for (size_t i = 0; i < count; i++)
		if (calls[i].number == number)
			return calls[i].name;
	return NULL;
}

/* One call with one set of arguments against the table, in every profile. */
static bool agrees(enum filter_arch arch, int number, const uint64_t *arguments)
{
	struct seccomp_data data = {.nr = number, .arch = audit_arches[arch]};
	const char *name = call_name(arch, number);
	bool same = true;

	memcpy(data.args, arguments, sizeof(data.args));
	for (int i = 0; i < 2 * MP_PROFILE_COUNT && same; i++) {
		enum mp_profile profile = (enum mp_profile)(i / 2);
		uint32_t wanted =
			name ? table_answer(profile, i % 2, name, arguments) : REFUSED(ENOSYS);

		same = IS(answer(arch, profile, i % 2, &data), wanted);
		ROW("%s (%d) profile %d, arguments %" PRIx64 " %" PRIx64 " %" PRIx64,
		    name ? name : "?", number, i / 2, arguments[0], arguments[1], arguments[2]);
	}
	return same;
}

static void every_number_gets_what_the_table_says(void)
{
	static const uint64_t patterns[] = {0, 1, UINT32_MAX, UINT64_MAX, HIGH, HIGH | 1};

	for (int arch = 0; arch < FILTER_ARCH_COUNT; arch++) {
		for (int number = 0; number < 1024; number++) {
			for (size_t p = 0; p < sizeof(patterns) / sizeof(patterns[0]); p++) {
				uint64_t arguments[6];

				for (size_t a = 0; a < 6; a++)
					arguments[a] = patterns[p];
				if (!agrees((enum filter_arch)arch, number, arguments))
					return;
			}
		}
	}
}

/* Around each value that a rule names: itself, one more, one less, each other bit, high bits. */
static bool agrees_around(enum filter_arch arch, int number, const struct filter_test *test,
			  uint32_t value)
{
	bool same = true;

	for (int i = -1; i < 33 && same; i++) {
		uint64_t arguments[6] = {2, 1, 0};
		uint32_t near = i < 0 ? value : i < 32 ? value ^ 1U << i : value + 1;

		arguments[test->argument] = near;
		same = agrees(arch, number, arguments);
		arguments[test->argument] |= HIGH;
		same = same && agrees(arch, number, arguments);
	}
	return same;
}

static void every_value_of_a_rule_and_its_neighbours_get_what_the_table_says(void)
{
	for (int arch = 0; arch < FILTER_ARCH_COUNT; arch++) {
		size_t count;
		const struct filter_call *calls = filter_calls((enum filter_arch)arch, &count);

		for (size_t i = 0; i < count * filter_rule_count; i++) {
			const struct filter_call *call = &calls[i / filter_rule_count];
			const struct filter_rule *rule = &filter_rules[i % filter_rule_count];

			for (size_t t = 0;
			     t < FILTER_TESTS_MAX && has_word(rule->calls, call->name); t++)
				for (size_t v = 0; v < rule->tests[t].count; v++)
					if (!agrees_around((enum filter_arch)arch, call->number,
							   &rule->tests[t],
							   rule->tests[t].values[v]))
						return;
		}
	}
}

static void numbers_nobody_knows_are_not_there(void)
{
	static const int numbers[] = {451, 470, 511, 600, 1023, 1024, 65536, 0x3fffffff, -1};

	for (int arch = 0; arch < FILTER_ARCH_COUNT; arch++) {
		for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
			struct seccomp_data data = {.nr = numbers[i], .arch = audit_arches[arch]};

			for (int p = 0; p < MP_PROFILE_COUNT; p++)
				IS(answer((enum filter_arch)arch, (enum mp_profile)p, true, &data),
				   REFUSED(ENOSYS));
			ROW("%d on architecture %d", numbers[i], arch);
		}
	}
}

static void foreign_architectures_are_killed(void)
{
	static const struct {
		enum filter_arch arch;
		uint32_t audit;
		int number;
	} foreign[] = {
		{FILTER_X86_64, AUDIT_ARCH_I386, 3},
		{FILTER_X86_64, AUDIT_ARCH_AARCH64, 63},
		{FILTER_X86_64, AUDIT_ARCH_X86_64, 0x40000000},
		{FILTER_X86_64, AUDIT_ARCH_X86_64, 0x40000000 + 59},
		{FILTER_X86_64, 0, 0},
		{FILTER_AARCH64, AUDIT_ARCH_ARM, 3},
		{FILTER_AARCH64, AUDIT_ARCH_X86_64, 0},
		{FILTER_AARCH64, 0, 63},
	};

	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		struct seccomp_data data = {.nr = foreign[i].number, .arch = foreign[i].audit};

		for (int p = 0; p < MP_PROFILE_COUNT; p++)
			IS(answer(foreign[i].arch, (enum mp_profile)p, true, &data), KILLED);
		ROW("number %d of %x", foreign[i].number, foreign[i].audit);
	}
}

static void every_program_would_be_loaded(void)
{
	size_t longest = 0;

	for (int arch = 0; arch < FILTER_ARCH_COUNT; arch++) {
		for (int i = 0; i < 2 * MP_PROFILE_COUNT; i++) {
			struct filter_program program = filter_program(
				(enum filter_arch)arch, (enum mp_profile)(i / 2), i % 2);

			OK(bpf_is_valid(program.code, program.length));
			longest = program.length > longest ? program.length : longest;
		}
	}
	printf("# the longest has %zu instructions\n", longest);
	OK(longest < 450);
}

/* The kernel walks the program once for every number when it is loaded: short walks make loading cheap. */
static void no_call_walks_far(void)
{
	struct filter_program program = filter_program(FILTER_X86_64, MP_PROFILE_SERVICE, true);
	size_t most = 0;

	for (int number = 0; number < 512; number++) {
		struct seccomp_data data = {.nr = number, .arch = AUDIT_ARCH_X86_64};
		size_t steps = 0;

		(void)bpf_run(program.code, program.length, &data, &steps);
		most = steps > most ? steps : most;
	}
	printf("# the longest walk has %zu steps\n", most);
	OK(most < 60);
}

static void only_the_short_list_is_named(void)
{
	size_t count;
	const struct filter_call *calls = filter_calls(FILTER_X86_64, &count);
	size_t named = 0;

	for (size_t i = 0; i < count; i++) {
		named += calls[i].is_named;
		OK(filter_named_call(FILTER_X86_64, calls[i].number) ==
		   (calls[i].is_named ? &calls[i] : NULL));
	}
	IS(named, 17);
	IS_TEXT(filter_named_call(FILTER_X86_64, 101)->name, "ptrace");
	IS(filter_named_call(FILTER_X86_64, 101)->answer, EPERM);
	IS_TEXT(filter_named_call(FILTER_AARCH64, 219)->name, "keyctl");
	IS(filter_named_call(FILTER_AARCH64, 219)->answer, ENOSYS);
	OK(filter_named_call(FILTER_X86_64, 0) == NULL);
	OK(filter_named_call(FILTER_X86_64, 9999) == NULL);
}

TAP_MAIN(T(each_call_gets_its_answer_whatever_the_high_bits_are)
		 T(every_number_gets_what_the_table_says)
			 T(every_value_of_a_rule_and_its_neighbours_get_what_the_table_says)
				 T(numbers_nobody_knows_are_not_there)
					 T(foreign_architectures_are_killed)
						 T(every_program_would_be_loaded)
							 T(no_call_walks_far)
								 T(only_the_short_list_is_named))
