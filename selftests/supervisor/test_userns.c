// SPDX-License-Identifier: GPL-2.0
/* Which containers get a user namespace: what the supervisor finds out, and the choice. */
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "must.h"
#include "supervisor/ids.h"
#include "supervisor/supervisor.h"
#include "supervisor/userns.h"

#define FIRST 1900000000u

static struct supervisor supervisor;
static char folder[] = "/tmp/purser-userns-XXXXXX";
static int folder_fd;

/* In place of that in ids.c, which needs the kernel's table. */
int ids_pick(struct supervisor *s, uint32_t *first)
{
	*first = s->ids.first;
	return 0;
}

static void begin(enum userns_mode mode, int base, int state)
{
	static char base_path[] = "/the/base", state_path[] = "/the/state";

	free(supervisor.userns_not);
	supervisor = (struct supervisor){
		.roots = { .base = base_path, .state = state_path },
		.base_fd = base,
		.state_fd = state,
		.userns = mode,
		.ids = { .first = FIRST, .n = 1 },
	};
	userns_settle(&supervisor);
}

/* The user namespace of a container with this request: 1, 0, or -1 with a failure. */
static int choose(struct start_request *request, int volume, char **warning)
{
	char name[] = "web", path[] = "/the/folder";
	struct mount_spec mount = {
		.source = path,
		.target = "/x",
		.is_open = volume >= 0,
		.fd = volume,
	};
	struct container c = { .supervisor = &supervisor, .name = name };
	struct admission a = {
		.c = &c,
		.request = request,
		.root = { .fd = folder_fd, .path = path },
		.mounts = { .specs = &mount, .n = volume >= 0 },
		.userns = -1,
	};
	struct failure failure;
	int ret = userns_choose(&a, true, &failure);
	const bool has = a.userns >= 0;

	if (has != !!c.ids.first || (has && volume >= 0 && !mount.is_mapped))
		bail("the container is half mapped");
	cleanup_close(&a.userns);
	*warning = c.warning;
	return ret ? ret : has;
}

/* What a container gets, without a word. */
static void is_chosen(struct start_request request, int want, const char *what)
{
	char *warning = NULL;

	is_int(choose(&request, -1, &warning), want, "%s", what);
	is_str(warning ? warning : "", "", "%s: no word of that", what);
	free(warning);
}

static const struct start_request plain = { .own_network = true };

static void test_choice(void)
{
	struct start_request request;

	is_chosen(plain, 1, "a container that asks for nothing");
	request = plain;
	request.own_network = false;
	is_chosen(request, 0, "one with the host's network");
	request.userns.chosen = true;
	request.userns.mode = USERNS_AUTO;
	is_chosen(request, 1, "one that asks for both");
	request = plain;
	request.privileged = true;
	is_chosen(request, 0, "a privileged one");
	request = plain;
	if (string_list_add(&request.cap_add, "SYS_TIME"))
		bail("no memory");
	is_chosen(request, 0, "one with another capability");
	string_list_free(&request.cap_add);
	request = plain;
	request.userns.chosen = true;
	request.userns.mode = USERNS_HOST;
	is_chosen(request, 0, "one that asks for the host's");
}

static void test_volume(void)
{
	struct start_request request = plain;
	const int fd = must(
		openat(folder_fd, "volume", O_RDONLY | O_DIRECTORY));
	char *warning = NULL;

	is_int(choose(&request, fd, &warning), 1, "a volume of root");
	must(fchown(fd, 65535, 65535));
	is_int(choose(&request, fd, &warning), 1, "one of the last id");
	ok(!warning, "without a word");
	must(fchown(fd, 5, 65536));
	is_int(choose(&request, fd, &warning), 0,
	       "one of a group that it would not have");
	is_str(warning,
	       "container \"web\": its root is root of the host: its volume /the/folder "
	       "belongs to user 5 and group 65536, which its user namespace does not have",
	       "a line says why");
	free(warning);
	warning = NULL;
	request.userns.chosen = true;
	is_int(choose(&request, fd, &warning), 1, "who asks for it gets it");
	ok(!warning, "without a word");
	close(fd);
}

static void test_unmapped(int unmapped)
{
	begin(USERNS_PLAIN, unmapped, folder_fd);
	is_int(supervisor.userns, USERNS_HOST, "a base that cannot be mapped");
	is_str(supervisor.userns_not ? supervisor.userns_not->text : "",
	       "the kernel cannot map the ids of the file system of its base /the/base",
	       "the supervisor knows why");
	is_chosen(plain, 0, "a container there");
	begin(USERNS_PLAIN, folder_fd, unmapped);
	is_int(supervisor.userns, USERNS_HOST,
	       "a state directory that cannot be mapped");
	is_str(supervisor.userns_not ? supervisor.userns_not->text : "",
	       "the kernel cannot map the ids of the file system of its state directory /the/state",
	       "the supervisor knows why");
	begin(USERNS_AUTO, unmapped, unmapped);
	is_int(supervisor.userns, USERNS_AUTO, "auto stays auto");
	ok(!supervisor.userns_not, "and looks at nothing");
}

int main(void)
{
	if (!mkdtemp(folder))
		bail("no folder");
	folder_fd = must(open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	must(mkdirat(folder_fd, "volume", 0755));
	begin(USERNS_PLAIN, folder_fd, folder_fd);
	if (supervisor.userns_not) {
		skip("containers with a user namespace",
		     supervisor.userns_not->text);
	} else {
		is_int(supervisor.userns, USERNS_PLAIN,
		       "where ids can be mapped, plain stays");
		test_choice();
		test_volume();
		test_unmapped(must(
			open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
	}
	free(supervisor.userns_not);
	must(unlinkat(folder_fd, "volume", AT_REMOVEDIR));
	rmdir(folder);
	return tap_end();
}
