// SPDX-License-Identifier: GPL-2.0
/* A cache of compiled seccomp profiles, see seccomp_cache.h. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/object.h"
#include "base/paths.h"
#include "base/trust.h"
#include "seccomp_cache.h"

#define MAGIC	  "PURSECC1"
#define MADE_WITH 512

/** struct head - the beginning of a file; the text of the key and the program follow */
struct head {
	char magic[8];
	uint64_t sum; /* of all that follows this field */
	uint32_t key_length;
	uint32_t filter_length; /* in instructions */
	uint32_t flags;
	uint32_t reserved; /* 0 */
};

/** struct key - what a program depends on; for key_free() */
struct key {
	char *text; /* what it is compiled with, and the profile */
	size_t length;
	char name[17]; /* of the file */
};

static void key_free(struct key *key)
{
	free(key->text);
}

/* It finds files and damage. Nothing that an attacker can choose depends on it. */
static uint64_t sum_of(const void *memory, size_t length)
{
	const char *bytes = memory;
	uint64_t sum = UINT64_C(0xcbf29ce484222325) ^ length, word;
	size_t n;

	for (; length; bytes += n, length -= n) {
		n = length < sizeof(word) ? length : sizeof(word);
		word = 0;
		memcpy(&word, bytes, n);
		sum = (sum ^ word) * UINT64_C(0x100000001b3);
		sum ^= sum >> 29;
	}
	return sum;
}

/* A program that was replaced by another version has another inode, size or time. */
static int identify(const char *path, char *text, size_t room)
{
	struct stat st;

	if (!path || stat(path, &st))
		return -1;
	return snprintf(text, room, "%ju %ju %jd %jd.%09ld %jd.%09ld\n",
			(uintmax_t)st.st_dev, (uintmax_t)st.st_ino,
			(intmax_t)st.st_size, (intmax_t)st.st_mtim.tv_sec,
			st.st_mtim.tv_nsec, (intmax_t)st.st_ctim.tv_sec,
			st.st_ctim.tv_nsec);
}

/*
 * This program, the library, and the kernel, which libseccomp asks for what it can do.
 * Returns the length, or 0 if it is unknown.
 */
static size_t made_with(char text[MADE_WITH])
{
	const struct scmp_version *version = seccomp_version();
	struct utsname kernel;
	Dl_info library;
	int length, n;

	if (!version || uname(&kernel) ||
	    !dladdr((void *)(uintptr_t)seccomp_init, &library))
		return 0;
	length = snprintf(text, MADE_WITH,
			  PURSER_VERSION " %u.%u.%u %#x %s %s %s\n",
			  version->major, version->minor, version->micro,
			  seccomp_arch_native(), kernel.machine, kernel.release,
			  kernel.version);
	n = identify("/proc/self/exe", text + length,
		     (size_t)(MADE_WITH - length));
	length += n;
	if (n < 0 || length >= MADE_WITH)
		return 0;
	n = identify(library.dli_fname, text + length,
		     (size_t)(MADE_WITH - length));
	length += n;
	return n < 0 || length >= MADE_WITH ? 0 : (size_t)length;
}

static int make_key(struct key *key, struct json_object *profile)
{
	char with[MADE_WITH];
	const size_t n = made_with(with);
	size_t length = 0;
	const char *text = n ? json_line(profile, &length) : NULL;

	if (!text ||
	    sizeof(struct head) + n + length > (size_t)SECCOMP_CACHE_FILE_BYTES)
		return -1;
	key->length = n + length;
	key->text = malloc(key->length);
	if (!key->text)
		return -1;
	memcpy(key->text, with, n);
	memcpy(key->text + n, text, length);
	snprintf(key->name, sizeof(key->name), "%016jx",
		 (uintmax_t)sum_of(key->text, key->length));
	return 0;
}

/* Finding a program */

static int read_file(int folder, const char *name, char **memory, size_t *size)
{
	int fd __cleanup_close = file_open(folder, name,
					   O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;
	char *why = NULL;

	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode) ||
	    st.st_size > SECCOMP_CACHE_FILE_BYTES)
		return -1;
	if (trust_entry(folder, name, &why)) {
		free(why);
		return -1;
	}
	*size = (size_t)st.st_size;
	*memory = malloc(*size + 1);
	return *memory && read(fd, *memory, *size) == st.st_size ? 0 : -1;
}

static bool is_entry(const char *memory, size_t size, const struct key *key,
		     struct head *head)
{
	const size_t after = offsetof(struct head, key_length);

