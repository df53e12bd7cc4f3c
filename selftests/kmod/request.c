// SPDX-License-Identifier: GPL-2.0
/*
 * request [--dump] COMMAND [ATTRIBUTE=VALUE...]
 * request --lines
 *
 * Sends a request to the family exactly as it is written, right or wrong, and prints
 * the kernel's answer: "OK" with the id, name and PID in the answer, if there are any, or
 * "ERRNO ATTRIBUTE: MESSAGE". ATTRIBUTE is the one at fault or "-", and MESSAGE is the
 * kernel's. With --lines the program reads requests from standard input, one a line.
 *
 * COMMAND and ATTRIBUTE are names of the specification, or numbers. VALUE is of the
 * attribute's type; a flag ignores it. "hex:..." gives the bytes of a value that does
 * not fit the type.
 *
 * Exit status: 0 if the kernel accepted all requests, else 1.
 */
#include <ctype.h>
#include <linux/purser.h>
#include <stdbool.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include "../workloads/workload.h"

static const char usage[] =
	"request [--dump] COMMAND [ATTRIBUTE=VALUE...] | request --lines";

static const char *const commands[] = {
	[PURSER_CMD_REGISTER] = "register",
	[PURSER_CMD_UNREGISTER] = "unregister",
	[PURSER_CMD_GET] = "get",
	[PURSER_CMD_SET] = "set",
	[PURSER_CMD_STOP] = "stop",
	[PURSER_CMD_EVENT_GET] = "event-get",
	[PURSER_CMD_INFO] = "info",
};

/* The attributes of requests. "seq" belongs to event-get, the others to containers. */
static const struct attribute {
	const char *name;
	int type;
	enum {
		TEXT,
		BYTES,
		FLAG,
		U32,
		U64
	} kind;
} attributes[] = {
	{ "id", PURSER_A_CONTAINER_ID, U64 },
	{ "name", PURSER_A_CONTAINER_NAME, TEXT },
	{ "pid", PURSER_A_CONTAINER_PID, U32 },
	{ "state", PURSER_A_CONTAINER_STATE, U32 },
	{ "soft-limit", PURSER_A_CONTAINER_SOFT_LIMIT, U64 },
	{ "hard-limit", PURSER_A_CONTAINER_HARD_LIMIT, U64 },
	{ "cookie", PURSER_A_CONTAINER_COOKIE, BYTES },
	{ "stop-signal", PURSER_A_CONTAINER_STOP_SIGNAL, U32 },
	{ "grace-ms", PURSER_A_CONTAINER_GRACE_MS, U32 },
	{ "no-force", PURSER_A_CONTAINER_NO_FORCE, FLAG },
	{ "fifo", PURSER_A_CONTAINER_FIFO, U32 },
	{ "release-fifos", PURSER_A_CONTAINER_RELEASE_FIFOS, FLAG },
	{ "seq", PURSER_A_EVENT_SEQ, U64 },
};

#define N_ATTRIBUTES (sizeof(attributes) / sizeof(attributes[0]))
#define N_COMMANDS   (sizeof(commands) / sizeof(commands[0]))

/* The answer, and the request to which the offset in an error refers. */
struct answer {
	struct nl_msg *request;
	int command;
	bool done;
	int err;
	unsigned long long id; /* 0: the answer has none */
	unsigned int pid;
	char name[PURSER_NAME_MAX + 1];
};

static int command_of(const char *text)
{
	size_t i;

	for (i = 0; i < N_COMMANDS; i++)
		if (commands[i] && !strcmp(commands[i], text))
			return i;
	return number(usage, "COMMAND", text, 0, 255);
}

static struct attribute attribute_of(const char *name)
{
	size_t i;

	for (i = 0; i < N_ATTRIBUTES; i++)
		if (!strcmp(attributes[i].name, name))
			return attributes[i];
	return (struct attribute){
		.name = name,
		.type = number(usage, "ATTRIBUTE", name, 0, 16383),
		.kind = U32,
	};
}

