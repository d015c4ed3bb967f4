/* SPDX-License-Identifier: MIT */
/* Puts words into the terminal that it was started from, plainly and with high bits set. */
#include <fcntl.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hostile.h"

int main(void)
{
	char newline = '\n';
	char code = 3;

	for (int fd = 0; fd < 3; fd++) {
		must_fail_with(ioctl(fd, TIOCSTI, &newline), EPERM, "TIOCSTI");
		must_fail_with(syscall(SYS_ioctl, fd, UINT64_C(0x100000000) | TIOCSTI, &newline),
			       EPERM, "TIOCSTI with high bits");
		must_fail_with(ioctl(fd, TIOCLINUX, &code), EPERM, "TIOCLINUX");
		must_fail_with(ioctl(fd, TIOCSETD, &code), EPERM, "TIOCSETD");
	}
	must_fail(open("/dev/tty", O_RDWR) >= 0, "a controlling terminal");
	return held();
}
