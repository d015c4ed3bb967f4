/* SPDX-License-Identifier: MIT */
/* What a submission may hold. The reader stops at these, and the grading side checks them again. */
#ifndef GRADER_INTAKE_LIMITS_H
#define GRADER_INTAKE_LIMITS_H

enum {
	INTAKE_ENTRIES_MAX = 20000,	    /* files, links, submodules and folders together */
	INTAKE_DEPTH_MAX = 32,		    /* parts of a path */
	INTAKE_NAME_MAX = 255,		    /* bytes of one part */
	INTAKE_PATH_MAX = 1024,		    /* bytes of a path */
	INTAKE_LINK_MAX = 4096,		    /* bytes of a link's target */
	INTAKE_BYTES_MAX = 20 << 20,	    /* bytes of all files together */
	INTAKE_LARGE_FILE_BYTES = 5 << 20,  /* a file this large is taken, and told */
	INTAKE_TREE_OBJECT_MAX = 8 << 20,   /* bytes of one tree object */
	INTAKE_COMMIT_OBJECT_MAX = 1 << 20, /* bytes of one commit or tag */
	INTAKE_REFS_MAX = 10000,	    /* branches and tags of a URL */
	INTAKE_RECEIVED_MAX = 64 << 20,	    /* bytes that a URL may send */
	INTAKE_PACK_OBJECTS_MAX = 200000,   /* objects that a URL may send */
	INTAKE_READER_BYTES = 256 << 20,    /* memory of the reader */
	INTAKE_KEY_MAX = 16 << 10,	    /* bytes of a private key */
	INTAKE_PASSWORD_MAX = 1000,	    /* bytes of a password */
	INTAKE_KNOWN_HOSTS_MAX = 8 << 20,   /* bytes of a file of known hosts */
	INTAKE_FACTS_MAX = 200, /* facts that are named; further ones are left out unnamed */
};

/* What is read of a branch's history. A history beyond is not judged in parts: it is over its limit. */
enum {
	HISTORY_COMMITS_MAX = 100000,
	HISTORY_BRANCH_MAX = 250,	    /* bytes of a branch's name */
	HISTORY_TEXT_MAX = 200,		    /* bytes of a subject, name or address that are told */
	HISTORY_ROOT_FILES_MAX = 20000,	    /* of all commits without parents together */
	HISTORY_SECRETS_MAX = 20,	    /* that are told */
	HISTORY_FILE_MAX = 2 << 20,	    /* bytes of a file that is looked through for secrets */
	HISTORY_BYTES_MAX = 256 << 20,	    /* of all these together */
	HISTORY_ENTRIES_MAX = 20 * 1000000, /* entries of folders that are looked at */
	HISTORY_CPU_MS = 40 * 1000,	    /* of the reader, which has 60 s */
};

#endif
