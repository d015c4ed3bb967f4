/* SPDX-License-Identifier: MIT */
/*
 * What looks like a secret, and what only looks so. The samples are put together from pieces, so that this
 * file holds none itself.
 */
#include "tests/helper/tap.h"

#include "grader/intake/secret.h"

#define BIT(KIND) (1U << SECRET_##KIND)
#define T16	  "Q7ZP2M4KX9WB3NDR"
#define T36	  "a8Kd02mZq7Lw93Xc5Vb1Nf6Gh4Jt0RpYsUeQ"

static const struct {
	const char *name, *text;
	unsigned int found;
} rows[] = {
	{"a.txt", "", 0},
	{"a.py",
	 "key = 'AK"
	 "IA" T16 "'",
	 BIT(AWS_KEY)},
	{"a.py",
	 "key = 'AK"
	 "IA"
	 "IOSFODNN7EXAMPLE'",
	 0},
	{"a.py",
	 "AK"
	 "IA" T16 "Q",
	 0},
	{"a.py",
	 "XAK"
	 "IA" T16,
	 0},
	{"a.py",
	 "AK"
	 "IA"
	 "SHORT",
	 0},
	{"a.js",
	 "gh"
	 "p_" T36,
	 BIT(GITHUB_TOKEN)},
	{"a.js",
	 "gh"
	 "p_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
	 0},
	{"a.js",
	 "github"
	 "_pat_" T36 "_" T36,
	 BIT(GITHUB_TOKEN)},
	{"a.js",
	 "gl"
	 "pat-"
	 "a8Kd02mZq7Lw93Xc5Vb1",
	 BIT(GITLAB_TOKEN)},
	{"a.js",
	 "xo"
	 "xb-"
	 "204830"
	 "-a8Kd02mZq7Lw93Xc",
	 BIT(SLACK_TOKEN)},
	{"a.js",
	 "sk_"
	 "live_"
	 "a8Kd02mZq7Lw93Xc5Vb1Nf6G",
	 BIT(STRIPE_KEY)},
	{"a.js",
	 "sk_"
	 "test_"
	 "a8Kd02mZq7Lw93Xc5Vb1Nf6G",
	 0},
	{"a.js",
	 "rzp_"
	 "live_"
	 "a8Kd02mZq7Lw93",
	 BIT(RAZORPAY_KEY)},
	{"a.js",
	 "AI"
	 "za"
	 "SyA8Kd02mZq7Lw93Xc5Vb1Nf6Gh4Jt0RpYs",
	 BIT(GOOGLE_KEY)},
	{".npmrc",
	 "_authToken=np"
	 "m_" T36,
	 BIT(NPM_TOKEN)},
	{"id",
	 "-----BEGIN OPENSSH "
	 "PRIVATE KEY-----\n" T36 T36 "\n-----END",
	 BIT(PRIVATE_KEY)},
	{"id",
	 "-----BEGIN RSA "
	 "PRIVATE KEY-----\r\nProc-Type: 4\r\n\r\n" T36 T36,
	 BIT(PRIVATE_KEY)},
	{"id",
	 "-----BEGIN "
	 "PRIVATE KEY-----\n...\n-----END",
	 0},
	{"id",
	 "-----BEGIN "
	 "PUBLIC KEY-----\n" T36 T36,
	 0},
	{"id", "-----BEGIN CERTIFICATE-----\n" T36 T36, 0},
	{".env",
	 "PORT=8000\nDB_PASS"
	 "WORD=chai-and-samosa\n",
	 BIT(ENV_FILE)},
	{".env.local",
	 "export API_"
	 "KEY='Chai42Samosa'\r\n",
	 BIT(ENV_FILE)},
	{".env",
	 "stripe_sec"
	 "ret = \"Chai42Samosa\"",
	 BIT(ENV_FILE)},
	{".env", "PORT=8000\nNAME=chai-and-samosa\n", 0},
	{".env", "DB_PASSWORD=\nTOKEN=''\nSECRET=   \n", 0},
	{".env", "DB_PASSWORD=changeme\nAPI_KEY=<your key>\nTOKEN=xxxxxxxx\nSECRET=${SECRET}\n", 0},
	{".env",
	 "# DB_PASS"
	 "WORD=chai-and-samosa\n",
	 0},
	{".env", "DB_PASSWORD=secret\nAPI_KEY=your-key-here\n", 0},
	{".env.example",
	 "DB_PASS"
	 "WORD=chai-and-samosa\n",
	 0},
	{"my.env",
	 "DB_PASS"
	 "WORD=chai-and-samosa\n",
	 0},
	{".environment",
	 "DB_PASS"
	 "WORD=chai-and-samosa\n",
	 0},
	{"a.rb",
	 "postgres://asha:"
	 "chai-and-samosa@db/khata",
	 BIT(URL_PASSWORD)},
	{"a.rb",
	 "https://asha:"
	 "chai%20samosa@example.org",
	 BIT(URL_PASSWORD)},
	{"a.rb", "postgres://postgres:postgres@localhost/khata", 0},
	{"a.rb", "postgres://khata_app:khata_app@localhost/khata", 0},
	{"a.rb", "postgres://asha:secret@localhost/khata", 0},
	{"a.rb", "postgres://$USER:$PASSWORD@localhost/khata", 0},
	{"a.rb", "postgres://user:<password>@localhost/khata", 0},
	{"a.rb", "http://localhost:8000/@asha and http://a.b/c:d@e", 0},
	{"a.md", "set API_KEY and DB_PASSWORD=chai-and-samosa in .env", 0},
	{"both",
	 "gh"
	 "p_" T36 " AK"
	 "IA" T16,
	 BIT(GITHUB_TOKEN) | BIT(AWS_KEY)},
};

static void each_form_is_told_from_what_looks_like_it(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		IS(secret_find(rows[i].name, rows[i].text, strlen(rows[i].text)), rows[i].found);
		ROW("row %zu of %s", i, rows[i].name);
	}
}

static void what_powershell_writes_is_read_too(void)
{
	static const char line[] = "TOKEN=chai-and-samosa";
	char little[2 + 2 * sizeof(line)] = "\xff\xfe";
	char big[2 + 2 * sizeof(line)] = "\xfe\xff";

	for (size_t i = 0; i + 1 < sizeof(line); i++) {
		little[2 + 2 * i] = line[i];
		big[3 + 2 * i] = line[i];
	}
	IS(secret_find(".env", little, 2 * sizeof(line)), BIT(ENV_FILE));
	IS(secret_find(".env", big, 2 * sizeof(line)), BIT(ENV_FILE));
	IS(secret_find(".env", little, 2), 0);
	IS(secret_find(".env", little, 3), 0);
}

static void every_kind_has_its_words(void)
{
	for (int i = 0; i < SECRET_KIND_COUNT; i++)
		OK(secret_words[i] && secret_words[i][0]);
}

TAP_MAIN(T(each_form_is_told_from_what_looks_like_it) T(what_powershell_writes_is_read_too)
		 T(every_kind_has_its_words))
