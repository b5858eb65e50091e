package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/queue"
)

// What an edit of ddbot's overwrote shows in the event that the edit raises. That event may get lost. So an edit whose event
// is not there after a while is looked up in the issue's edit history, once.

// unseen says where an edit was made whose event has not come yet.
type unseen struct {
	Ref          issue.Ref `json:"ref"`
	Installation int64     `json:"installation,omitempty"`
	At           time.Time `json:"at"`
}

func (w *batchRun) unseen(ctx context.Context, id string) (bool, error) {
	data, err := w.memory(ctx, recordUnseen, id)
	return data != nil, err
}

// Unchecked gives what ddbot wrote into the body of an issue and nobody has told of yet, and the records that say that somebody
// has.
func Unchecked(ctx context.Context, m Memory, key string) (texts []string, told []queue.Record, err error) {
	rs, err := m.List(ctx, recordUnseen, key+"/", 0)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range rs {
		told = append(told, queue.Record{Kind: r.Kind, ID: r.ID})
		wrote, err := m.Get(ctx, recordWrote, r.ID)
		if err != nil {
			return nil, nil, err
		}
		var x decide.BodyEdit
		if err := json.Unmarshal(wrote.Data, &x); err != nil {
			return nil, nil, fmt.Errorf("read what was written: %w", err)
		}
		texts = append(texts, x.Sent)
	}
	return texts, told, nil
}

// CheckStore is what Checks needs of the store.
type CheckStore interface {
	Memory
	PutAll(ctx context.Context, rs ...queue.Record) error
	Receive(ctx context.Context, d queue.Delivery) (fresh bool, err error)
}

// Checks puts a check into the queue for each edit whose event has not come in time. Doing so twice is the same as once.
func Checks(ctx context.Context, s CheckStore, now time.Time) error {
	rs, err := s.List(ctx, recordUnseen, "", 0)
	if err != nil {
		return err
	}
	var errs []error
	for _, r := range rs {
		var u unseen
		if err := json.Unmarshal(r.Data, &u); err != nil {
			errs = append(errs, fmt.Errorf("read record %s %s: %w", r.Kind, r.ID, err), s.PutAll(ctx, queue.Record{Kind: r.Kind, ID: r.ID}))
			continue
		}
		if now.Sub(u.At) < decide.UnseenFor {
			continue
		}
		key := r.ID[:max(strings.LastIndexByte(r.ID, '/'), 0)]
		raw, err := payload.OwnPayload(event.Check{}, issue.Snapshot{Ref: u.Ref, RepoID: repoIDOf(key)}, u.Installation)
		if err == nil {
			_, err = s.Receive(ctx, queue.Delivery{GUID: "check-" + r.ID, Key: key, Event: payload.OwnEvent, Payload: raw, ReceivedAt: now})
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// repoIDOf reads the repository's id from an issue's key; 0 if the key has its name instead.
func repoIDOf(key string) (id int64) {
	if _, err := fmt.Sscanf(key, "gh:%d#", &id); err != nil {
		return 0
	}
	return id
}
