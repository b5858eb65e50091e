package main

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/registry"
	"github.com/ddbot/ddbot/pkg/store"
)

// looks are how we stand with GitHub, as the last look showed. Readiness does not depend on it: deliveries are kept until GitHub
// takes us again; but an operator must not have to wait for the first command to fail.
type looks struct {
	once  sync.Once
	first chan struct{} // closed after the first look

	mu   sync.Mutex
	last github.Standing
	at   time.Time
}

// How often to look: seldom while all is well, soon while it is not.
const (
	lookEvery = time.Hour
	lookAgain = time.Minute
	lookFirst = time.Second
	// mostRepos bounds the repositories that are looked at.
	mostRepos = 20
)

// keep looks now and again until the context ends. What has changed is logged.
func (l *looks) keep(ctx context.Context, o serverOptions, p parts, db *store.DB) {
	for {
		known, err := registry.All(ctx, db, mostRepos)
		if err != nil {
			o.Log.WithError(err).Warn("Cannot tell which repositories there are")
		}
		var repos []issue.Ref
		for _, r := range known {
			repos = append(repos, r.Ref())
		}
		for _, name := range p.config.Current().Repositories() {
			if r, ok := issue.ParseRepo(name); ok && !slices.Contains(repos, r.Ref()) && len(repos) < mostRepos {
				repos = append(repos, r.Ref())
			}
		}
		ask, cancel := context.WithTimeout(ctx, time.Minute)
		now := p.hub.Standing(ask, p.config.Current().Needs(), repos)
		cancel()
		if ctx.Err() != nil {
			return
		}
		l.take(now, o)
		l.once.Do(func() { close(l.first) })
		wait := lookEvery
		if len(now.Problems) > 0 {
			wait = lookAgain
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

func (l *looks) take(now github.Standing, o serverOptions) {
	l.mu.Lock()
	was, first := l.last, l.at.IsZero()
	l.last, l.at = now, o.Now()
	l.mu.Unlock()
	for _, p := range now.Problems {
		if !slices.Contains(was.Problems, p) {
			o.Log.Warn(p)
		}
	}
	if len(now.Problems) == 0 && (first || len(was.Problems) > 0) {
		o.Log.WithField("login", now.Login).Info("GitHub takes us, and knows who we are")
	}
}

// wait waits for the first look, so that the log tells things in order, but not for a GitHub that takes its time.
func (l *looks) wait(ctx context.Context) {
	select {
	case <-l.first:
	case <-ctx.Done():
	case <-time.After(lookFirst):
	}
}

// text is what /readyz?verbose says.
func (l *looks) text() (ok bool, text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.at.IsZero():
		return true, "not asked yet"
	case len(l.last.Problems) > 0:
		return false, strings.Join(l.last.Problems, "\n    ")
	case l.last.Login == "":
		return true, "it takes the token, and does not tell whose it is; looked " + l.at.UTC().Format(time.RFC3339)
	}
	return true, "we are " + l.last.Login + "; looked " + l.at.UTC().Format(time.RFC3339)
}
