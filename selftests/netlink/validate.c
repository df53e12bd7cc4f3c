// SPDX-License-Identifier: GPL-2.0
/*
 * validate
 *
 * Sends every kind of malformed request, for every command, and prints a line
 * for each: "ok NAME", or "not ok NAME: WHY". Each has to be refused with the
 * right errno, in words, and with a pointer at the attribute that is at fault
 * where one is. A child of this program is registered as "valid" meanwhile.
 *
 * Exit status: 0 where the kernel could be asked, whatever it has said.
 */
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/purser.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include "../workloads/workload.h"

#define HEADERS	 (NLMSG_HDRLEN + GENL_HDRLEN)
#define NONE	 0 /* an offset: no attribute is pointed at */
#define MAX_TYPE (PURSER_A_CONTAINER_MAX + 3)

/* struct request - as it goes out; @at: where the last attribute begins */
struct request {
	size_t len;
	uint32_t at;
	uint8_t data[4096];
};

/* struct answer - the kernel's, to a request */
struct answer {
	int err;
	uint32_t offset;
	char words[128];
};

/* struct attribute - one that a command takes; @low is too low, @high too high */
struct attribute {
	int type;
	enum {
		END,
		FLAG,
		U32,
		U64,
		NAME,
		COOKIE
	} kind;
	bool has_low, has_high;
	uint32_t low, high;
};

/* clang-format off */
#define ID    { PURSER_A_CONTAINER_ID, U64, .has_low = false }
#define NAMED { PURSER_A_CONTAINER_NAME, NAME, .has_low = false }
#define PID                                                            \
	{ PURSER_A_CONTAINER_PID,   U32, .has_low = true, .has_high = true, \
	  .low = 0, .high = 1U << 31 }
#define SOFT { PURSER_A_CONTAINER_SOFT_LIMIT, U64, .has_low = false }
#define HARD { PURSER_A_CONTAINER_HARD_LIMIT, U64, .has_low = false }

/* What each command takes; held against the specification by test_policy. */
static const struct command {
	const char *name;
	uint8_t cmd;
	bool dump;
	bool other_way; /* it is there as a dump and one by one */
	const char *without; /* the words where there is no attribute at all */
	struct attribute attributes[8];
} commands[] = {
	{ "register", PURSER_CMD_REGISTER, false, false,
	  "name and pid are needed",
	  { NAMED,
	    PID,
	    { PURSER_A_CONTAINER_PIDFD, U32, .has_high = true,
	      .high = 1U << 31 },
	    SOFT,
	    HARD,
	    { PURSER_A_CONTAINER_FIFO, U32, .has_high = true, .high = 1U << 31 },
	    { PURSER_A_CONTAINER_COOKIE, COOKIE, .has_low = false } } },
	{ "unregister", PURSER_CMD_UNREGISTER, false, false,
	  "exactly one of id, name and pid is needed", { ID, NAMED, PID } },
	{ "get", PURSER_CMD_GET, false, true,
	  "exactly one of id, name and pid is needed", { ID, NAMED, PID } },
	{ "the dump of get", PURSER_CMD_GET, true, true, NULL,
	  { { PURSER_A_CONTAINER_STATE, U32, .has_low = true, .has_high = true,
	      .low = 0, .high = PURSER_STATE_MAX + 1 } } },
	{ "set", PURSER_CMD_SET, false, false,
	  "exactly one of id, name and pid is needed",
	  { ID, NAMED, PID, SOFT, HARD,
	    { PURSER_A_CONTAINER_RELEASE_FIFOS, FLAG, .has_low = false } } },
	{ "stop", PURSER_CMD_STOP, false, false,
	  "exactly one of id, name and pid is needed",
	  { ID, NAMED, PID,
	    { PURSER_A_CONTAINER_STOP_SIGNAL, U32, .has_low = true,
	      .has_high = true, .low = 0, .high = 65 },
	    { PURSER_A_CONTAINER_GRACE_MS, U32, .has_high = true,
	      .high = PURSER_GRACE_MAX_MS + 1 } } },
	{ "event-get", PURSER_CMD_EVENT_GET, true, false, NULL,
	  { { PURSER_A_EVENT_SEQ, U64, .has_low = false } } },
	{ "info", PURSER_CMD_INFO, false, false, NULL, { { 0 } } },
};
/* clang-format on */

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static int sock, family;
static uint32_t seq;
/* Of the point under way: what was wrong first, and of how many requests. */
static char wrong[512];
static unsigned int n_requests;
/*
 * What a dump finds out when it has begun comes with its end, where older
 * kernels put words but no pointer.
 */
