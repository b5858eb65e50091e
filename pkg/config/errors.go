package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Error is one problem of a configuration file.
type Error struct {
	File   string
	Line   int // from 1; 0 where the problem stands nowhere in the file
	Column int
	Text   string // what is wrong, and the way out
}

// Error gives the form that editors and CI systems link: file:line:column: text.
func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Text
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Text)
}

// before tells whether the problem stands before a node.
func (e *Error) before(n *yaml.Node) bool {
	return cmp.Or(cmp.Compare(e.Line, n.Line), cmp.Compare(e.Column, n.Column)) < 0
}

// Errors are all problems of a file, by line.
type Errors []*Error

// Error gives a line for each problem.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, one := range e {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the problems to errors.Is and errors.As.
func (e Errors) Unwrap() []error {
	out := make([]error, len(e))
	for i, one := range e {
		out[i] = one
	}
	return out
}

// sorted gives the problems in the order of the file, each once: a broken default is found in every repository's settings.
func (e Errors) sorted() Errors {
	slices.SortStableFunc(e, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Text, b.Text))
	})
	return slices.CompactFunc(e, func(a, b *Error) bool { return *a == *b })
}

// FieldError is an error from the Validate method of a plugin's options that names the option, so that the message can
// point to its line: "stale", "groups.kind", "labels[2]". See plugin.Wrong.
type FieldError interface {
	error
	Field() string
}