	if (size < sizeof(*head))
		return false;
	memcpy(head, memory, sizeof(*head));
	return !memcmp(head->magic, MAGIC, sizeof(head->magic)) &&
	       head->key_length == key->length && head->filter_length &&
	       head->filter_length <= BPF_MAXINSNS && !head->reserved &&
	       size == sizeof(*head) + key->length +
			       head->filter_length *
				       sizeof(struct sock_filter) &&
	       head->sum == sum_of(memory + after, size - after) &&
	       !memcmp(memory + sizeof(*head), key->text, key->length);
}

static int find(int folder, const struct key *key,
		struct seccomp_program *program)
{
	char *memory __cleanup_free = NULL;
	struct head head;
	size_t size, bytes;

	if (read_file(folder, key->name, &memory, &size) ||
	    !is_entry(memory, size, key, &head))
		return -1;
	bytes = head.filter_length * sizeof(*program->filter.filter);
	*program = (struct seccomp_program){ .flags = head.flags };
	program->filter.filter = malloc(bytes);
	if (!program->filter.filter)
		return -1;
	memcpy(program->filter.filter, memory + size - bytes, bytes);
	program->filter.len = (unsigned short)head.filter_length;
	return 0;
}

/* Keeping a program */

/** struct oldest - the oldest file of the cache, and how many there are */
struct oldest {
	char name[NAME_MAX + 1];
	struct timespec time;
	size_t n;
};

static int note_oldest(int folder, const struct dirent *entry, void *arg)
{
	struct oldest *oldest = arg;
	struct stat st;

	if (fstatat(folder, entry->d_name, &st, AT_SYMLINK_NOFOLLOW))
		return 0;
	if (!oldest->n++ || st.st_mtim.tv_sec < oldest->time.tv_sec ||
	    (st.st_mtim.tv_sec == oldest->time.tv_sec &&
	     st.st_mtim.tv_nsec < oldest->time.tv_nsec)) {
		snprintf(oldest->name, sizeof(oldest->name), "%s",
			 entry->d_name);
		oldest->time = st.st_mtim;
	}
	return 0;
}

/* Make room for one more file. What a killed process has left goes in its turn. */
static int make_room(int folder)
{
	struct oldest oldest;

	do {
		oldest = (struct oldest){ 0 };
		if (path_each_entry(folder, ".", note_oldest, &oldest))
			return -1;
		if (oldest.n < SECCOMP_CACHE_FILES)
			return 0;
	} while (!unlinkat(folder, oldest.name, 0) || errno == ENOENT);
	return -1;
}

static char *make_file(const struct key *key,
		       const struct seccomp_program *program, size_t *size)
{
	const size_t bytes = program->filter.len *
			     sizeof(*program->filter.filter);
	const size_t after = offsetof(struct head, key_length);
	struct head head = {
		.key_length = (uint32_t)key->length,
		.filter_length = program->filter.len,
		.flags = program->flags,
	};
	char *memory;

	*size = sizeof(head) + key->length + bytes;
	memory = *size > SECCOMP_CACHE_FILE_BYTES ? NULL : malloc(*size);
	if (!memory)
		return NULL;
	memcpy(head.magic, MAGIC, sizeof(head.magic));
	memcpy(memory, &head, sizeof(head));
	memcpy(memory + sizeof(head), key->text, key->length);
	memcpy(memory + sizeof(head) + key->length, program->filter.filter,
	       bytes);
	head.sum = sum_of(memory + after, *size - after);
	memcpy(memory, &head, sizeof(head));
	return memory;
}

/* Under a name of its own, then renamed: two processes may keep the same profile. */
static void keep(int folder, const struct key *key,
		 const struct seccomp_program *program)
{
	char *memory __cleanup_free = NULL;
	int fd __cleanup_close = -1;
	char name[32];
	uint64_t number;
	size_t size;
	bool written;

	if (make_room(folder) ||
	    getrandom(&number, sizeof(number), 0) != sizeof(number))
		return;
	memory = make_file(key, program, &size);
	snprintf(name, sizeof(name), "%016jx.new", (uintmax_t)number);
	if (memory)
		fd = openat(folder, name,
			    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	written = write(fd, memory, size) == (ssize_t)size;
	if (!written || renameat(folder, name, folder, key->name))
		unlinkat(folder, name, 0);
}

int seccomp_cached(struct seccomp_program *program, struct json_object *profile,
		   int states, struct failure *failure)
{
	__attribute__((cleanup(key_free))) struct key key = { 0 };
	char *why __cleanup_free = NULL;
	int folder __cleanup_close = -1;

	if (json_object_is_type(profile, json_type_object) &&
	    !make_key(&key, profile))
		folder = trust_make_below(states, SECCOMP_CACHE_FOLDER, 0700,
					  &why);
	if (folder >= 0 && !find(folder, &key, program))
		return 0;
	if (seccomp_compile(program, profile, failure))
		return -1;
	if (folder >= 0 && !program->listener_path && program->filter.len)
		keep(folder, &key, program);
	return 0;
}
