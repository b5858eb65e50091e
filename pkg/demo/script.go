package demo

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"golang.org/x/tools/txtar"
)

// Script is what is played without a page.
type Script struct {
	Seed  Seed
	steps []step
}

// step is what happens before the bot looks.
type step struct {
	title string // "alice comments"
	text  string // what was written
	acts  []act
}

// act is one thing that somebody does. With before set it happens just before the bot's next call of that method to the
// issue.
type act struct {
	before string
	do     func(w *World) error
}

// ParseScript reads a script: a story (txtar, see package story), or a list of lines "login: comment".
func ParseScript(data []byte) (*Script, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if a := txtar.Parse(data); len(a.Files) > 0 {
		return parseStory(a)
	}
	return parseLines(string(data))
}

// parseLines reads a list: "alice: /dd done technical", "+90d" to let time go by; blank lines and lines that begin with #
// say nothing. In a comment \n is the end of a line.
func parseLines(text string) (*Script, error) {
	s := &Script{Seed: DefaultSeed()}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if ahead, ok := strings.CutPrefix(line, "+"); ok {
			d, err := parseTime(ahead)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			s.steps = append(s.steps, step{title: ahead + " pass", acts: []act{{do: func(w *World) error { return w.pass(d, true) }}}})
			continue
		}
		login, comment, ok := strings.Cut(line, ":")
		login = strings.TrimPrefix(strings.TrimSpace(login), "@")
		if !ok || !loginLike.MatchString(login) {
			return nil, fmt.Errorf(`line %d: %q is neither "login: comment" nor a time such as "+90d"`, n, line)
		}
		comment = strings.ReplaceAll(strings.TrimSpace(comment), `\n`, "\n")
		s.steps = append(s.steps, step{login + " comments", comment, []act{{do: func(w *World) error { return w.say(login, comment) }}}})
	}
	if len(s.steps) == 0 {
		return nil, fmt.Errorf("nothing happens in it: write lines such as %q", "alice: /dd done technical")
	}
	return s, nil
}

// parseTime reads days ("90d") or a Go duration.
func parseTime(s string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		if d, err := time.ParseDuration(days + "h"); err == nil {
			return 24 * d, nil
		}
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, fmt.Errorf("%q is no time to pass: write 90d or 36h", s)
	}
	return d, nil
}

// run plays one step.
func (w *World) run(ctx context.Context, s step) (Change, error) {
	var late []func() error
	c, err := w.do(ctx, s.title, func() error {
		w.hold(len(s.acts) > 1)
		defer w.hold(false)
		for _, a := range s.acts {
			if a.before != "" {
				late = append(late, w.ambush(a))
				continue
			}
			if err := a.do(w); err != nil {
				return err
			}
		}
		return nil
	})
	for _, check := range late {
		if e := check(); err == nil {
			err = e
		}
	}
	return c, err
}
