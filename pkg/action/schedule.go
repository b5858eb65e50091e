package action

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/ddbot/ddbot/pkg/command"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/sweep"
)

// How far a scheduled run looks back: for commands that no run has answered, and, in so many hundreds of comments, for issues that
// a /dd command has made tracked. A workflow's token has 1,000 requests an hour.
const (
	lookBack = 48 * time.Hour
	maxPages = 20
)

// ownRun is how long a command is left to the run that its own event starts: two runs at once would answer twice.
const ownRun = 15 * time.Minute

// schedule makes up for runs that got lost, and sweeps.
func (r *run) schedule(ctx context.Context) error {
	inputs := gjson.GetBytes(r.Payload, "inputs")
	if dry := inputs.Get("dry-run"); dry.Bool() || strings.EqualFold(dry.Str, "true") {
		r.engine.DryRun, r.DryRun, r.report.DryRun = true, true, true
	}
	settings, err := r.Settings(ctx, r.gh, r.Repo)
	if err != nil || settings == nil {
		return err
	}
	list, err := r.gh.LatestComments(ctx, r.Repo, maxPages)
	if err != nil {
		return err
	}
	missed, err := r.missed(ctx, settings, list)
	if err != nil {
		return err
	}
	for _, n := range missed {
		if err := r.issue(ctx, r.at(n), nil); err != nil && !errors.Is(err, github.ErrGone) {
			return fmt.Errorf("%v: %w", r.at(n), err)
		}
	}
	if err := r.tracked(ctx, settings, list); err != nil {
		return err
	}
	return r.sweep(ctx)
}

func (r *run) at(number int) issue.Ref {
	ref := r.Repo
	ref.Number = number
	return ref
}

// missed gives the issues with commands of the last days. Which of them nobody has answered shows only on the issue.
func (r *run) missed(ctx context.Context, s *plugin.Settings, list []github.Written) ([]int, error) {
	since := r.Now().Add(-lookBack)
	opened, err := r.gh.OpenedSince(ctx, r.Repo, since)
	if err != nil && !errors.Is(err, github.ErrGone) { // there are pull requests only
		return nil, err
	}
	return numbers(append(slices.Clone(list), opened...), func(x github.Written) bool {
		return x.CreatedAt.After(since) && r.Now().Sub(x.CreatedAt) > ownRun && commands(x, s)
	}), nil
}

// tracked finds the issues on which a /dd command has succeeded: the sweep looks after them, too. It costs a query for each issue
// with such a command.
func (r *run) tracked(ctx context.Context, s *plugin.Settings, list []github.Written) error {
	for _, n := range numbers(list, func(x github.Written) bool { return tracks(x.Body, s) }) {
		switch err := r.read(ctx, r.at(n)); {
		case errors.Is(err, github.ErrGone):
			continue
		case err != nil:
			return err
		}
		if err := r.remember(ctx, s, nil); err != nil {
			return err
		}
	}
	return nil
}

// numbers gives the issues of those texts, each once.
func numbers(list []github.Written, of func(github.Written) bool) []int {
	var out []int
	for _, x := range list {
		if len(command.Lines(x.Body)) > 0 && of(x) {
			out = append(out, x.Number)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// sweep finds whose clock has run out, and carries out what follows. Without books it reads every open issue that is tracked.
func (r *run) sweep(ctx context.Context) error {
	s := &sweep.Sweeper{
		Store: r.in, Client: func(int64) sweep.GitHub { return r.gh.Client }, Now: r.Now, Log: r.Log, Weekly: true, Apart: true,
		Settings: func(ctx context.Context, repo issue.Ref, _ int64) (*plugin.Settings, error) {
			return r.Settings(ctx, r.gh, repo)
		},
		Pacer: &sweep.Pacer{Limits: sweep.DefaultLimits, Store: r.in, Now: r.Now, Sleep: r.Sleep},
	}
	found, err := s.Sweep(ctx, sweep.Request{Repo: r.Repo, DryRun: r.DryRun})
	if found != nil {
		r.report.swept(found)
	}
	if err != nil {
		return err
	}
	for _, key := range r.in.keys() {
		ds := r.in.take(key)
		e, _, err := payload.Decode(ds[0].Event, ds[0].Payload)
		if err == nil {
			err = r.read(ctx, e.Issue.Ref)
		}
		if errors.Is(err, github.ErrGone) {
			continue
		}
		if err == nil {
			err = r.work(ctx, &batch{in: r.in, key: key, deliveries: ds})
		}
		if err != nil {
			return err
		}
	}
	return nil
}
