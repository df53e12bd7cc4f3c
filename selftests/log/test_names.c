// SPDX-License-Identifier: GPL-2.0
/* The names of log files: shifting them, and reusing the name of a log. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/settings.h"
#include "log/names.h"
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

/* The text of a file, or NULL if it does not exist. */
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

static void drop(const char *suffix)
{
	char name[96];

	snprintf(name, sizeof(name), "%s%s", path, suffix);
	unlink(name);
}

static void shifting(void)
{
	is_int(logfile_shift(path), -ENOENT, "no log, nothing to shift");
	put("", "c");
	is_int(logfile_shift(path), 0, "shift one");
	is_str(get(""), NULL, "the name is free");
	is_str(get(".1"), "c", "the file has number 1");
	put("", "d");
	is_int(logfile_shift(path), 0, "shift two");
	is_str(get(".1"), "d", "the later file has number 1");
	is_str(get(".2"), "c", "the earlier file has number 2");
	is_int(logfile_shift(path), -ENOENT,
	       "no log, nothing to shift, as at first");
	is_str(get(".1"), "d", "its predecessors keep their numbers");

	put("", "e");
	put(".4", "a");
	is_int(logfile_shift(path), 0, "shift before a gap");
	is_str(get(".3"), "c", "the gap is filled");
	is_str(get(".4"), "a", "a file behind the gap keeps its number");
	put("", "f");
	is_int(logfile_shift(path), 0, "shift without a gap");
	is_str(get(".5"), "a", "all files get the next number");
}

static void trimming(void)
{
	put("", "g");
	put(".7", "z");
	is_int(logfile_trim(path, 3, true), 0, "trim to three");
	is_str(get(""), "g", "the log itself stays");
	is_str(get(".1"), "f", "the file before it stays");
	is_str(get(".2"), "e", "the file before that stays");
	is_str(get(".3"), NULL, "the fourth file is removed");
	is_str(get(".7"), NULL, "a file behind a gap is removed");
	is_int(logfile_trim(path, 3, true), 0,
	       "trim when there are no more than that");
	is_int(logfile_trim(path, 1, true), 0, "trim to one");
	is_str(get(""), "g", "the log itself stays");
	is_str(get(".1"), NULL, "no other file stays");
}

/* The numbers are known to have no gap, or one that a crash has left. */
static void trimming_without_search(void)
{
	put("", "g");
	put(".1", "f");
	put(".2", "e");
	put(".4", "d");
	put(".7", "z");
	is_int(logfile_trim(path, 2, false), 0, "trim without a search");
	is_str(get(".1"), "f", "the two files stay");
	is_str(get(".2"), NULL, "the third file is removed");
	is_str(get(".4"), NULL, "so is one behind a gap of one number");
	is_str(get(".7"), "z", "there is no search behind a wider gap");
	drop("");
	is_int(logfile_trim(path, 0, false), 0, "remove a log without a name");
	is_str(get(".1"), NULL, "the file before it is removed");
	drop(".7");
}

/* What logfile_newest() says: the text of the file, or NULL: search. */
static const char *newest(bool *marked)
{
	static char text[64];
	int folder = open(dir, O_RDONLY | O_DIRECTORY);
	int fd = logfile_newest(folder, strrchr(path, '/') + 1, marked);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	close(folder);
	if (fd < 0) {
		is_int(fd, -EAGAIN, "the file has to be searched");
		return NULL;
	}
	close(fd);
	text[n < 0 ? 0 : n] = '\0';
	return text;
}

static void finding_the_newest(void)
{
	bool had_old, marked;

	is_str(newest(&marked), NULL, "there is no log");
	put("", "a");
	is_str(newest(&marked), "a", "the only file is the first");
	ok(!marked, "no file is before it");
	put(".2", "old");
	is_str(newest(&marked), NULL, "behind a gap there is another file");
	drop(".2");
	if (logfile_claim(path, &had_old) || !had_old)
		bail("claiming the name");
	put("", "b");
	is_str(newest(&marked), "b", "the next container's only file");
	ok(marked, "the file before it has a mark");
	if (logfile_shift(path))
		bail("shifting");
	put("", "c");
	is_str(newest(&marked), NULL, "the container has two files");
	logfile_trim(path, 0, true);
}

