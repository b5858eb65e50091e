package sweep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/stale"
)

// skew is how far GitHub's clock may be behind ours.
const skew = time.Minute

// learn brings the books up to date. The cursor is written last: after a crash the same changes are read again.
func (r *run) learn(ctx context.Context) error {
	known, found, err := load[cursor](ctx, r.Store, cursorKind, r.cursorID())
	if err != nil {
		return err
	}
	scope, err := json.Marshal(r.settings.Tracked)
	if err != nil {
		return err
	}
	r.cursor = known
	first := !found || r.Full || known.Scope != string(scope)
	if first {
		r.cursor = cursor{Since: r.started.Add(-skew).Truncate(time.Second), Swept: r.cursor.Swept}
		if r.cursor.RepoID, err = r.gh.RepoID(ctx, r.Repo); err != nil {
			return err
		}
	}
	if err := r.open(ctx); err != nil {
		return err
	}
	rows, err := r.changes(ctx, first)
	if err != nil {
		return err
	}
	ids, gone := r.sift(rows, first)
	if err := r.read(ctx, ids, gone); err != nil {
		return err
	}
	r.report.Open = len(r.books)
	r.cursor.Scope = string(scope)
	if r.cursor == known {
		return nil
	}
	return r.keepCursor(ctx)
}

func (r *run) keepCursor(ctx context.Context) error {
	c, err := record(cursorKind, r.cursorID(), r.cursor)
	if err != nil {
		return err
	}
	return r.Store.PutAll(ctx, c)
}

func (r *run) cursorID() string { return issue.FoldLogin(r.Repo.FullName()) }

// changes lists what changed since the last time; the first time, all open issues, and then what changed while they were
// listed. That last listing is also the one that will cost nothing while nothing happens.
func (r *run) changes(ctx context.Context, first bool) (rows []issue.Snapshot, err error) {
	if first {
		if rows, err = r.all(ctx); err != nil {
			return nil, err
		}
		r.progress("listed", len(rows), len(rows))
	}
	got, err := r.gh.ListIssues(ctx, r.Repo, github.Listing{State: "all", Since: r.cursor.Since, ETag: r.cursor.ETag})
	if err != nil {
		return nil, err
	}
	r.cursor.Since, r.cursor.ETag = got.Since, got.ETag
	return append(rows, got.Issues...), nil
}

// all gives all open issues. Where each of them is tracked they are read into the books as they are listed, which costs half as many
// reads; else they are listed first, for few of them have to be read. Where GitHub cannot list them so, they are listed, too.
func (r *run) all(ctx context.Context) (rows []issue.Snapshot, err error) {
	if r.settings.Tracked.All {
		rows, err = r.readAll(ctx)
		if err == nil {
			// What changed since the first page was read is listed once more.
			if newest := newestOf(rows); !newest.IsZero() && newest.Before(r.cursor.Since) {
				r.cursor.Since = newest
			}
			return rows, nil
		}
		if github.IsRateLimit(err) || !errors.Is(err, github.ErrPart) && !errors.Is(err, github.ErrUnavailable) {
			return nil, err
		}
		r.Log.WithField("repository", r.Repo.FullName()).WithError(err).Info("GitHub does not give all issues with what happened to them; listing them first")
	}
	open, err := r.gh.ListIssues(ctx, r.Repo, github.Listing{State: issue.Open})
	if n := len(open.Issues); err == nil && n > 0 {
		r.cursor.Since = open.Issues[n-1].UpdatedAt
	}
	return open.Issues, err
}

func newestOf(rows []issue.Snapshot) (at time.Time) {
	for _, row := range rows {
		if row.UpdatedAt.After(at) {
			at = row.UpdatedAt
		}
	}
	return at
}

