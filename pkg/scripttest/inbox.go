package scripttest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ddbot/ddbot/pkg/queue"
)

var errNoPlan = errors.New("no plan is saved")

// errKilled is what everything answers once the bot was killed.
var errKilled = errors.New("killed")

// inbox is a store in memory, with the rules of the real one as far as one worker sees them: deliveries are kept once
// by GUID, in order per issue; a saved plan survives the process. Both pass storetest.RunDrained.
type inbox struct {
	mu      sync.Mutex // of waiting and guids, which the receiver fills
	waiting map[string][]queue.Delivery
	guids   map[string]bool
	plans   map[string]*openPlan
	records map[[2]string]queue.Record
	now     func() time.Time
	kill    *kill
}

type openPlan struct {
	queue.Plan
	deliveries []queue.Delivery
}

func newInbox(now func() time.Time) *inbox {
	return &inbox{
		waiting: map[string][]queue.Delivery{}, guids: map[string]bool{}, plans: map[string]*openPlan{},
		records: map[[2]string]queue.Record{}, now: now,
	}
}

func (in *inbox) receive(d queue.Delivery) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.guids[d.GUID] {
		return false
	}
	in.guids[d.GUID] = true
	in.waiting[d.Key] = append(in.waiting[d.Key], d)
	return true
}

// drain hands everything that waits to the handler, issue by issue. Errors come back after each issue had its turn.
func (in *inbox) drain(ctx context.Context, handle queue.Handler) error {
	var errs []error
	for _, key := range in.keys() {
		b := &batch{in: in, key: key, deliveries: in.of(key)}
		if p := in.plans[key]; p != nil {
			b.open, b.deliveries = p, p.deliveries
		}
		if err := handle(ctx, b); err != nil {
			errs = append(errs, err)
			continue
		}
		in.acknowledge(key, b.deliveries)
		delete(in.plans, key)
		for _, r := range b.staged {
			in.put(r)
		}
	}
	return errors.Join(errs...)
}

func (in *inbox) of(key string) []queue.Delivery {
	in.mu.Lock()
	defer in.mu.Unlock()
	return slices.Clone(in.waiting[key])
}

func (in *inbox) acknowledge(key string, done []queue.Delivery) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.waiting[key] = slices.DeleteFunc(in.waiting[key], func(w queue.Delivery) bool {
		return slices.ContainsFunc(done, func(d queue.Delivery) bool { return w.GUID == d.GUID })
	})
}

func (in *inbox) keys() []string {
	in.mu.Lock()
	defer in.mu.Unlock()
	var keys []string
	for k, ds := range in.waiting {
		if len(ds) > 0 {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return keys
}

func (in *inbox) put(r queue.Record) {
	id := [2]string{r.Kind, r.ID}
	if len(r.Data) == 0 {
		delete(in.records, id)
		return
	}
	r.At = in.now()
	in.records[id] = r
}

// Get is engine.Memory's.
func (in *inbox) Get(_ context.Context, kind, id string) (queue.Record, error) {
	r, ok := in.records[[2]string{kind, id}]
	if !ok {
		return r, queue.ErrNotFound
	}
	return r, nil
}

// List is engine.Memory's.
func (in *inbox) List(_ context.Context, kind, prefix string, limit int) ([]queue.Record, error) {
	var out []queue.Record
	for id, r := range in.records {
		if id[0] == kind && strings.HasPrefix(id[1], prefix) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b queue.Record) int { return strings.Compare(a.ID, b.ID) })
	if limit > 0 {
		out = out[:min(limit, len(out))]
	}
	return out, nil
}

// batch is one store.Batch.
type batch struct {
	in         *inbox
	key        string
	deliveries []queue.Delivery
	open       *openPlan
	staged     []queue.Record
}

func (b *batch) Key() string                  { return b.key }
func (b *batch) Deliveries() []queue.Delivery { return b.deliveries }
func (b *batch) Put(r queue.Record)           { b.staged = append(b.staged, r) }

func (b *batch) Plan() *queue.Plan {
	if b.open == nil {
		return nil
	}
	return &b.open.Plan
}

func (b *batch) Save(_ context.Context, plan []byte) error {
	if b.in.kill.dead() {
		return errKilled
	}
	b.open = &openPlan{
		Plan:       queue.Plan{Data: plan, Done: map[int][]byte{}, SavedAt: b.in.now()},
		deliveries: b.deliveries,
	}
	b.in.plans[b.key] = b.open
	return nil
}

func (b *batch) Done(_ context.Context, n int, result []byte) error {
	if b.in.kill.dead() {
		return errKilled
	}
	if b.open == nil {
		return errNoPlan
	}
	b.open.Done[n] = result
	return b.in.kill.noted()
}