static bool may_be_vague;

static void begin(struct request *r, const struct command *c)
{
	struct nlmsghdr h = {
		.nlmsg_type = family,
		.nlmsg_flags = NLM_F_REQUEST |
			       (c->dump ? NLM_F_DUMP : NLM_F_ACK),
	};
	struct genlmsghdr g = { .cmd = c->cmd, .version = 1 };

	memset(r, 0, sizeof(*r));
	memcpy(r->data, &h, sizeof(h));
	memcpy(r->data + NLMSG_HDRLEN, &g, sizeof(g));
	r->len = HEADERS;
}

static void put(struct request *r, int type, const void *data, size_t len)
{
	struct nlattr a = { .nla_type = type, .nla_len = NLA_HDRLEN + len };

	r->at = r->len;
	memcpy(r->data + r->len, &a, sizeof(a));
	if (len)
		memcpy(r->data + r->len + NLA_HDRLEN, data, len);
	r->len += NLA_HDRLEN + NLA_ALIGN(len);
}

static void put_u32(struct request *r, int type, uint32_t value)
{
	put(r, type, &value, sizeof(value));
}

/* One that is right by its form. */
static void put_right(struct request *r, const struct attribute *a, int flags)
{
	uint64_t one = 1;

	if (a->kind == NAME)
		put(r, a->type | flags, "absent", sizeof("absent"));
	else if (a->kind == FLAG)
		put(r, a->type | flags, NULL, 0);
	else
		put(r, a->type | flags, &one, a->kind == U64 ? 8 : 4);
}

static void read_words(struct answer *answer, uint8_t *data, int len)
{
	struct nlattr *a;
	int left;

	nla_for_each_attr(a, (struct nlattr *)data, len, left) {
		if (nla_type(a) == NLMSGERR_ATTR_MSG)
			snprintf(answer->words, sizeof(answer->words), "%s",
				 nla_get_string(a));
		else if (nla_type(a) == NLMSGERR_ATTR_OFFS)
			answer->offset = nla_get_u32(a);
	}
}

/* Send it and take the errno, from an error or from the end of a dump. */
static struct answer ask(struct request *r)
{
	static uint8_t buf[1 << 16] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *h = (struct nlmsghdr *)r->data;
	struct answer answer = { 0 };
	size_t skip;
	ssize_t n;
	int left;

	n_requests++;
	h->nlmsg_seq = ++seq;
	if (!h->nlmsg_len)
		h->nlmsg_len = r->len;
	if (send(sock, r->data, r->len, 0) != (ssize_t)r->len)
		fail("validate: cannot send");
	for (;;) {
		n = recv(sock, buf, sizeof(buf), 0);
		if (n < 0)
			fail("validate: cannot receive");
		left = n;
		for (h = (struct nlmsghdr *)buf; nlmsg_ok(h, left);
		     h = nlmsg_next(h, &left)) {
			if (h->nlmsg_type != NLMSG_ERROR &&
			    h->nlmsg_type != NLMSG_DONE)
				continue;
			skip = h->nlmsg_type == NLMSG_DONE ?
				       sizeof(int) :
				       sizeof(struct nlmsgerr);
			memcpy(&answer.err, NLMSG_DATA(h), sizeof(int));
			read_words(&answer, (uint8_t *)NLMSG_DATA(h) + skip,
				   NLMSG_PAYLOAD(h, skip));
			return answer;
		}
	}
}