// readAll reads all open issues into the books, page by page. What came in part is left to be read by itself.
func (r *run) readAll(ctx context.Context) (rows []issue.Snapshot, err error) {
	err = r.gh.OpenIssues(ctx, r.Repo, r.reading(r.byNode(), false), func(hs []*github.History) error {
		var rs []queue.Record
		for _, h := range hs {
			rows = append(rows, h.Issue)
			if h.Part {
				continue
			}
			b := r.books[h.Issue.Ref.Number]
			switch {
			case b == nil:
				b = &stale.Issue{FirstSeen: r.started}
			case r.Full:
				b = &stale.Issue{FirstSeen: b.FirstSeen}
			}
			r.readOnly = h.Archived
			r.take(b, h)
			r.books[h.Issue.Ref.Number] = b
			rec, err := page(b)
			if err != nil {
				return err
			}
			rs = append(rs, rec)
		}
		r.report.Changed += len(rs)
		r.progress("read", len(rows), len(rows))
		return errors.Join(r.Store.PutAll(ctx, rs...), r.spare())
	})
	return rows, err
}

func (r *run) byNode() map[string]*stale.Issue {
	out := map[string]*stale.Issue{}
	for _, b := range r.books {
		out[b.NodeID] = b
	}
	return out
}

// open reads the repository's books.
func (r *run) open(ctx context.Context) error {
	prefix := event.Key(r.cursor.RepoID, 0)
	prefix = strings.TrimSuffix(prefix, "0")
	rs, err := r.Store.List(ctx, stale.BookKind, prefix, 0)
	if err != nil {
		return err
	}
	for _, rec := range rs {
		var i stale.Issue
		if err := json.Unmarshal(rec.Data, &i); err != nil {
			return fmt.Errorf("read record %s %s: %w", rec.Kind, rec.ID, err)
		}
		r.books[i.Ref.Number] = &i
	}
	ts, err := r.Store.List(ctx, trackedKind, prefix, 0)
	for _, t := range ts {
		if n, err := strconv.Atoi(strings.TrimPrefix(t.ID, prefix)); err == nil {
			r.tracked[n] = true
		}
	}
	return err
}

func (r *run) scope(s issue.Snapshot) bool {
	return inScope(r.settings.Tracked, s.Labels, r.tracked[s.Ref.Number])
}

// sift gives the node ids of issues that must be read, and drops the books of those that are out of scope or closed.
func (r *run) sift(rows []issue.Snapshot, first bool) (ids []string, gone []int) {
	latest := map[int]issue.Snapshot{}
	for _, row := range rows {
		latest[row.Ref.Number] = row // a later row of the same issue is newer
	}
	for n, b := range r.books {
		row, listed := latest[n]
		// With everything listed, what is not there is not open, or not there at all.
		if listed && row.State != issue.Open || !listed && (first || !r.scope(b.Snapshot)) || listed && !r.scope(row) {
			gone = append(gone, n)
			delete(r.books, n)
			continue
		}
		if !listed && b.Unknown {
			latest[n] = b.Snapshot
		}
	}
	for _, row := range latest {
		b := r.books[row.Ref.Number]
		fresh := b != nil && !b.Unknown && same(b.Snapshot, row) && (!r.Full || !b.Read.Before(r.started))
		if row.State != issue.Open || !r.scope(row) || fresh {
			continue
		}
		switch {
		case b == nil:
			r.books[row.Ref.Number] = &stale.Issue{Snapshot: row, FirstSeen: r.started, Unknown: true}
		case r.Full:
			r.books[row.Ref.Number] = &stale.Issue{Snapshot: row, FirstSeen: b.FirstSeen, Unknown: true}
		}
		if row.NodeID == "" {
			r.report.Unknown++ // it cannot be asked for
			continue
		}
		ids = append(ids, row.NodeID)
	}
	slices.Sort(ids)
	return ids, gone
}

// same tells whether a row shows the issue as the book has it. The time alone does not say so: it has only seconds.
func same(b, row issue.Snapshot) bool {
	return b.UpdatedAt.Equal(row.UpdatedAt) && b.Locked == row.Locked && b.Milestone == row.Milestone &&
		slices.Equal(slices.Sorted(slices.Values(b.Labels)), slices.Sorted(slices.Values(row.Labels))) &&
		slices.Equal(slices.Sorted(slices.Values(b.Assignees)), slices.Sorted(slices.Values(row.Assignees)))
}

