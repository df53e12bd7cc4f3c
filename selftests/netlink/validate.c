// SPDX-License-Identifier: GPL-2.0
/*
 * validate
 *
 * Sends each kind of malformed request for each command, and prints a line for each kind:
 * "ok NAME", or "not ok NAME: WHY". The kernel must refuse each with the right errno, with a
 * message, and with the offset of the attribute at fault, if there is one. A child of this
 * program is registered as "valid" meanwhile.
 *
 * Exit status: 0 if all requests could be sent, even if some answers were wrong.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <netlink/genl/ctrl.h>

#include "validate.h"

/* The first error of the present point. */
static char wrong[512];
/*
 * The answer may lack the offset: if a dump fails after its start, older kernels put only
 * the message into its end.
 */
static bool may_be_vague;

static void start_point(void)
{
	wrong[0] = '\0';
	n_requests = 0;
}

/* @what: a verb phrase, such as "refuses bytes that ..." */
static void end_point(const struct command *c, const char *what)
{
	if (!n_requests)
		return;
	if (wrong[0])
		say("not ok %s %s: %s\n", c->name, what, wrong);
	else
		say("ok %s %s\n", c->name, what);
}

/*
 * Whether the answer has the message @words. "~TEXT": TEXT is a part of it; "": there is
 * any message; NULL: it may have none.
 */
static bool has_words(const struct answer *got, const char *words)
{
	if (!words)
		return true;
	if (words[0] == '~')
		return strstr(got->words, words + 1);
	return words[0] ? !strcmp(words, got->words) : got->words[0];
}

/* The kernel must refuse the request with the errno @err or @other (0: only @err). */
static void expect(struct request *r, int err, int other, uint32_t offset,
		   const char *words)
{
	struct answer got = ask(r);

	if (wrong[0])
		return;
	if (!got.err || (got.err != -err && got.err != -other))
		snprintf(wrong, sizeof(wrong), "request %u: %s, not %s: %s",
			 n_requests, got.err ? strerrorname_np(-got.err) : "OK",
			 strerrorname_np(err), got.words);
	else if (!has_words(&got, words))
		snprintf(wrong, sizeof(wrong),
			 "request %u: %s with the message '%s', not '%s'",
			 n_requests, strerrorname_np(-got.err), got.words,
			 words);
	else if (got.offset != offset && !(got.offset == NONE && may_be_vague))
		snprintf(wrong, sizeof(wrong),
			 "request %u: %s with offset %u, not %u: %s",
			 n_requests, strerrorname_np(-got.err), got.offset,
			 offset, got.words);
}

static bool takes(const struct command *c, int type)
{
	const struct attribute *a;

	for (a = c->attributes; a->kind; a++)
		if (a->type == type)
			return true;
	return false;
}

/* Known and unknown attributes that the command does not take. */
static void foreign(const struct command *c)
{
	struct request r;
	int type;

	start_point();
	for (type = 0; type <= MAX_TYPE; type++) {
		if (takes(c, type))
			continue;
		begin(&r, c);
		/* get and its dump share a policy: the command refuses these itself. */
		if (c->cmd == PURSER_CMD_GET && !c->dump)
			put(&r, PURSER_A_CONTAINER_NAME, "valid", 6);
		if (type == PURSER_A_CONTAINER_NAME)
			put(&r, type, "valid", 6);
		else if (type == PURSER_A_CONTAINER_ID)
			put(&r, type, "\1\0\0\0\0\0\0", 8);
		else
			put_u32(&r, type, 1);
		may_be_vague = c->dump && c->other_way && takes(c - 1, type);
		expect(&r, EINVAL, 0, r.at, "");
		may_be_vague = false;
	}
	end_point(c, "refuses attributes that it does not take");
}

static void lengths(const struct command *c)
{
	static const size_t odd[] = { 0, 1, 2, 3, 5, 7, 9, 12, 16 };
	uint8_t bytes[PURSER_COOKIE_MAX + 1];
	const struct attribute *a;
	struct request r;
	size_t i;

	memset(bytes, 'a', sizeof(bytes));
	start_point();
	for (a = c->attributes; a->kind; a++) {
		for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
			/* A name without a NUL is wrong at any length. */
			if (a->kind == COOKIE || (a->kind == FLAG && !odd[i]))
				continue;
			begin(&r, c);
			put(&r, a->type, bytes, odd[i]);
			expect(&r, EINVAL, ERANGE, r.at, "");
		}
		if (a->kind == U32 || a->kind == U64) {
			begin(&r, c);
			put(&r, a->type, bytes, a->kind == U32 ? 8 : 4);
		} else if (a->kind == FLAG) {
			begin(&r, c);
			put(&r, a->type, bytes, 4);
		} else {
			begin(&r, c);
			put(&r, a->type, bytes,
			    a->kind == NAME ? PURSER_NAME_MAX + 1 :
					      PURSER_COOKIE_MAX + 1);
		}
		expect(&r, EINVAL, ERANGE, r.at, "");
	}
	end_point(c, "refuses attributes of a wrong length");
}

