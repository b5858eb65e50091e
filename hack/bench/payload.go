package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ddbot/ddbot/pkg/githubsim"
)

// words make texts that a compressor finds no pattern in but those of a language.
var words = strings.Fields(`the of and to in is that for it as was with be by on not he this are or his from at which but have an had they
	project maintainers security review governance adopters release roadmap incubation graduation contributors process documented community
	committee vendor neutral architecture design audit fuzzing licence dependency scanning signed artifacts responsible disclosure quarterly
	meeting minutes public calendar mailing list channel evidence link repository owners reviewers approvers cluster storage network runtime`)

// prose is text of about n bytes, the same for the same seed.
func prose(seed uint64, n int) string {
	rng := rand.New(rand.NewPCG(seed, 1))
	var b strings.Builder
	for b.Len() < n {
		fmt.Fprintf(&b, "%s %s.%d ", words[rng.IntN(len(words))], words[rng.IntN(len(words))], rng.IntN(1000))
	}
	return b.String()[:n]
}

// payloads are n comments on n issues much as GitHub sends them, each of about size bytes. The addresses in "repository" and of the
// sender are left out, which no two payloads of a repository differ in: what a compressor would like best.
func payloads(n, size int, comment string) [][]byte {
	set := sets.Add(1)
	var out [][]byte
	body := 2000
	for range 2 { // the second time with a description of the right length
		sim := githubsim.New(githubsim.Options{Now: time.Now})
		sim.AddUser("alice")
		sim.AddRepo("acme/toc", "alice")
		sim.AddLabel("acme/toc", "kind/dd", "lifecycle/stale")
		sim.AddHook(githubsim.Hook{URL: "http://127.0.0.1:1", Secret: secret, Repo: "acme/toc", Events: []string{"issue_comment"}})
		sim.SetMode(githubsim.Hold)
		out = nil
		for i := range n {
			ref := sim.OpenIssue("acme/toc", "alice", fmt.Sprintf("[Incubation] Project %d", i), "- [ ] It scales.\n\n"+prose(uint64(i), body), "kind/dd")
			sim.Comment(ref, "alice", comment)
		}
		for _, d := range sim.Held() {
			if d.Event == "issue_comment" {
				out = append(out, trimmed(d.Payload, 1_000_000*set+int64(len(out))))
			}
		}
		body += size - len(out[0])
		if body < 0 {
			log.Fatalf("bench: a comment without a description has %d bytes, more than %d", len(out[0])-2000, size)
		}
	}
	return out
}

// sets counts the sets of comments: no two have an id in common.
var sets atomic.Int64

func trimmed(payload []byte, id int64) []byte {
	var p map[string]any
	if err := json.Unmarshal(payload, &p); err != nil {
		log.Fatal(err)
	}
	p["comment"].(map[string]any)["id"] = id
	for _, part := range []string{"repository", "sender"} {
		o, _ := p[part].(map[string]any)
		for name := range o {
			if strings.HasSuffix(name, "_url") {
				delete(o, name)
			}
		}
	}
	var b bytes.Buffer
	ordered(&b, p, "")
	return b.Bytes()
}

// order is that in which GitHub sends the fields of an object, which a compressor sees: the simulator sends them by name.
var order = map[string][]string{
	"": strings.Fields("action issue comment repository organization sender installation"),
	"issue": strings.Fields(`url repository_url labels_url comments_url events_url html_url id node_id number title user labels state locked assignee
		assignees milestone comments created_at updated_at closed_at author_association type active_lock_reason sub_issues_summary
		issue_dependencies_summary body reactions timeline_url performed_via_github_app state_reason`),
	"comment": strings.Fields(`url html_url issue_url id node_id user created_at updated_at author_association body reactions performed_via_github_app`),
	"user": strings.Fields(`login id node_id avatar_url gravatar_id url html_url followers_url following_url gists_url starred_url subscriptions_url
		organizations_url repos_url events_url received_events_url type user_view_type site_admin`),
}

// ordered writes a value with the fields of its objects in GitHub's order.
func ordered(b *bytes.Buffer, v any, name string) {
	o, ok := v.(map[string]any)
	if !ok {
		data, _ := json.Marshal(v)
		b.Write(data)
		return
	}
	place := func(key string) int { return slices.Index(append(slices.Clone(order[name]), key), key) }
	keys := slices.SortedFunc(maps.Keys(o), func(x, y string) int { return cmp.Or(cmp.Compare(place(x), place(y)), cmp.Compare(x, y)) })
	for i, key := range keys {
		sep := ","
		if i == 0 {
			sep = "{"
		}
		fmt.Fprintf(b, "%s%q:", sep, key)
		ordered(b, o[key], key)
	}
	if len(keys) == 0 {
		b.WriteByte('{')
	}
	b.WriteByte('}')
}

// description is that of the issue of small payloads, as GitHub shows it, too.
var description = "- [ ] It scales.\n" + strings.Repeat("text ", 300)

// small is a comment with the fields that matter, of about 2 KB.
func small(number int, comment string) []byte {
	now := time.Now().UTC().Format(time.RFC3339)
	issue := map[string]any{
		"number": number, "title": "Incubation", "body": description, "state": "open",
		"user": map[string]any{"login": "alice"}, "created_at": now, "updated_at": now,
	}
	body, _ := json.Marshal(map[string]any{
		"action": "created", "issue": issue, "sender": map[string]any{"login": "alice", "type": "User"},
		"comment":    map[string]any{"id": time.Now().UnixNano(), "body": comment, "user": map[string]any{"login": "alice"}, "created_at": now, "updated_at": now},
		"repository": map[string]any{"id": 1, "name": "toc", "full_name": "acme/toc", "owner": map[string]any{"login": "acme"}},
	})
	return body
}

// request is a signed delivery.
func request(addr, guid string, body []byte) *http.Request {
	r, _ := http.NewRequest(http.MethodPost, "http://"+addr+"/hook", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-GitHub-Event", "issue_comment")
	r.Header.Set("X-GitHub-Delivery", guid)
	r.Header.Set("X-Hub-Signature-256", sign(body))
	return r
}

// load sends the bodies, each n times to another issue, with so many senders, and gives the rate and the times of the answers.
func load(addr, run string, bodies [][]byte, senders int) (perSecond float64, p50, p99 time.Duration) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: senders}}
	reqs := make([]*http.Request, len(bodies))
	for i := range reqs {
		reqs[i] = request(addr, fmt.Sprintf("%s-%024d", run, i), bodies[i])
	}
	took := make([]time.Duration, len(reqs))
	var next atomic.Int64
	var wg sync.WaitGroup
	begin := time.Now()
	for range senders {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(reqs)); i = next.Add(1) - 1 {
				t := time.Now()
				res, err := client.Do(reqs[i])
				if err != nil {
					log.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, res.Body)
				_ = res.Body.Close()
				if res.StatusCode/100 != 2 {
					log.Fatalf("answered %d", res.StatusCode)
				}
				took[i] = time.Since(t)
			}
		})
	}
	wg.Wait()
	perSecond = float64(len(reqs)) / time.Since(begin).Seconds()
	slices.Sort(took)
	return perSecond, took[len(took)/2], took[len(took)*99/100]
}
