/* SPDX-License-Identifier: MIT */
/* What a file is that was given as a key. The keys were made by ssh-keygen for this test and open nothing. */
#include "tests/helper/tap.h"

#include "grader/intake/ssh_key.h"

static const char ed[] = "-----BEGIN OPENSSH PRIVATE KEY-----\n"
			 "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n"
			 "QyNTUxOQAAACBEDgsBSVjHFbg1zpxHZMdY2Sy3ADNwKBcPTw2jGXuS7QAAAIhlVO4aZVTu\n"
			 "GgAAAAtzc2gtZWQyNTUxOQAAACBEDgsBSVjHFbg1zpxHZMdY2Sy3ADNwKBcPTw2jGXuS7Q\n"
			 "";
static const char edl[] = "-----BEGIN OPENSSH PRIVATE KEY-----\n"
			  "b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABB0F67Wqb\n"
			  "dBcHE3fxIW9X9AAAAAEAAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIOz0awUAOuwx7jJk\n"
			  "IsM95z6+SQKtqtV6F4HHEOgs0V+jAAAAkHZuharzXElbsx1fUZ4let7TWL29S7we4IGdO3\n"
			  "";
static const char rsa[] = "-----BEGIN OPENSSH PRIVATE KEY-----\n"
			  "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAlwAAAAdzc2gtcn\n"
			  "NhAAAAAwEAAQAAAIEAwDRcP6r/aBiIdIO3frdJ4sXkPztXo2HJh6DRWk4+O82NkZ36+9Cq\n"
			  "NowUraAQKWu6vZ8/X3hbyAkXrFhMeyRaLJWp840DtMnb2BdJxp+AVOSmEs9ErWkhnO7Qye\n"
			  "";
static const char pem[] = "-----BEGIN RSA PRIVATE KEY-----\n"
			  "MIICXAIBAAKBgQDcUP/ID8lJbMk2xtH1FdDHKKvo1JerL+Bp/9SxbDWL7uLOatXk\n"
			  "A/KJDEFi2SpNTDGdOJn1e8rWHjZbl5x/BGpo/9uwMVzOtTgas/A/I57fZJ6crT/f\n"
			  "mTNqiv2usZyQroBsqncuAiX6L0PeDT6BsGNWSp+qLdsfG/3O8GbiddqRaQIDAQAB\n"
			  "";
static const char peml[] = "-----BEGIN RSA PRIVATE KEY-----\n"
			   "Proc-Type: 4,ENCRYPTED\n"
			   "DEK-Info: AES-128-CBC,A3E9362813076F378FEB56F07DF73232\n"
			   "\n"
			   "";

static const struct {
	const char *text;
	enum ssh_key_kind kind;
	bool is_rsa;
} rows[] = {
	{ed, SSH_KEY_PLAIN, false},
	{edl, SSH_KEY_ENCRYPTED, false},
	{rsa, SSH_KEY_PLAIN, true},
	{pem, SSH_KEY_PLAIN, true},
	{peml, SSH_KEY_ENCRYPTED, true},
	{"-----BEGIN ENCRYPTED PRIVATE KEY-----\n", SSH_KEY_ENCRYPTED, false},
	{"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC", SSH_KEY_PLAIN, true},
	{"-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49", SSH_KEY_PLAIN, false},
	{"-----BEGIN EC PRIVATE KEY-----\n", SSH_KEY_PLAIN, false},
	{"-----BEGIN OPENSSH PRIVATE KEY-----\n", SSH_KEY_PLAIN, false},
	{"-----BEGIN OPENSSH PRIVATE KEY-----\n====", SSH_KEY_PLAIN, false},
	{"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\xff", SSH_KEY_PLAIN, false},
	{"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 asha\n", SSH_KEY_PUBLIC, false},
	{"ecdsa-sha2-nistp256 AAAA\n", SSH_KEY_PUBLIC, false},
	{"PuTTY-User-Key-File-3: ssh-ed25519\n", SSH_KEY_PUTTY, false},
	{"hunter2\n", SSH_KEY_NONE, false},
	{"", SSH_KEY_NONE, false},
};

static void a_key_is_known_by_its_head(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		IS(ssh_key_look(rows[i].text), rows[i].kind);
		IS(ssh_key_is_rsa(rows[i].text), rows[i].is_rsa);
		ROW("%.60s", rows[i].text);
	}
}

TAP_MAIN(T(a_key_is_known_by_its_head))
