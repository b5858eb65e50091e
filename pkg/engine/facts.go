package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/owners"
	"github.com/ddbot/ddbot/pkg/plan"
)

// loader loads one kind of fact. Keep is how long the answer may be reused for other issues of the repository; 0 is not
// at all.
type loader struct {
	load func(w *batchRun, ctx context.Context, arg string) (any, error)
	keep time.Duration
	none any // what GitHub's 404 means: there is nothing, or nothing that we may see
}

const keepFacts = 5 * time.Minute

var loaders = map[fact.Kind]loader{
	fact.KindPermission: {(*batchRun).loadPermission, keepFacts, fact.None},
	fact.KindLabels:     {(*batchRun).loadLabels, keepFacts, []string(nil)},
	fact.KindMilestones: {(*batchRun).loadMilestones, keepFacts, []fact.Milestone(nil)},
	fact.KindTeam:       {(*batchRun).loadTeam, keepFacts, false},
	fact.KindOwners:     {(*batchRun).loadOwners, keepFacts, fact.Owners{}},
	fact.KindLabelings:  {(*batchRun).loadLabelings, 0, []fact.Labeling(nil)},
	fact.KindNotice:     {(*batchRun).loadNotice, 0, int64(0)},
	fact.KindRecord:     {(*batchRun).loadRecord, 0, []byte(nil)},
	fact.KindSelf:       {(*batchRun).loadSelf, 0, ""},
	fact.KindEdits:      {(*batchRun).loadEdits, 0, []fact.Edit(nil)},
	fact.KindStatus:     {(*batchRun).loadStatus, 0, fact.Status{}},
	fact.KindElsewhere:  {(*batchRun).loadElsewhere, time.Minute, fact.Elsewhere{}},
	fact.KindReads:      {(*batchRun).loadReads, keepFacts, false},
	fact.KindMade:       {(*batchRun).loadMade, 0, fact.Made{}},
	fact.KindBranch:     {(*batchRun).loadBranch, 0, fact.Branch{}},
	fact.KindMentions:   {(*batchRun).loadMentions, 0, []issue.Ref(nil)},
	fact.KindLatestBy:   {(*batchRun).loadLatestBy, 0, int64(0)},
	fact.KindFile:       {(*batchRun).loadFile, keepFacts, fact.File{}},

	fact.KindApplications: {(*batchRun).loadApplications, time.Minute, []fact.Application(nil)},
	fact.KindProject:      {(*batchRun).loadProject, keepFacts, []string(nil)},
}

