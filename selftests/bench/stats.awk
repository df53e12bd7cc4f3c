# SPDX-License-Identifier: GPL-2.0
#
# Named lists of numbers, and their statistics.

# put() - append a number to a list
function put(name, value) {
	_list[name, ++_size[name]] = value + 0
	_sorted[name] = 0
}

function size(name) {
	return _size[name] + 0
}

# nth() - the n-th smallest number of a list; the smallest is number 1
function nth(name, n) {
	if (!_sorted[name])
		_sort(name)
	return _list[name, n]
}

# A shell sort: some lists have ten thousand numbers.
function _sort(name,   gap, i, j, x) {
	for (gap = 1; gap < _size[name] / 9; gap = 3 * gap + 1)
		;
	for (; gap >= 1; gap = int(gap / 3))
		for (i = gap + 1; i <= _size[name]; i++) {
			x = _list[name, i]
			for (j = i - gap; j > 0 && _list[name, j] > x; j -= gap)
				_list[name, j + gap] = _list[name, j]
			_list[name, j + gap] = x
		}
	_sorted[name] = 1
}

# quantile() - interpolates between two numbers; q from 0 to 1; "" if the list is empty
function quantile(name, q,   at, low) {
	if (!size(name))
		return ""
	if (!_sorted[name])
		_sort(name)
	at = 1 + q * (_size[name] - 1)
	low = int(at)
	if (low == _size[name])
		return _list[name, low]
	return _list[name, low] + (at - low) * \
		(_list[name, low + 1] - _list[name, low])
}

function median(name) {
	return quantile(name, 0.5)
}

function largest(name) {
	return quantile(name, 1)
}
