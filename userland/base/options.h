/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The options and operands of a command line, described by tables. A table says for
 * each option how it is written, how its value is read, where the value goes and what
 * the help says of it.
 */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** enum option_kind - how a value is read, and the type of what it is stored in */
enum option_kind {
	OPTION_FLAG,   /* takes no value; a bool */
	OPTION_STRING, /* a const char * into the command line */
	OPTION_COPY,   /* a char *, for free() */
	OPTION_LIST, /* a struct string_list; each use of the option adds to it */
	OPTION_NUMBER, /* an integer type */
	OPTION_MIB,    /* whole MiB; bytes in a uint64_t */
	OPTION_SIZE, /* such as "64m", see parse_size(); bytes in a uint64_t */
	OPTION_SECONDS, /* with up to three decimals; milliseconds in an integer */
	OPTION_SIGNAL, /* an int */
	OPTION_FD,     /* a descriptor that is open; an int */
	OPTION_CHOICE, /* one of the words in @value; @min plus its index */
	OPTION_TIME, /* see parse_time(); nanoseconds since 1970 in an int64_t */
	OPTION_OWN,  /* whatever @parse makes of it */
};

/**
 * struct option - one option or operand; a table ends with one that has no name
 * @name: without the dashes; of an operand: its name in the help, in capitals
 * @letter: its short form, or 0
 * @early: it may also stand before the command
 * @leading: it is not taken once the words of the other program have begun, see
 *	struct command. Short forms never are
 * @in_synopsis: the command's own synopsis shows it
 * @offset: of the value in the struct that is filled, see OPTION_TO()
 * @given: offset of a bool in it that becomes true when the option is given; 0: none
 * @min, @max: the range, in the unit that is typed (of OPTION_SECONDS: in
 *	milliseconds); @max 0: as large as the type can hold
 * @value: what the help calls the value. "N|none": besides a value the word "none" is
 *	taken, and stores @word. Of OPTION_CHOICE: all words, "cri|raw|none"
 * @env: an environment variable that takes the place of the default, or NULL
 * @about: one line for the help
 * @initial: the default, as it would be typed; NULL: zero, or -1 of OPTION_FD
 * @initial_text: what the help shows as the default, if not @initial
 * @wanted: of OPTION_OWN: what a value must be, for the error text
 * @parse: of OPTION_OWN: read @text into the member at @to; 0 or a negative errno
 */
struct option {
	const char *name;
	char letter;
	enum option_kind kind;
	bool early;
	bool leading;
	bool in_synopsis;
	size_t offset;
	size_t size;
	size_t given;
	int64_t min;
	uint64_t max;
	int64_t word;
	const char *value;
	const char *env;
	const char *about;
	const char *initial;
	const char *initial_text;
	const char *wanted;
	int (*parse)(const char *text, void *to);
};

/* OPTION_TO(struct x, member): the value goes there */
#define OPTION_TO(type, member) \
	.offset = offsetof(type, member), .size = sizeof(((type *)0)->member)

/* Enough for the texts below; the functions return @buf. */
#define OPTION_TEXT_LEN	 256
#define OPTION_RANGE_LEN 64

/** option_title() - "--name VALUE", or "NAME" of an operand */
const char *option_title(const struct option *option,
			 char buf[OPTION_TEXT_LEN]);
/** option_range() - "from 1 to 5", "at least 1" or "" */
const char *option_range(const struct option *option,
			 char buf[OPTION_RANGE_LEN]);
/** option_wanted() - what a value must be: "a number from 1 to 5, or \"none\"" */
const char *option_wanted(const struct option *option,
			  char buf[OPTION_TEXT_LEN]);
/** option_default() - "$VARIABLE or 5", or "" if there is none to speak of */
const char *option_default(const struct option *option,
			   char buf[OPTION_TEXT_LEN]);

/** option_word() - the word that an option takes besides a value, or NULL */
const char *option_word(const struct option *option);

/** option_dashes() - what stands before its name: "--", or "" of an operand */
const char *option_dashes(const struct option *option);

#endif /* BASE_OPTIONS_H */
