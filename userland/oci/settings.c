// SPDX-License-Identifier: GPL-2.0
/* Settings of the machine, see settings.h. */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "settings.h"

#define SOFT_ANNOTATION "io.purser.soft-limit"
#define HARD_ANNOTATION "io.purser.hard-limit"

/* "N" bytes or "P%"; "0" for none. Returns 0 or a negative errno. */
static int parse_limit(const char *text, struct limit_setting *limit)
{
	const size_t len = strlen(text);
	char digits[4];
	uint64_t percent;
	int err;

	*limit = (struct limit_setting){ 0 };
	if (!len || text[len - 1] != '%')
		return parse_u64(text, 0, INT64_MAX, &limit->bytes);
	if (len > sizeof(digits))
		return -ERANGE;
	memcpy(digits, text, len - 1);
	digits[len - 1] = '\0';
	err = parse_u64(digits, 1, 100, &percent);
	limit->percent = err ? 0 : percent;
	return err;
}

static int parse_no_handler(const char *text, bool *kill)
{
	*kill = !strcmp(text, "kill");
	return *kill || !strcmp(text, "wait") ? 0 : -EINVAL;
}

static int set(struct settings *settings, const char *key, const char *value)
{
	if (!strcmp(key, "soft_limit"))
		return parse_limit(value, &settings->soft);
	if (!strcmp(key, "hard_limit"))
		return parse_limit(value, &settings->hard);
	if (!strcmp(key, "stop.no_handler"))
		return parse_no_handler(value, &settings->kill_without_handler);
	return -ENOENT;
}

static char *trim(char *s)
{
	char *end = s + strlen(s);

	while (end > s && isspace((unsigned char)end[-1]))
		*--end = '\0';
	while (isspace((unsigned char)*s))
		s++;
	return s;
}

/* One line, "KEY = VALUE" or a comment. */
static int read_line(struct settings *settings, const char *path,
		     unsigned int number, char *line, struct failure *failure)
{
	char *key, *value;
	int err;

	key = trim(line);
	if (!*key || *key == '#')
		return 0;
	value = strchr(key, '=');
	if (!value)
		return failed(failure, EXIT_FAILED,
			      "%s, line %u: \"=\" is missing", path, number);
	*value++ = '\0';
	key = trim(key);
	value = trim(value);
	err = set(settings, key, value);
	if (err == -ENOENT)
		return failed(failure, EXIT_FAILED,
			      "%s, line %u: there is no setting \"%s\"", path,
			      number, key);
	if (err)
		return failed(failure, EXIT_FAILED,
			      "%s, line %u: \"%s\" is no value for %s", path,
			      number, value, key);
	return 0;
}

int settings_read(struct settings *settings, struct failure *failure)
{
	const char *chosen = getenv(SETTINGS_FILE_VARIABLE);
	const char *path = chosen && *chosen ? chosen : SETTINGS_FILE;
	FILE *f __cleanup_fclose = fopen(path, "re");
	__cleanup_free char *line = NULL;
	unsigned int number = 0;
	size_t room = 0;

	*settings = (struct settings){ 0 };
	if (!f && errno == ENOENT)
		return 0;
	if (!f)
		return failed_errno(failure, -errno, "opening %s", path);
	while (getline(&line, &room, f) >= 0) {
		if (read_line(settings, path, ++number, line, failure))
			return -1;
	}
	if (ferror(f))
		return failed_errno(failure, -EIO, "reading %s", path);
	return 0;
}

/* A percentage of no limit is no limit. */
static uint64_t bytes_of(const struct limit_setting *limit,
			 const struct oci_config *config)
{
	const struct cgroup_number *memory = &config->resources.memory_limit;

	if (!limit->percent)
		return limit->bytes;
	if (!memory->given || memory->value <= 0)
		return 0;
	return (uint64_t)memory->value / 100 * limit->percent +
	       (uint64_t)memory->value % 100 * limit->percent / 100;
}

/* Returns 1 if there is such an annotation, else 0; -1 with @failure filled. */
static int annotated(const struct oci_config *config, const char *key,
		     uint64_t *bytes, struct failure *failure)
{
	const char *text = oci_config_annotation(config, key);
	struct limit_setting limit;

	if (!text)
		return 0;
	if (parse_limit(text, &limit))
		return failed(
			failure, EXIT_FAILED,
			"the annotation %s is \"%s\": a number of bytes, or a percentage of the memory limit such as 75%%, is needed",
			key, text);
	if (limit.percent && bytes_of(&limit, config) == 0)
		return failed(
			failure, EXIT_FAILED,
			"the annotation %s is \"%s\", but the container has no memory limit",
			key, text);
	*bytes = bytes_of(&limit, config);
	return 1;
}

int settings_limits(const struct settings *settings,
		    const struct oci_config *config,
		    struct record_limits *limits, struct failure *failure)
{
	const struct cgroup_number *reservation =
		&config->resources.memory_reservation;
	int soft, hard;

	*limits = (struct record_limits){
		.soft = bytes_of(&settings->soft, config),
		.hard = bytes_of(&settings->hard, config),
	};
	if (reservation->given && reservation->value > 0)
		limits->soft = reservation->value;
	soft = annotated(config, SOFT_ANNOTATION, &limits->soft, failure);
	hard = soft < 0 ? -1 :
			  annotated(config, HARD_ANNOTATION, &limits->hard,
				    failure);
	if (hard < 0)
		return -1;
	if (!limits->hard || limits->soft <= limits->hard)
		return 0;
	if (soft && hard)
		return failed(failure, EXIT_FAILED,
			      "the annotation " SOFT_ANNOTATION
			      " is above " HARD_ANNOTATION);
	limits->soft = limits->hard;
	return 0;
}
