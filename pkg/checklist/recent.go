package checklist

import (
	"slices"
	"sync"

	"github.com/ddbot/ddbot/pkg/markdown"
)

// recent keeps the lists of the texts that were read last. One command reads the same text a dozen times: to find its items, to see what
// comes of a tick, to verify that, and all of it again when a fact was missing.
type recent struct {
	mu    sync.Mutex
	lists []*List // the last one first
}

// What is kept: the texts before and after of as many issues as are worked on at a time, if they are of the usual length.
const (
	recentLists = 32
	recentBytes = 256 << 10 // one of the longest: four bytes for each of GitHub's 65,536 characters
)

var lately recent

// Parse lists the boxes of a body. The error is a *RefusedError.
func Parse(body string) (*List, error) {
	if l := lately.get(body); l != nil {
		return l, nil
	}
	l, err := ParseUpTo(body, markdown.MaxChars)
	if err == nil {
		lately.put(l)
	}
	return l, err
}

func (r *recent) get(body string) *List {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, l := range r.lists {
		if l.body == body {
			copy(r.lists[1:i+1], r.lists[:i])
			r.lists[0] = l
			return l
		}
	}
	return nil
}

func (r *recent) put(l *List) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lists = slices.Insert(r.lists, 0, l)
	n, size := 0, 0
	for n < len(r.lists) && n < recentLists && size+len(r.lists[n].body) <= recentBytes {
		size += len(r.lists[n].body)
		n++
	}
	clear(r.lists[n:])
	r.lists = r.lists[:n]
}
