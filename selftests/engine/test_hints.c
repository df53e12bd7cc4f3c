// SPDX-License-Identifier: GPL-2.0
/* Tests what is said of commands and options that engine does not have. */
#include "engine/hints.h"
#include "words_line.h"

int main(void)
{
	const struct program *program = &engine_program;
	const struct option *option;
	char word[64];

	refuse(NULL, "images",
	       "unknown command \"images\": engine has no images");
	refuse(NULL, "pull|nginx", "engine has no images");
	refuse(NULL, "create|x", "engine start makes");
	refuse(NULL, "--network|x",
	       "unknown option \"--network\": a container");
	refuse(NULL, "bogus", "unknown command \"bogus\"; see engine --help");
	refuse(NULL, "--bogus",
	       "unknown option \"--bogus\"; see engine --help");
	refuse("run", "--name|web", "the ID is the first word");
	refuse("run", "-p|80:80|web", "unknown option \"-p\": with --net host");
	refuse("start", "web|--network=bridge|/r",
	       "a container has the host's");
	refuse("start", "web|--memory|64m", "--hard SIZE");
	refuse("start", "web|--bogus", "unknown option \"--bogus\"");
	ok(!hint_for("") && !hint_for("=") && !hint_for("image s") &&
		   !hint_for("image|s") && !hint_for("-"),
	   "there is no hint for other words");
	for (size_t i = 0; i < program->n_commands; i++) {
		ok(!hint_for(program->commands[i].name),
		   "%s is a command, and has no hint",
		   program->commands[i].name);
		option = program->commands[i].options;
		for (; option->name; option++) {
			snprintf(word, sizeof(word), "--%s", option->name);
			ok(!hint_for(word), "%s is an option, and has no hint",
			   word);
		}
	}
	return tap_end();
}
