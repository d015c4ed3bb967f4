/* SPDX-License-Identifier: MIT */
/*
 * What looks like a secret in a file: keys, tokens, passwords. Pure; a table of forms. Few false alarms
 * are worth more than many finds: examples and placeholders (changeme, xxx, <your key>, empty values) are
 * none, and what is found is never repeated, only its kind.
 */
#ifndef GRADER_INTAKE_SECRET_H
#define GRADER_INTAKE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

enum secret_kind {
	SECRET_PRIVATE_KEY,
	SECRET_AWS_KEY,
	SECRET_GOOGLE_KEY,
	SECRET_AZURE_KEY,
	SECRET_GITHUB_TOKEN,
	SECRET_GITLAB_TOKEN,
	SECRET_SLACK_TOKEN,
	SECRET_STRIPE_KEY,
	SECRET_RAZORPAY_KEY,
	SECRET_NPM_TOKEN,
	SECRET_ENV_FILE,
	SECRET_URL_PASSWORD,
	SECRET_KIND_COUNT,
};

/* "a private key", by enum secret_kind: the words of a report. */
extern const char *const secret_words[SECRET_KIND_COUNT];

/*
 * Look through COUNT bytes of a file called NAME (without its folders: .env files are known by it). The
 * answer has a bit for each kind that was found; 0: none. Text in UTF-16 is read as well.
 */
unsigned int secret_find(const char *name, const char *bytes, size_t count);

/* Whether the COUNT bytes at VALUE say that something has to be put there, and hold no secret. */
bool secret_is_placeholder(const char *value, size_t count);

#endif
