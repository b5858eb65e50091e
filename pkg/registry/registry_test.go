package registry

import (
	"slices"
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store/storetest"
)

// TestRegistry: a repository is remembered once whatever it is called, until it is forgotten; what cannot be read keeps nobody from the rest.
func TestRegistry(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite(t))
	if !slices.Contains(queue.Listed, kind) {
		t.Errorf("%q is listed, and not among %q", kind, queue.Listed)
	}
	old, renamed := Repo{ID: 7, Repo: issue.Repo{Owner: "acme", Name: "old"}}, Repo{ID: 7, Repo: issue.Repo{Owner: "acme", Name: "new"}, Installation: 3, HookID: 5}
	other := Repo{ID: 8, Repo: issue.Repo{Owner: "acme", Name: "other"}}
	for _, r := range []Repo{old, other, renamed} {
		if err := Put(t.Context(), db, r); err != nil {
			t.Fatal(err)
		}
	}
	want := func(broken string, want ...Repo) {
		t.Helper()
		got, err := All(t.Context(), db, 0)
		if !slices.Equal(got, want) || (err != nil) != (broken != "") || err != nil && !strings.Contains(err.Error(), broken) {
			t.Errorf("%+v, %v", got, err)
		}
	}
	want("", renamed, other)
	if got, err := All(t.Context(), db, 1); err != nil || len(got) != 1 {
		t.Errorf("one at most: %+v, %v", got, err)
	}
	if err := db.PutAll(t.Context(), queue.Record{Kind: kind, ID: "1", Data: []byte("{")}); err != nil {
		t.Fatal(err)
	}
	want("read record source 1", renamed, other)
	if err := Forget(t.Context(), db, renamed); err != nil {
		t.Fatal(err)
	}
	want("read record source 1", other)
	if got := renamed.Ref().FullName(); got != "acme/new" {
		t.Error(got)
	}
}