static void nested(const struct command *c)
{
	const struct attribute *a;
	struct request r;

	start_point();
	for (a = c->attributes; a->kind; a++) {
		begin(&r, c);
		put_right(&r, a, NLA_F_NESTED);
		expect(&r, EINVAL, 0, r.at, "");
	}
	end_point(c, "refuses attributes with NLA_F_NESTED");
}

static void ranges(const struct command *c)
{
	const struct attribute *a;
	struct request r;

	start_point();
	for (a = c->attributes; a->kind; a++) {
		if (a->has_low) {
			begin(&r, c);
			put_u32(&r, a->type, a->low);
			expect(&r, ERANGE, 0, r.at, "");
		}
		if (a->has_high) {
			begin(&r, c);
			put_u32(&r, a->type, a->high);
			expect(&r, ERANGE, 0, r.at, "");
			begin(&r, c);
			put_u32(&r, a->type, UINT32_MAX);
			expect(&r, ERANGE, 0, r.at, "");
		}
	}
	end_point(c, "refuses values out of range");
}

/* Bytes that are no attribute, and attributes that are cut short. */
static void leftovers(const struct command *c)
{
	struct nlattr claims = { .nla_type = PURSER_A_CONTAINER_NAME };
	struct request r;
	size_t n;

	start_point();
	for (n = 1; n < NLA_HDRLEN; n++) {
		begin(&r, c);
		if (c->attributes[0].kind)
			put_right(&r, &c->attributes[0], 0);
		r.len += n;
		expect(&r, EINVAL, 0, NONE, "");
	}
	for (n = 0; n < 40; n += 1 + n / 8 * 3) {
		/* Its length is less than that of its header, or too great. */
		if (n >= NLA_HDRLEN && n <= NLA_HDRLEN + 8)
			continue;
		begin(&r, c);
		claims.nla_len = n;
		memcpy(r.data + r.len, &claims, sizeof(claims));
		r.len += sizeof(claims) + 8;
		expect(&r, EINVAL, 0, NONE, "");
	}
	end_point(c, "refuses bytes that are no complete attribute");
}

static void missing(const struct command *c)
{
	struct request r;

	if (!c->without)
		return;
	start_point();
	begin(&r, c);
	expect(&r, EINVAL, 0, NONE, c->without);
	if (c->cmd == PURSER_CMD_REGISTER) {
		begin(&r, c);
		put(&r, PURSER_A_CONTAINER_NAME, "x", 2);
		expect(&r, EINVAL, 0, NONE, c->without);
		begin(&r, c);
		put_u32(&r, PURSER_A_CONTAINER_PID, getpid());
		expect(&r, EINVAL, 0, NONE, c->without);
	} else {
		begin(&r, c);
		put(&r, PURSER_A_CONTAINER_NAME, "valid", 6);
		put_u32(&r, PURSER_A_CONTAINER_PID, 1);
		expect(&r, EINVAL, 0, NONE, c->without);
	}
	if (c->cmd == PURSER_CMD_SET) {
		begin(&r, c);
		put(&r, PURSER_A_CONTAINER_NAME, "valid", 6);
		expect(&r, EINVAL, 0, NONE,
		       "a limit or release-fifos is needed");
	}
	if (c->cmd == PURSER_CMD_STOP) {
		uint32_t at;

		begin(&r, c);
		put(&r, PURSER_A_CONTAINER_NAME, "valid", 6);
		put(&r, PURSER_A_CONTAINER_NO_FORCE, NULL, 0);
		at = r.at;
		put_u32(&r, PURSER_A_CONTAINER_GRACE_MS, 1);
		expect(&r, EINVAL, 0, at, "no-force takes no grace-ms");
	}
	end_point(c, "refuses missing and contradicting attributes");
}

/* A request with @n FIFOs and then the descriptor @bad, which must be refused. */
static void fifo_behind(const struct command *c, int n, int pipe, int bad,
			int err, const char *words)
{
	struct request r;
	uint32_t at;

	begin(&r, c);
	put(&r, PURSER_A_CONTAINER_NAME, "x", 2);
	put_u32(&r, PURSER_A_CONTAINER_PID, getpid());
	while (n--)
		put_u32(&r, PURSER_A_CONTAINER_FIFO, pipe);
	put_u32(&r, PURSER_A_CONTAINER_FIFO, bad);
	at = r.at;
	/* The bad one is neither the last attribute nor the last FIFO. */
	put_u32(&r, PURSER_A_CONTAINER_FIFO, pipe);
	put(&r, PURSER_A_CONTAINER_COOKIE, "cookie", 6);
	expect(&r, err, 0, at, words);
}