static void start_point(void)
{
	wrong[0] = '\0';
	n_requests = 0;
}

static void end_point(const struct command *c, const char *what)
{
	if (!n_requests)
		return;
	if (wrong[0])
		say("not ok %s: %s: %s\n", c->name, what, wrong);
	else
		say("ok %s: %s\n", c->name, what);
}

/* All of them; with a "~" before it, part of them; "": any; NULL: none needed. */
static bool has_words(const struct answer *got, const char *words)
{
	if (!words)
		return true;
	if (words[0] == '~')
		return strstr(got->words, words + 1);
	return words[0] ? !strcmp(words, got->words) : got->words[0];
}

/* The request has to be refused with that errno or the other (0: none other). */
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
			 "request %u: %s in the words '%s', not '%s'",
			 n_requests, strerrorname_np(-got.err), got.words,
			 words);
	else if (got.offset != offset && !(got.offset == NONE && may_be_vague))
		snprintf(wrong, sizeof(wrong),
			 "request %u: %s points at byte %u, not %u: %s",
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

/* Attributes that it does not take, known ones and unknown ones. */
static void foreign(const struct command *c)
{
	struct request r;
	int type;

	start_point();
	for (type = 0; type <= MAX_TYPE; type++) {
		if (takes(c, type))
			continue;
		begin(&r, c);
		/* Those of get and its dump have to get as far as the command. */
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
	end_point(c, "attributes that do not belong there");
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
			/* Without its end, a name is wrong at any length. */
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
	end_point(c, "attributes of a wrong length");
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
	end_point(c, "attributes that say that they are nests");
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
	end_point(c, "values out of range");
}

/* Bytes that are no attribute, and attributes that are not all there. */
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
		/* It says that it is shorter than its header, or too long. */
		if (n >= NLA_HDRLEN && n <= NLA_HDRLEN + 8)
			continue;
		begin(&r, c);
		claims.nla_len = n;
		memcpy(r.data + r.len, &claims, sizeof(claims));
		r.len += sizeof(claims) + 8;
		expect(&r, EINVAL, 0, NONE, "");
	}
	end_point(c, "bytes that are no whole attribute");
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
	end_point(c, "attributes that are missing, or too many");
}

/* A FIFO that is none behind @n that are, and what is said of it. */
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
	/* Not the last one in the message, nor the last of its kind. */
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
	end_point(c, "FIFOs that are none, or one too many");
	close(by_path);
	close(ends[1]);
	/* Nobody else has it open. */
	start_point();
	n_requests++;
	if (read(ends[0], path, sizeof(path)) != 0)
		snprintf(wrong, sizeof(wrong), "the pipe is open elsewhere");
	end_point(c, "a refusal keeps none open");
	close(ends[0]);
}

/* Netlink has always taken the last of two: that is what counts. */
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
		snprintf(wrong, sizeof(wrong), "the last one does not count");
	begin(&r, c);
	put(&r, PURSER_A_CONTAINER_NAME, "a/b", 4);
	put(&r, PURSER_A_CONTAINER_NAME, "x", 1);
	expect(&r, EINVAL, 0, r.at, "");
	end_point(c, "an attribute given twice is the last one");
}

/* The header: what netlink's core refuses by itself has no words. */
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
	end_point(c, "no command, or one that cannot be had so");

	start_point();
	begin(&r, c);
	g = NLMSG_DATA(h);
	g->reserved = 1;
	expect(&r, EINVAL, 0, NONE, "~reserved");
	begin(&r, c);
	h->nlmsg_flags |= NLM_F_CREATE;
	expect(&r, EINVAL, 0, NONE, "~reserved");
	end_point(c, "bits in the headers that mean nothing");
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
