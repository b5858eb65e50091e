package checklist

import (
	"slices"
	"strconv"
	"strings"
)

// everything is the name of the whole body.
const everything = "all"

// maxCaptionWords parts captions that serve as a name from sentences that happen to stand above a list.
const maxCaptionWords = 4

// number gives every item its Ref: ordinals in source order, counted in the nearest section that has a name.
func (l *List) number() {
	tops := map[*section]map[int]int{}
	child := l.childOrdinals()
	for i := range l.entries {
		e := &l.entries[i]
		base := l.base(e)
		if base.isCaption {
			e.Section = append(slices.Clip(e.Section), base.title)
		}
		ord, done := tops[base]
		if !done {
			ord = map[int]int{}
			for n, j := range l.top(base) {
				ord[j] = n + 1
			}
			tops[base] = ord
		}
		var path []string
		j := i
		for ; l.entries[j].parent >= base.first; j = l.entries[j].parent {
			path = append(path, strconv.Itoa(child[j]))
		}
		path = append(path, strconv.Itoa(ord[j]), l.refOf(base))
		e.Ref = joinBackwards(path)
	}
}

func joinBackwards(parts []string) string {
	var b strings.Builder
	for i, part := range slices.Backward(parts) {
		b.WriteString(part)
		if i > 0 {
			b.WriteByte('.')
		}
	}
	return b.String()
}

// base is the section in which an item is counted: that of its heading; the caption where there is no heading of its own.
func (l *List) base(e *entry) *section {
	if e.caption != nil && l.serves(e.caption) {
		return e.caption
	}
	s := e.sec
	for s.up != nil && l.name(s) == "" {
		s = s.up
	}
	return s
}

// serves tells whether a caption is used as a heading would be: where there is none, or only for other parts.
func (l *List) serves(c *section) bool {
	return c.isCaption && c.first < c.end && (c.up.up == nil || len(c.up.kids) > 0) &&
		strings.Count(c.fold, " ") < maxCaptionWords && l.name(c) != ""
}

// refOf is the name of a section that has one; the root always has.
func (l *List) refOf(s *section) string {
	if s.up == nil {
		return everything
	}
	return l.name(s)
}

// wholeRef is the address of all items of a section.
func (l *List) wholeRef(s *section) string {
	ref := l.refOf(s)
	if ref == "" || ref == everything {
		return ref
	}
	if s.divided() || len(l.anchors[ref]) > 0 { // the bare name asks back, or is the id of an item
		return ref + star
	}
	return ref
}

// top gives the items of a section that are in no other item of it.
func (l *List) top(s *section) []int {
	var out []int
	for i := s.first; i < s.end; i++ {
		if l.entries[i].parent < s.first {
			out = append(out, i)
		}
	}
	return out
}

// children gives the items directly in an item.
func (l *List) children(parent int) []int {
	var out []int
	for i := parent + 1; i < len(l.entries) && l.entries[i].parent >= parent; i++ {
		if l.entries[i].parent == parent {
			out = append(out, i)
		}
	}
	return out
}

// childOrdinals counts each item among those in the same item.
func (l *List) childOrdinals() []int {
	seen := map[int]int{}
	out := make([]int, len(l.entries))
	for i := range l.entries {
		p := l.entries[i].parent
		seen[p]++
		out[i] = seen[p]
	}
	return out
}
