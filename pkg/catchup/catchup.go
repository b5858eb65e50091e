// Package catchup makes up for deliveries that never arrived: GitHub does not deliver again by itself. At the start and
// on a schedule it reads GitHub's own log of deliveries and asks for what failed, or what the store does not know, once
// more. Without the right to that log it lists the comments since the last one seen and queues those with commands that
// nobody has answered. Where Prow's hook forwards the deliveries that log is Prow's: asked to deliver again, GitHub would
// deliver to Prow, which carries out what it has carried out already. There only the comments are listed.
package catchup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/command"
	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/registry"
)

const (
	recordSeen = "catchup" // until when a source was looked through

	// lookBack is how far the first look goes, on an empty database.
	lookBack = 24 * time.Hour
	// overlap covers clocks that differ and deliveries under way.
	overlap = 10 * time.Minute
	// noteAgain is how long a replica takes for granted that a repository is still noted: another may have forgotten it.
	noteAgain = time.Hour
	// askAgain is how often a delivery that fails again and again is asked for, and askApart how far apart: who is restarted
	// again and again must not give up within a minute.
	askAgain = 5
	askApart = 5 * time.Minute
)

// ProwHook is the User-Agent of what Prow's hook forwards; all other headers are GitHub's to hook (kubernetes-sigs/prow,
// pkg/hook/server.go @ a61940897).
const ProwHook = "ProwHook"

// Catchup looks for what was missed.
type Catchup struct {
	Store interface {
		queue.Inbox
		queue.Records
	}
	Hub   *github.Hub
	Now   func() time.Time
	Log   logrus.FieldLogger
	Count func(source string, n int) // for metrics; nil is fine
	// Forwarded tells whether all deliveries come through Prow's hook; nil is no.
	Forwarded func() bool

	mu      sync.Mutex
	known   map[registry.Repo]time.Time // when it was noted
	awaited []string                    // GUIDs of deliveries that were asked for; nil while nobody waits
}

const (
	// arrival is how often one looks whether what was asked for has come, and arriveFor how long.
	arrival   = 50 * time.Millisecond
	arriveFor = 10 * time.Second
)

// Start looks once through everything and waits for what was asked for: what was missed goes before what comes now.
func (c *Catchup) Start(ctx context.Context) error {
	c.mu.Lock()
	c.awaited = []string{}
	c.mu.Unlock()
	err := c.Run(ctx)
	c.mu.Lock()
	awaited := c.awaited
	c.awaited = nil
	c.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, arriveFor)
	defer cancel()
	tick := time.NewTicker(arrival)
	defer tick.Stop()
	for len(awaited) > 0 {
		if _, missing := c.Store.Lookup(ctx, awaited[0]); !errors.Is(missing, queue.ErrNotFound) {
			awaited = awaited[1:]
			continue
		}
		select {
		case <-ctx.Done():
			return err
		case <-tick.C:
		}
	}
	return err
}

// Receive stores a delivery, and where it came from: that is where missed ones are looked for. It is a webhook.InboxFunc.
func (c *Catchup) Receive(r *http.Request, e payload.Envelope, d queue.Delivery) (fresh bool, err error) {
	fresh, err = c.Store.Admit(r.Context(), d)
	if err == nil && fresh {
		if err := c.Note(r.Context(), r.Header, e); err != nil {
			c.Log.WithError(err).Warn("Cannot remember where a delivery came from")
		}
	}
	return fresh, err
}

// Note remembers where a delivery came from. It costs a write only for what is new.
func (c *Catchup) Note(ctx context.Context, h http.Header, e payload.Envelope) error {
	if e.RepoID == 0 {
		return nil // not from GitHub itself
	}
	r := registry.Repo{ID: e.RepoID, Repo: issue.Repo{Owner: e.Owner, Name: e.Repo}, Installation: e.Installation}
	if h.Get("X-GitHub-Hook-Installation-Target-Type") == "repository" && h.Get("User-Agent") != ProwHook {
		r.HookID, _ = strconv.ParseInt(h.Get("X-GitHub-Hook-ID"), 10, 64)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if at, ok := c.known[r]; ok && c.Now().Sub(at) < noteAgain {
		return nil
	}
	if err := registry.Put(ctx, c.Store, r); err != nil {
		return err
	}
	if c.known == nil {
		c.known = map[registry.Repo]time.Time{}
	}
	c.known[r] = c.Now()
	return nil
}

// Run looks once through everything. One repository's trouble does not keep it from the others; a rate limit is
// everybody's, and gives a *store.Snooze.
func (c *Catchup) Run(ctx context.Context) error {
	err := c.run(ctx)
	if limited, ok := errors.AsType[*github.RateLimitError](err); ok {
		return &queue.Snooze{For: max(limited.Until.Sub(c.Now()), time.Second), Reason: err}
	}
	return err
}

func (c *Catchup) run(ctx context.Context) error {
	repos, err := registry.All(ctx, c.Store, 0)
	if err != nil && len(repos) == 0 {
		return err
	}
	errs := []error{err}
	if c.Hub.IsApp() && !c.forwarded() {
		done, err := c.redeliver(ctx, registry.Repo{}, github.Hook{App: true}, "app")
		if done || err != nil {
			return err
		}
	}
	for _, r := range repos {
		err := c.repo(ctx, r)
		if errors.Is(err, github.ErrGone) {
			err = c.forget(ctx, r)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("catch up with %s: %w", r.Ref().FullName(), err))
		}
		if _, ok := errors.AsType[*github.RateLimitError](err); ok {
			break
		}
	}
	return errors.Join(errs...)
}

