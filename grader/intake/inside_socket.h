/* SPDX-License-Identifier: MIT */
/* Connections of libgit2 to one machine and one port, and to no other. */
#ifndef GRADER_INTAKE_INSIDE_SOCKET_H
#define GRADER_INTAKE_INSIDE_SOCKET_H

#include "grader/intake/inside_access.h"

/*
 * From now on libgit2 connects to the machine and port of ACCESS alone, also under TLS; where else it is led,
 * ACCESS->stop says so. ACCESS is borrowed until inside_socket_all(). Not for ssh, whose part of libgit2 takes
 * its own sockets for granted.
 */
void inside_socket_only(struct access_inside *access);

/* As libgit2 does by itself. */
void inside_socket_all(void);

#endif
