package markdown

import (
	"slices"
	"strings"
	"sync"
)

// Recent keeps what was made of the texts that were read last. A command reads the same texts a dozen times: to find what is said in them,
// to see what comes of a tick, to verify that, and all of it again when a fact was missing.
type Recent[T any] struct {
	mu   sync.Mutex
	kept []reading[T] // the last one first
}

type reading[T any] struct {
	text string
	of   T
}

// What is kept: the texts before and after of as many issues as are worked on at a time, if they are of the usual length.
const (
	recentTexts = 32
	recentBytes = 256 << 10 // one of the longest: four bytes for each of GitHub's 65,536 characters
)

// Read gives what was made of the text a short time ago, or else makes it. What is given is shared: nobody may change it.
func (r *Recent[T]) Read(text string, read func(string) (T, error)) (T, error) {
	if v, ok := r.get(text); ok {
		return v, nil
	}
	text = strings.Clone(text) // what is kept must not hold the payload that the text is a part of
	v, err := read(text)
	if err == nil {
		r.put(text, v)
	}
	return v, err
}

func (r *Recent[T]) get(text string) (v T, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, k := range r.kept {
		if k.text == text {
			copy(r.kept[1:i+1], r.kept[:i])
			r.kept[0] = k
			return k.of, true
		}
	}
	return v, false
}

func (r *Recent[T]) put(text string, v T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kept = slices.Insert(r.kept, 0, reading[T]{text, v})
	n, size := 0, 0
	for n < len(r.kept) && n < recentTexts && size+len(r.kept[n].text) <= recentBytes {
		size += len(r.kept[n].text)
		n++
	}
	clear(r.kept[n:])
	r.kept = r.kept[:n]
}
