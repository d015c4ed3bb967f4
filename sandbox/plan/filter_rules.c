/* SPDX-License-Identifier: MIT */
/*
 * The rules of the system call filters, as data. Read by tool_filters.c at build time and by tests.
 *
 * It is an allow-list: what is not here, or not known yet when this was written, gets ENOSYS, which
 * programs take as an old kernel. Known calls that a box must not have get the errno that a process
 * without rights would see, so that programs take their usual way around.
 *
 * The numbers in tests are of the kernel's ABI, the same on all our architectures, and written out here
 * because this table is compiled on one architecture and used for all.
 */
#include "sandbox/plan/filter.h"

#include <errno.h>

#define ALL	  ((1U << MP_PROFILE_COUNT) - 1)
#define PROGRAM	  FILTER_PROFILE(MP_PROFILE_PROGRAM)
#define SERVICE	  FILTER_PROFILE(MP_PROFILE_SERVICE)
#define BUILD	  FILTER_PROFILE(MP_PROFILE_BUILD)
#define DATABASE  FILTER_PROFILE(MP_PROFILE_DATABASE)
#define GIT	  FILTER_PROFILE(MP_PROFILE_GIT)
#define READER	  FILTER_PROFILE(MP_PROFILE_READER)
#define FETCH	  FILTER_PROFILE(MP_PROFILE_FETCH)
#define LEARNERS  (PROGRAM | SERVICE | BUILD | DATABASE)
#define NO_SOCKET (GIT | READER)

#define WHOLE 0xffffffffU
/* {TEST(argument, mask, values...)} */
#define TEST(ARGUMENT, MASK, ...)                                                                  \
	{                                                                                          \
		.argument = (ARGUMENT), .mask = (MASK), .values = (const uint32_t[]){__VA_ARGS__}, \
		.count = sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t)                \
	}
#define ALLOW(PROFILES, CALLS)                                                                     \
	{                                                                                          \
		.calls = (CALLS), .profiles = (PROFILES)                                           \
	}
#define ALLOW_IF(PROFILES, CALLS, ...)                                                             \
	{                                                                                          \
		.calls = (CALLS), .profiles = (PROFILES), .tests = { __VA_ARGS__ }                 \
	}
#define REFUSE(PROFILES, ERRNO, CALLS)                                                             \
	{                                                                                          \
		.calls = (CALLS), .profiles = (PROFILES), .answer = (ERRNO)                        \
	}
#define REFUSE_IF(PROFILES, ERRNO, CALLS, ...)                                                     \
	{                                                                                          \
		.calls = (CALLS), .profiles = (PROFILES), .answer = (ERRNO), .tests = {            \
			__VA_ARGS__                                                                \
		}                                                                                  \
	}
#define NAME(ERRNO, CALLS)                                                                         \
	{                                                                                          \
		.calls = (CALLS), .profiles = ALL, .answer = (ERRNO), .is_named = true             \
	}

enum {
	/* clone(2), unshare(2) */
	FS_200 = 0x200,
	FILES_400 = 0x400,
	SYSVSEM_40000 = 0x40000,
	NEW_ANY = 0x7e020000, /* NEWNS NEWCGROUP NEWUTS NEWIPC NEWUSER NEWPID NEWNET */
	/* socket(2) */
	FAMILY_UNIX = 1,
	FAMILY_INET = 2,
	FAMILY_INET6 = 10,
	FAMILY_NETLINK = 16,
	TYPE_MASK = 0xf,
	TYPE_STREAM = 1,
	TYPE_DGRAM = 2,
	PROTOCOL_ANY = 0,
	PROTOCOL_TCP = 6,
	PROTOCOL_UDP = 17,
	PROTOCOL_NETLINK_ROUTE = 0,
	/* ioctl(2): put words into a terminal's input, its selection, its console, its line discipline */
	IOCTL_TIOCSTI = 0x5412,
	IOCTL_TIOCLINUX = 0x541c,
	IOCTL_TIOCCONS = 0x541d,
	IOCTL_TIOCSETD = 0x5423,
	/* mknod(2) */
	FORMAT_MASK = 0xf000,
	FORMAT_CHARACTER = 0x2000,
	FORMAT_BLOCK = 0x6000,
	/* memory */
	MMAP_HUGETLB = 0x40000,
	MEMFD_HUGETLB = 0x4,
	SHM_HUGE = 04000,
	/* setpriority(2), ioprio_set(2) */
	PRIORITY_USER = 2,
	IOPRIO_USER = 3,
	SHIM_PID = 1,
};

