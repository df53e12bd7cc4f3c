// SPDX-License-Identifier: GPL-2.0
/* The list of findings, and reading the machine's files, see check.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "check.h"

const char *finding_state_name(enum finding_state state)
{
	static const char *const names[] = {
		[FINDING_OK] = "ok",
		[FINDING_WARNING] = "warning",
		[FINDING_MISSING] = "missing",
	};

	return names[state];
}

struct finding *findings_add(struct findings *f, const char *name,
			     enum finding_state state, const char *found, ...)
{
	struct finding *list = reallocarray(f->list, f->n + 1, sizeof(*list));
	struct finding finding = { .name = name, .state = state };
	va_list ap;
	int n;

	if (list)
		f->list = list;
	va_start(ap, found);
	n = list ? vasprintf(&finding.found, found, ap) : -1;
	va_end(ap);
	if (n < 0) {
		f->no_memory = true;
		return NULL;
	}
	list[f->n] = finding;
	return &list[f->n++];
}

void finding_remedy(struct finding *finding, const char *fmt, ...)
{
	va_list ap;

	if (!finding)
		return;
	va_start(ap, fmt);
	if (vasprintf(&finding->remedy, fmt, ap) < 0)
		finding->remedy = NULL;
	va_end(ap);
}

void findings_add_name(char **text, const char *name)
{
	char *longer = NULL;

	if (asprintf(&longer, "%s %s", *text ? *text : "", name) < 0)
		return;
	free(*text);
	*text = longer;
}

bool findings_miss(const struct findings *f)
{
	for (size_t i = 0; i < f->n; i++) {
		if (f->list[i].state == FINDING_MISSING)
			return true;
	}
	return false;
}

void findings_free(struct findings *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->list[i].found);
		free(f->list[i].remedy);
	}
	free(f->list);
	*f = (struct findings){ 0 };
}

/* Open a file by the format of its path; a descriptor or a negative errno. */
static int __attribute__((format(printf, 3, 0)))
open_file(const struct machine *m, int flags, const char *fmt, va_list ap)
{
	__cleanup_free char *path = NULL;

	if (vasprintf(&path, fmt, ap) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	return file_open(m->root, path, flags);
}

ssize_t machine_read(const struct machine *m, char *text, size_t room,
		     const char *path, ...)
{
	__cleanup_free char *name = NULL;
	va_list ap;
	int n;

	va_start(ap, path);
	n = vasprintf(&name, path, ap);
	va_end(ap);
	if (n < 0) {
		name = NULL;
		return -ENOMEM;
	}
	return file_read(m->root, name, text, room);
}

bool machine_has(const struct machine *m, const char *path, ...)
{
	__cleanup_close int fd = -1;
	va_list ap;

	va_start(ap, path);
	fd = open_file(m, O_PATH, path, ap);
	va_end(ap);
	return fd >= 0;
}

char *machine_line(const struct machine *m, const char *text, const char *path,
		   ...)
{
	char *line = NULL;
	size_t size = 0;
	va_list ap;
	FILE *file;

	va_start(ap, path);
	file = file_stream(open_file(m, O_RDONLY, path, ap));
	va_end(ap);
	if (!file)
		return NULL;
	while (getline(&line, &size, file) > 0) {
		if (!strstr(line, text))
			continue;
		fclose(file);
		return line;
	}
	fclose(file);
	free(line);
	return NULL;
}

/* The value of an assignment, without the spaces and quotes around it; for free(). */
static char *unquoted(const char *text)
{
	static const char spaces[] = " \t\r\n";
	size_t len;

	text += strspn(text, spaces);
	len = strlen(text);
	while (len && strchr(spaces, text[len - 1]))
		len--;
	if (len >= 2 && (*text == '"' || *text == '\'') &&
	    text[len - 1] == *text) {
		text++;
		len -= 2;
	}
	return strndup(text, len);
}

char *machine_setting(const struct machine *m, const char *name,
		      const char *path)
{
	const size_t len = strlen(name);
	char *line = NULL, *value = NULL;
	size_t size = 0;
	FILE *file = file_stream(file_open(m->root, path, O_RDONLY));

	if (!file)
		return NULL;
	while (getline(&line, &size, file) > 0) {
		const char *s = line + strspn(line, " \t");

		if (strncmp(s, name, len) || s[len] != '=')
			continue;
		free(value);
		value = unquoted(s + len + 1);
	}
	fclose(file);
	free(line);
	return value;
}
