package checklist

import (
	"errors"
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/ddbot/ddbot/pkg/markdown"
)

// Kind tells what an Op does.
type Kind int

// The kinds of operations.
const (
	OpTick   Kind = iota // set the box of Key to To
	OpNote               // put Text as a bullet under the item Key
	OpUnnote             // remove the bullet Text from under the item Key: as it is written there, or as OpNote was given it
	OpRelink             // write another address for one, wherever it stands: Text is both, with a blank between; there is no Key
	OpMove               // move the text to another template: package plan does that, as templates are not this package's
)

// Op is one edit, named by what it is about and not by where that stands, so that it can be done again on newer text.
type Op struct {
	Kind Kind   `json:"kind"`
	Key  Key    `json:"key,omitzero"`
	To   bool   `json:"to,omitempty"`
	Text string `json:"text,omitempty"`
}

// Tick sets the box of an item.
func Tick(body string, k Key, to bool) (string, error) {
	return Apply(body, Op{Kind: OpTick, Key: k, To: to})
}

// AddNote puts a note as a nested bullet under an item. Mentions and issue references in it are left as they are.
func AddNote(body string, k Key, note string) (string, error) {
	return Apply(body, Op{Kind: OpNote, Key: k, Text: note})
}

// Apply does all operations or none. What is already so is left alone; when everything is, the body comes back as it was.
// All names mean the body as given, not the result of an earlier operation. The errors are *RefusedError, *NotFoundError
// and *AmbiguousError.
func Apply(body string, ops ...Op) (string, error) {
	if ops, links := relinks(ops); len(links) > 0 {
		out, err := body, error(nil)
		if len(ops) > 0 {
			if out, err = Apply(body, ops...); err != nil {
				return body, err
			}
		}
		return relink(out, links), nil
	}
	e, err := planAll(body, ops)
	if err != nil {
		return body, err
	}
	result, err := e.result()
	if e.unsafe(err) && len(e.choose()) == 0 {
		result, err = e.result()
	}
	if err != nil {
		return body, err
	}
	return result, nil
}

// Refused is an item that cannot be edited.
type Refused struct {
	Item Item
	Err  *RefusedError
}

// Doable leaves the operations out that cannot be done safely, with all others on the same item, so that one item that is
// written in a strange way does not stop a section. The errors are those of Apply; with one of them nothing can be done.
func Doable(body string, ops ...Op) (do []Op, refused []Refused, err error) {
	if others, links := relinks(ops); len(links) > 0 {
		if len(others) == 0 {
			return ops, nil, nil
		}
		do, refused, err = Doable(body, others...)
		return append(do, links...), refused, err
	}
	e, err := planAll(body, ops)
	if err != nil {
		return nil, nil, err
	}
	if _, err := e.result(); err == nil {
		return ops, nil, nil
	} else if !e.unsafe(err) {
		return nil, nil, err
	}
	bad := e.choose()
	for _, op := range ops {
		if i, ok := e.l.byKey[op.Key]; !ok || !slices.Contains(bad, i) {
			do = append(do, op)
		}
	}
	if len(do) == 0 || len(bad) == 0 {
		_, err = Apply(body, ops...)
		return nil, nil, err
	}
	if _, err := Apply(body, do...); err != nil {
		return nil, nil, err
	}
	for _, i := range bad {
		it := e.l.entries[i].Item
		refused = append(refused, Refused{it, unsafe(it.Text)})
	}
	return do, refused, nil
}

