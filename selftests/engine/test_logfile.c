// SPDX-License-Identifier: GPL-2.0
/* The names of log files when an id is used again. */
#include <fcntl.h>
#include <unistd.h>

#include "logfile.h"
#include "tap.h"

static char dir[] = "/tmp/purser-test.XXXXXX";
static char path[64];

static void put(const char *suffix, const char *text)
{
	char name[96];
	int fd;

	snprintf(name, sizeof(name), "%s%s", path, suffix);
	fd = open(name, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		bail("writing %s", name);
	close(fd);
}

/* Its text, or NULL where there is no such file. */
static const char *get(const char *suffix)
{
	static char text[64];
	char name[96];
	ssize_t n;
	int fd;

	snprintf(name, sizeof(name), "%s%s", path, suffix);
	fd = open(name, O_RDONLY);
	if (fd < 0)
		return NULL;
	n = read(fd, text, sizeof(text) - 1);
	text[n < 0 ? 0 : n] = '\0';
	close(fd);
	return text;
}

int main(void)
{
	bool had_old;

	if (!mkdtemp(dir))
		bail("mkdtemp");
	snprintf(path, sizeof(path), "%s/web.log", dir);

	is_int(logfile_claim(path, &had_old), 0, "claim a new name");
	ok(!had_old, "there was none");
	put("", "first");
	is_int(logfile_commit(path, had_old), 0, "commit");
	is_str(get(""), "first", "the log is there");
	is_str(get(".1"), NULL, "alone");

	logfile_claim(path, &had_old);
	ok(had_old, "claim it again: there was one");
	is_str(get(""), NULL, "the name is free");
	put("", "second");
	logfile_commit(path, had_old);
	is_str(get(""), "second", "the new log");
	is_str(get(".1"), "first", "the old log");

	logfile_claim(path, &had_old);
	put("", "failed");
	is_int(logfile_undo(path, had_old), 0, "undo");
	is_str(get(""), "second", "the log that was there");
	is_str(get(".1"), "first", "and the one before");
	logfile_claim(path, &had_old);
	is_int(logfile_undo(path, had_old), 0, "undo before it was opened");
	is_str(get(""), "second", "the log that was there");

	logfile_claim(path, &had_old);
	put("", "third");
	/* The supervisor dies here; the next one uses the id. */
	logfile_claim(path, &had_old);
	ok(had_old, "claim after one that was never committed");
	is_str(get(".1"), "second", "what was aside is kept");
	put("", "fourth");
	logfile_commit(path, had_old);
	is_str(get(".1"), "third", "and followed by what came after");

	unlink(path);
	logfile_claim(path, &had_old);
	ok(!had_old, "a log that somebody removed");
	put("", "fifth");
	logfile_undo(path, had_old);
	is_str(get(""), NULL, "undo leaves none then");

	is_int(logfile_claim("/nowhere/web.log", &had_old), 0,
	       "no folder, no earlier log");
	snprintf(path, sizeof(path), "%s/web.log.1", dir);
	unlink(path);
	ok(!rmdir(dir), "nothing else was made");
	return tap_end();
}
