// SPDX-License-Identifier: GPL-2.0
/*
 * A library to be preloaded that lets allocations fail. NOMEM names a file with two
 * numbers of 8 bytes each: N, where one of N allocations fails (0: none, 1: all), and
 * how many have failed. The library reads N before each allocation, so that a test can
 * change it at any time.
 *
 * Allocations in the parser and the printer of json-c do not fail: version 0.16 does not
 * check them, and crashes or returns something else than it was given.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);

struct control {
	_Atomic uint64_t one_of;
	_Atomic uint64_t failed;
};

static struct control *control;
static _Atomic uint64_t count;
static _Thread_local int spared; /* above 0: no allocation fails */

static void __attribute__((constructor)) begin(void)
{
	const char *path = getenv("NOMEM");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *p;

	if (fd < 0)
		return;
	p = mmap(NULL, sizeof(*control), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		 0);
	close(fd);
	if (p != MAP_FAILED)
		control = p;
}

static int fails(void)
{
	uint64_t one_of = control ? control->one_of : 0;

	if (!one_of || spared || ++count % one_of)
		return 0;
	control->failed++;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	return fails() ? NULL : __libc_realloc(p, size);
}

struct json_object;
struct json_tokener;

/* next() - the function of that name in the libraries after this one */
static void *next(const char *name)
{
	void *p;

	spared++;
	p = dlsym(RTLD_NEXT, name);
	spared--;
	return p;
}

struct json_object *json_tokener_parse_ex(struct json_tokener *tokener,
					  const char *text, int len);
struct json_object *json_tokener_parse_ex(struct json_tokener *tokener,
					  const char *text, int len)
{
	__typeof__(&json_tokener_parse_ex) real = next(__func__);
	struct json_object *object;

	spared++;
	object = real(tokener, text, len);
	spared--;
	return object;
}

const char *json_object_to_json_string_length(struct json_object *object,
					      int flags, size_t *length);
const char *json_object_to_json_string_length(struct json_object *object,
					      int flags, size_t *length)
{
	__typeof__(&json_object_to_json_string_length) real = next(__func__);
	const char *text;

	spared++;
	text = real(object, flags, length);
	spared--;
	return text;
}