// load loads the missing facts of one round together.
func (w *batchRun) load(ctx context.Context, set *fact.Set, keys []fact.Key) error {
	keys = slices.Clone(keys)
	slices.SortFunc(keys, func(a, b fact.Key) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Arg, b.Arg))
	})
	keys = slices.Compact(keys)
	values := make([]any, len(keys))
	err := forAll(ctx, len(keys), func(ctx context.Context, i int) (err error) {
		if values[i], err = w.loadOne(ctx, keys[i]); err != nil {
			return fmt.Errorf("ask for %v of %v: %w", keys[i], w.ref, err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, k := range keys {
		set.Put(k, values[i])
	}
	return nil
}

// forAll does n things, several at a time. One, as nearly always, needs no goroutine, whose stack would have to grow first.
func forAll(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	if n == 1 {
		return do(ctx, 0)
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for i := range n {
		g.Go(func() error { return do(ctx, i) })
	}
	return g.Wait()
}

func (w *batchRun) loadOne(ctx context.Context, k fact.Key) (any, error) {
	l, ok := loaders[k.Kind]
	if other := w.Loaders[k.Kind]; other != nil {
		return other(ctx, w.installation, w.read, k.Arg)
	}
	if !ok {
		return nil, errors.New("no such kind of fact")
	}
	load := func() (any, error) {
		v, err := l.load(w, ctx, k.Arg)
		if errors.Is(err, github.ErrGone) {
			return l.none, nil
		}
		return v, err
	}
	if l.keep == 0 {
		return load()
	}
	if v, ok := w.cached(k); ok {
		return v, nil
	}
	v, err := load()
	if err == nil {
		w.facts.put(w.cacheKey(k), v, w.Now().Add(l.keep), w.Now())
	}
	return v, err
}

// cached gives a fact that was asked for a short time ago, perhaps of another issue of the repository.
func (w *batchRun) cached(k fact.Key) (any, bool) {
	if loaders[k.Kind].keep == 0 || k.Arg == fact.Fresh {
		return nil, false
	}
	return w.facts.get(w.cacheKey(k), w.Now())
}

func (w *batchRun) cacheKey(k fact.Key) cacheKey {
	if k.Arg == fact.Fresh {
		k.Arg = ""
	}
	return cacheKey{w.installation, issue.FoldLogin(w.ref.FullName()), k}
}

func (w *batchRun) loadPermission(ctx context.Context, login string) (any, error) {
	return w.gh.Permission(ctx, w.ref, login)
}

func (w *batchRun) loadLabels(ctx context.Context, _ string) (any, error) {
	return w.gh.Labels(ctx, w.ref)
}

func (w *batchRun) loadMilestones(ctx context.Context, _ string) (any, error) {
	return w.gh.Milestones(ctx, w.ref)
}

func (w *batchRun) loadTeam(ctx context.Context, arg string) (any, error) {
	team, login, _ := strings.Cut(arg, " ")
	in, err := w.gh.TeamMember(ctx, w.ref, team, login)
	if errors.Is(err, github.ErrGone) {
		if w.once("team " + team) {
			w.log().WithError(err).Warnf("The team %s cannot be seen, so nobody is in it: is it spelled right, and may the token read the members of the organisation?", team)
		}
	}
	return in, err
}

func (w *batchRun) loadOwners(ctx context.Context, _ string) (any, error) {
	file, found, err := w.gh.File(ctx, w.ref, "OWNERS")
	if err != nil || !found {
		return fact.Owners{}, err
	}
	aliases, _, err := w.gh.File(ctx, w.ref, "OWNERS_ALIASES")
	if err != nil {
		return nil, err
	}
	o, err := owners.Parse(file, aliases)
	if err != nil {
		// What is broken gives nobody a right; the rest and permissions count. It is the repository's mistake, no outage.
		w.log().WithError(err).Warn("Cannot read all of OWNERS and OWNERS_ALIASES; the rest of them counts")
	}
	return o, nil
}

// loadLabelings joins what GitHub shows (who put a label on) with what we know (who asked the bot to).
func (w *batchRun) loadLabelings(ctx context.Context, _ string) (any, error) {
	all, err := w.gh.Labelings(ctx, w.ref)
	if err != nil {
		return nil, err
	}
	self, err := w.gh.Self(ctx)
	if err != nil {
		return nil, err
	}
	for i, l := range all {
		if !issue.SameLogin(l.By, self) {
			continue
		}
		data, err := w.memory(ctx, recordLabeled, w.batch.Key()+"/"+issue.FoldLabel(l.Label))
		if err != nil {
			return nil, err
		}
		var by labeled
		if data != nil && json.Unmarshal(data, &by) == nil {
			all[i].By, all[i].ByID = by.By, by.ByID
		}
	}
	return all, nil
}

func (w *batchRun) loadNotice(ctx context.Context, key string) (any, error) {
	data, err := w.memory(ctx, recordNotice, w.batch.Key()+"/"+key)
	if err != nil {
		return nil, err
	}
	var id int64
	if data != nil && json.Unmarshal(data, &id) == nil {
		return id, nil
	}
	return findOwn(ctx, w.gh, w.ref, plan.MarkedBy(plan.Marker(key)))
}

func (w *batchRun) loadRecord(ctx context.Context, arg string) (any, error) {
	if kind, login, ok := strings.Cut(arg, fact.About); ok {
		return w.memory(ctx, kind, login)
	}
	return w.memory(ctx, arg, w.batch.Key())
}

func (w *batchRun) loadSelf(ctx context.Context, _ string) (any, error) {
	self, err := w.gh.Self(ctx)
	if errors.Is(err, github.ErrForbidden) {
		err = nil // some tokens may not ask
	}
	return self, err
}

func (w *batchRun) loadEdits(ctx context.Context, _ string) (any, error) {
	return w.gh.Edits(ctx, w.ref)
}

// loadStatus asks GitHub once for each issue: afterwards it is remembered what ddbot wrote, and that there is nothing.
func (w *batchRun) loadStatus(ctx context.Context, other string) (any, error) {
	if other != "" {
		ref, err := issue.ParseRef(other)
		if err != nil {
			return nil, err
		}
		return w.gh.OwnComment(ctx, ref, plan.Marker(fact.StatusKey))
	}
	data, err := w.memory(ctx, recordStatus, w.batch.Key())
	if err != nil {
		return nil, err
	}
	var known fact.Status
	if data != nil && json.Unmarshal(data, &known) == nil {
		return known, nil
	}
	var found fact.Status
	if !w.isFirst() {
		found, err = w.gh.OwnComment(ctx, w.ref, plan.Marker(fact.StatusKey))
	}
	if errors.Is(err, github.ErrGone) {
		err = nil
	}
	if err == nil {
		w.books = w.keep(w.books, recordStatus, found)
	}
	return found, err
}

// isFirst tells whether something is the first that happened to the issue: ddbot has written no comment there.
func (w *batchRun) isFirst() bool {
	return slices.ContainsFunc(w.events, func(ev event.Event) bool { return ev.First })
}

func (w *batchRun) loadElsewhere(ctx context.Context, arg string) (any, error) {
	ref, err := issue.ParseRef(arg)
	if err != nil {
		return nil, err
	}
	return w.gh.Elsewhere(ctx, ref)
}

// loadReads takes "owner/repo login", without a login for everybody.
func (w *batchRun) loadReads(ctx context.Context, arg string) (any, error) {
	name, login, _ := strings.Cut(arg, " ")
	ref := repository(name)
	if login == "" {
		return w.gh.Public(ctx, ref)
	}
	level, err := w.gh.Permission(ctx, ref, login)
	if errors.Is(err, github.ErrForbidden) {
		return false, nil // what we may not see, we do not show
	}
	return level >= fact.Read, err
}

func (w *batchRun) loadMentions(ctx context.Context, _ string) (any, error) {
	return w.gh.Mentions(ctx, w.ref)
}

func (w *batchRun) loadApplications(ctx context.Context, label string) (any, error) {
	return w.gh.Applications(ctx, w.ref, label)
}

// loadProject reads who maintains a project. What is broken there, or not for us, names nobody.
func (w *batchRun) loadProject(ctx context.Context, arg string) (any, error) {
	project := repository(arg)
	text, err := w.visibleFile(ctx, issue.Ref{Owner: project.Owner, Repo: ".project"}, "maintainers.yaml")
	if err != nil {
		return nil, err
	}
	if logins, bad := evidence.Maintainers(text, project.Repo); bad == nil && len(logins) > 0 {
		return logins, nil
	}
	if text, err = w.visibleFile(ctx, project, "OWNERS"); err != nil {
		return nil, err
	}
	o, bad := owners.Parse(text, nil)
	if bad != nil {
		w.log().WithError(bad).Warn("Cannot read all of OWNERS of the project")
	}
	return o.Approvers, nil
}

// visibleFile reads a file; there is none where we may not read it.
func (w *batchRun) visibleFile(ctx context.Context, ref issue.Ref, name string) ([]byte, error) {
	text, _, err := w.gh.File(ctx, ref, name)
	if errors.Is(err, github.ErrForbidden) || errors.Is(err, github.ErrInvalid) {
		err = nil
	}
	return text, err
}
