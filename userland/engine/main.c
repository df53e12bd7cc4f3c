// SPDX-License-Identifier: GPL-2.0
/* engine: the supervisor and the commands that speak to it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "commands.h"
#include "launch/launch.h"
#include "base/report.h"
#include "supervisor/serve.h"

/* How engine was called, for a supervisor that has to execute itself anew. */
static char **program_argv;

static int protected_supervisor(const struct supervisor_options *o)
{
	const char *lacking = launch_kernel_lacks();
	struct failure failure;
	int err;

	if (lacking) {
		report(0, "this kernel has no %s", lacking);
		return EXIT_FAILED;
	}
	err = launch_protect_program(program_argv);
	if (!err) {
		if (!supervisor_run(o, &failure))
			return EXIT_OK;
		if (failure.text[0])
			report(0, "%s", failure.text);
		return failure.code;
	}
	report(err, "protecting the program file from containers");
	return err == -EPERM ? EXIT_NO_PERMISSION : EXIT_FAILED;
}

static int run_supervisor(int argc, char **argv, int *code,
			  struct failure *failure)
{
	struct supervisor_options o;
	int ret = cli_parse_supervisor(argc, argv, &o, failure);

	if (!ret)
		*code = protected_supervisor(&o);
	return ret;
}

static int run_start(int argc, char **argv, int *code, struct failure *failure)
{
	struct start_options o;
	int ret = cli_parse_start(argc, argv, &o, failure);

	if (ret)
		return ret;
	*code = command_start(&o);
	request_free(&o.request);
	return 0;
}

static int run_run(int argc, char **argv, int *code, struct failure *failure)
{
	struct start_options o;
	int ret = cli_parse_start(argc, argv, &o, failure);

	if (ret)
		return ret;
	*code = command_run(&o);
	request_free(&o.request);
	return 0;
}

static int run_ps(int argc, char **argv, int *code, struct failure *failure)
{
	struct ps_options o;
	int ret = cli_parse_ps(argc, argv, &o, failure);

	if (!ret)
		*code = command_ps(&o);
	return ret;
}

static int run_logs(int argc, char **argv, int *code, struct failure *failure)
{
	struct logs_options o;
	int ret = cli_parse_logs(argc, argv, &o, failure);

	if (!ret)
		*code = command_logs(&o);
	return ret;
}

static int run_stop(int argc, char **argv, int *code, struct failure *failure)
{
	struct stop_options o;
	int ret = cli_parse_stop(argc, argv, &o, failure);

	if (!ret)
		*code = command_stop(&o);
	return ret;
}