static void put_hex(struct nl_msg *msg, int type, const char *hex)
{
	unsigned char bytes[2048];
	size_t n = 0;

	while (n < sizeof(bytes) && sscanf(hex, "%2hhx", &bytes[n]) == 1) {
		hex += hex[1] ? 2 : 1;
		n++;
	}
	if (*hex || nla_put(msg, type, n, bytes) < 0)
		bad_usage("hex: takes at most 2048 bytes, two digits each");
}

static void put(struct nl_msg *msg, char *text)
{
	char *value = strchr(text, '=');
	struct attribute a;
	int err;

	if (!value)
		bad_usage(usage);
	*value++ = '\0';
	a = attribute_of(text);
	if (!strncmp(value, "hex:", 4)) {
		put_hex(msg, a.type, value + 4);
		return;
	}
	if (a.kind == TEXT)
		err = nla_put_string(msg, a.type, value);
	else if (a.kind == BYTES)
		err = nla_put(msg, a.type, strlen(value), value);
	else if (a.kind == FLAG)
		err = nla_put_flag(msg, a.type);
	else if (a.kind == U64)
		err = nla_put_u64(msg, a.type, strtoull(value, NULL, 10));
	else
		err = nla_put_u32(msg, a.type, strtoul(value, NULL, 10));
	if (err < 0)
		bad_usage("the attributes do not fit into a message");
}

/* Returns the name of the attribute that begins at that byte of the request. */
static const char *attribute_at(const struct answer *answer, uint32_t offset)
{
	struct nlmsghdr *h = nlmsg_hdr(answer->request);
	struct nlattr *attr;
	size_t i;
	int left;

	nlmsg_for_each_attr(attr, h, GENL_HDRLEN, left)
	{
		if ((char *)attr - (char *)h != offset)
			continue;
		if (answer->command == PURSER_CMD_EVENT_GET)
			return nla_type(attr) == PURSER_A_EVENT_SEQ ? "seq" :
								      "?";
		for (i = 0; i < N_ATTRIBUTES; i++)
			if (attributes[i].type == nla_type(attr))
				return attributes[i].name;
	}
	return "?";
}

static void print_refusal(struct answer *answer, int err, struct nlattr *attrs,
			  int len)
{
	const char *words = "", *at = "-";
	struct nlattr *attr;
	int left;

	nla_for_each_attr(attr, attrs, len, left) {
		if (nla_type(attr) == NLMSGERR_ATTR_MSG)
			words = nla_get_string(attr);
		else if (nla_type(attr) == NLMSGERR_ATTR_OFFS)
			at = attribute_at(answer, nla_get_u32(attr));
	}
	say("%s %s: %s\n", strerrorname_np(-err), at, words);
}

/*
 * An acknowledgement, the end of a dump, or an error. The attributes with the kernel's
 * message come after the errno; in an acknowledgement or an error, after the header of
 * the request.
 */
static int on_end(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *h = nlmsg_hdr(msg);
	struct answer *answer = arg;
	int skip = sizeof(int);

	if (h->nlmsg_type == NLMSG_ERROR)
		skip = sizeof(struct nlmsgerr);
	answer->done = true;
	answer->err = *(int *)nlmsg_data(h);
	if (answer->err)
		print_refusal(answer, answer->err, nlmsg_attrdata(h, skip),
			      nlmsg_attrlen(h, skip));
	return NL_STOP;
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *e, void *arg)
{
	struct nlmsghdr *h = (void *)((char *)e - NLMSG_HDRLEN);
	struct answer *answer = arg;

	(void)from;
	answer->done = true;
	answer->err = e->error;
	print_refusal(answer, e->error, nlmsg_attrdata(h, sizeof(*e)),
		      nlmsg_attrlen(h, sizeof(*e)));
	return NL_STOP;
}

