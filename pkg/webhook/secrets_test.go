package webhook

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
)

// prowFile is Prow's hierarchical file: its own example, with made-up values.
const prowFile = `'*':
  - value: global
    created_at: 2020-10-02T15:00:00Z
acme:
  - value: org-old
    created_at: 2020-10-02T15:00:00Z
  - value: org-new
    created_at: 2021-10-02T15:00:00Z
Acme/TOC:
  - value: toc
    created_at: 2020-10-02T15:00:00Z
acme/closed: []
`

func TestParseSecrets(t *testing.T) {
	for _, c := range []struct{ name, file, want, wrong string }{
		{"one", "s3cret\n", "*=s3cret", ""},
		{"two, a line each", "one\n\n two \r\n", "*=one,two", ""},
		{"one with a colon", "key: word\n", "*=key: word", ""},
		{"nothing", "\n", "", ""},
		{"Prow's", prowFile, "*=global acme=org-old,org-new acme/closed= acme/toc=toc", ""},
		{"Prow's on one line", `{"*": [{"value": "x", "created_at": "2020-10-02T15:00:00Z"}]}`, "*=x", ""},
		{"Prow's without dates", "'*':\n- value: x\n", "*=x", ""},
		{"an unknown field", "'*':\n- valu: x\n", "", "looks like Prow's"},
		{"no value", "'*':\n- value: ''\n", "", `a secret of "*" has no value`},
		{"no list", "'*':\n  value: x\n", "", "looks like Prow's"},
		{"broken", "'*':\n- value: x\n  created_at: [\n", "", "looks like Prow's"},
		{"no place", "a/b/c:\n- value: x\n", "", "no place for a secret"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := ParseSecrets([]byte(c.file))
			if (err == nil) != (c.wrong == "") || !strings.Contains(fmt.Sprint(err), c.wrong) && c.wrong != "" {
				t.Fatalf("%v, want %q", err, c.wrong)
			}
			var got []string
			for _, place := range []string{"*", "acme", "acme/closed", "acme/toc"} {
				if list, ok := s[place]; ok {
					got = append(got, place+"="+string(bytes.Join(list, []byte(","))))
				}
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// TestSecretOfAnother: the secret of a repository, or of an organisation, speaks for no other.
func TestSecretOfAnother(t *testing.T) {
	secrets, err := ParseSecrets([]byte(prowFile))
	if err != nil {
		t.Fatal(err)
	}
	log := logrus.New()
	log.Out = io.Discard
	for _, c := range []struct {
		repo, secret string
		code         int
	}{
		{"acme/toc", "toc", 202}, {"ACME/toc", "toc", 202}, {"acme/toc", "org-new", 401}, {"acme/toc", "global", 401},
		{"acme/other", "org-old", 202}, {"acme/other", "org-new", 202}, {"acme/other", "toc", 401}, {"acme/other", "global", 401},
		{"elsewhere/x", "global", 202}, {"elsewhere/x", "toc", 401}, {"elsewhere/x", "org-new", 401},
		{"acme/closed", "org-new", 401}, {"acme/closed", "global", 401}, {"acme/toc", "wrong", 401},
	} {
		h, err := New(Options{Secrets: secrets, Inbox: &inbox{seen: map[string]bool{}}, Log: log, TempDir: t.TempDir(), Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		w := post(h, c.secret, strings.Replace(comment, "acme/toc", c.repo, 1))
		if w.Code != c.code {
			t.Errorf("%s with %s: %d %s", c.repo, c.secret, w.Code, w.Body)
		}
	}
}

func post(h http.Handler, secret, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "/hook", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-GitHub-Event", "issue_comment")
	r.Header.Set("X-GitHub-Delivery", "guid-1")
	r.Header.Set("X-Hub-Signature-256", sign(secret, body))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestComplaints: a wrong secret is in the log, with the event and the address, once a minute however often it comes.
func TestComplaints(t *testing.T) {
	var out bytes.Buffer
	log := logrus.New()
	log.Out = &out
	now := time.Unix(1700000000, 0)
	h, err := New(Options{Secrets: Secrets{Everywhere: {[]byte("right")}}, Inbox: &inbox{seen: map[string]bool{}}, Log: log, TempDir: t.TempDir(),
		Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		post(h, "wrong", comment)
	}
	if n := strings.Count(out.String(), "signature is wrong"); n != 1 || !strings.Contains(out.String(), "event=issue_comment") || !strings.Contains(out.String(), "from=\"192.0.2.1:1234\"") {
		t.Errorf("%d lines:\n%s", n, &out)
	}
	now = now.Add(time.Minute)
	post(h, "wrong", comment)
	if n := strings.Count(out.String(), "signature is wrong"); n != 2 || !strings.Contains(out.String(), "refused=100") {
		t.Errorf("%d lines a minute later:\n%s", n, &out)
	}
	post(h, "right", comment)
	if strings.Contains(out.String(), "right") {
		t.Errorf("a right one is complained about:\n%s", &out)
	}
}
