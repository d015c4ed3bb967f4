/* SPDX-License-Identifier: MIT */
/* Fetching a URL into an empty repository of our own, under limits. Source: git_remote_fetch(), libgit2 1.5. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "grader/intake/inside.h"
#include "grader/intake/inside_socket.h"
#include "grader/intake/limits.h"

/* Where the server's HEAD is kept, for one that is on no branch. */
static const char kept_head[] = "refs/milepost/head";

/* Where libgit2 of Debian looks for whom to trust. */
static const char certificates[] = "/etc/ssl/certs/ca-certificates.crt";

/* What the callbacks of a fetch know. */
struct clone_stop {
	const char *reason;	      /* which of our limits stopped it; static; NULL: none */
	struct access_inside *access; /* borrowed; NULL: what everybody may read */
};

static int clone_progress(const git_indexer_progress *progress, void *context)
{
	struct clone_stop *stop = context;

	if (progress->received_bytes > INTAKE_RECEIVED_MAX)
		stop->reason = "it sends more than 64 MB";
	else if (progress->total_objects > INTAKE_PACK_OBJECTS_MAX)
		stop->reason = "it sends more than 200,000 objects";
	return stop->reason ? GIT_EUSER : 0;
}

/* Asked for a user, a password or a key. Without any, libgit2 ends as if there were no callback. */
static int clone_credentials(git_credential **ret_credential, const char *url, const char *user,
			     unsigned int allowed, void *context)
{
	struct clone_stop *stop = context;

	(void)url;
	(void)user;
	return stop->access ? access_answer(ret_credential, stop->access, allowed)
			    : GIT_PASSTHROUGH;
}

/*
 * A certificate of https is libgit2's to judge, the key of an ssh host is ours. What libgit2 found must be
 * handed back in full: whatever is not negative, it takes as a yes of ours to any certificate.
 */
static int clone_certificate(git_cert *cert, int is_valid, const char *host, void *context)
{
	struct clone_stop *stop = context;

	if (cert->cert_type != GIT_CERT_HOSTKEY_LIBSSH2)
		return is_valid ? 0 : GIT_PASSTHROUGH;
	return stop->access ? access_check_host(stop->access, cert, host) : GIT_EUSER;
}

/* What to do when libgit2 cannot: git itself may know this machine's proxy, keys and certificates. */
static const char clone_advice[] = "see whether 'git clone' can, and name the clone's folder";

/* What servers and libgit2 say, and what a person should read. */
static const struct {
	const char *part;
	const char *sentence;
} server_words[] = {
	{"status code: 404", "no git repository is there (404): is the address right?"},
	{"does not appear to be a git repository",
	 "no git repository is there: is the address right?"},
	{"Unable to exchange encryption keys",
	 "the machine has no key of a kind that is in known_hosts and that milepost knows (ed25519, "
	 "ecdsa): type 'ssh-keyscan' with its name, and ask who runs it"},
	{"cannot redirect from", access_led_away},
};

/* No answer, or one that is no repository. Who asked puts the address in front. */
static int clone_unreachable(struct mp_error *err)
{
	int count;
	const char *words = inside_git_words("no answer", &count);

	if (git_error_last()->klass == GIT_ERROR_SSL && access(certificates, F_OK) < 0)
		return mp_fail(
			err, MP_FAULT_USAGE, -EBADMSG,
			"cannot be fetched: this machine has no list of certificates: type 'apt-get "
			"install ca-certificates'");
	for (size_t i = 0; i < sizeof(server_words) / sizeof(server_words[0]); i++) {
		if (strstr(words, server_words[i].part))
			return mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "%s",
				       server_words[i].sentence);
	}
	return mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "cannot be fetched: %.*s: %s", count, words,
		       clone_advice);
}

/* What keeps a folder from being cloned again. NULL: nothing that is known. */
static const char *folder_hindrance(const char *folder)
{
	git_repository *repo = NULL;
	const char *hindrance = NULL;
	char shallow[4096];

	(void)snprintf(shallow, sizeof(shallow), "%s/shallow", folder);
	if (access(shallow, F_OK) == 0)
		return "it is a shallow clone, which cannot be cloned again: name its folder, without file://";
	if (git_repository_open_bare(&repo, folder) == 0 && inside_is_partial(repo))
		hindrance =
			"it is a partial clone (--filter), which cannot be cloned again: name its folder, without file://";
	git_repository_free(repo);
	return hindrance;
}

/* What a failed fetch means for who typed the address. */
static int clone_failed(int code, const struct clone_stop *stop, const char *url,
			struct mp_error *err)
{
	const git_error *last = git_error_last();
	const struct access_inside *access_in = stop->access;
	const char *hindrance;

