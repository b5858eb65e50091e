package decide

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// account is an account as GitHub's payloads show it; nil is one that is gone.
type account map[string]any

func person(login string, id int64) account {
	return account{"login": login, "id": id, "type": "User"}
}

// commented is a comment on an issue, as GitHub sends it.
func commented(t *testing.T, author, commenter account, text string) event.Event {
	t.Helper()
	data, err := json.Marshal(map[string]any{
		"action": "created", "sender": commenter,
		"repository": map[string]any{"id": 1, "full_name": "acme/toc"},
		"issue":      map[string]any{"number": 1, "state": "open", "body": "- [ ] one\n", "user": author},
		"comment":    map[string]any{"id": 7, "body": text, "user": commenter},
	})
	if err != nil {
		t.Fatal(err)
	}
	ev, ok, err := payload.Decode("issue_comment", data)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	return ev
}

// TestWhoIsWho: a role is an account's, not a name's; an account that is gone is nobody, whatever a list holds; and nobody
// writes as an organisation.
func TestWhoIsWho(t *testing.T) {
	ann := person("ann", 5)
	users := func(logins ...string) plugin.People { return plugin.People{Users: logins} }
	for _, c := range []struct {
		name           string
		author, writer account
		people         plugin.People // maintainers
		owners         []string
		want           string
	}{
		{"the author", ann, ann, users(), nil, "done"},
		{"the author in another letter case", ann, person("ANN", 0), users(), nil, "done"},
		{"the author under a new name", ann, person("anna", 5), users(), nil, "done"},
		{"who took the author's old name", ann, person("ann", 6), users(), nil, "refused"},
		{"the author, by name where an id is missing", account{"login": "ann"}, ann, users(), nil, "done"},
		{"a Kelvin sign is no k", person("kim", 0), person("\u212aim", 0), users("kim"), []string{"kim"}, "refused"},
		{"a long s is no s", person("boss", 0), person("bo\u017fs", 0), users("boss"), []string{"boss"}, "refused"},
		{"a null author's issue and a stranger", nil, person("eve", 9), users(), nil, "refused"},
		{"a null author's issue and a null writer", nil, nil, users(""), []string{""}, "unheard"},
		{"a null writer and an empty entry", ann, nil, users(""), []string{""}, "unheard"},
		{"a ghost's issue and a ghost", person("ghost", 10137), person("ghost", 10137), users("ghost"), []string{"ghost"}, "unheard"},
		{"a ghost's issue and a stranger", person("ghost", 10137), person("eve", 9), users(), nil, "refused"},
		{"an empty entry and a stranger", ann, person("eve", 9), users(""), []string{""}, "refused"},
		{"an organisation", ann, account{"login": "acme", "id": 8, "type": "Organization"}, users("acme"), nil, "unheard"},
		{"an organisation that wrote the issue", account{"login": "acme", "id": 8, "type": "Organization"}, account{"login": "acme", "id": 8, "type": "Organization"}, users(), nil, "unheard"},
		{"a mannequin", ann, account{"login": "ann", "id": 8, "type": "Mannequin"}, users("ann"), nil, "unheard"},
		{"a bot that is not configured", ann, account{"login": "x[bot]", "id": 8, "type": "Bot"}, users("x[bot]"), nil, "unheard"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := situation(commented(t, c.author, c.writer, "/toy title New"))
			s.Settings = plugin.DefaultSettings([]plugin.Plugin{authored{}})
			s.Settings.Roles = map[plugin.Role]plugin.People{plugin.Maintainer: c.people}
			s.Facts.Put(fact.Key{Kind: fact.KindOwners}, fact.Owners{Approvers: c.owners})
			s.Facts.Put(fact.Key{Kind: fact.KindPermission, Arg: fmt.Sprint(c.writer["login"])}, fact.Read)
			for range 2 { // the permission is asked for by the login as it is written
				out := must(t, s)
				for _, k := range out.Missing {
					s.Facts.Put(k, fact.Read)
				}
			}
			out := must(t, s)
			got := "unheard"
			switch {
			case len(out.Missing) > 0:
				t.Fatal(out.Missing)
			case out.Refused > 0:
				got = "refused"
			case out.Draft.Issue.Title == "New":
				got = "done"
			}
			if got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// authored is toy with a command for authors and maintainers.
type authored struct{ toy }

func (authored) Commands(any) []plugin.Command {
	cmd := toy{}.Commands(nil)[0]
	cmd.Name, cmd.Usage, cmd.Who = "toy title", "/toy title WORDS", []plugin.Role{plugin.Author, plugin.Maintainer}
	return []plugin.Command{cmd}
}

// TestOpenedBySomebodyElse: a transferred issue's commands are not run; a renamed author's are.
func TestOpenedBySomebodyElse(t *testing.T) {
	for _, c := range []struct {
		name         string
		author, from event.User
		want         int
	}{
		{"by the author", event.User{Login: "ann", ID: 5}, event.User{Login: "ann", ID: 5}, 1},
		{"renamed meanwhile", event.User{Login: "anna", ID: 5}, event.User{Login: "ann", ID: 5}, 1},
		{"by another with the name", event.User{Login: "ann", ID: 6}, event.User{Login: "ann", ID: 5}, 0},
		{"by nobody for nobody", event.User{}, event.User{}, 0},
	} {
		s := snapshot()
		s.Author, s.AuthorID, s.Body = c.author.Login, c.author.ID, "/toy tick"
		cmds, _, err := Commands(event.Event{Kind: event.Opened{}, Issue: s, Sender: c.from})
		if err != nil || len(cmds) != c.want {
			t.Errorf("%s: %d commands, %v", c.name, len(cmds), err)
		}
	}
}
