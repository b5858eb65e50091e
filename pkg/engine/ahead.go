package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
)

// What must be there before the rest can be planned (plan.Draft.Ahead) is saved as a plan of its own, sent, and becomes a fact; then
// it is decided anew. A killed process left at most a plan that says what was perhaps made: that is looked for before anything is
// made again, and nothing of it needs to be finished, as the next decision asks for the same.

// begin makes what a decision needs first, and puts it among the facts.
func (w *batchRun) begin(ctx context.Context, requests []plan.Request, facts *fact.Set) (err error) {
	w.saved = savedPlan{Version: aheadVersion, Ref: w.ref, Installation: w.installation, Requests: requests, Paced: w.paced, Ahead: true}
	w.done = map[int][]byte{}
	if err := w.save(ctx, w.saved); err != nil {
		return err
	}
	for i, r := range requests {
		w.log().Info(r.String())
		if err := w.sendOne(ctx, i); err != nil {
			return err
		}
	}
	w.made, err = w.madeOf(requests)
	w.putMade(facts)
	w.done = map[int][]byte{} // of the plan that comes next
	return err
}

// begun looks what became of such a plan of an earlier attempt.
func (w *batchRun) begun(ctx context.Context) (err error) {
	for i := w.firstOpen(); i >= 0; i = w.firstOpen() {
		found, err := w.settled(ctx, i)
		if err != nil {
			return err
		}
		if !found {
			break // they go in order
		}
	}
	w.made, err = w.madeOf(w.saved.Requests)
	return err
}

// madeOf gives the facts that follow from what was answered.
func (w *batchRun) madeOf(requests []plan.Request) (map[fact.Key]any, error) {
	results, err := readResults(w.done, len(requests))
	made := map[fact.Key]any{}
	for i, r := range requests {
		if _, ok := w.done[i]; !ok {
			continue
		}
		switch res := results[i]; r.Kind {
		case plan.OpenAnother:
			made[fact.MadeKey(r.Open.Repo, r.Open.Key)] = fact.Made{Number: res.Number, Refused: res.Trouble}
		case plan.PublishFile:
			p := r.Publish
			made[fact.BranchKey(p.Repo, p.Branch, p.Path)] = fact.Branch{
				Default: p.Into, Exists: true, File: fact.File{Text: p.Text, Found: true}, Pull: res.Number, State: issue.Open, Refused: res.Trouble,
			}
		}
	}
	return made, err
}

func (w *batchRun) putMade(facts *fact.Set) {
	for k, v := range w.made {
		facts.Put(k, v)
	}
}

// beside gives GitHub for another repository: there an App may have another installation.
func (w *batchRun) beside(ref issue.Ref) GitHub {
	if issue.SameLogin(ref.FullName(), w.ref.FullName()) {
		return w.gh
	}
	return w.client(0, w.paced)
}

// repository reads owner/repo.
func repository(name string) issue.Ref {
	r, _ := issue.ParseRepo(name)
	return r.Ref()
}

func (w *batchRun) openAnother(ctx context.Context, o plan.OpenIssue) (result, error) {
	ref := repository(o.Repo)
	n, err := w.beside(ref).OpenIssue(ctx, ref, o.Title, plan.Comment(o.Body, plan.MadeMarker(o.Key)), o.Labels)
	return notThere(result{Number: n}, err)
}

func (w *batchRun) publish(ctx context.Context, p plan.Publish) (result, error) {
	ref := repository(p.Repo)
	n, err := w.beside(ref).Publish(ctx, ref, p)
	return notThere(result{Number: n}, err)
}

func (w *batchRun) loadBranch(ctx context.Context, arg string) (any, error) {
	const parts = 3
	at := strings.SplitN(arg, " ", parts)
	if len(at) != parts {
		return nil, fmt.Errorf("%q names no branch", arg)
	}
	ref := repository(at[0])
	b, err := w.beside(ref).Branch(ctx, ref, at[1], at[2])
	res, err := notThere(result{}, err)
	b.Refused = res.Trouble
	return b, err
}

// loadMade looks for an issue that we may have opened before.
func (w *batchRun) loadMade(ctx context.Context, arg string) (any, error) {
	repo, key, _ := strings.Cut(arg, " ")
	r, err := w.lookForMade(ctx, repo, key)
	return fact.Made{Number: r.Number, Refused: r.Trouble}, err
}

func (w *batchRun) lookForMade(ctx context.Context, repo, key string) (result, error) {
	self, err := w.gh.Self(ctx)
	if err != nil {
		return result{}, err
	}
	ref := repository(repo)
	n, err := w.beside(ref).OwnIssue(ctx, ref, self, plan.MadeMarker(key))
	return notThere(result{Number: n}, err)
}

func (w *batchRun) loadLatestBy(ctx context.Context, login string) (any, error) {
	all, err := w.gh.Comments(ctx, w.ref)
	for _, c := range slices.Backward(all) {
		if issue.SameLogin(c.Author.Login, login) {
			return c.ID, err
		}
	}
	return int64(0), err
}

// loadFile reads a file of another repository, as templates are.
func (w *batchRun) loadFile(ctx context.Context, arg string) (any, error) {
	const parts = 3
	at := strings.SplitN(arg, " ", parts)
	if len(at) != parts {
		return nil, fmt.Errorf("%q names no file", arg)
	}
	ref := repository(at[0])
	text, found, err := w.beside(ref).FileAt(ctx, ref, at[1], at[2])
	if errors.Is(err, github.ErrForbidden) || errors.Is(err, github.ErrInvalid) {
		err = nil
	}
	return fact.File{Text: string(text), Found: found}, err
}

// notThere turns what keeps us from writing beside the issue into trouble, in GitHub's words: that place is not the issue's, so its
// being gone, archived or closed to us ends nothing here.
func notThere(r result, err error) (result, error) {
	for _, final := range []error{github.ErrGone, github.ErrForbidden, github.ErrInvalid, github.ErrArchived} {
		if errors.Is(err, final) {
			return result{Trouble: github.Message(err)}, nil
		}
	}
	return r, err
}
