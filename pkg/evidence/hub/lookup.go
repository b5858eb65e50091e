package hub

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/ddbot/ddbot/pkg/evidence"
)

// Lookup implements [evidence.Source]. Places of trees that were read cost nothing; the others are asked for together.
func (s *Source) Lookup(ctx context.Context, places []evidence.Place) ([]evidence.Seen, error) {
	out := make([]evidence.Seen, len(places))
	var ask []int
	for i, p := range places {
		if !plain(p) {
			continue
		}
		if out[i] = s.inTrees(p); out[i].State == evidence.Unknown {
			ask = append(ask, i)
		}
	}
	if s.c.anonymous() {
		return out, s.lookupOneByOne(ctx, places, ask, out)
	}
	for chunk := range slices.Chunk(ask, batch) {
		if err := s.lookupBatch(ctx, places, chunk, out); err != nil {
			return out, err
		}
	}
	return out, nil
}

// plain tells whether a place is one that can be asked for.
func plain(p evidence.Place) bool {
	return strings.Count(p.Repo, "/") == 1 && !strings.ContainsAny(p.Repo+p.Ref, " \n\x00:^~?*[\\") && !strings.Contains(p.Path, "\x00")
}

// inTrees answers from what was read already.
func (s *Source) inTrees(p evidence.Place) evidence.Seen {
	t := s.trees[strings.ToLower(p.Repo)]
	if t == nil {
		return evidence.Seen{}
	}
	ref := strings.ToLower(p.Ref)
	if ref != "" && ref != "head" && ref != "main" && ref != "master" && p.Ref != t.Branch && p.Ref != t.Commit {
		return evidence.Seen{}
	}
	if p.Path == "" {
		return evidence.Seen{State: evidence.There}
	}
	if e, ok := t.Find(strings.Trim(p.Path, "/")); ok {
		return evidence.Seen{State: evidence.There, SHA: e.SHA}
	}
	if t.Truncated {
		return evidence.Seen{}
	}
	return evidence.Seen{State: evidence.Missing}
}

// expressions are what an address can mean: in "tree/release/1.2/docs" the branch may be "release" or "release/1.2", and a
// branch that was called master is led on to the default branch.
func expressions(p evidence.Place) []string {
	if p.Path == "" {
		return []string{orHead(p.Ref)}
	}
	path := strings.Trim(p.Path, "/")
	all := []string{orHead(p.Ref) + ":" + path}
	if r := strings.ToLower(p.Ref); r == "main" || r == "master" {
		return append(all, "HEAD:"+path)
	}
	ref, parts := p.Ref, strings.Split(path, "/")
	for n := 1; n < min(len(parts), 3); n++ {
		ref += "/" + parts[n-1]
		all = append(all, ref+":"+strings.Join(parts[n:], "/"))
	}
	return all
}

func orHead(ref string) string {
	if ref == "" {
		return "HEAD"
	}
	return ref
}

func (s *Source) lookupBatch(ctx context.Context, places []evidence.Place, at []int, out []evidence.Seen) error {
	var q strings.Builder
	q.WriteString("query {\n")
	for _, i := range at {
		fmt.Fprintf(&q, "%s {", repository(fmt.Sprint("p", i), places[i].Repo))
		for n, e := range expressions(places[i]) {
			fmt.Fprintf(&q, " o%d: object(expression: %s) { oid }", n, quote(e))
		}
		q.WriteString(" }\n")
	}
	q.WriteString("}")
	var data map[string]map[string]*struct{ OID string }
	if err := s.c.graph(ctx, q.String(), &data); err != nil {
		return err
	}
	for alias, objects := range data {
		var i int
		if _, err := fmt.Sscanf(alias, "p%d", &i); err != nil || i >= len(out) {
			continue
		}
		out[i].State = evidence.Missing // a repository that is not there is null
		for _, o := range objects {
			if o != nil {
				out[i] = evidence.Seen{State: evidence.There, SHA: o.OID}
			}
		}
	}
	return nil
}

func (s *Source) lookupOneByOne(ctx context.Context, places []evidence.Place, ask []int, out []evidence.Seen) error {
	for _, i := range ask {
		p := places[i]
		address := "/repos/" + p.Repo
		if p.Path != "" {
			address += "/contents/" + (&url.URL{Path: strings.Trim(p.Path, "/")}).EscapedPath()
			if p.Ref != "" {
				address += "?ref=" + url.QueryEscape(p.Ref)
			}
		}
		data, _, err := s.c.get(ctx, address, "application/vnd.github.object+json", changes)
		isDefault := p.Ref == "main" || p.Ref == "master"
		if isDefault && errors.Is(err, evidence.ErrNoRepo) { // perhaps the branch has another name today
			before, _, _ := strings.Cut(address, "?")
			data, _, err = s.c.get(ctx, before, "application/vnd.github.object+json", changes)
		}
		switch {
		case err == nil:
			out[i] = evidence.Seen{State: evidence.There, SHA: gjson.GetBytes(data, "sha").Str}
		case !errors.Is(err, evidence.ErrNoRepo):
			return err
		case isDefault || len(expressions(p)) == 1:
			out[i].State = evidence.Missing // else the address may mean another branch
		}
	}
	return nil
}
