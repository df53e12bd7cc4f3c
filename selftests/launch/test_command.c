// SPDX-License-Identifier: GPL-2.0
/* Finding and running the command, and what is said where that fails. */
#include "fixture.h"

/* Fails as it should: with that text and code, and the child exits with it. */
static void fails(const struct container_spec *spec, int code, const char *text)
{
	struct outcome o __cleanup_outcome;

	run(spec, &o);
	is_str(o.result < 0 ? o.error.text : "it ran", text, "%s", text);
	is_int(o.result, -1, "the result is an error");
	is_int(o.error.code, code, "the code is %d", code);
	ok(o.status == code << 8, "the process exits with %d", code);
	is_str(o.output, "", "it prints nothing");
	is_int(o.removed, 0, "nothing is left");
}

static void fails_command(char *command, int code, const char *text)
{
	struct container_spec spec = fixture_spec(ARGV(command, "argument"));

	fails(&spec, code, text);
}

static void prints(const struct container_spec *spec, const char *want,
		   const char *what)
{
	struct outcome o __cleanup_outcome;

	run(spec, &o);
	ok(went_well(&o), "%s", what);
	is_str(o.output, want, "it prints what it should");
}

static void test_missing(void)
{
	char longest[4000], want[512];

	fails_command(
		"nosuch", 127,
		"cannot run \"nosuch\": executable file not found in the container's root");
	fails_command(
		"/bin/nosuch", 127,
		"cannot run \"/bin/nosuch\": executable file not found in the container's root");
	fails_command(
		"", 127,
		"cannot run \"\": executable file not found in the container's root");
	fails_command(
		"/bin/sh/sub", 127,
		"cannot run \"/bin/sh/sub\": executable file not found in the container's root");
	fails_command(
		"no\nsuch\033[1m", 127,
		"cannot run \"no\\x0asuch\\x1b[1m\": executable file not found in the container's root");
	memset(longest, 'x', 200);
	longest[200] = '\0';
	snprintf(
		want, sizeof(want),
		"cannot run \"%.156s...\": executable file not found in the container's root",
		longest);
	fails_command(longest, 127, want);
	/* The host has it, the root has not. */
	fails_command(
		BASE "/bin/sh", 127,
		"cannot run \"/mnt/base/bin/sh\": executable file not found in the container's root");
}

static void test_not_executable(void)
{
	put_file(BASE "/bin/data", "#!/bin/sh\n", 0644);
	put_file(BASE "/bin/script", "echo hello\n", 0755);
	put_file(BASE "/bin/orphan", "#!/bin/nosuch\n", 0755);
	fails_command("data", 126, "cannot run \"data\": permission denied");
	fails_command("/bin/data", 126,
		      "cannot run \"/bin/data\": permission denied");
	fails_command("/bin", 126, "cannot run \"/bin\": permission denied");
	fails_command(
		"script", 126,
		"cannot run \"script\": not a format that this kernel runs (a script without a \"#!\" line?)");
	fails_command(
		"orphan", 126,
		"cannot run \"orphan\": its interpreter is missing in the container's root");
	fails_command(
		"/bin/orphan", 126,
		"cannot run \"/bin/orphan\": its interpreter is missing in the container's root");
}

static void test_search(void)
{
	struct container_spec spec = fixture_spec(ARGV("tool", "one", "two"));

	must(mkdir(BASE "/opt", 0755));
	must(mkdir(BASE "/opt/dir", 0755));
	must(mkdir(BASE "/opt/dir/tool", 0755));
	must(mkdir(BASE "/opt/plain", 0755));
	put_file(BASE "/opt/plain/tool", "#!/bin/sh\n", 0644);
	must(mkdir(BASE "/opt/good", 0755));
	put_file(BASE "/opt/good/tool", "#!/bin/sh\necho $0 $*\n", 0755);
	must(mkdir(BASE "/usr", 0755));
	must(mkdir(BASE "/usr/bin", 0755));
	put_file(BASE "/usr/bin/tool", "#!/bin/sh\necho usr $*\n", 0755);

	spec.process.envp = (char *const[]){
		"A=1",
		"PATH=/nowhere:/bin/sh:/opt/dir:/opt/plain:/opt/good:/usr/bin",
		NULL,
	};
	prints(&spec, "/opt/good/tool one two\n",
	       "the first folder of PATH that has it as a program");
	spec.process.envp = (char *const[]){ NULL };
	prints(&spec, "usr one two\n", "the usual folders without PATH");
	spec.process.envp = (char *const[]){ "PATH=/bin:", NULL };
	spec.process.cwd = "/opt/good";
	prints(&spec, "tool one two\n",
	       "the working folder where one is empty");
	spec.process.envp = (char *const[]){ "PATH=/opt/dir:/bin", NULL };
	fails(&spec, 126, "cannot run \"tool\": permission denied");
	spec.process.envp = (char *const[]){ "PATH=", NULL };
	spec.process.cwd = NULL;
	fails(&spec, 127,
	      "cannot run \"tool\": executable file not found in the container's root");
	spec.process.argv = ARGV("good/tool", "x");
	spec.process.cwd = "/opt";
	prints(&spec, "good/tool x\n", "a path from the working folder");
}