// step is how many issues are read, and written down, at a time.
const step = 100

// read reads histories into the books and writes those down.
func (r *run) read(ctx context.Context, ids []string, gone []int) error {
	var rs []queue.Record
	for _, n := range gone {
		rs = append(rs, queue.Record{Kind: stale.BookKind, ID: event.Key(r.cursor.RepoID, n)})
	}
	if len(rs) > 0 {
		if err := r.Store.PutAll(ctx, rs...); err != nil {
			return err
		}
	}
	r.report.Changed += len(ids)
	for done := 0; done < len(ids); done += step {
		if err := r.spare(); err != nil {
			return err
		}
		if _, err := r.verify(ctx, ids[done:min(done+step, len(ids))], false); err != nil {
			return err
		}
		r.progress("read", min(done+step, len(ids)), len(ids))
	}
	return nil
}

// verify reads issues anew, into the books, and gives them with their descriptions if wanted.
func (r *run) verify(ctx context.Context, ids []string, bodies bool) (map[int]string, error) {
	byNode := r.byNode()
	hs, err := r.gh.Histories(ctx, r.Repo, ids, r.reading(byNode, bodies))
	if err != nil {
		return nil, err
	}
	texts := map[int]string{}
	var rs []queue.Record
	for n, h := range hs {
		b := byNode[ids[n]]
		switch {
		case b == nil:
			continue
		case h == nil:
			b.Unknown = true
			r.report.Unknown++
		case h.Gone || h.Issue.State != issue.Open:
			delete(r.books, b.Ref.Number)
			rs = append(rs, queue.Record{Kind: stale.BookKind, ID: event.Key(r.cursor.RepoID, b.Ref.Number)})
			continue
		default:
			r.readOnly = h.Archived
			texts[b.Ref.Number] = h.Issue.Body
			r.take(b, h)
		}
		rec, err := page(b)
		if err != nil {
			return nil, err
		}
		rs = append(rs, rec)
	}
	return texts, r.Store.PutAll(ctx, rs...)
}

// take writes what was read into a book.
func (r *run) take(b *stale.Issue, h *github.History) {
	if h.Issue.Ref.Number == 0 {
		h.Issue.Ref.Number = b.Ref.Number
	}
	b.Snapshot, b.Pinned, b.Unknown, b.Read = h.Issue, h.Pinned, false, r.Now().UTC()
	b.RepoID = r.cursor.RepoID
	// A comment that is not there any more was deleted, unless it has only just come.
	if c := b.Last[stale.Comment].At; c.After(h.Oldest) && c.Before(r.Now().Add(-skew)) {
		delete(b.Last, stale.Comment)
	}
	b.Learn(r.policy, h.Timeline...)
}

// reading asks for as much history as the policy needs.
func (r *run) reading(books map[string]*stale.Issue, bodies bool) github.Reading {
	return github.Reading{
		Bodies: bodies, Reactions: r.policy.Counts[stale.Reaction],
		Enough: func(h *github.History) bool {
			trial := &stale.Issue{FirstSeen: r.started}
			if b := books[h.Issue.NodeID]; b != nil {
				trial = b.Clone()
			}
			r.take(trial, h)
			return r.policy.Enough(trial, h.Oldest, r.Now()) && !r.hidden(trial, h)
		},
	}
}

// hidden tells whether something about which nothing is known yet changed an issue that is due: an old comment may have been
// edited, which shows with the comment only.
func (r *run) hidden(i *stale.Issue, h *github.History) bool {
	switch stale.Next(r.policy, i, r.Now()).Action {
	case stale.Nothing, stale.GoFresh:
		return false
	}
	return r.policy.Counts[stale.Edit] && !slices.ContainsFunc(h.Timeline, func(x stale.TimelineEvent) bool {
		return !x.At.Before(h.Issue.UpdatedAt.Add(-skew))
	})
}
