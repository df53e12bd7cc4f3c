// SPDX-License-Identifier: GPL-2.0
/* Tests output in a form that the user chooses, and the rows that filters select. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/ps_filter.h"
#include "tap.h"
#include "view/template.h"

static struct failure failure;
static int status;

/* What is printed for @text. */
static const char *printed(const char *text)
{
	static char buf[256];
	struct json_object *row = json_tokener_parse(
		"{\"id\":7,\"name\":\"web\",\"state\":\"running\","
		"\"exit_code\":null,\"command\":[\"sh\",\"a/b\"],\"log\":\"a\\nb\"}");
	int out = dup(STDOUT_FILENO);
	FILE *f = tmpfile();
	size_t n;

	if (!row || !f)
		bail("the test cannot begin");
	fflush(stdout);
	dup2(fileno(f), STDOUT_FILENO);
	failure.text[0] = '\0';
	status = template_print(text, row, &failure);
	fflush(stdout);
	dup2(out, STDOUT_FILENO);
	close(out);
	rewind(f);
	n = fread(buf, 1, sizeof(buf) - 1, f);
	buf[n] = '\0';
	fclose(f);
	json_object_put(row);
	return buf;
}

static void fails(const char *text, const char *why)
{
	printed(text);
	is_int(status, -1, "%s is refused", text);
	is_str(failure.text, why, "%s: says why", text);
}

static void test_template(void)
{
	is_str(printed("{{.name}} {{.state}}"), "web running\n", "two values");
	is_str(printed("{{ .Name }}\\t{{.ID}}\\n"), "web\tweb\n\n",
	       "as container engines write it");
	is_str(printed("{{.id}}"), "7\n", "the kernel's number");
	is_str(printed("{{.Status}}"), "running\n",
	       "another name of the state");
	is_str(printed("{{.ExitCode}}!"), "!\n", "null is empty");
	is_str(printed("{{.Command}}"), "[\"sh\",\"a/b\"]\n",
	       "an array is JSON");
	is_str(printed("{{.log}}"), "a\\x0ab\n",
	       "control characters are escaped");
	is_str(printed("a { b }"), "a { b }\n", "single braces are text");
	is_str(printed(""), "\n", "no text is an empty line");
	fails("{{.name", "--format: \"{{\" without \"}}\"");
	fails("{{name}}",
	      "--format: \"{{name}}\" is not a key such as \"{{.name}}\"");
	fails("{{.nothing}}",
	      "--format: there is no key \"nothing\"; --json prints all keys");
}

/* The names of the rows that are left. */
static const char *selected(size_t n, char *const filters[])
{
	static char names[64];
	struct json_object *rows = json_tokener_parse(
		"[{\"name\":\"web1\",\"state\":\"running\",\"exit_code\":null},"
		"{\"name\":\"web2\",\"state\":\"exited\",\"exit_code\":7},"
		"{\"name\":\"db\",\"state\":\"running\",\"exit_code\":null}]");
	struct string_list list = { 0 };

	for (size_t i = 0; i < n; i++) {
		if (string_list_add(&list, filters[i]))
			bail("out of memory");
	}
	names[0] = failure.text[0] = '\0';
	status = ps_filter(rows, &list, &failure);
	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);

		const size_t len = strlen(names);

		snprintf(names + len, sizeof(names) - len, "%s ",
			 json_object_get_string(
				 json_object_object_get(row, "name")));
	}
	json_object_put(rows);
	string_list_free(&list);
	return names;
}

#define SELECTED(...)                                                \
	selected(sizeof((char *[]){ __VA_ARGS__ }) / sizeof(char *), \
		 (char *[]){ __VA_ARGS__ })

static void test_filter(void)
{
	is_str(selected(0, NULL), "web1 web2 db ", "no filter");
	is_str(SELECTED("state=running"), "web1 db ", "one value");
	is_str(SELECTED("name=web*"), "web1 web2 ", "a pattern");
	is_str(SELECTED("name=web*", "status=running"), "web1 ",
	       "two keys: both");
	is_str(SELECTED("name=db", "name=web2"), "web2 db ",
	       "one key twice: either");
	is_str(SELECTED("ExitCode=7"), "web2 ", "a number");
	is_str(SELECTED("name="), "", "no row matches");
	SELECTED("color=red");
	is_int(status, -1, "an unknown key is refused");
	is_str(failure.text,
	       "--filter color=red: there is no such key; --json prints all keys",
	       "it says so");
}

int main(void)
{
	test_template();
	test_filter();
	return tap_end();
}
