/* SPDX-License-Identifier: MIT */
/*
 * What a hook and the server say to each other, over one socketpair of packets (SOCK_SEQPACKET) that a box
 * inherits as descriptor 3. A packet is one line without its end, a word and what belongs to it.
 *
 *   hook to server                      server to hook
 *   hook NAME                           line TEXT     show it to the learner
 *   ref OLD NEW REF   for each          ok            proc-receive: the ref is taken
 *   shallow           NEW lacks parents ng REASON     proc-receive: it is not
 *   go                that was all      end STATUS    the hook ends with it
 */
#ifndef GRADER_SERVE_TALK_H
#define GRADER_SERVE_TALK_H

enum { TALK_FD = 3, TALK_BYTES = 1024 };

#define TALK_HOOK    "hook "
#define TALK_REF     "ref "
#define TALK_SHALLOW "shallow"
#define TALK_GO	     "go"
#define TALK_LINE    "line "
#define TALK_OK	     "ok"
#define TALK_NG	     "ng "
#define TALK_END     "end "

#define HOOK_PRE  "pre-receive"
#define HOOK_POST "post-receive"
#define HOOK_PROC "proc-receive"

/* What a box sees, and where. */
#define BOX_REPOSITORY "/repository"
#define BOX_PROGRAM    "/milepost/milepost"
#define BOX_HOOKS      "/milepost/hooks"
#define BOX_STARTERS   "/milepost/starters"
#define BOX_REPORT     "/milepost/report"
#define BOX_BACKEND    "/usr/lib/git-core/git-http-backend"
/*
 * What a fetch begins with: `milepost hook fetch TRACK VERSION REPORT` makes the branches start/ID and
 * refs/milepost/report, then becomes git.
 */
#define HOOK_FETCH "fetch"

#endif