/* @run returns what its cli_parse_*() does; where that is 0, it did run. */
static const struct command {
	const char *name;
	const char *usage;
	int usage_code; /* exit code for a command line of no sense */
	int (*run)(int argc, char **argv, int *code, struct failure *failure);
} commands[] = {
	{
		"supervisor",
		"  engine supervisor BASE-ROOTFS [OPTION...]\n"
		"        make containers over a base root until SIGTERM comes\n"
		"        --state-dir DIR  --log-dir DIR  --cgroup-root DIR  --log-buffer BYTES\n"
		"        --log-driver cri|raw|none  --log-max-size BYTES  --log-max-files N\n"
		"        --log-reserve BYTES  --log-give-up SECONDS|never\n"
		"        --storage-max MIB|none\n"
		"        --ready-fd N  --take-over\n",
		EXIT_USAGE,
		run_supervisor,
	},
	{
		"start",
		"  engine start ID [ROOTFS [COMMAND [ARGUMENT...]]] [OPTION...]\n"
		"  engine start ID [ROOTFS] [OPTION...] -- COMMAND [ARGUMENT...]\n"
		"        start a container, in an overlay of the base or in a root of its own\n"
		"        --soft-mib N  --hard-mib N  --memory-max-mib N|none  --pids-max N|none\n"
		"        --storage-max MIB|none  --nice N  --cpus LIST\n"
		"        --net none|host  --env KEY=VALUE  --cwd DIR\n"
		"        --log-driver cri|raw|none  --log-max-size BYTES  --log-max-files N\n",
		EXIT_USAGE,
		run_start,
	},
	{
		"run",
		"  engine run ...\n"
		"        the same, wait for its end, and exit as it did\n",
		EXIT_ENGINE,
		run_run,
	},
	{
		"ps",
		"  engine ps [--json]\n"
		"        the supervisor's containers, as the kernel's table has them\n",
		EXIT_USAGE,
		run_ps,
	},
	{
		"logs",
		"  engine logs ID [OPTION...]\n"
		"        what a container has written, also where no supervisor runs\n"
		"        -f|--follow  --tail N  --since TIME  --until TIME  --timestamps\n"
		"        --stream stdout|stderr  --log-dir DIR\n",
		EXIT_USAGE,
		run_logs,
	},
	{
		"stop",
		"  engine stop ID [--signal SIGNAL] [--time SECONDS]\n"
		"        end a container and wait until it has ended\n",
		EXIT_USAGE,
		run_stop,
	},
};

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static int help(const struct command *one)
{
	printf("Usage:\n");
	for (size_t i = 0; i < N_COMMANDS; i++) {
		if (!one || one == &commands[i])
			printf("%s", commands[i].usage);
	}
	printf("  All take --run-dir DIR, where the supervisor's socket is.\n");
	if (!one)
		printf("  engine --help | COMMAND --help | --version\n"
		       "\n"
		       "Exit status: 0 done, 1 refused or failed, 2 usage, "
		       "3 no supervisor, 4 the module\n"
		       "is not loaded, 5 no permission, 126 and 127 the command "
		       "cannot be run or is not\n"
		       "there. run: the container's, 128 + signal, or 125. "
		       "engine(8) tells more.\n");
	return finish_output();
}

/*
 * A descriptor that is closed at the start would be given to a socket, and
 * output meant for people would go there. Open the wrong way round, its use
 * fails as it should.
 */
static int hold_standard_fds(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
			return -errno;
	}
	return 0;
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < N_COMMANDS; i++) {
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	}
	return NULL;
}

static int dispatch(int argc, char **argv)
{
	const struct command *command;
	const char *name;
	struct failure failure;
	int code = EXIT_OK;
	int ret = cli_find_command(&argc, argv, &name, &failure);

	if (ret == CLI_HELP)
		return help(NULL);
	if (ret == CLI_VERSION) {
		printf("engine %s\n", PURSER_VERSION);
		return finish_output();
	}
	if (ret) {
		report(0, "%s", failure.text);
		return EXIT_USAGE;
	}
	command = find_command(name);
	if (!command) {
		report(0, "no such command: \"%s\", see engine --help", name);
		return EXIT_USAGE;
	}

	ret = command->run(argc, argv, &code, &failure);
	if (ret == CLI_HELP)
		return help(command);
	if (ret) {
		report(0, "%s: %s", command->name, failure.text);
		return command->usage_code;
	}
	return code;
}

int main(int argc, char **argv)
{
	char **words;
	int err, code;

	report_program("engine");
	err = hold_standard_fds();
	if (err) {
		report(err, "opening /dev/null");
		return EXIT_FAILED;
	}
	/* A reader that goes away shows as EPIPE, see finish_output(). */
	signal(SIGPIPE, SIG_IGN);

	/* Parsing takes words out; what the kernel gave us stays as it is. */
	program_argv = argv;
	words = calloc(argc + 1, sizeof(*words));
	if (!words) {
		report(-ENOMEM, "reading the command line");
		return EXIT_FAILED;
	}
	if (argc > 0)
		memcpy(words, argv + 1, (argc - 1) * sizeof(*words));
	code = dispatch(argc > 0 ? argc - 1 : 0, words);
	free(words);
	return code;
}
