// SPDX-License-Identifier: GPL-2.0
/* The main function of a program, see program.h. */
#include <signal.h>
#include <stdio.h>

#include "help.h"
#include "program.h"
#include "report.h"
#include "standard.h"

/* Returns the exit status, or -1 with @failure filled. */
static int run(const struct program *program, const struct command_line *line,
	       struct failure *failure)
{
	if (line->help) {
		help_print(program, line->command);
		return EXIT_OK;
	}
	if (line->version) {
		if (program->version)
			printf("%s\n", program->version);
		else
			printf("%s %s\n", program->name, PURSER_VERSION);
		return EXIT_OK;
	}
	return line->command->run(line, failure);
}

int program_main(const struct program *program, int argc, char **argv)
{
	struct command_line line;
	struct failure failure;
	int status, err;

	report_program(program->name);
	err = standard_hold();
	if (err) {
		report(err, "opening /dev/null");
		return EXIT_FAILED;
	}
	/* A reader of stdout that goes away shows as EPIPE. */
	signal(SIGPIPE, SIG_IGN);
	/* If the parent ignores it, the kernel reaps our children, and their status is lost. */
	signal(SIGCHLD, SIG_DFL);

	status = command_line_parse(program, argc, argv, &line, &failure);
	report_format(line.log_format);
	if (!status)
		status = run(program, &line, &failure);
	if (status >= 0 && standard_finish(&failure))
		status = -1;
	command_line_free(&line);
	if (status < 0) {
		report_failure(&failure);
		status = failure.code;
	}
	report_catch_up();
	return status;
}