static void test_environment(void)
{
	struct container_spec spec = fixture_spec(ARGV("/bin/env"));

	setenv("OF_THE_CALLER", "1", 1);
	spec.process.envp = (char *const[]){ "B=two words", "A=", NULL };
	prints(&spec, "B=two words\nA=\n", "the environment is what was given");
}

static void test_cwd(void)
{
	struct container_spec spec = fixture_spec(ARGV("pwd"));

	prints(&spec, "/\n", "the working folder is / where none is given");
	spec.process.cwd = "/opt/good";
	prints(&spec, "/opt/good\n", "or the one that is");
	must(symlink("../../..", BASE "/opt/up"));
	spec.process.cwd = "/opt/up";
	prints(&spec, "/\n", "a link out of the root leads to the root");
	spec.process.cwd = "/no/such";
	fails(&spec, 125,
	      "cannot enter the working folder \"/no/such\" in the container's root: No such file or directory");
	spec.process.cwd = "/bin/sh";
	fails(&spec, 125,
	      "cannot enter the working folder \"/bin/sh\" in the container's root: Not a directory");
	/* Whatever is open there is not the container's business. */
	spec.process.cwd = "/proc/self/fd/0";
	fails(&spec, 125,
	      "cannot enter the working folder \"/proc/self/fd/0\" in the container's root: Too many levels of symbolic links");
}

static void test_refused(void)
{
	const struct namespace_spec uts = {
		.kind = CLONE_NEWUTS,
		.path = "/proc/self/ns/uts",
		.fd = -1,
	};
	struct container_spec spec = fixture_spec(ARGV("true"));
	struct failure err;
	struct launch l;
	size_t i;
	struct {
		const char *text;
		struct container_spec spec;
	} cases[] = {
		{ "cannot launch: no id is given", spec },
		{ "cannot launch: no command or no environment is given",
		  spec },
		{ "cannot launch: no root is given", spec },
		{ "cannot launch: no mount is given for the root", spec },
		{ "cannot launch: it needs a mount namespace of its own",
		  spec },
		{ "cannot launch: a namespace of an unsupported kind is asked for",
		  spec },
		{ "cannot launch: the nice value is not in -20 to 19", spec },
		{ "cannot launch: the working folder is not an absolute path",
		  spec },
		{ "cannot launch: a user namespace of its own needs maps of user and group ids, and nothing else does",
		  spec },
		{ "cannot launch: the hostname would be the caller's: it needs a UTS namespace",
		  spec },
		{ "cannot launch: a namespace to join is of no kind, or of one that the container has already",
		  spec },
		{ "cannot launch: clocks can be set in a time namespace of its own alone",
		  spec },
		{ "cannot launch: a process has one label, of AppArmor or SELinux",
		  spec },
		{ "cannot launch: a descriptor to keep is none", spec },
	};

	cases[0].spec.id = "";
	cases[1].spec.process.argv = (char *const[]){ NULL };
	cases[2].spec.root.path = NULL;
	cases[3].spec.root.is_mount = true;
	cases[4].spec.namespaces &= ~(uint64_t)CLONE_NEWNS;
	cases[5].spec.namespaces |= CLONE_FS;
	cases[6].spec.process.has_nice = true;
	cases[6].spec.process.nice = 20;
	cases[7].spec.process.cwd = "bin";
	cases[8].spec.namespaces |= CLONE_NEWUSER;
	cases[9].spec.namespaces &= ~(uint64_t)CLONE_NEWUTS;
	cases[10].spec.joined = &uts;
	cases[10].spec.n_joined = 1;
	cases[11].spec.n_clocks = 1;
	cases[12].spec.process.apparmor = "a";
	cases[12].spec.process.selinux = "b";
	cases[13].spec.process.fds = (int[]){ -1 };
	cases[13].spec.process.n_fds = 1;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (i != 2)
			cases[i].spec.root.path = BASE;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		err.text[0] = '\0';
		is_int(launch_begin(&l, &cases[i].spec, (int[]){ 0, 1, 2 },
				    &err),
		       -1, "refused: %s", cases[i].text);
		is_str(err.text, cases[i].text, "the text says so");
		ok(err.code == 125 && l.pid == -1 && l.pidfd == -1 &&
			   l.sync_fd == -1 && !l.plan,
		   "nothing is begun");
		launch_end(&l);
	}
}

int main(void)
{
	fixture_begin();
	test_missing();
	test_not_executable();
	test_search();
	test_environment();
	test_cwd();
	test_refused();
	return tap_end();
}
