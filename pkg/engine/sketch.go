package engine

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/queue"
)

// Sketch plans a batch as if the issue were as given, and sends nothing: what an attempt that left no saved plan would have
// planned on it. data is the plan as Handle saves it. There are no requests where nothing would be done.
func (e *Engine) Sketch(ctx context.Context, b queue.Batch, as issue.Snapshot) (requests []plan.Request, data []byte, err error) {
	w := &batchRun{Engine: e, batch: b, mem: e.Memory, done: map[int][]byte{}}
	if err := w.open(); err != nil || len(w.events) == 0 {
		return nil, nil, err
	}
	settings, err := w.Settings(ctx, w.gh, w.ref)
	if err != nil || settings == nil {
		return nil, nil, err
	}
	s, err := w.recall(ctx, settings)
	if err != nil {
		return nil, nil, err
	}
	w.said, w.brakes, s.Issue = s.Said, s.Brakes, as
	out, err := w.decideOn(ctx, s, true)
	if err != nil {
		return nil, nil, err
	}
	w.saved = w.savedPlan(out)
	if data, err = json.Marshal(w.saved); err != nil {
		return nil, nil, fmt.Errorf("write the plan down: %w", err)
	}
	return w.saved.Requests, data, nil
}