// planAll reads a body and plans the operations on it.
func planAll(body string, ops []Op) (*edit, error) {
	l, err := Parse(body)
	if err != nil {
		return nil, err
	}
	e := &edit{l: l, ticks: map[int]bool{}, notes: map[int][]string{}, gone: map[int][]string{}, choice: map[int]int{}}
	for _, op := range ops {
		if err := e.plan(op); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// result is the verified text.
func (e *edit) result() (string, error) {
	cuts := e.cuts()
	if len(cuts) == 0 {
		return e.l.body, nil
	}
	result := splice(e.l.body, cuts)
	if n := markdown.Chars(result); n > markdown.MaxChars {
		return "", refuse("The text would be %s characters long; GitHub allows %s. A shorter note may fit, or a link to a comment that says it.", markdown.Grouped(n), markdown.Grouped(markdown.MaxChars))
	}
	return result, e.verify(result)
}

// unsafe tells whether an error is about how the text around an item is written.
func (e *edit) unsafe(err error) bool {
	refused, ok := errors.AsType[*RefusedError](err)
	return ok && refused.unsafe && len(e.notes) > 0
}

// maxTries is how often a text is parsed to find places for the notes of one edit.
const maxTries = 200

// choose finds, for each item with notes, the first place where they can go, and gives the items that have none. The items are
// tried one by one: which of them stands in the way of all is not to be seen from the result.
func (e *edit) choose() (bad []int) {
	tries := 0
	for _, i := range slices.Sorted(maps.Keys(e.notes)) {
		one := &edit{l: e.l, notes: map[int][]string{i: e.notes[i]}, choice: map[int]int{}}
		for places := len(e.l.placeNotes(&e.l.entries[i], e.notes[i])); ; one.choice[i]++ {
			if one.choice[i] == places || tries == maxTries {
				bad = append(bad, i)
				break
			}
			tries++
			if _, err := one.result(); err == nil {
				e.choice[i] = one.choice[i]
				break
			}
		}
	}
	return bad
}

// edit gathers what is to change, by item. Only real changes are in it.
type edit struct {
	l     *List
	ticks map[int]bool
	notes map[int][]string // made safe, in order
	gone  map[int][]string // notes that go, as they are written
	// choice is which of its places the notes of an item take, where that is not the first.
	choice map[int]int
}

func (e *edit) plan(op Op) error {
	i, ok := e.l.byKey[op.Key]
	if !ok {
		return e.l.notFound(op.Key.Text, "It may have been reworded, moved or removed.", e.l.textSuggestions(fold(op.Key.Text)))
	}
	switch op.Kind {
	case OpTick:
		if delete(e.ticks, i); e.l.entries[i].Checked != op.To {
			e.ticks[i] = op.To
		}
	case OpNote:
		note := safeText(op.Text)
		if note == "" {
			return refuse("The note has no text.")
		}
		e.gone[i] = slices.DeleteFunc(e.gone[i], func(n string) bool { return n == note })
		if !slices.Contains(e.l.entries[i].raw, note) && !slices.Contains(e.notes[i], note) {
			e.notes[i] = append(e.notes[i], note)
		}
	case OpUnnote:
		for _, note := range []string{op.Text, safeText(op.Text)} {
			e.notes[i] = slices.DeleteFunc(e.notes[i], func(n string) bool { return n == note })
			if _, ok := e.l.noteLine(&e.l.entries[i], note); ok && !slices.Contains(e.gone[i], note) {
				e.gone[i] = append(e.gone[i], note)
			}
		}
	default:
		return refuse("The operation is not known.")
	}
	return nil
}

// cut replaces the bytes of the body from at to end.
type cut struct {
	at, end int
	text    string
}

// cuts gives the changes of the text in source order.
func (e *edit) cuts() []cut {
	var out []cut
	for i, to := range e.ticks {
		at := e.l.entries[i].Offset + 1
		mark := " "
		if to {
			mark = "x"
		}
		out = append(out, cut{at, at + 1, mark})
	}
	// Of what goes to the same place that of the innermost item comes first.
	for _, i := range slices.Backward(slices.Sorted(maps.Keys(e.notes))) {
		if len(e.notes[i]) > 0 {
			out = append(out, e.l.placeNotes(&e.l.entries[i], e.notes[i])[e.choice[i]])
		}
	}
	for i, notes := range e.gone {
		for _, n := range notes {
			if c, ok := e.l.noteLine(&e.l.entries[i], n); ok {
				out = append(out, c)
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].at < out[j].at })
	return out
}

func splice(body string, cuts []cut) string {
	var b strings.Builder
	at := 0
	for _, c := range cuts {
		b.WriteString(body[at:c.at])
		b.WriteString(c.text)
		at = c.end
	}
	b.WriteString(body[at:])
	return b.String()
}
