package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
)

// saving is the plan that this attempt saved last, or is about to save.
type saving struct {
	sync.WaitGroup
	data []byte
	err  error
}

func (p savedPlan) data() ([]byte, error) {
	data, err := json.Marshal(p)
	if err != nil {
		err = fmt.Errorf("write the plan down: %w", err)
	}
	return data, err
}

// save makes p the open plan, unless it is.
func (w *batchRun) save(ctx context.Context, p savedPlan) error {
	data, err := p.data()
	if err != nil {
		return err
	}
	s := &w.saving
	if s.Wait(); s.err == nil && !bytes.Equal(data, s.data) {
		s.data, s.err = data, w.batch.Save(ctx, data)
	}
	if s.err != nil {
		return fmt.Errorf("save the plan: %w", s.err)
	}
	return nil
}

// readFresh reads the issue. Meanwhile the plan is saved that it will be if the issue is as s shows it, which nearly always it is: then
// GitHub was not waited for and the database one after the other. Otherwise another plan takes its place before anything is sent.
func (w *batchRun) readFresh(ctx context.Context, s decide.Input, out *decide.Decision) (issue.Snapshot, error) {
	if err := w.saveEarly(ctx, s, out); err != nil {
		return issue.Snapshot{}, err
	}
	now, err := w.gh.Issue(ctx, w.ref)
	if err != nil {
		err = fmt.Errorf("read %v: %w", w.ref, err)
	}
	return now, err
}

// saveEarly begins to save a plan for an issue that was not read, if it edits the issue first: who finds it after a kill looks whether that
// took effect, and else reads the issue and plans anew (see resume).
func (w *batchRun) saveEarly(ctx context.Context, s decide.Input, out *decide.Decision) (err error) {
	if !w.fresh || w.Edited != nil || w.DryRun || w.saving.data != nil {
		return nil
	}
	if s.MayLag {
		s.MayLag = false
		if out, err = decide.Plan(s); err != nil || len(out.Missing) > 0 {
			return err
		}
	}
	p := w.savedPlan(out)
	if len(p.Requests) == 0 || p.Requests[0].Kind != plan.EditIssue {
		return nil
	}
	data, err := p.data()
	if err != nil {
		return err
	}
	w.saving.data = data
	w.saving.Go(func() { w.saving.err = w.batch.Save(ctx, data) })
	return nil
}
