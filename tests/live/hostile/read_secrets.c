/* SPDX-License-Identifier: MIT */
/* What lies on the host, in the environment, in inherited descriptors and in the kernel's files. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hostile.h"

extern char **environ;

static const char *const files[] = {
	"/etc/shadow",
	"/etc/gshadow",
	"/etc/ssh/sshd_config",
	"/root/.bashrc",
	"/root/",
	"/home/",
	"/var/",
	"/run/",
	"/boot/",
	"/sys/kernel/",
	"/proc/kcore",
	"/proc/kmsg",
	"/proc/sys/kernel/core_pattern/",
	"/proc/keys",
	"/proc/sched_debug",
	"/dev/kmsg",
	"/dev/mem",
	"/dev/kvm",
	"/dev/sda",
	"/dev/vda",
	"/proc/self/root/etc/shadow",
	"/../etc/shadow",
	"/usr/../etc/shadow",
	"/proc/1/root/etc/shadow",
};

static const char *const names[] = {"PATH", "HOME", "TMPDIR", "LANG", "TZ", "PWD", "SHLVL", "_"};

static bool is_known(const char *variable)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t length = strlen(names[i]);

		if (strncmp(variable, names[i], length) == 0 && variable[length] == '=')
			return true;
	}
	return false;
}

/* A file that is there may be ours and empty: what counts is a first byte. */
static bool has_content(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char byte;
	struct dirent *entry;
	DIR *folder;
	int entries = 0;

	if (fd < 0)
		return false;
	if (read(fd, &byte, 1) == 1)
		return true;
	folder = fdopendir(fd);
	while (folder && (entry = readdir(folder)))
		entries++;
	return entries > 2;
}

int main(void)
{
	struct stat info;

	for (int fd = 3; fd < 1024; fd++)
		must_fail(fstat(fd, &info) == 0, "an inherited descriptor");
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		must_fail(has_content(files[i]), files[i]);
	for (char **variable = environ; *variable; variable++)
		must_fail(!is_known(*variable), *variable);
	must_fail(getuid() == 0, "user 0 inside");
	return held();
}
