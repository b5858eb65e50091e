package evidence

import (
	"context"
	"errors"
	"sync"
)

// historyOf are the kinds of documents whose changes tell something, one document of each.
var historyOf = [][]string{{"governance", "charter", "steering"}, {"maintainers", "owners-aliases", "owners"}, {"roadmap"}}

// past is what the history says, once it was read.
type past struct {
	files   []File
	read    func() // once; whoever comes later waits for it
	changes [][]Change
	err     error
}

// historyAhead has a source that can do so read the history while other things are read and thought about: of a clone it takes longest.
func (g *gatherer) historyAhead(ctx context.Context) error {
	p := &past{}
	for _, kinds := range historyOf {
		for _, d := range g.f.best(kinds...) {
			if !d.Entry().Dir {
				p.files = append(p.files, d.File)
				break
			}
		}
	}
	p.read = sync.OnceFunc(func() { p.changes, p.err = g.source.History(ctx, p.files) })
	if _, ok := g.source.(Concurrent); ok {
		go p.read()
	}
	g.past = p
	return nil
}

func (g *gatherer) history(context.Context) error {
	g.Progress("reading the history of documents")
	g.past.read()
	if g.past.err != nil {
		if err := g.lack("history", g.past.err); err != nil || !errors.Is(g.past.err, ErrShallow) {
			return err
		}
	}
	for i, f := range g.past.files {
		g.f.History[historyKey(f)] = g.past.changes[i]
	}
	return nil
}