/* All numbers are taken: the oldest file is removed. */
static void full(void)
{
	char suffix[16];

	for (int i = 1; i <= LOG_MAX_FILES_MAX; i++) {
		snprintf(suffix, sizeof(suffix), ".%d", i);
		put(suffix, i == LOG_MAX_FILES_MAX ? "old" : "young");
	}
	put("", "new");
	is_int(logfile_shift(path), 0, "shift where all numbers are taken");
	snprintf(suffix, sizeof(suffix), ".%d", LOG_MAX_FILES_MAX);
	is_str(get(suffix), "young", "the oldest file is gone");
	snprintf(suffix, sizeof(suffix), ".%d", LOG_MAX_FILES_MAX + 1);
	is_str(get(suffix), NULL, "no higher number is used");
	is_str(get(".1"), "new", "the newest has number 1");
	logfile_trim(path, 1, true);
}

static bool is_last(const char *suffix)
{
	char name[96];
	struct stat st;

	snprintf(name, sizeof(name), "%s%s", path, suffix);
	return !stat(name, &st) && logfile_is_last(&st);
}

static void claiming(void)
{
	bool had_old;

	is_int(logfile_claim(path, &had_old), 0, "claim a new name");
	ok(!had_old, "there was no log");
	put("", "first");
	is_int(logfile_claim(path, &had_old), 0, "claim the name again");
	ok(had_old, "there was a log");
	is_str(get(""), NULL, "the name is free");
	put("", "second");
	is_str(get(".1"), "first", "the old log has number 1");
	ok(is_last(".1"), "it is marked as the last file of its container");
	ok(!is_last(""), "the new one is not");

	logfile_claim(path, &had_old);
	put("", "failed");
	is_int(logfile_undo(path, had_old), 0, "undo");
	is_str(get(""), "second", "the earlier log has its name back");
	is_str(get(".1"), "first", "the log before it has its name back");
	is_str(get(".2"), NULL, "there are no other files");
	logfile_claim(path, &had_old);
	is_int(logfile_undo(path, had_old), 0,
	       "undo before the new log is opened");
	is_str(get(""), "second", "the earlier log has its name back");
	is_str(get(".1"), "first", "the log before it has its name back");

	logfile_claim(path, &had_old);
	put("", "third");
	/* As if the supervisor died here, and the next one used the id. */
	logfile_claim(path, &had_old);
	ok(had_old, "claim after a claim that was neither trimmed nor undone");
	is_str(get(".1"), "third", "the log of that claim is kept");
	is_str(get(".2"), "second", "the log before it is kept");
	is_str(get(".3"), "first", "the first log is kept");
	put("", "fourth");
	logfile_trim(path, 1, true);

	drop("");
	logfile_claim(path, &had_old);
	ok(!had_old, "there was no log: somebody has removed it");
	put("", "fifth");
	logfile_undo(path, had_old);
	is_str(get(""), NULL, "undo leaves no log then");

	is_int(logfile_claim("/nowhere/web.log", &had_old), 0,
	       "claim in a folder that does not exist");
}

static void refused(void)
{
	char name[96];

	put("", "log");
	snprintf(name, sizeof(name), "%s.1", path);
	if (mkdir(name, 0700))
		bail("making %s", name);
	is_int(logfile_trim(path, 1, true), -EISDIR,
	       "a file that cannot be removed is an error");
	snprintf(name, sizeof(name), "%s.2", path);
	put(".2", "old");
	is_int(logfile_trim(path, 1, true), -EISDIR, "it is an error again");
	is_str(get(".2"), NULL, "the other files are removed");
	snprintf(name, sizeof(name), "%s.1", path);
	rmdir(name);
	drop("");
}

int main(void)
{
	if (!mkdtemp(dir))
		bail("mkdtemp");
	snprintf(path, sizeof(path), "%s/web.log", dir);
	shifting();
	trimming();
	drop("");
	trimming_without_search();
	finding_the_newest();
	drop("");
	full();
	claiming();
	refused();
	ok(!rmdir(dir), "no other file was made");
	return tap_end();
}
