// Package queue is the vocabulary of ddbot's work: deliveries that wait, the batch of one issue that is worked on, the plan log
// of what was sent, and small records. Package store implements it; everybody else says it in these words, and links no
// database for that. It imports nothing of ddbot.
package queue

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Delivery is one webhook delivery, or work that ddbot gave itself in the same form.
type Delivery struct {
	GUID       string    // X-GitHub-Delivery; the same GUID is stored once for ever
	Key        string    // what is worked on serially: "gh:REPOID#NUMBER", or "gh:REPOID" for a whole repository
	Event      string    // X-GitHub-Event
	Payload    []byte    // raw body as it came
	Damaged    error     // why the payload cannot be read back, if so; it is empty then
	Passed     bool      // it came to nothing, and its payload was not kept (see Inbox.Admit)
	ReceivedAt time.Time // by our clock
	Seq        int64     // order within Key, given by Receive
	Attempts   int       // failed attempts that were ours; outages do not count
	LastError  string    // of the last failed attempt
}

// Batch is what one step of work on a key handles. Its methods are fenced: when another worker has taken the key over,
// they fail with ErrLost, and the handler must stop and return that error.
type Batch interface {
	Key() string
	// Deliveries are in order of arrival. With an open plan they are the ones that the plan names.
	Deliveries() []Delivery
	// Plan is the open plan that an earlier attempt saved, nil if there is none: resume it, do not plan again.
	Plan() *Plan
	// Save makes plan the open plan of this key (replacing an open one), for the batch's deliveries. Its requests are
	// sent strictly in order, so after a crash the first one that is not Done is the one that may have been sent.
	Save(ctx context.Context, plan []byte) error
	// Done notes the answer of request n. The last one's need not be noted: the acknowledgement does.
	Done(ctx context.Context, n int, result []byte) error
	// Put stages a record (see Records) that is written in the transaction that acknowledges the deliveries.
	// Empty data deletes the record.
	Put(r Record)
}

// Plan is a saved plan with what became of its requests.
type Plan struct {
	Data    []byte
	Done    map[int][]byte // request number to its noted answer
	SavedAt time.Time
	Unnoted bool // nobody could note answers: each request may have been sent
}

// Handler works on one batch. nil acknowledges all its deliveries and closes the open plan. A *Snooze error puts the
// key off without counting an attempt. Any other error counts one attempt of the first delivery and is retried with
// backoff; after MaxAttempts that delivery is dead and the next one goes on.
type Handler func(ctx context.Context, b Batch) error

// Snooze is the error of an outage: not our failure, not the delivery's. The work is tried again after For.
type Snooze struct {
	For    time.Duration
	Reason error
}

func (s *Snooze) Error() string { return fmt.Sprintf("put off for %v: %v", s.For, s.Reason) }
func (s *Snooze) Unwrap() error { return s.Reason }

// ErrLost tells a worker that another one has taken its key over. It must not send anything more.
var ErrLost = errors.New("another worker has taken this issue over")

// ErrNotFound tells that nothing is stored under that name.
var ErrNotFound = errors.New("not found")

// Record is a small piece of state that can be rebuilt from GitHub: a cache, or history. Kind and ID are the key.
type Record struct {
	Kind string
	ID   string
	Data []byte
	At   time.Time // when it was written, by the store's clock
}

// Reader is what can be read of the key-value part of the store.
type Reader interface {
	Get(ctx context.Context, kind, id string) (Record, error) // ErrNotFound
	// List gives the records of a kind whose ID begins with prefix, by ID. limit 0 is no limit.
	List(ctx context.Context, kind, prefix string, limit int) ([]Record, error)
}

// RecordAsked is the kind of the records that name, by their GUIDs, deliveries that GitHub was asked for once more. They are stored
// before anybody works on them, for that may be what killed the process that got them first.
const RecordAsked = "asked"

// Listed are the kinds of records that are listed over many issues: List is slow for any other, unless the prefix is that of an issue.
// What is remembered of an issue, IDs that begin with its key, is kept together, whatever its kind.
var Listed = []string{"book", "source", "tracked", "unseen"}

// Name is the key of a record.
type Name struct{ Kind, ID string }

// ManyReader reads several records at once. What is not there is left out. A Batch that is one must be asked, before anything else is
// read of its issue: work may begin before its delivery is stored (see Inbox), and what is read so is known to be true of the
// issue as long as the batch's methods do not fail.
type ManyReader interface {
	GetMany(ctx context.Context, names []Name) ([]Record, error)
}

// Records is the key-value part of the store.
type Records interface {
	Reader
	// PutAll writes records in one transaction. Empty Data deletes.
	PutAll(ctx context.Context, rs ...Record) error
}

// Depth is the state of the queue.
type Depth struct {
	Pending int
	Dead    int
	Oldest  time.Time // receipt of the oldest pending delivery, zero if none
}

// Inbox is what the receiver and the operator see of the queue.
type Inbox interface {
	// Receive stores the delivery durably and wakes its worker before it returns. fresh is false if the GUID is known.
	Receive(ctx context.Context, d Delivery) (fresh bool, err error)
	// Admit is Receive for what GitHub sent by itself: work on it may begin before it is stored, and what comes to nothing is stored
	// without its payload.
	Admit(ctx context.Context, d Delivery) (fresh bool, err error)
	// Dead lists the deliveries that ddbot gave up on, oldest first, payload included.
	Dead(ctx context.Context) ([]Delivery, error)
	// Lookup finds a delivery by GUID, whatever its state: ErrNotFound if unknown.
	Lookup(ctx context.Context, guid string) (Delivery, error)
	// Replay puts a dead delivery back into the queue, behind what waits there. ErrNotFound if no dead one has that GUID.
	Replay(ctx context.Context, guid string) error
	Depth(ctx context.Context) (Depth, error)
	// Purge drops payloads of deliveries that were done before the time; their GUIDs stay, for duplicates.
	// It also drops records of the given kinds that were written before it.
	Purge(ctx context.Context, before time.Time, kinds ...string) error
}

// Store is the whole.
type Store interface {
	Inbox
	Records
	Close() error
}
