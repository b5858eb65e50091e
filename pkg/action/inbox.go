package action

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/queue"
)

// inbox is the queue of one run, in memory: what it holds GitHub knows, too. It is not safe for concurrent use.
type inbox struct {
	now     func() time.Time
	waiting map[string][]queue.Delivery // by key
	guids   map[string]bool
	records map[[2]string]queue.Record // by kind and id
}

func newInbox(now func() time.Time) *inbox {
	return &inbox{now: now, waiting: map[string][]queue.Delivery{}, guids: map[string]bool{}, records: map[[2]string]queue.Record{}}
}

// Receive is sweep.Store's.
func (in *inbox) Receive(_ context.Context, d queue.Delivery) (fresh bool, err error) {
	if in.guids[d.GUID] {
		return false, nil
	}
	in.guids[d.GUID] = true
	in.waiting[d.Key] = append(in.waiting[d.Key], d)
	return true, nil
}

// take gives what waits on a key, which does not wait any longer.
func (in *inbox) take(key string) []queue.Delivery {
	ds := in.waiting[key]
	delete(in.waiting, key)
	return ds
}

func (in *inbox) keys() []string { return slices.Sorted(maps.Keys(in.waiting)) }

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
	if limit > 0 && len(out) > limit {
		out = out[:limit]
	}
	return out, nil
}

// PutAll is queue.Records's.
func (in *inbox) PutAll(_ context.Context, rs ...queue.Record) error {
	for _, r := range rs {
		id := [2]string{r.Kind, r.ID}
		if len(r.Data) == 0 {
			delete(in.records, id)
			continue
		}
		r.At = in.now()
		in.records[id] = r
	}
	return nil
}

// batch is one queue.Batch. Its plan lives as long as the run: long enough for GitHub's short outages.
type batch struct {
	in         *inbox
	key        string
	deliveries []queue.Delivery
	plan       *queue.Plan
	staged     []queue.Record
	did        func(n int) // the first n requests of the plan were sent
}

func (b *batch) Key() string                  { return b.key }
func (b *batch) Deliveries() []queue.Delivery { return b.deliveries }
func (b *batch) Plan() *queue.Plan            { return b.plan }
func (b *batch) Put(r queue.Record)           { b.staged = append(b.staged, r) }

func (b *batch) Save(_ context.Context, plan []byte) error {
	b.plan = &queue.Plan{Data: plan, Done: map[int][]byte{}, SavedAt: b.in.now()}
	return nil
}

func (b *batch) Done(_ context.Context, n int, result []byte) error {
	b.plan.Done[n] = result
	b.did(n + 1)
	return nil
}
