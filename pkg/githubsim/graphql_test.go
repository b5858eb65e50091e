package githubsim_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/githubsim"
)

// ask sends a query as the bot and gives the answer as compact JSON.
func (w *world) ask(query string, vars map[string]any) string {
	w.t.Helper()
	raw, err := json.Marshal(map[string]any{"query": query, "variables": vars})
	ok(w.t, err)
	rq, _ := http.NewRequest("POST", w.url+"/api/graphql", bytes.NewReader(raw))
	rq.Header.Set("Authorization", "Bearer "+w.Token(bot))
	rs, err := http.DefaultClient.Do(rq)
	ok(w.t, err)
	defer rs.Body.Close()
	want(w.t, "status", rs.StatusCode, 200)
	answer, err := io.ReadAll(rs.Body)
	ok(w.t, err)
	return string(answer)
}

// The query that tells when a human was last active, see the stale reference.
const activity = `
query Activity($ids: [ID!]!, $n: Int = 15) { # comments are skipped
  rateLimit { cost remaining }
  nodes(ids: $ids) { __typename ...issue }
}
fragment issue on Issue {
  id number title isPinned locked state
  updatedAt createdAt lastEditedAt editor { __typename login }
  author { __typename login }
  milestone { title }
  assignees(first: 10) { nodes { login } }
  labels(first: 30) { nodes { name } }
  timelineItems(last: $n, itemTypes: [ISSUE_COMMENT, LABELED_EVENT, UNLABELED_EVENT, REOPENED_EVENT, CLOSED_EVENT, ASSIGNED_EVENT, RENAMED_TITLE_EVENT]) {
    totalCount
    pageInfo { hasPreviousPage }
    nodes {
      __typename
      ... on IssueComment { createdAt lastEditedAt editor { __typename login } author { __typename login } }
      ... on LabeledEvent { createdAt actor { __typename login } label { name } }
      ... on ReopenedEvent { actor { login } }
      ... on AssignedEvent { assignee { ... on User { login } } }
      ... on RenamedTitleEvent { previousTitle currentTitle }
    }
  }
  reactions(last: 1) { nodes { createdAt content user { login } } }
}`

func TestActivityQuery(t *testing.T) {
	w := newWorld(t, githubsim.Options{App: &githubsim.App{}})
	ref := w.OpenIssue(repoName, "tina", "Promotion", "text", "kind/bug")
	id := w.Comment(ref, bot, "status")
	w.Clock().Advance(time.Hour)
	w.EditComment(id, bot, "status 2")
	w.EditTitle(ref, "tina", "Title 2")
	w.Assign(ref, "tina", "rick")
	w.EditBody(ref, "tina", "text 2")
	w.ReactIssue(ref, "alice", "rocket")
	raw := w.ask(activity, map[string]any{"ids": []string{w.Issue(ref).NodeID}})
	var got struct {
		Data struct {
			Nodes     []map[string]any
			RateLimit struct{ Cost, Remaining int }
		}
		Errors []any
	}
	ok(t, json.Unmarshal([]byte(raw), &got))
	want(t, "errors", len(got.Errors), 0)
	want(t, "remaining", got.Data.RateLimit.Remaining, 4999)
	i := got.Data.Nodes[0]
	want(t, "edited by", say(i["lastEditedAt"], i["editor"]), "2026-01-05T10:00:00Z map[__typename:User login:tina]")
	want(t, "assignees", fmt.Sprint(i["assignees"]), "map[nodes:[map[login:rick]]]")
	items := i["timelineItems"].(map[string]any)["nodes"].([]any)
	want(t, "lines", len(items), 4)
	want(t, "labelled", fmt.Sprint(items[0]), "map[__typename:LabeledEvent actor:map[__typename:User login:tina] createdAt:2026-01-05T09:00:00Z label:map[name:kind/bug]]")
	want(t, "bot's comment", fmt.Sprint(items[1]), "map[__typename:IssueComment author:map[__typename:Bot login:ddbot] createdAt:2026-01-05T09:00:00Z "+
		"editor:map[__typename:Bot login:ddbot] lastEditedAt:2026-01-05T10:00:00Z]")
	want(t, "renamed", fmt.Sprint(items[2]), "map[__typename:RenamedTitleEvent currentTitle:Title 2 previousTitle:Promotion]")
	want(t, "reaction", fmt.Sprint(i["reactions"]), "map[nodes:[map[content:ROCKET createdAt:2026-01-05T10:00:00Z user:map[login:alice]]]]")
	want(t, "unknown", len(w.Unknown()), 0)
}

// The newest version comes first, the text as created last, and each has the whole text.
func TestEditHistory(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	ref := w.OpenIssue(repoName, "alice", "Promotion", "one")
	history := func() string {
		return w.ask(`{repository(owner:"kubevirt",name:"community"){issue(number:1){userContentEdits(first:2){totalCount nodes{diff editor{login}} pageInfo{hasNextPage}}}}}`, nil)
	}
	want(t, "never edited", history(), `{"data":{"repository":{"issue":{"userContentEdits":{"nodes":[],"pageInfo":{"hasNextPage":false},"totalCount":0}}}}}`)
	w.EditBody(ref, "wanda", "two")
	w.EditBody(ref, bot, "three")
	want(t, "edited twice", history(), `{"data":{"repository":{"issue":{"userContentEdits":{"nodes":[{"diff":"three","editor":{"login":"ddbot"}},`+
		`{"diff":"two","editor":{"login":"wanda"}}],"pageInfo":{"hasNextPage":true},"totalCount":3}}}}}`)
}

