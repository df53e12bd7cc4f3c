// SPDX-License-Identifier: GPL-2.0
/* Tests the entries for the journal, with a socket in its place. */
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "purserctl/journal.h"
#include "tap.h"

static struct purser_event event(enum purser_event_type type)
{
	struct purser_event e = {
		.seq = 12,
		.time = 5,
		.type = type,
		.container = {
			.id = 3,
			.name = "web",
			.usage = 48 << 20,
			.soft_limit = 40 << 20,
			.exit_code = -1,
		},
	};

	return e;
}

static bool has(enum purser_event_type type, enum purser_reason reason,
		const char *part)
{
	struct purser_event e = event(type);
	size_t len;
	char *entry;
	bool found;

	e.container.reason = reason;
	entry = journal_entry(&e, &len);
	found = entry && strlen(entry) == len && strstr(entry, part);
	free(entry);
	return found;
}

/* What came to the socket. */
static const char *received(int fd)
{
	static char text[65536];
	ssize_t n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	text[n < 0 ? 0 : n] = '\0';
	return text;
}

int main(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const struct purser_event e = event(PURSER_EVENT_SOFT_LIMIT);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char dir[] = "/tmp/purser-journal-XXXXXX";
	struct journal journal;
	struct failure failure;
	const char *text;

	if (!mkdtemp(dir))
		bail("no folder");
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/socket", dir);
	is_int(journal_open(&journal, address.sun_path, &failure), -1,
	       "there is no journal");
	ok(strstr(failure.text, "no journal at /tmp/"), "the reason is given");
	journal_close(&journal);

	if (bind(fd, (struct sockaddr *)&address, sizeof(address)))
		bail("no socket");
	is_int(journal_open(&journal, address.sun_path, &failure), 0,
	       "it is there");
	is_int(journal_send(&journal, &e), 0, "an event is sent");
	text = received(fd);
	ok(!strncmp(
		   text,
		   "MESSAGE=web: soft_limit, 48.0MiB of 40.0MiB\nPRIORITY=4\nSYSLOG_IDENTIFIER=purser\n",
		   80),
	   "the entry has a text, a priority and a sender");
	ok(strstr(text, "\nCONTAINER_NAME=web\n") &&
		   strstr(text, "\nCONTAINER_USAGE=50331648\n") &&
		   strstr(text, "\nPURSER_EVENT=soft_limit\n") &&
		   strstr(text, "\nPURSER_SEQ=12\n"),
	   "it has the fields of the event");
	ok(text[strlen(text) - 1] == '\n', "each line is complete");

	unlink(address.sun_path);
	is_int(journal_send(&journal, &e), -ENOENT, "the journal is gone");
	close(fd);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)))
		bail("no second socket");
	is_int(journal_send(&journal, &e), 0, "it is there again");
	ok(*received(fd), "the event has come");
	journal_close(&journal);
	close(fd);
	unlink(address.sun_path);
	rmdir(dir);

	ok(has(PURSER_EVENT_EXITED, PURSER_REASON_OOM_KILLED, "\nPRIORITY=3\n"),
	   "an end by the OOM killer is an error");
	ok(has(PURSER_EVENT_EXITED, PURSER_REASON_EXITED, "\nPRIORITY=6\n"),
	   "another end is not");
	ok(has(PURSER_EVENT_UNREGISTERED, 0, "MESSAGE=web: unregistered\n"),
	   "an event without details");
	return tap_end();
}
