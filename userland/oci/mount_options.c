// SPDX-License-Identifier: GPL-2.0
/* The options of mounts, see mount_options.h. */
#include <linux/mount.h>
#include <string.h>

#include "mount_options.h"

/* Of sys/mount.h, which is at odds with linux/mount.h. */
#define UNBINDABLE (1ul << 17)
#define PRIVATE	   (1ul << 18)
#define SLAVE	   (1ul << 19)
#define SHARED	   (1ul << 20)

/**
 * enum option_kind - what a word does
 * @IGNORED: nothing; the kernel has nothing of that name for a mount any more
 * @REFUSED: it cannot be done
 * @BIND, @RBIND: the mount is a bind mount
 * @SET, @CLEAR: an attribute of the mount
 * @ALL_SET, @ALL_CLEAR: an attribute of the mount and all mounts below it
 * @FILE_SYSTEM: an option that all file systems take
 * @PROPAGATION: of the mount and all mounts below it
 */
enum option_kind {
	IGNORED,
	REFUSED,
	BIND,
	RBIND,
	SET,
	CLEAR,
	ALL_SET,
	ALL_CLEAR,
	FILE_SYSTEM,
	PROPAGATION,
	COPY_UP,
	IDMAP,
	RIDMAP,
};

struct option_word {
	const char *name;
	enum option_kind kind;
	uint64_t value;
};

/*
 * The kernel mounts with relatime unless told otherwise: what takes an option of the
 * times of access away makes them relatime.
 */
static const struct option_word words[] = {
	{ "async", FILE_SYSTEM, 0 },
	{ "atime", CLEAR, MOUNT_ATTR_NOATIME },
	{ "bind", BIND, 0 },
	{ "defaults", IGNORED, 0 },
	{ "dev", CLEAR, MOUNT_ATTR_NODEV },
	{ "diratime", CLEAR, MOUNT_ATTR_NODIRATIME },
	{ "dirsync", FILE_SYSTEM, 0 },
	{ "exec", CLEAR, MOUNT_ATTR_NOEXEC },
	{ "idmap", IDMAP, 0 },
	{ "iversion", IGNORED, 0 },
	{ "lazytime", FILE_SYSTEM, 0 },
	{ "loud", IGNORED, 0 },
	{ "mand", FILE_SYSTEM, 0 },
	{ "noatime", SET, MOUNT_ATTR_NOATIME },
	{ "nodev", SET, MOUNT_ATTR_NODEV },
	{ "nodiratime", SET, MOUNT_ATTR_NODIRATIME },
	{ "noexec", SET, MOUNT_ATTR_NOEXEC },
	{ "noiversion", IGNORED, 0 },
	{ "nolazytime", FILE_SYSTEM, 0 },
	{ "nomand", FILE_SYSTEM, 0 },
	{ "norelatime", IGNORED, 0 },
	{ "nostrictatime", CLEAR, MOUNT_ATTR_STRICTATIME },
	{ "nosuid", SET, MOUNT_ATTR_NOSUID },
	{ "nosymfollow", SET, MOUNT_ATTR_NOSYMFOLLOW },
	{ "private", PROPAGATION, PRIVATE },
	{ "ratime", ALL_CLEAR, MOUNT_ATTR_NOATIME },
	{ "rbind", RBIND, 0 },
	{ "rdev", ALL_CLEAR, MOUNT_ATTR_NODEV },
	{ "rdiratime", ALL_CLEAR, MOUNT_ATTR_NODIRATIME },
	{ "relatime", SET, MOUNT_ATTR_RELATIME },
	{ "remount", REFUSED, 0 },
	{ "rexec", ALL_CLEAR, MOUNT_ATTR_NOEXEC },
	{ "ridmap", RIDMAP, 0 },
	{ "rnoatime", ALL_SET, MOUNT_ATTR_NOATIME },
	{ "rnodev", ALL_SET, MOUNT_ATTR_NODEV },
	{ "rnodiratime", ALL_SET, MOUNT_ATTR_NODIRATIME },
	{ "rnoexec", ALL_SET, MOUNT_ATTR_NOEXEC },
	{ "rnorelatime", IGNORED, 0 },
	{ "rnostrictatime", ALL_CLEAR, MOUNT_ATTR_STRICTATIME },
	{ "rnosuid", ALL_SET, MOUNT_ATTR_NOSUID },
	{ "rnosymfollow", ALL_SET, MOUNT_ATTR_NOSYMFOLLOW },
	{ "ro", SET, MOUNT_ATTR_RDONLY },
	{ "rprivate", PROPAGATION, PRIVATE },
	{ "rrelatime", ALL_SET, MOUNT_ATTR_RELATIME },
	{ "rro", ALL_SET, MOUNT_ATTR_RDONLY },
	{ "rrw", ALL_CLEAR, MOUNT_ATTR_RDONLY },
	{ "rshared", PROPAGATION, SHARED },
	{ "rslave", PROPAGATION, SLAVE },
	{ "rstrictatime", ALL_SET, MOUNT_ATTR_STRICTATIME },
	{ "rsuid", ALL_CLEAR, MOUNT_ATTR_NOSUID },
	{ "rsymfollow", ALL_CLEAR, MOUNT_ATTR_NOSYMFOLLOW },
	{ "runbindable", PROPAGATION, UNBINDABLE },
	{ "rw", CLEAR, MOUNT_ATTR_RDONLY },
	{ "shared", PROPAGATION, SHARED },
	{ "silent", IGNORED, 0 },
	{ "slave", PROPAGATION, SLAVE },
	{ "strictatime", SET, MOUNT_ATTR_STRICTATIME },
	{ "suid", CLEAR, MOUNT_ATTR_NOSUID },
	{ "symfollow", CLEAR, MOUNT_ATTR_NOSYMFOLLOW },
	{ "sync", FILE_SYSTEM, 0 },
	{ "tmpcopyup", COPY_UP, 0 },
	{ "unbindable", PROPAGATION, UNBINDABLE },
};