static int on_record(struct nl_msg *msg, void *arg)
{
	struct answer *answer = arg;
	struct nlattr *attr;
	int left;

	if (answer->command == PURSER_CMD_EVENT_GET ||
	    answer->command == PURSER_CMD_INFO)
		return NL_OK;
	nlmsg_for_each_attr(attr, nlmsg_hdr(msg), GENL_HDRLEN, left)
	{
		if (nla_type(attr) == PURSER_A_CONTAINER_ID)
			answer->id = nla_get_u64(attr);
		else if (nla_type(attr) == PURSER_A_CONTAINER_PID)
			answer->pid = nla_get_u32(attr);
		else if (nla_type(attr) == PURSER_A_CONTAINER_NAME)
			snprintf(answer->name, sizeof(answer->name), "%s",
				 nla_get_string(attr));
	}
	return NL_OK;
}

static struct nl_sock *open_socket(void)
{
	struct nl_sock *sk = nl_socket_alloc();
	int on = 1;

	if (!sk || genl_connect(sk) < 0)
		fail("request: cannot open a socket");
	if (setsockopt(nl_socket_get_fd(sk), SOL_NETLINK, NETLINK_EXT_ACK, &on,
		       sizeof(on)) ||
	    setsockopt(nl_socket_get_fd(sk), SOL_NETLINK, NETLINK_CAP_ACK, &on,
		       sizeof(on)))
		fail("request: cannot switch on the kernel's messages");
	return sk;
}

static void exchange(struct nl_sock *sk, struct answer *answer)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	int err;

	if (!cb || nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_end, answer) ||
	    nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_end, answer) ||
	    nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_record, answer) ||
	    nl_cb_err(cb, NL_CB_CUSTOM, on_error, answer))
		fail("request: out of memory");
	err = nl_send_auto(sk, answer->request);
	while (err >= 0 && !answer->done)
		err = nl_recvmsgs(sk, cb);
	if (!answer->done)
		fail("request: no answer: %s", nl_geterror(err));
	nl_cb_put(cb);
}

static void print_agreement(const struct answer *answer)
{
	printf("OK");
	if (answer->id)
		printf(" %llu", answer->id);
	if (answer->pid)
		printf(" %s %u", answer->name, answer->pid);
	say("\n");
}

/* Sends one request, an array of words that ends with NULL. Returns 0 or the error. */
static int request(struct nl_sock *sk, int family, char **words)
{
	bool dump = *words && !strcmp(*words, "--dump");
	struct answer answer = { 0 };

	words += dump;
	if (!*words)
		bad_usage(usage);
	answer.command = command_of(*words++);
	answer.request = nlmsg_alloc();
	if (!answer.request ||
	    !genlmsg_put(answer.request, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0,
			 dump ? NLM_F_DUMP : NLM_F_ACK, answer.command,
			 PURSER_FAMILY_VERSION))
		fail("request: out of memory");
	for (; *words; words++)
		put(answer.request, *words);
	exchange(sk, &answer);
	nlmsg_free(answer.request);
	if (!answer.err)
		print_agreement(&answer);
	return answer.err;
}

static int request_lines(struct nl_sock *sk, int family)
{
	char line[4096], *words[32];
	int refused = 0;
	size_t n;

	while (fgets(line, sizeof(line), stdin)) {
		n = 0;
		words[0] = strtok(line, " \n");
		while (words[n] && n + 1 < sizeof(words) / sizeof(words[0]))
			words[++n] = strtok(NULL, " \n");
		words[n] = NULL;
		if (request(sk, family, words))
			refused = 1;
	}
	return refused;
}

int main(int argc, char **argv)
{
	struct nl_sock *sk;
	int family, err;

	if (argc < 2)
		bad_usage(usage);
	sk = open_socket();
	family = genl_ctrl_resolve(sk, PURSER_FAMILY_NAME);
	if (family < 0)
		fail("request: there is no such family");
	if (!strcmp(argv[1], "--lines"))
		err = request_lines(sk, family);
	else
		err = request(sk, family, argv + 1);
	nl_socket_free(sk);
	return err ? 1 : 0;
}
