package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/template"
)

// Moving is the operation that moves a description to another version of its template. Done again on what somebody wrote
// meanwhile it moves that; on a text that was moved it changes nothing.
func Moving(to *template.Version) checklist.Op {
	return checklist.Op{Kind: checklist.OpMove, Text: to.Kind + " " + to.Level + "\n" + to.Text}
}

// apply carries operations out in their order.
func apply(body string, ops ...checklist.Op) (string, error) {
	for len(ops) > 0 {
		n := slices.IndexFunc(ops, func(op checklist.Op) bool { return op.Kind == checklist.OpMove })
		if n < 0 {
			return checklist.Apply(body, ops...)
		}
		next, err := body, error(nil)
		if n > 0 {
			next, err = checklist.Apply(body, ops[:n]...)
		}
		if err == nil {
			next, err = move(next, ops[n].Text)
		}
		if err != nil {
			return body, err
		}
		body, ops = next, ops[n+1:]
	}
	return body, nil
}

func move(body, text string) (string, error) {
	head, text, _ := strings.Cut(text, "\n")
	kind, level, _ := strings.Cut(head, " ")
	old, err := template.Read(body)
	if err != nil {
		return body, err
	}
	to := template.NewVersion(kind, level, text)
	m, err := template.Migrate(old, &to, template.Versions())
	if err != nil {
		return body, fmt.Errorf("move to another template: %w", err)
	}
	return m.Text, nil
}