#define N_WORDS (sizeof(words) / sizeof(words[0]))

const char *mount_option_name(size_t i)
{
	for (const struct option_word *w = words; w < words + N_WORDS; w++)
		if (w->kind != REFUSED && !i--)
			return w->name;
	return NULL;
}

static const struct option_word *find(const char *name)
{
	for (size_t i = 0; i < N_WORDS; i++)
		if (!strcmp(words[i].name, name))
			return &words[i];
	return NULL;
}

unsigned long propagation_of(const char *word)
{
	const struct option_word *w = find(word);

	return w && w->kind == PROPAGATION ? w->value : 0;
}

/* The bits that an attribute is a value of. */
static uint64_t field_of(uint64_t attribute)
{
	return attribute & ~(uint64_t)MOUNT_ATTR__ATIME ? attribute :
							  MOUNT_ATTR__ATIME;
}

static void set_attribute(uint64_t *set, uint64_t *clear, uint64_t attribute)
{
	const uint64_t field = field_of(attribute);

	*set = (*set & ~field) | attribute;
	*clear &= ~field;
	/* The times of access are a number, whose old value has to go. */
	if (field == MOUNT_ATTR__ATIME)
		*clear |= field;
}

static void clear_attribute(uint64_t *set, uint64_t *clear, uint64_t attribute)
{
	const uint64_t field = field_of(attribute);

	/* Another time of access than this one stays. */
	if (*set & field & ~attribute)
		return;
	*set &= ~field;
	*clear |= field;
}

/* @end: of the data so far, in memory that has room for all words */
static void add_data(char **end, const struct mount_spec *mount,
		     const char *word)
{
	const size_t len = strlen(word);

	if (!len)
		return;
	if (*end != mount->data)
		*(*end)++ = ',';
	memcpy(*end, word, len + 1);
	*end += len;
}

/* What the word does to a mount of a file system, where "all" is that mount. */
static void apply(struct mount_spec *mount, struct mount_options *options,
		  const struct option_word *w)
{
	const bool all = options->bind;

	switch (w->kind) {
	case SET:
		set_attribute(&mount->set, &mount->clear, w->value);
		break;
	case CLEAR:
		clear_attribute(&mount->set, &mount->clear, w->value);
		break;
	case ALL_SET:
		set_attribute(all ? &mount->all_set : &mount->set,
			      all ? &mount->all_clear : &mount->clear,
			      w->value);
		break;
	case ALL_CLEAR:
		clear_attribute(all ? &mount->all_set : &mount->set,
				all ? &mount->all_clear : &mount->clear,
				w->value);
		break;
	case PROPAGATION:
		mount->propagation = w->value;
		break;
	case COPY_UP:
		mount->copy_up = true;
		break;
	case RIDMAP:
		options->map_all = true;
		/* fall through */
	case IDMAP:
		options->idmap = true;
		break;
	default:
		break;
	}
}

static void read_option(struct reader *r, const struct node *item,
			struct mount_spec *mount, struct mount_options *options,
			char **data)
{
	const char *name = json_object_get_string(item->json);
	const struct option_word *w = find(name);

	if (!strncmp(name, "idmap=", 6) || !strncmp(name, "ridmap=", 7))
		reader_error(
			r, item, NULL,
			"\"idmap\" has no value: uidMappings and gidMappings do");
	else if (w && w->kind == REFUSED)
		reader_error(r, item, NULL, "\"%s\" is not supported", name);
	else if (w && w->kind != FILE_SYSTEM)
		apply(mount, options, w);
	else if (!options->bind)
		add_data(data, mount, name);
}

/* Whether this is a bind mount, which counts for all words; and room for the data. */
static char *look_through(struct reader *r, const struct node *array,
			  struct mount_spec *mount,
			  struct mount_options *options)
{
	const struct option_word *w;
	const char *name;
	size_t room = 1;

	for (size_t i = 0; i < reader_length(r, array); i++) {
		name = reader_item_string(r, array, i);
		if (!name)
			break;
		room += strlen(name) + 1;
		w = find(name);
		options->bind |= w && (w->kind == BIND || w->kind == RBIND);
		mount->recursive |= w && w->kind == RBIND;
	}
	return reader_alloc(r, room, 1);
}

/*
 * What is asked for of all mounts holds for the first, too, whatever else is asked for
 * there; a new file system has no attributes that could be taken away.
 */
static void settle(struct mount_spec *mount,
		   const struct mount_options *options)
{
	const uint64_t all = mount->all_set | mount->all_clear;

	mount->set &= ~all;
	mount->clear &= ~all;
	if (!options->bind)
		mount->clear = 0;
}

void read_mount_options(struct reader *r, const struct node *node,
			struct mount_spec *mount, struct mount_options *options)
{
	struct node array;
	char *data;

	if (!reader_array(r, node, "options", ITEMS_MAX, &array))
		return;
	data = look_through(r, &array, mount, options);
	mount->data = data;
	for (size_t i = 0; i < reader_length(r, &array); i++) {
		struct node item = reader_item(&array, i);

		read_option(r, &item, mount, options, &data);
	}
	if (data == mount->data)
		mount->data = NULL;
	settle(mount, options);
}