static void fifos(const struct command *c)
{
	char path[32];
	int ends[2], n, by_path;

	if (c->cmd != PURSER_CMD_REGISTER)
		return;
	if (pipe(ends))
		fail("validate: cannot make a pipe");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	by_path = open(path, O_PATH);
	if (by_path < 0)
		fail("validate: cannot open %s", path);
	start_point();
	for (n = 0; n < PURSER_FIFOS_MAX; n++) {
		fifo_behind(c, n, ends[n % 2], sock, EINVAL, "not a FIFO");
		fifo_behind(c, n, ends[n % 2], 9999, EBADF,
			    "not an open descriptor of the caller");
		fifo_behind(c, n, ends[n % 2], by_path, EBADF,
			    "not an open descriptor of the caller");
	}
	fifo_behind(c, n, ends[0], ends[1], E2BIG,
		    "a record keeps at most 4 FIFOs open");
	end_point(c, "refuses descriptors that are no FIFOs, and five FIFOs");
	close(by_path);
	close(ends[1]);
	/* An end of file: no other descriptor of the pipe is open. */
	start_point();
	n_requests++;
	if (read(ends[0], path, sizeof(path)) != 0)
		snprintf(wrong, sizeof(wrong), "the pipe is still open");
	end_point(c, "keeps no FIFO of a refused request open");
	close(ends[0]);
}

/* Of two attributes of the same type, netlink uses the last one. */
static void twice(const struct command *c)
{
	struct request r;

	if (c->cmd != PURSER_CMD_GET || c->dump)
		return;
	start_point();
	begin(&r, c);
	put(&r, PURSER_A_CONTAINER_NAME, "valid", 6);
	put(&r, PURSER_A_CONTAINER_NAME, "absent", 7);
	expect(&r, ENOENT, 0, r.at, "no such container");
	begin(&r, c);
	put(&r, PURSER_A_CONTAINER_NAME, "absent", 7);
	put(&r, PURSER_A_CONTAINER_NAME, "valid", 6);
	if (ask(&r).err && !wrong[0])
		snprintf(wrong, sizeof(wrong), "the last one is not used");
	begin(&r, c);
	put(&r, PURSER_A_CONTAINER_NAME, "a/b", 4);
	put(&r, PURSER_A_CONTAINER_NAME, "x", 1);
	expect(&r, EINVAL, 0, r.at, "");
	end_point(c, "uses the last one of two equal attributes");
}

/* Wrong headers. If the core of netlink refuses a request, there may be no message. */
static void headers(const struct command *c)
{
	struct genlmsghdr *g;
	struct nlmsghdr *h;
	struct request r;

	start_point();
	begin(&r, c);
	h = (struct nlmsghdr *)r.data;
	h->nlmsg_len = HEADERS - 1;
	expect(&r, EINVAL, 0, NONE, NULL);
	if (!c->other_way) {
		begin(&r, c);
		h->nlmsg_flags = NLM_F_REQUEST |
				 (c->dump ? NLM_F_ACK : NLM_F_DUMP);
		expect(&r, EOPNOTSUPP, 0, NONE, NULL);
	}
	end_point(c, "refuses truncated headers and wrong dump flags");

	start_point();
	begin(&r, c);
	g = NLMSG_DATA(h);
	g->reserved = 1;
	expect(&r, EINVAL, 0, NONE, "~reserved");
	begin(&r, c);
	h->nlmsg_flags |= NLM_F_CREATE;
	expect(&r, EINVAL, 0, NONE, "~reserved");
	end_point(c, "refuses reserved bits in the headers");
}

static void set_up(void)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct nl_sock *sk = nl_socket_alloc();
	int on = 1;

	if (!sk || genl_connect(sk) < 0)
		fail("validate: cannot open a socket");
	family = genl_ctrl_resolve(sk, PURSER_FAMILY_NAME);
	if (family < 0)
		fail("validate: there is no such family");
	nl_socket_free(sk);
	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (sock < 0 ||
	    connect(sock, (struct sockaddr *)&kernel, sizeof(kernel)) ||
	    setsockopt(sock, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)) ||
	    setsockopt(sock, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on)))
		fail("validate: cannot open a socket");
}

static pid_t register_child(void)
{
	struct request r;
	struct answer got;
	pid_t pid = fork();

	if (pid < 0)
		fail("validate: cannot fork");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	begin(&r, &commands[0]);
	put(&r, PURSER_A_CONTAINER_NAME, "valid", 6);
	put_u32(&r, PURSER_A_CONTAINER_PID, pid);
	got = ask(&r);
	if (got.err) {
		errno = -got.err;
		fail("validate: cannot register a process: %s", got.words);
	}
	return pid;
}

int main(void)
{
	const struct command *c;

	set_up();
	say("registered %d\n", register_child());
	for (c = commands; c < commands + N_COMMANDS; c++) {
		foreign(c);
		lengths(c);
		nested(c);
		ranges(c);
		leftovers(c);
		missing(c);
		fifos(c);
		twice(c);
		headers(c);
	}
	return 0;
}
