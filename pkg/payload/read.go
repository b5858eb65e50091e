package payload

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/go-github/v57/github"
	"github.com/tidwall/gjson"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/issue"
)

// fields is what we read of the events: their union. Of a payload's nine kilobytes, most of them addresses, these are few; go-github's own
// types hold them all, and to fill those was a seventh of the CPU of a comment without a command.
type fields struct {
	action       string
	issue, pull  issue.Snapshot // without the repository; number 0 where there is none
	ofPull       bool           // there is a pull_request
	comments     int64          // how many the issue has; -1 where the payload does not say
	comment      event.Comment
	label        string
	assignee     string
	milestone    string
	oldBody      *string // of what the event changed; nil if it did not
	oldTitle     *string
	transferred  bool // from another repository
	repo         repository
	sender       event.User
	installation int64
	found        json.RawMessage // of Due
}

// read reads a payload. Its numbers and texts must be that, and so on, or nothing at all: something else is not what GitHub sends. That it
// is JSON was seen when it was opened.
func read(payload []byte) (p fields, err error) {
	p.comments = -1
	r := &reader{}
	r.object("", gjson.ParseBytes(payload), func(key string, v gjson.Result) {
		switch key {
		case "action":
			p.action = r.text(key, v)
		case "issue":
			p.issue = r.issue(v, &p.comments)
		case "pull_request":
			p.ofPull = v.Type != gjson.Null
			p.pull = r.issue(v, nil)
		case "comment":
			p.comment = r.comment(v)
		case "label":
			p.label = r.member(key, "name", v)
		case "assignee":
			p.assignee = r.member(key, "login", v)
		case "milestone":
			p.milestone = r.member(key, "title", v)
		case "changes":
			r.changes(v, &p)
		case "repository":
			p.repo = r.repository(v)
		case "sender":
			p.sender = r.user(v)
		case "installation":
			r.object(key, v, func(key string, v gjson.Result) {
				if key == "id" {
					p.installation = r.whole(key, v)
				}
			})
		case "found":
			p.found = json.RawMessage(v.Raw)
		}
	})
	return p, r.err
}

// reader reads values, and keeps the first error.
type reader struct{ err error }

func (r *reader) fail(key string, v gjson.Result, want string) {
	if r.err == nil && v.Type != gjson.Null {
		r.err = fmt.Errorf("its %s is not %s", key, want)
	}
}

func (r *reader) object(key string, v gjson.Result, member func(key string, v gjson.Result)) {
	if !v.IsObject() {
		r.fail(cmp.Or(key, "payload"), v, "an object")
		return
	}
	v.ForEach(func(k, v gjson.Result) bool {
		member(k.Str, v)
		return r.err == nil
	})
}

// member is one text of an object.
func (r *reader) member(key, name string, v gjson.Result) (text string) {
	r.object(key, v, func(k string, v gjson.Result) {
		if k == name {
			text = r.text(k, v)
		}
	})
	return text
}

// members is one text of each object of a list.
func (r *reader) members(key, name string, v gjson.Result) (texts []string) {
	if !v.IsArray() {
		r.fail(key, v, "a list")
		return nil
	}
	v.ForEach(func(_, v gjson.Result) bool {
		texts = append(texts, r.member(key, name, v))
		return r.err == nil
	})
	return texts
}

// text is a copy: nobody who keeps a login keeps its payload. What is not UTF-8 is replaced, as encoding/json does it.
func (r *reader) text(key string, v gjson.Result) string {
	switch {
	case v.Type != gjson.String:
		r.fail(key, v, "a text")
		return ""
	case !utf8.ValidString(v.Str):
		return string([]rune(v.Str))
	}
	return strings.Clone(v.Str)
}

func (r *reader) whole(key string, v gjson.Result) int64 {
	n, ok := whole(v)
	if !ok {
		r.fail(key, v, "a whole number")
	}
	return n
}

