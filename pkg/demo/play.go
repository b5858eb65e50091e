package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ddbot/ddbot/pkg/githubsim"
)

// Play plays the script and prints for each step what was done and what changed:
//
//	== 1 alice comments ==
//	/dd done technical
//	-- diff --
//	- - [ ] …
//	+ - [x] …
//	-- reactions --
//	+1 on the comment of alice
//	-- calls --
//	PATCH /repos/example/toc/issues/1 200
//
// What GitHub refuses somebody to do is printed, and the script goes on.
func (w *World) Play(ctx context.Context, s *Script, out io.Writer) error {
	for n, st := range s.steps {
		if _, err := fmt.Fprintf(out, "== %d %s ==\n%s", n+1, st.title, lines(st.text)); err != nil {
			return err
		}
		c, err := w.run(ctx, st)
		var refused *githubsim.Error
		if err != nil && !errors.As(err, &refused) {
			return fmt.Errorf("step %d, %s: %w", n+1, st.title, err)
		}
		if _, err := io.WriteString(out, c.text()+"\n"); err != nil {
			return err
		}
	}
	return nil
}

// text is the change in sections; what is empty is left out.
func (c Change) text() string {
	var b strings.Builder
	part := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "-- %s --\n%s", name, lines(text))
		}
	}
	part("refused", c.Refused)
	part("diff", c.Diff)
	part("reply", strings.ReplaceAll(strings.Join(c.Replies, "\n"), "\u00a0", " ")) // as one sees it
	part("reactions", strings.Join(c.Reactions, "\n"))
	var calls []string
	for _, call := range c.Calls {
		calls = append(calls, fmt.Sprintf("%s %s %d", call.Method, call.Path, call.Status))
	}
	part("calls", strings.Join(calls, "\n"))
	if c.Refused == "" {
		part("summary", c.Summary())
	}
	return b.String()
}

// lines ends a text with a line end, unless there is none.
func lines(text string) string {
	if text == "" || strings.HasSuffix(text, "\n") {
		return text
	}
	return text + "\n"
}
