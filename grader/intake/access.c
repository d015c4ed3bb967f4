/* SPDX-License-Identifier: MIT */
/* Access: what lets the reader in where not everybody may read. */
#include "grader/intake/access.h"

#include <errno.h>
#include <string.h>

#include "grader/intake/known_hosts.h"
#include "grader/intake/limits.h"
#include "grader/intake/ssh_key.h"

#define access_usage(ERR, ...) mp_fail((ERR), MP_FAULT_USAGE, -EBADMSG, __VA_ARGS__)

/* What is no key for us, and what to do. Kinds without a row are keys. */
static const char *const no_keys[SSH_KEY_ENCRYPTED + 1] = {
	[SSH_KEY_NONE] =
		"--key: the file is no private key: name one like ~/.ssh/id_ed25519, or make one "
		"with 'ssh-keygen -t ed25519'",
	[SSH_KEY_PUBLIC] = "--key: the file is the public half, which is the server's: name the "
			   "file without .pub",
	[SSH_KEY_PUTTY] = "--key: the file is a key of PuTTY: type 'puttygen FILE -O "
			  "private-openssh -o NEW' and name NEW",
};

static int access_check_key(const struct intake_access *access, struct mp_error *err)
{
	enum ssh_key_kind kind = ssh_key_look(access->key);

	if (no_keys[kind])
		return access_usage(err, "%s", no_keys[kind]);
	if (kind == SSH_KEY_ENCRYPTED && !access->password)
		return access_usage(
			err, "--key: the key is encrypted: give its passphrase by a descriptor: "
			     "--password-fd 3 3< FILE; the agent of ssh is not asked");
	return 0;
}

static bool is_this_machine(const char *host)
{
	return strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 ||
	       strcmp(host, "::1") == 0;
}

static int access_check_http(const struct intake_access *access, const struct address *address,
			     const char *user, struct mp_error *err)
{
	if (access->key)
		return access_usage(err, "--key is for an address with ssh://");
	if (!access->password && user)
		return access_usage(err,
				    "a user without a password: give the password or token of '%s' "
				    "by a descriptor: --password-fd 3 3< FILE",
				    user);
	if (access->password && !user)
		return access_usage(err, "a password without a user: add --user NAME");
	if (access->password && address->is_open && !is_this_machine(address->host))
		return access_usage(err, "http:// shows the password to whoever is on the way: "
					 "write https://");
	return 0;
}

static int access_check_ssh(const struct intake_access *access, const char *user,
			    struct mp_error *err)
{
	if (!user)
		return access_usage(
			err,
			"the address names no user: write it before the machine, like git@example.org");
	if (access->key)
		return access_check_key(access, err);
	if (!access->password)
		return access_usage(
			err, "ssh wants a key: add --key ~/.ssh/id_ed25519 (or which is yours), or "
			     "a password: --password-fd 3 3< FILE");
	return 0;
}

/* Which user: of the address, or the one beside it. Both must not differ. */
static int access_user(const struct intake_access *access, const struct address *address,
		       const char **ret_user, struct mp_error *err)
{
	const char *user = address->user[0] ? address->user : access->user;

	if (access->user && strcmp(access->user, user) != 0)
		return access_usage(err, "--user %s: the address names another user: leave one out",
				    access->user);
	if (user && strlen(user) > ADDRESS_USER_MAX)
		return access_usage(err, "--user: longer than any name of a user");
	*ret_user = user;
	return 0;
}

int access_tell(const struct intake_access *access, const struct place *place,
		struct frame_output *output, struct mp_error *err)
{
	static const struct intake_access nothing;
	const struct address *address = &place->address;
	mp_autotext struct text keys = {0};
	const char *user = NULL;
	int ret;

	if (!access)
		access = &nothing;
	if (!place->has_network)
		return access->user || access->password || access->key
			       ? access_usage(err, "--user, --key and --password-fd are for an "
						   "address, not for a folder")
			       : 0;
	ret = access_user(access, address, &user, err);
	if (ret == 0)
		ret = address->is_ssh ? access_check_ssh(access, user, err)
				      : access_check_http(access, address, user, err);
	if (ret < 0 || (!address->is_ssh && !access->password))
		return ret;
	text_init(&keys, KNOWN_HOSTS_KEYS_MAX);
	if (address->is_ssh)
		known_hosts_find(access->known_hosts ? access->known_hosts : "", address->host,
				 address->port, &keys);
	if (keys.is_cut)
		return access_usage(err, "known_hosts has more than 24 KB of keys for '%s'",
				    address->host);
	frame_begin(output, ASK_ACCESS);
	frame_add_text(output, user);
	frame_add_text(output, access->password ? access->password : "");
	frame_add_text(output, access->key ? access->key : "");
	frame_add_text(output, address->host);
	frame_add_size(output, (uint64_t)address->port);
	frame_add_text(output, text_get(&keys));
	frame_end(output);
	return 0;
}