func (r *reader) yes(key string, v gjson.Result) bool {
	if !v.IsBool() {
		r.fail(key, v, "true or false")
	}
	return v.Type == gjson.True
}

func (r *reader) time(key string, v gjson.Result) time.Time {
	var t github.Timestamp
	if v.Type == gjson.Null {
		return t.Time
	}
	if err := t.UnmarshalJSON([]byte(v.Raw)); err != nil {
		r.fail(key, v, "a time")
	}
	return t.Time
}

func (r *reader) user(v gjson.Result) event.User {
	var u github.User
	r.object("user", v, func(key string, v gjson.Result) {
		switch key {
		case "login":
			u.Login = new(r.text(key, v))
		case "id":
			u.ID = new(r.whole(key, v))
		case "type":
			u.Type = new(r.text(key, v))
		}
	})
	return user(&u)
}

// issue reads an issue, or a pull request: what we want of both has the same name.
func (r *reader) issue(v gjson.Result, comments *int64) (s issue.Snapshot) {
	r.object("issue", v, func(key string, v gjson.Result) {
		switch key {
		case "number":
			s.Ref.Number = int(r.whole(key, v))
		case "node_id":
			s.NodeID = r.text(key, v)
		case "title":
			s.Title = r.text(key, v)
		case "body":
			s.Body = r.text(key, v)
		case "user":
			author := r.user(v)
			s.Author, s.AuthorID, s.AuthorIsBot, s.AuthorIsMute = author.Login, author.ID, author.Bot, author.Mute
		case "state":
			s.State = r.text(key, v)
		case "state_reason":
			s.StateReason = r.text(key, v)
		case "milestone":
			s.Milestone = r.member(key, "title", v)
		case "locked":
			s.Locked = r.yes(key, v)
		case "labels":
			s.Labels = r.members(key, "name", v)
		case "assignees":
			s.Assignees = r.members(key, "login", v)
		case "pull_request":
			s.PullRequest = v.Type != gjson.Null
		case "created_at":
			s.CreatedAt = r.time(key, v)
		case "updated_at":
			s.UpdatedAt = r.time(key, v)
		case "comments":
			if comments != nil && v.Type != gjson.Null {
				*comments = r.whole(key, v)
			}
		}
	})
	return s
}

func (r *reader) comment(v gjson.Result) (c event.Comment) {
	r.object("comment", v, func(key string, v gjson.Result) {
		switch key {
		case "id":
			c.ID = r.whole(key, v)
		case "node_id":
			c.NodeID = r.text(key, v)
		case "body":
			c.Body = r.text(key, v)
		case "user":
			c.Author = r.user(v)
		case "html_url":
			c.URL = r.text(key, v)
		case "created_at":
			c.CreatedAt = r.time(key, v)
		case "updated_at":
			c.UpdatedAt = r.time(key, v)
		}
	})
	return c
}

// changes reads what an event changed; old_issue is what a transferred issue was.
func (r *reader) changes(v gjson.Result, p *fields) {
	from := func(key string, v gjson.Result) (old *string) {
		r.object(key, v, func(k string, v gjson.Result) {
			if k == "from" && v.Type != gjson.Null {
				old = new(r.text(k, v))
			}
		})
		return old
	}
	r.object("changes", v, func(key string, v gjson.Result) {
		switch key {
		case "body":
			p.oldBody = from(key, v)
		case "title":
			p.oldTitle = from(key, v)
		case "old_issue":
			p.transferred = v.Type != gjson.Null
		}
	})
}

func (r *reader) repository(v gjson.Result) (repo repository) {
	r.object("repository", v, func(key string, v gjson.Result) {
		switch key {
		case "id":
			repo.ID = r.whole(key, v)
		case "name":
			repo.Name = r.text(key, v)
		case "full_name":
			repo.FullName = r.text(key, v)
		case "archived":
			repo.Archived = r.yes(key, v)
		case "owner":
			repo.Owner.Login = r.member(key, "login", v)
		}
	})
	return repo
}
