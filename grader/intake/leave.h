/* SPDX-License-Identifier: MIT */
/* What goes when a signal ends us: the work folders that are open. */
#ifndef GRADER_INTAKE_LEAVE_H
#define GRADER_INTAKE_LEAVE_H

/*
 * From now on SIGINT, SIGTERM and SIGHUP remove the folder NAME below BASE_FD before they end this
 * process as always. BASE_FD is borrowed until leave_forget(). The first call sets the handlers;
 * a signal that is ignored (nohup) stays so. At most 8 folders; a further one is left to the sweep.
 */
void leave_note(int base_fd, const char *name);

/* The folder is gone or handed on. */
void leave_forget(int base_fd, const char *name);

#endif
