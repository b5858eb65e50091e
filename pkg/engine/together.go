package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/plan"
)

// What the sweep does to an issue, a label and a notice mostly, goes to GitHub in one call: half of the writes, which have to keep a
// pace. What is refused so is made once more alone, which tells why; what is not answered is looked for first.

// sendTogether sends the first requests of a new plan together, and notes what was done.
func (w *batchRun) sendTogether(ctx context.Context, results []result) error {
	rs := w.saved.Requests[:w.saved.Together]
	out, err := w.gh.Together(ctx, w.read, rs)
	if err != nil {
		return fmt.Errorf("%s, and what goes with it: %w", rs[0], err)
	}
	var lost error
	for i, o := range out {
		if errors.Is(o.Err, github.ErrUnavailable) {
			lost = errors.Join(lost, fmt.Errorf("%s: %w", rs[i], o.Err))
		}
		if o.Err != nil {
			continue
		}
		results[i] = result{Comment: o.Comment}
		if rs[i].Kind == plan.AddLabel {
			if results[i], err = labelsPut(ctx, w.gh, w.saved.Ref, rs[i], o.Labels); err != nil {
				return fmt.Errorf("%s: %w", rs[i], err)
			}
		}
		w.strange(rs[i], results[i])
		if err := w.noteDone(ctx, i, results[i]); err != nil {
			return err
		}
	}
	return lost
}