func TestGraphQLPages(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	ref := w.OpenIssue(repoName, "alice", "Promotion", "one")
	for n := range 5 {
		w.Comment(ref, "alice", fmt.Sprint(n))
	}
	query := `query($before:String){repository(owner:"kubevirt",name:"community"){issue(number:1){comments(last:2,before:$before){nodes{body} pageInfo{hasPreviousPage startCursor}}}}}`
	var seen string
	var before any
	for range 3 {
		var got struct {
			Data struct {
				Repository struct {
					Issue struct {
						Comments struct {
							Nodes    []struct{ Body string }
							PageInfo struct {
								HasPreviousPage bool
								StartCursor     string
							}
						}
					}
				}
			}
		}
		ok(t, json.Unmarshal([]byte(w.ask(query, map[string]any{"before": before})), &got))
		page := got.Data.Repository.Issue.Comments
		for _, n := range page.Nodes {
			seen += n.Body
		}
		before = page.PageInfo.StartCursor
		seen += map[bool]string{true: "<", false: "|"}[page.PageInfo.HasPreviousPage]
	}
	want(t, "from the end", seen, "34<12<0|")
}

func TestGraphQLErrors(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	w.OpenIssue(repoName, "alice", "Promotion", "")
	in := func(fields string) string {
		return `{repository(owner:"kubevirt",name:"community"){issue(number:1){` + fields + `}}}`
	}
	for _, c := range []struct {
		query, part string
		unknown     bool
	}{
		{in(`bogus`), `Cannot query field \"bogus\" on type \"Issue\"`, true},
		{in(`comments(first:1){nodes{bogus}}`), `Cannot query field \"bogus\" on type \"IssueComment\"`, true},
		{in(`timelineItems(first:1){nodes{... on ClosedEvent{bogus}}}`), `on type \"ClosedEvent\"`, true},
		{in(`timelineItems(first:1){nodes{... on BogusEvent{id}}}`), `Unknown type \"BogusEvent\"`, true},
		{in(`timelineItems(first:1,itemTypes:[BOGUS]){totalCount}`), `BOGUS`, true},
		{in(`labels(first:1,bogus:2){totalCount}`), `Unknown argument \"bogus\" on field \"Issue.labels\"`, true},
		{in(`title{x}`), `must not have a selection`, true},
		{in(`author`), `must have a selection of subfields`, true},
		{in(`...f`), `Unknown fragment \"f\"`, true},
		{in(`number`) + ` query b{viewer{login}}`, `anonymous operation`, true},
		{`query($x:Int){viewer{login}}`, `Variable \"$x\" is never used`, true},
		{`query($n:String!){repository(owner:"kubevirt",name:"community"){issue(number:$n){id}}}`, `$n`, true},
		{in(`reactions(first:"1"){totalCount}`), `Int cannot represent`, true},
		{`{repository(owner:"kubevirt"){id}}`, `name`, true},
		// Both cannot be called "state": an issue's and a pull request's have different types.
		{`{repository(owner:"kubevirt",name:"community"){issueOrPullRequest(number:1){...on Issue{state} ...on PullRequest{state}}}}`, `conflict`, true},
		{`{__schema{types{name}}}`, `githubsim does not know field '__schema' of type 'Query'`, true},
		{`mutation{addComment(input:{}){clientMutationId}}`, `AddCommentInput.body`, true},
		{`mutation{mergeBranch(input:{}){clientMutationId}}`, `Cannot query field \"mergeBranch\" on type \"Mutation\"`, true},
		{`mutation{addComment(input:{subjectId:"I_x",body:"x"}){commentEdge{node{id}}}}`, `"type":"NOT_FOUND"`, false},
		{in(`labels{totalCount}`), `MISSING_PAGINATION_BOUNDARIES`, false},
		{in(`labels(first:101){totalCount}`), `EXCESSIVE_PAGINATION`, false},
		{`{repository(owner:"kubevirt",name:"nothing"){id}}`, `Could not resolve to a Repository with the name 'kubevirt/nothing'.`, false},
		{`{repository(owner:"kubevirt",name:"community"){issue(number:9){id}}}`, `Could not resolve to an Issue with the number of 9.`, false},
		{`{node(id:"I_x"){id}}`, `"type":"NOT_FOUND"`, false},
		{`query($id:ID!){node(id:$id){id}}`, `Variable was provided invalid value: must be defined","path":["variable","id"]`, false},
		{in(`title`) + `}`, `Parse error`, false},
		{`{ "`, `Parse error`, false},
		{`{`, `Parse error: Expected Name, found`, false},
		{in(`...a`) + ` fragment a on Issue{...a}`, `Cannot spread fragment \"a\" within itself`, true},
	} {
		w.ResetCalls()
		got := w.ask(c.query, nil)
		if !strings.Contains(got, `"errors":[`) || !strings.Contains(strings.ReplaceAll(got, `\u0026`, "&"), c.part) {
			t.Errorf("%s: %s; want %q in it", c.query, got, c.part)
		}
		want(t, "noted as unknown: "+c.query, len(w.Unknown()) == 1, c.unknown)
	}
}

