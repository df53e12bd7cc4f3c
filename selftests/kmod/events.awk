# SPDX-License-Identifier: GPL-2.0
#
# Reads events as purserctl prints them, one JSON object a line, and prints each fault: a
# gap in the numbers, a time that goes backwards, an illegal order of a container's events,
# a record that does not fit its event. Exit status: 1 if there is a fault.
#
#   -v first=N   the number that the first event must have (default: 1)

function value(key,    s) {
	if (!match($0, "\"" key "\":(\"[^\"]*\"|[^],}]*)"))
		return "missing"
	s = substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 3)
	gsub("\"", "", s)
	return s
}

function wrong(what) {
	if (bad < 10)
		print what ": " $0
	bad++
}

function check_state(type, state) {
	if (type == "registered")
		return state == "starting" || state == "running"
	if (type == "started" || type == "limits_changed")
		return state != "exited"
	if (type == "stop_requested" || type == "stop_forced")
		return state == "stopping"
	# Another cause may have decided the end just before.
	if (type == "hard_limit")
		return state != "exited"
	if (type == "exited" || type == "record_dropped")
		return state == "exited"
	return 1
}

function check_end(reason, code, sig) {
	if (reason == "none" || (code == "null") == (sig == "null"))
		return 0
	if (reason == "exited")
		return code != "null"
	if (reason == "killed")
		return sig != "null"
	return reason != "hard_limit_killed" || sig == 9
}

BEGIN {
	if (!first)
		first = 1
	last = first - 1
	last_time = 0
}

{
	seq = value("seq") + 0
	time = value("time") + 0
	type = value("event")
	id = value("id")
	final = type == "unregistered" || type == "record_dropped"

	if (seq != last + 1)
		wrong("there is a gap after event " last)
	if (time < last_time)
		wrong("the time goes backwards")
	if (type == "registered" && (id in name))
		wrong("the container is registered twice")
	if (type != "registered" && first == 1 && !(id in name))
		wrong("the container was not registered before")
	if ((id in name) && name[id] != value("name"))
		wrong("the name of the container has changed")
	if (id in gone)
		wrong("the record was removed before")
	if ((id in ended) && !final)
		wrong("the container has exited before")
	if (type == "started" && (id in started))
		wrong("the container is started twice")
	if (type == "stop_requested" && (id in stopped))
		wrong("the container is stopped twice")
	if (!check_state(type, value("state")))
		wrong("the state does not fit the event")
	if (type == "exited" &&
	    !check_end(value("reason"), value("exit_code"), value("signal")))
		wrong("the reason and the exit status do not fit")
	if (type == "exited" && (id in stopped) && value("reason") != "stopped")
		wrong("the container was stopped but has another reason")

	last = seq
	last_time = time
	name[id] = value("name")
	if (type == "started")
		started[id]
	if (type == "stop_requested")
		stopped[id]
	if (type == "exited")
		ended[id]
	if (final)
		gone[id]
}

END {
	exit bad > 0
}
