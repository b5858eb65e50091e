package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	gatherer "github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/evidence/hub"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/plugins/evidence"

	"github.com/ddbot/ddbot/pkg/engine"
)

// How much one /dd check may cost: a level's full check needs 25 reads at most, and an issue is worked on for half a minute.
const (
	checkBudget = 40
	checkFor    = 20 * time.Second
)

// evidenceLoaders load the facts of a project's repositories for the evidence plugin, as the bot's account sees them.
func evidenceLoaders(clients *github.Hub, now func() time.Time) map[fact.Kind]engine.Loader {
	return map[fact.Kind]engine.Loader{fact.KindEvidence: func(ctx context.Context, installation int64, s issue.Snapshot, project string) (any, error) {
		items, err := gatherer.Items(s.Body)
		if err != nil {
			return evidence.Gathered{Why: err.Error()}, nil
		}
		source, err := hub.New(hub.Options{
			URL: clients.URL(), Budget: checkBudget, UserAgent: "ddbot/" + buildVersion(), Now: now, Transport: clients.Transport(installation), Signed: true,
		})
		if err != nil {
			return nil, err
		}
		ctx, cancel := context.WithTimeout(ctx, checkFor)
		defer cancel()
		facts, err := gatherer.Gather(ctx, source, items, gatherer.Options{
			Project: gatherer.Project{Main: project}, Level: gatherer.GuessLevel(s.Body), Now: now(), MaxRead: readOnGitHub,
		})
		var limit *hub.LimitError
		switch {
		case err == nil:
			return evidence.Gathered{Facts: facts}, nil
		case errors.Is(err, gatherer.ErrNoRepo):
			return evidence.Gathered{Why: "there is no public repository " + project}, nil
		case errors.As(err, &limit):
			return evidence.Gathered{Why: limit.Error()}, nil
		case errors.Is(ctx.Err(), context.DeadlineExceeded):
			return evidence.Gathered{Why: "GitHub took too long to answer"}, nil
		}
		return nil, fmt.Errorf("%w: %w", github.ErrUnavailable, err)
	}}
}