func TestGraphQLSelections(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	w.OpenIssue(repoName, "alice", "Promotion", "text")
	for query, answer := range map[string]string{
		// What is asked for twice is put together.
		`{r:repository(owner:"kubevirt",name:"community"){issue(number:1){author{login}} ...more}} fragment more on Repository{issue(number:1){author{__typename}}}`: `{"data":{"r":{"issue":{"author":{"__typename":"User","login":"alice"}}}}}`,
		`query($yes:Boolean=true){viewer{login @skip(if:$yes) ...{__typename} ...on User{url} ...on Actor @include(if:$yes){l:login}}}`:                              `{"data":{"viewer":{"__typename":"Bot","l":"ddbot"}}}`,
		`{repositoryOwner(login:"kubevirt"){__typename login repositories(first:9){nodes{nameWithOwner}}}}`:                                                          `{"data":{"repositoryOwner":{"__typename":"Organization","login":"kubevirt","repositories":{"nodes":[{"nameWithOwner":"kubevirt/community"}]}}}}`,
		`{repositoryOwner(login:"alice"){__typename repositories(first:9){totalCount}}}`:                                                                             `{"data":{"repositoryOwner":{"__typename":"User","repositories":{"totalCount":0}}}}`,
		`{repositoryOwner(login:"nobody"){login}}`: `{"data":{"repositoryOwner":null}}`,
	} {
		want(t, query, w.ask(query, nil), answer)
	}
	want(t, "unknown", len(w.Unknown()), 0)
}

func TestPartialAnswer(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	var ids []string
	for range 4 {
		ids = append(ids, w.Issue(w.OpenIssue(repoName, "alice", "x", "")).NodeID)
	}
	w.Fault(githubsim.Fault{Kind: githubsim.GraphQLPartial, Times: 1, Match: "^POST /graphql$"})
	query := `query($ids:[ID!]!){nodes(ids:$ids){...on Issue{number}}}`
	got := w.ask(query, map[string]any{"ids": ids})
	if !strings.Contains(got, `"nodes":[{"number":1},null,{"number":3},null]`) || strings.Count(got, "Something went wrong") != 2 {
		t.Errorf("partial: %s", got)
	}
	got = w.ask(query, map[string]any{"ids": append(ids, "I_gone")})
	if !strings.Contains(got, `{"number":4},null]`) || strings.Count(got, "NOT_FOUND") != 1 {
		t.Errorf("one is gone: %s", got)
	}
}

// TestMutations: they are made in their order, each with an answer of its own, and raise the events that REST's do.
func TestMutations(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	w.AddLabel(repoName, "kind/dd", "lifecycle/stale")
	ref := w.OpenIssue(repoName, "alice", "Promotion", "text", "kind/dd")
	vars := map[string]any{"id": w.Issue(ref).NodeID, "none": []string{"LA_x"}}
	w.AddLabels(ref, "owner", "lifecycle/stale")
	id := regexp.MustCompile(`"id":"(LA_[^"]+)"`).FindStringSubmatch(w.ask(`{repository(owner:"kubevirt",name:"community"){issue(number:1){labels(first:9){nodes{id}}}}}`, nil))
	if id == nil {
		t.Fatal("the label has no id")
	}
	w.RemoveLabel(ref, "owner", "lifecycle/stale")
	vars["labels"] = []string{id[1]}
	const do = `mutation($id:ID!,$labels:[ID!]!,$none:[ID!]!){
		a:addLabelsToLabelable(input:{labelableId:$id,labelIds:$labels}){labelable{labels(first:9){nodes{name}}}}
		b:addLabelsToLabelable(input:{labelableId:$id,labelIds:$none}){labelable{labels(first:9){nodes{name}}}}
		c:addComment(input:{subjectId:$id,body:"Stale."}){commentEdge{node{body}}}
		d:closeIssue(input:{issueId:$id,stateReason:NOT_PLANNED}){issue{state stateReason}}}`
	got := w.ask(do, vars)
	for _, part := range []string{
		`"a":{"labelable":{"labels":{"nodes":[{"name":"lifecycle/stale"}]}}}`, `"b":null`, `"path":["b"]`, `"type":"NOT_FOUND"`,
		`"c":{"commentEdge":{"node":{"body":"Stale."}}}`, `"d":{"issue":{"state":"CLOSED","stateReason":"NOT_PLANNED"}}`,
	} {
		if !strings.Contains(got, part) {
			t.Errorf("%s is not in %s", part, got)
		}
	}
	want(t, "comments", len(w.Comments(ref)), 1)
	want(t, "unknown", len(w.Unknown()), 0)
}