func (c *Catchup) repo(ctx context.Context, r registry.Repo) error {
	if r.HookID != 0 && !c.forwarded() {
		done, err := c.redeliver(ctx, r, github.Hook{ID: r.HookID}, fmt.Sprintf("hook/%d", r.HookID))
		if done || err != nil {
			return err
		}
	}
	return c.texts(ctx, r)
}

// forget stops asking for a repository that is gone. Should it send an event once more, it is noted again.
func (c *Catchup) forget(ctx context.Context, r registry.Repo) error {
	c.Log.WithField("repository", r.Ref().FullName()).Info("The repository is gone; nothing is looked for there any more")
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.known, func(k registry.Repo, _ time.Time) bool { return k.ID == r.ID })
	return registry.Forget(ctx, c.Store, r)
}

// redeliver goes through GitHub's log of a hook. done is false where we may not read it.
func (c *Catchup) redeliver(ctx context.Context, r registry.Repo, hook github.Hook, source string) (done bool, err error) {
	begin := c.Now()
	since, err := c.since(ctx, source)
	if err != nil {
		return false, err
	}
	gh := c.Hub.Client(r.Installation)
	log, cut, err := gh.HookDeliveries(ctx, r.Ref(), hook, since)
	if errors.Is(err, github.ErrForbidden) || errors.Is(err, github.ErrGone) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if cut {
		c.Log.WithField("source", source).WithField("entries", len(log)).Warn("GitHub's log of deliveries is longer than is read; what is older was not looked at")
	}
	missed, err := c.missed(ctx, log)
	if err != nil {
		return false, err
	}
	for _, d := range missed {
		asked, err := c.ask(ctx, d)
		if err != nil {
			return false, err
		}
		if !asked {
			continue
		}
		log := c.Log.WithField("delivery", d.GUID)
		switch err := gh.Redeliver(ctx, r.Ref(), hook, d.ID); {
		case errors.Is(err, github.ErrForbidden):
			return false, nil // we may read the log, and no more
		case errors.Is(err, github.ErrGone), errors.Is(err, github.ErrInvalid):
			log.WithError(err).Warn("GitHub does not deliver this once more")
		case err != nil:
			return false, fmt.Errorf("ask for %s again: %w", d.GUID, err)
		default:
			log.Info("Asked GitHub for a missed delivery")
			c.mu.Lock()
			if c.awaited != nil {
				c.awaited = append(c.awaited, d.GUID)
			}
			c.mu.Unlock()
			c.count("redelivery")
		}
	}
	return true, c.saw(ctx, source, begin)
}

// newText are the actions that bring a text in which commands may be.
var newText = map[string]bool{"created": true, "opened": true}

