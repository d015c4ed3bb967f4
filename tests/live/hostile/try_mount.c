/* SPDX-License-Identifier: MIT */
/* The mount family, old and new, and other ways to another root. */
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hostile.h"

int main(void)
{
	must_fail_with(mount("tmpfs", "/scratch", "tmpfs", 0, NULL), EPERM, "mount");
	must_fail_with(mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL), EPERM, "mount writable");
	must_fail_with(umount2("/proc", MNT_DETACH), EPERM, "umount2");
	must_fail_with(syscall(SYS_pivot_root, ".", "."), EPERM, "pivot_root");
	must_fail_with(chroot("."), EPERM, "chroot");
	must_fail_with(syscall(SYS_fsopen, "tmpfs", 0), EPERM, "fsopen");
	must_fail_with(syscall(SYS_open_tree, AT_FDCWD, "/", 0), EPERM, "open_tree");
	must_fail_with(syscall(SYS_move_mount, AT_FDCWD, "/", AT_FDCWD, "/", 0), EPERM,
		       "move_mount");
	must_fail_with(syscall(442 /* mount_setattr */, AT_FDCWD, "/", 0, 0, 0), EPERM,
		       "mount_setattr");
	must_fail_with(syscall(SYS_open_by_handle_at, 0, 0, 0), EPERM, "open_by_handle_at");
	must_fail(open("/usr/new", O_WRONLY | O_CREAT, 0600) >= 0, "write to /usr");
	must_fail(open("/new", O_WRONLY | O_CREAT, 0600) >= 0, "write to /");
	must_fail(open("/etc/passwd", O_WRONLY) >= 0, "write to /etc");
	must_fail(open("/dev/new", O_WRONLY | O_CREAT, 0600) >= 0, "write to /dev");
	must_fail(open("/proc/sys/kernel/core_pattern", O_WRONLY) >= 0, "write a setting");
	must_fail(open("/proc/sysrq-trigger", O_WRONLY) >= 0, "press SysRq");
	return held();
}