/* prctl(2) options that touch nobody but the caller and its children. */
#define PRCTL_HARMLESS                                                                             \
	1, 2,		    /* PDEATHSIG */                                                        \
		3, 4,	    /* DUMPABLE */                                                         \
		7, 8,	    /* KEEPCAPS */                                                         \
		15, 16,	    /* NAME */                                                             \
		21, 22,	    /* SECCOMP */                                                          \
		23, 24,	    /* CAPBSET */                                                          \
		25,	    /* GET_TSC */                                                          \
		27, 28,	    /* SECUREBITS */                                                       \
		29, 30,	    /* TIMERSLACK */                                                       \
		36, 37,	    /* CHILD_SUBREAPER */                                                  \
		38, 39,	    /* NO_NEW_PRIVS */                                                     \
		40,	    /* GET_TID_ADDRESS */                                                  \
		41, 42,	    /* THP_DISABLE */                                                      \
		47,	    /* CAP_AMBIENT */                                                      \
		50, 51,	    /* SVE_VL */                                                           \
		52, 53,	    /* SPECULATION_CTRL */                                                 \
		54,	    /* PAC_RESET_KEYS */                                                   \
		55, 56,	    /* TAGGED_ADDR_CTRL */                                                 \
		60, 61,	    /* PAC_ENABLED_KEYS */                                                 \
		63, 64,	    /* SME_VL */                                                           \
		65, 66,	    /* MDWE */                                                             \
		0x41555856, /* GET_AUXV */                                                         \
		0x53564d41, /* SET_VMA: names of anonymous memory */                               \
		0x59616d61  /* SET_PTRACER: ptrace itself is refused */