// missed gives the events of which no delivery succeeded, or which the store does not know, oldest first, each once.
func (c *Catchup) missed(ctx context.Context, log []github.HookDelivery) ([]github.HookDelivery, error) {
	byGUID := map[string]github.HookDelivery{}
	ok := map[string]bool{}
	for _, d := range log {
		ok[d.GUID] = ok[d.GUID] || d.OK
		if first, seen := byGUID[d.GUID]; !seen || d.At.Before(first.At) {
			byGUID[d.GUID] = d
		}
	}
	var out []github.HookDelivery
	for guid, d := range byGUID {
		if !payload.Known(d.Event, d.Action) || ok[guid] && !newText[d.Action] {
			// Of what arrived once, but not in this database, only commands are worth a second look: GitHub shows whether
			// they were answered.
			continue
		}
		_, err := c.Store.Lookup(ctx, guid)
		if err == nil {
			continue // it arrived, whatever GitHub heard of that
		}
		if !errors.Is(err, queue.ErrNotFound) {
			return nil, err
		}
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b github.HookDelivery) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

// ask notes that a delivery is asked for: the engine then looks whether the bot has answered it before. One that failed
// too often is left alone.
func (c *Catchup) ask(ctx context.Context, d github.HookDelivery) (bool, error) {
	r, err := c.Store.Get(ctx, queue.RecordAsked, d.GUID)
	if err != nil && !errors.Is(err, queue.ErrNotFound) {
		return false, err
	}
	times, _ := strconv.Atoi(string(r.Data))
	if times >= askAgain {
		return false, nil
	}
	if times > 0 && c.Now().Sub(r.At) < askApart {
		return true, nil
	}
	return true, c.Store.PutAll(ctx, queue.Record{Kind: queue.RecordAsked, ID: d.GUID, Data: []byte(strconv.Itoa(times + 1))})
}

// texts queues the comments and newly opened issues with commands that nobody has answered, oldest first.
func (c *Catchup) texts(ctx context.Context, r registry.Repo) error {
	source := "comments/" + strconv.FormatInt(r.ID, 10)
	since, err := c.since(ctx, source)
	if err != nil {
		return err
	}
	gh := c.Hub.Client(r.Installation)
	list, err := gh.CommentsSince(ctx, r.Ref(), since)
	if err != nil {
		return err
	}
	opened, err := gh.OpenedSince(ctx, r.Ref(), since)
	if err != nil && !errors.Is(err, github.ErrGone) { // gone: there are pull requests only
		return err
	}
	list = append(list, opened...)
	slices.SortStableFunc(list, func(a, b github.Written) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	last := since
	var errs []error // of one text, which keeps the others from nothing
	for _, x := range list {
		if x.CreatedAt.After(last) {
			last = x.CreatedAt
		}
		cmds, err := command.Parse(x.Body)
		if err != nil || len(cmds) == 0 || x.Author.Bot || x.CreatedAt.Before(since) {
			continue
		}
		err = c.queue(ctx, gh, r, x)
		if _, limited := errors.AsType[*github.RateLimitError](err); limited {
			return err
		}
		if !errors.Is(err, github.ErrGone) {
			errs = append(errs, err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return err // all of it is looked at again; what was queued is known
	}
	return c.saw(ctx, source, last)
}

func (c *Catchup) queue(ctx context.Context, gh *github.Client, r registry.Repo, x github.Written) error {
	ref := r.Ref()
	ref.Number = x.Number
	key, guid := event.Key(r.ID, x.Number), fmt.Sprintf("%s%d-%d", event.CatchupGUID, x.ID, x.UpdatedAt.Unix())
	ev := event.Event{Kind: event.CommentCreated{Comment: x.Comment}}
	if x.ID == 0 {
		guid = fmt.Sprintf("%sissue-%d-%d", event.CatchupGUID, r.ID, x.Number)
		ev = event.Event{Kind: event.Opened{}}
	}
	ev.Issue.Ref = ref
	if answered, err := engine.AnsweredAny(ctx, c.Store, key, ev); answered || err != nil {
		return err
	}
	if _, err := c.Store.Lookup(ctx, guid); !errors.Is(err, queue.ErrNotFound) {
		return err // it waits, or was handled
	}
	if ok, err := c.authors(ctx, gh, r, x); !ok || err != nil {
		return err
	}
	name, payload, err := gh.Payload(ctx, r.Ref(), r.ID, r.Installation, x)
	if err != nil {
		return err
	}
	fresh, err := c.Store.Receive(ctx, queue.Delivery{GUID: guid, Key: key, Event: name, Payload: payload, ReceivedAt: c.Now()})
	if fresh {
		c.Log.WithField("issue", ref.String()).WithField("text", x.URL).Info("Queued a text with a command that had been missed")
		c.count("comment")
	}
	return err
}

// authors tells whether a text is all its author's. Whoever may write here can edit it, the list does not tell who did, and
// a command runs with its author's rights. An issue changes for many reasons, so the question is asked of each. Its commands
// are those of the text with which it was opened.
func (c *Catchup) authors(ctx context.Context, gh *github.Client, r registry.Repo, x github.Written) (bool, error) {
	if x.ID != 0 && !x.UpdatedAt.After(x.CreatedAt) {
		return true, nil
	}
	self, err := gh.Self(ctx)
	if err != nil && !errors.Is(err, github.ErrForbidden) {
		return false, err
	}
	ok, err := gh.Untouched(ctx, r.Ref(), x, self)
	if err == nil && !ok {
		c.Log.WithField("text", x.URL).Warn("A text with a command was edited, and it cannot be told by whom or when it got that; it is not run")
	}
	return ok, err
}

func (c *Catchup) forwarded() bool { return c.Forwarded != nil && c.Forwarded() }

func (c *Catchup) count(source string) {
	if c.Count != nil {
		c.Count(source, 1)
	}
}

// since is from when a source has to be looked through.
func (c *Catchup) since(ctx context.Context, source string) (time.Time, error) {
	r, err := c.Store.Get(ctx, recordSeen, source)
	if errors.Is(err, queue.ErrNotFound) {
		return c.Now().Add(-lookBack), nil
	}
	if err != nil {
		return time.Time{}, err
	}
	t, err := time.Parse(time.RFC3339, strings.TrimSpace(string(r.Data)))
	return t.Add(-overlap), err
}

func (c *Catchup) saw(ctx context.Context, source string, until time.Time) error {
	return c.Store.PutAll(ctx, queue.Record{Kind: recordSeen, ID: source, Data: []byte(until.UTC().Format(time.RFC3339))})
}
