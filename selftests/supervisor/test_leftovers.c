// SPDX-License-Identifier: GPL-2.0
/* Tests which state folders are removed after the run directory was lost. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/report.h"
#include "supervisor/leftovers.h"
#include "must.h"
#include "scratch.h"

static struct supervisor supervisor;
static char dir[] = "/tmp/purser-test.XXXXXX";

static const char *below(const char *format, ...)
{
	static char path[256];
	char name[128];
	va_list ap;

	va_start(ap, format);
	vsnprintf(name, sizeof(name), format, ap);
	va_end(ap);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void make_layer(const char *name)
{
	must(mkdir(below("state/%s", name), 0700));
	must(mkdir(below("state/%s/upper", name), 0700));
	must(mkdir(below("state/%s/work", name), 0700));
}

static void make_file(const char *name)
{
	close(must(
		open(below("%s", name), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)));
}

static bool is_there(const char *name)
{
	struct stat st;

	return !lstat(below("state/%s", name), &st);
}

static void add_container(const char *name, enum phase phase)
{
	struct container *c = container_new(&supervisor, name);

	if (!c)
		bail("out of memory");
	c->log.key = registry_new_key(&supervisor.registry);
	must(registry_add(&supervisor.registry, c));
	c->phase = phase;
}

static void set_up(void)
{
	if (!mkdtemp(dir))
		bail("mkdtemp");
	must(mkdir(below("state"), 0700));
	must(mkdir(below("run"), 0700));
	supervisor.roots.state = strdup(below("state"));
	supervisor.run_folders = strdup(below("run"));
	supervisor.layers.dir = supervisor.roots.state;
	supervisor.state_fd = -1;
	must(registry_init(&supervisor.registry));
	must(remover_create(&supervisor.layers.remover));
}

static void swept(struct remover_job *job)
{
	state_swept(job);
}

int main(void)
{
	static const char *const stay[] = { "live",  "other",	"journal",
					    "extra", ".hidden", "file",
					    "link" };
	struct string_list others = { 0 };

	report_program("test");
	set_up();
	make_layer("gone");
	make_layer("live");
	make_layer("ended");
	make_layer("other");
	make_layer("journal");
	make_layer("extra");
	make_layer(".hidden");
	must(mkdir(below("state/empty"), 0700));
	must(mkdir(below("state/image"), 0700));
	make_file("state/image/image");
	make_file("state/file");
	make_file("state/extra/notes");
	must(symlink("gone", below("state/link")));
	must(mkdir(below("run/journal"), 0700));
	add_container("live", PHASE_LIVE);
	add_container("ended", PHASE_ENDED);
	must(string_list_add(&others, "other"));

	is_int(leftovers_remove(&supervisor, &others), 0, "sweep");
	ok(!is_there("gone"), "a layer that no container has is removed");
	ok(!is_there("ended"), "so is the layer of an ended container");
	ok(!is_there("empty"), "so is an empty folder");
	ok(!is_there("image"), "so is a layer in an image");
	for (size_t i = 0; i < sizeof(stay) / sizeof(stay[0]); i++)
		ok(is_there(stay[i]), "\"%s\" stays", stay[i]);
	remover_destroy(supervisor.layers.remover, swept);
	string_list_free(&others);
	ok(!scratch_remove(dir), "nothing is in the way of removing the rest");
	free(supervisor.roots.state);
	free(supervisor.run_folders);
	return tap_end();
}