const struct filter_rule filter_rules[] = {
	/* Descriptors, reading and writing. */
	ALLOW(ALL,
	      "read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek close close_range "
	      "dup dup2 dup3 fcntl flock pipe pipe2 sendfile splice tee vmsplice copy_file_range readahead "
	      "fsync fdatasync sync syncfs sync_file_range fadvise64 fallocate ftruncate truncate"),
	/* Names, folders, what the kernel says about files. */
	ALLOW(ALL,
	      "open openat openat2 creat stat fstat lstat newfstatat statx access faccessat faccessat2 statfs "
	      "fstatfs getdents getdents64 getcwd chdir fchdir rename renameat renameat2 mkdir mkdirat rmdir "
	      "link linkat unlink unlinkat symlink symlinkat readlink readlinkat chmod fchmod fchmodat chown "
	      "fchown lchown fchownat umask utime utimes futimesat utimensat setxattr lsetxattr fsetxattr "
	      "getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr removexattr lremovexattr "
	      "fremovexattr"),
	/* A whiteout is a character device that everybody may make. */
	REFUSE_IF(ALL, EPERM, "mknod", TEST(1, FORMAT_MASK, FORMAT_CHARACTER, FORMAT_BLOCK)),
	REFUSE_IF(ALL, EPERM, "mknodat", TEST(2, FORMAT_MASK, FORMAT_CHARACTER, FORMAT_BLOCK)),
	ALLOW(ALL, "mknod mknodat"),
	/* Waiting for descriptors, events and files. */
	ALLOW(ALL,
	      "poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait "
	      "epoll_pwait2 eventfd eventfd2 signalfd signalfd4 timerfd_create timerfd_settime timerfd_gettime "
	      "inotify_init inotify_init1 inotify_add_watch inotify_rm_watch"),
	/* Memory; runtimes that compile as they run need PROT_EXEC. Huge pages are the host's to give. */
	REFUSE_IF(ALL, ENOMEM, "mmap", TEST(3, MMAP_HUGETLB, MMAP_HUGETLB)),
	REFUSE_IF(ALL, EPERM, "memfd_create", TEST(1, MEMFD_HUGETLB, MEMFD_HUGETLB)),
	ALLOW(ALL,
	      "mmap mprotect munmap mremap brk msync mincore madvise munlock munlockall memfd_create pkey_alloc "
	      "pkey_free pkey_mprotect membarrier get_mempolicy"),
	REFUSE(ALL, EPERM,
	       "mlock mlock2 mlockall userfaultfd migrate_pages move_pages process_madvise"),
	/* Processes and threads. No namespaces; clone3 hides its flags in memory, so it is not there. */
	ALLOW_IF(ALL, "clone", TEST(0, NEW_ANY, 0)),
	REFUSE(ALL, EPERM, "clone"),
	ALLOW_IF(ALL, "unshare", TEST(0, ~(uint32_t)(FS_200 | FILES_400 | SYSVSEM_40000), 0)),
	ALLOW(ALL,
	      "fork vfork execve execveat exit exit_group wait4 waitid set_tid_address set_robust_list "
	      "get_robust_list futex futex_waitv rseq getpid gettid getppid getpgid getpgrp setpgid getsid setsid "
	      "pidfd_open pidfd_send_signal uname getcpu restart_syscall arch_prctl seccomp "
	      "landlock_create_ruleset landlock_add_rule landlock_restrict_self"),
	ALLOW_IF(ALL, "prctl", TEST(0, WHOLE, PRCTL_HARMLESS)),
	REFUSE(ALL, EINVAL, "prctl"),
	ALLOW_IF(ALL, "personality", TEST(0, WHOLE, WHOLE, 0)),
	REFUSE(ALL, EPERM, "personality"),
	/* Signals and time. */
	ALLOW(ALL,
	      "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigqueueinfo "
	      "rt_tgsigqueueinfo rt_sigsuspend sigaltstack kill tkill tgkill pause alarm getitimer setitimer "
	      "nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times timer_create "
	      "timer_settime timer_gettime timer_getoverrun timer_delete"),
	REFUSE(ALL, EPERM, "settimeofday clock_settime adjtimex clock_adjtime"),
	/* Users and rights: nothing to gain with one user mapped and no_new_privs. */
	ALLOW(ALL,
	      "getuid getgid geteuid getegid getresuid getresgid getgroups setuid setgid setreuid setregid "
	      "setresuid setresgid setgroups setfsuid setfsgid capget capset"),
	/*
	 * Limits and scheduling; of oneself, never of the shim, which has the same user and must not be
	 * slowed or killed by a limit. The set of CPUs is a limit of the box.
	 */
	REFUSE_IF(ALL, EPERM, "prlimit64 sched_setscheduler sched_setparam sched_setattr",
		  TEST(0, WHOLE, SHIM_PID)),
	REFUSE_IF(ALL, EPERM, "setpriority ioprio_set", TEST(1, WHOLE, SHIM_PID)),
	REFUSE_IF(ALL, EPERM, "setpriority", TEST(0, WHOLE, PRIORITY_USER)),
	REFUSE_IF(ALL, EPERM, "ioprio_set", TEST(0, WHOLE, IOPRIO_USER)),
	ALLOW(ALL,
	      "getrlimit setrlimit prlimit64 getrusage sysinfo getpriority setpriority ioprio_get ioprio_set "
	      "sched_yield sched_getparam sched_setparam sched_getscheduler sched_setscheduler sched_getattr "
	      "sched_setattr sched_get_priority_max sched_get_priority_min sched_rr_get_interval "
	      "sched_getaffinity"),
	REFUSE(ALL, EPERM, "sched_setaffinity"),
	ALLOW(ALL, "getrandom"),
	/* Terminals and devices. */
	REFUSE_IF(ALL, EPERM, "ioctl",
		  TEST(1, WHOLE, IOCTL_TIOCSTI, IOCTL_TIOCLINUX, IOCTL_TIOCCONS, IOCTL_TIOCSETD)),
	ALLOW(ALL, "ioctl"),
	/*
	 * Sockets: unix, TCP, UDP, and the one netlink protocol by which runtimes list their interfaces.
	 * Git and the reader have pairs only. The fetcher is in the host's network, where a unix socket could
	 * reach abstract names, and nothing may listen.
	 */
	REFUSE(NO_SOCKET, EAFNOSUPPORT, "socket"),
	ALLOW_IF(ALL & ~FETCH, "socket", TEST(0, WHOLE, FAMILY_UNIX)),
	ALLOW_IF(ALL, "socket", TEST(0, WHOLE, FAMILY_INET, FAMILY_INET6),
		 TEST(1, TYPE_MASK, TYPE_STREAM, TYPE_DGRAM),
		 TEST(2, WHOLE, PROTOCOL_ANY, PROTOCOL_TCP, PROTOCOL_UDP)),
	REFUSE_IF(ALL, EPROTONOSUPPORT, "socket", TEST(0, WHOLE, FAMILY_INET, FAMILY_INET6)),
	ALLOW_IF(ALL, "socket", TEST(0, WHOLE, FAMILY_NETLINK),
		 TEST(2, WHOLE, PROTOCOL_NETLINK_ROUTE)),
	REFUSE(ALL, EAFNOSUPPORT, "socket"),
	ALLOW_IF(ALL, "socketpair", TEST(0, WHOLE, FAMILY_UNIX)),
	REFUSE(ALL, EAFNOSUPPORT, "socketpair"),
	REFUSE(NO_SOCKET | FETCH, EPERM, "listen accept accept4"),
	ALLOW(ALL,
	      "connect bind listen accept accept4 shutdown sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg "
	      "getsockname getpeername getsockopt setsockopt"),
	/* System V and POSIX queues: for programs that stay, whose ipc namespace is their own. */
	REFUSE_IF(ALL, EPERM, "shmget", TEST(2, SHM_HUGE, SHM_HUGE)),
	ALLOW(SERVICE | BUILD | DATABASE,
	      "shmget shmat shmdt shmctl semget semop semtimedop semctl msgget msgsnd msgrcv msgctl mq_open mq_unlink "
	      "mq_timedsend mq_timedreceive mq_notify mq_getsetattr"),
	ALLOW(DATABASE, "io_setup io_destroy io_getevents io_pgetevents io_submit io_cancel"),
	/* The short list: refused by the watcher, who notes their names. */
	NAME(EPERM,
	     "ptrace mount umount2 pivot_root mount_setattr move_mount open_tree fsopen fsconfig fsmount fspick "
	     "bpf unshare setns"),
	NAME(ENOSYS, "keyctl add_key request_key"),
	/* Known calls of administrators and debuggers. */
	REFUSE(ALL, EPERM,
	       "chroot acct swapon swapoff reboot kexec_load kexec_file_load init_module finit_module "
	       "delete_module quotactl quotactl_fd sethostname setdomainname iopl ioperm syslog vhangup "
	       "perf_event_open kcmp process_vm_readv process_vm_writev pidfd_getfd open_by_handle_at "
	       "fanotify_init fanotify_mark"),
};

const size_t filter_rule_count = sizeof(filter_rules) / sizeof(filter_rules[0]);