	if (stop->reason)
		return mp_fail(err, MP_FAULT_INPUT, -EBADMSG, "refused: cannot be read: %s",
			       stop->reason);
	if (access_in && access_in->stop[0])
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "%s", access_in->stop);
	if (access_in && (code == GIT_EAUTH || access_in->answers > 1 ||
			  (last && strstr(last->message, "Failed to authenticate"))))
		return access_refused(access_in, err);
	if (code == GIT_EAUTH)
		return mp_fail(
			err, MP_FAULT_USAGE, -EBADMSG,
			"it asks for a password: it is private, or no repository is there: %s",
			clone_advice);
	if (last && (last->klass == GIT_ERROR_NET || last->klass == GIT_ERROR_HTTP ||
		     last->klass == GIT_ERROR_SSL || last->klass == GIT_ERROR_SSH ||
		     last->klass == GIT_ERROR_OS))
		return clone_unreachable(err);
	hindrance = url[0] == '/' ? folder_hindrance(url) : NULL;
	if (hindrance)
		return mp_fail(err, MP_FAULT_INPUT, -EBADMSG, "refused: cannot be read: %s",
			       hindrance);
	return inside_refuse_with(err, "it does not clone", clone_advice);
}

/*
 * The server's HEAD becomes ours: its branch, or its commit when it is on none. When it has neither, ours
 * stays unborn, and that is said later.
 */
static void clone_set_head(git_remote *remote, git_repository *repo)
{
	git_buf name = {0};
	git_oid id;

	if (git_remote_default_branch(&name, remote) == 0)
		(void)git_repository_set_head(repo, name.ptr);
	else if (git_reference_name_to_id(&id, repo, kept_head) == 0)
		(void)git_repository_set_head_detached(repo, &id);
	git_buf_dispose(&name);
}

/* A password goes to the machine that the user named and to no other: libgit2 follows no redirect from it then. */
static git_remote_redirect_t clone_redirects(const struct access_inside *access)
{
	return access ? GIT_REMOTE_REDIRECT_NONE : GIT_REMOTE_REDIRECT_INITIAL;
}

static int clone_connect(git_remote *remote, const git_fetch_options *fetch)
{
	git_remote_connect_options options;
	int code = git_remote_connect_options_init(&options, GIT_REMOTE_CONNECT_OPTIONS_VERSION);

	options.callbacks = fetch->callbacks;
	options.follow_redirects = fetch->follow_redirects;
	return code < 0 ? code : git_remote_connect_ext(remote, GIT_DIRECTION_FETCH, &options);
}

static int clone_fetch(git_repository *repo, struct access_inside *access, const char *url,
		       struct mp_error *err)
{
	char branches[] = "+refs/heads/*:refs/heads/*";
	char tags[] = "+refs/tags/*:refs/tags/*";
	char head[] = "+HEAD:refs/milepost/head";
	char *specs[] = {branches, tags, head};
	git_strarray refspecs = {.strings = specs, .count = 2};
	git_fetch_options options;
	struct clone_stop stop = {.access = access};
	git_remote *remote = NULL;
	const git_remote_head **heads;
	size_t head_count = 0;
	int code = git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);

	options.callbacks.transfer_progress = clone_progress;
	options.callbacks.credentials = clone_credentials;
	options.callbacks.certificate_check = clone_certificate;
	options.callbacks.payload = &stop;
	options.update_fetchhead = 0;
	options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
	options.follow_redirects = clone_redirects(access);
	if (code == 0)
		code = git_remote_create_anonymous(&remote, repo, url);
	if (code == 0)
		code = clone_connect(remote, &options);
	if (code == 0)
		code = git_remote_ls(&heads, &head_count, remote);
	if (code == 0 && head_count > INTAKE_REFS_MAX) {
		stop.reason = "it has more than 10,000 branches and tags";
		code = GIT_EUSER;
	}
	if (head_count > 0 && strcmp(heads[0]->name, "HEAD") == 0)
		refspecs.count = 3;
	if (code == 0)
		code = git_remote_fetch(remote, &refspecs, &options, NULL);
	if (code == 0)
		clone_set_head(remote, repo);
	else
		code = clone_failed(code, &stop, url, err);
	git_remote_free(remote);
	return code;
}

int inside_clone(struct access_inside *access, const char *url, const char *folder,
		 struct mp_error *err)
{
	git_repository_init_options options;
	git_repository *repo = NULL;
	int ret;

	if (git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION) < 0)
		return inside_refuse(err, "there is no room for a clone");
	options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH;
	options.initial_head = "main";
	if (git_repository_init_ext(&repo, folder, &options) < 0)
		return inside_refuse(err, "there is no room for a clone");
	if (access && strncasecmp(url, "http", strlen("http")) == 0)
		inside_socket_only(access);
	ret = access && access->keys[0] ? access_prefer(access, err) : 0;
	if (ret == 0)
		ret = clone_fetch(repo, access, url, err);
	inside_socket_all();
	git_repository_free(repo);
	return ret;
}
